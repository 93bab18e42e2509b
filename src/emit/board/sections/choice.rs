//! What a bandit does over its horizon: the part of section 8 for designs that choose.

use super::facts_block;
use crate::emit::board::block::Block;
use crate::emit::board::model::Fact;
use crate::emit::board::text::Text;
use crate::format;
use crate::plan::model::Choice;

/// One sentence: what is chosen among, and how likely the best is found.
pub(super) fn lede(choice: &Choice) -> Text {
    Text::from("A bandit chooses; it does not test. If one of the ")
        .say(format!(
            "{} arms is better by {}, it is chosen with a chance of ",
            choice.arms,
            format::points(choice.difference)
        ))
        .strong(choice.best_chosen.chance())
        .say(".")
}

/// The simulation's answers with their errors.
pub(super) fn block(choice: &Choice) -> Block {
    let mut items = vec![
        Fact::new("The best arm is chosen", choice.best_chosen.chance_with_error()),
        Fact::new(
            "The choice is made before the horizon",
            choice.decided_early.chance_with_error(),
        ),
        Fact::new(
            "Until the choice, on average",
            format::days(choice.days_to_choice.value),
        ),
        Fact::new(
            format!("The best arm is in front with {} from", format::percent(choice.target)),
            choice
                .days_to_target
                .map_or_else(|| "never within the horizon".to_owned(), format::days),
        ),
        Fact::new(
            "Rewards lost while learning",
            format!(
                "{} ± {}; with an equal split {}",
                format::count(choice.regret.value),
                format::count(2.0 * choice.regret.monte_carlo_error),
                format::count(choice.regret_of_equal_split)
            ),
        ),
        Fact::new("Units that meet the best arm", choice.share_in_best.chance_with_error()),
        Fact::new(
            "A winner is named before the horizon when no arm is better",
            choice.if_none_is_better.decided_early.chance_with_error(),
        ),
    ];
    items.push(Fact::new(
        "How this is known",
        format!(
            "{} runs of the declared policy, {}, from seed {}; ± is two Monte Carlo standard errors",
            format::count(f64::from(choice.runs)),
            choice.policy,
            choice.seed
        ),
    ));
    facts_block("What the bandit does over its horizon", items)
}
