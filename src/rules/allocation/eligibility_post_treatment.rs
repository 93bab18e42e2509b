//! Units chosen by what happened later.

use crate::rules::prelude::*;
use crate::source::Pointer;

declare_rule! {
    /// ## What it checks
    ///
    /// No attribute of `population.where` or `population.segments` is among those that `population.post_exposure` lists as known only
    /// after exposure.
    ///
    /// ## Why
    ///
    /// Whoever rates an answer, opens the basket or comes back has already been moved by the arm. Groups that are made afterwards differ
    /// between arms, and so does everything that is measured in them.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [population]
    /// where = { signed_in = [true], opened_basket = [true] }
    /// post_exposure = ["opened_basket"]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [population]
    /// where = { signed_in = [true], opened_basket_before = [true] }
    /// post_exposure = ["opened_basket"]
    /// ```
    ///
    /// ## Source
    ///
    /// Kohavi, Tang & Xu 2020, "Trustworthy online controlled experiments", chapter 3
    RULE = "eligibility-post-treatment" {
        group: Allocation, level: Error, from: Draft,
        profile: Draft,
        summary: "units that are chosen by what happened after they met the change",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(population) = &context.experiment.spec.population else {
        return;
    };
    let uses = [
        (
            "where",
            "decides who is eligible",
            population.r#where.keys().collect::<Vec<_>>(),
        ),
        ("segments", "divides the results", population.segments.keys().collect()),
    ];
    for (field, what, attributes) in uses {
        for attribute in attributes {
            let Some(position) = population.post_exposure.iter().position(|late| late == attribute) else {
                continue;
            };
            let pointer = Pointer::from_dotted("population").join(field).join(attribute);
            let declared = Pointer::from_dotted("population.post_exposure").index(position);
            findings.push(
                findings
                    .at(
                        context.place_of(&pointer),
                        format!("`{attribute}` {what} and is known only after exposure"),
                    )
                    .with_label("the arms may have moved it")
                    .with_other(context.place_of(&declared), "known only then")
                    .with_help(
                        "use what was known before the exposure, such as the same attribute over the 28 days before",
                    ),
            );
        }
    }
}
