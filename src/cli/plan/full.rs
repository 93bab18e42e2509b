//! The plan for people at a terminal: the answer first, then where it comes from.

use super::super::columns::{Align, layout};
use super::super::context::Emphasis;
use crate::format;
use crate::language::is_share;
use crate::plan::Plan;
use crate::plan::model::{
    ChanceToShip, Choice, Comparison, Duration, Effect, Estimate, MetricPlan, Question, SampleSize,
};

/// The whole plan as text.
pub(super) fn render(plan: &Plan, style: Emphasis) -> String {
    let mut page = Page {
        style,
        lines: Vec::new(),
    };
    page.heading(plan);
    page.supposition(plan);
    page.answer(plan);
    page.metrics(plan);
    page.waterfall(plan);
    page.sizes(plan);
    page.looks(plan);
    page.notes(plan);
    page.lines.join("\n") + "\n"
}

struct Page {
    style: Emphasis,
    lines: Vec<String>,
}

impl Page {
    fn blank(&mut self) {
        self.lines.push(String::new());
    }

    fn section(&mut self, title: &str) {
        self.blank();
        self.lines.push(self.style.bold(title));
    }

    fn rows(&mut self, align: &[Align], rows: &[Vec<String>]) {
        self.lines.extend(layout(align, rows));
    }

    fn heading(&mut self, plan: &Plan) {
        let subject = &plan.experiment;
        let title = match &subject.title {
            Some(title) => format!("{}: {title}", subject.id),
            None => subject.id.clone(),
        };
        self.lines.push(self.style.bold(&title));
        self.lines.push(self.style.dim(&subject.file));
    }

    /// That this is not the plan of the spec, first of all.
    fn supposition(&mut self, plan: &Plan) {
        let Some(what_if) = &plan.what_if else { return };
        self.blank();
        self.lines.push(self.style.warn("What if: not the plan of the spec"));
        let mut rows: Vec<Vec<String>> = what_if
            .settings
            .iter()
            .map(|setting| {
                let was = setting.was.as_ref().map_or_else(
                    || "nothing".to_owned(),
                    |was| was.to_string().trim_matches('"').to_owned(),
                );
                vec![setting.path.clone(), format!("{} instead of {was}", setting.value)]
            })
            .collect();
        rows.extend(
            what_if
                .without
                .iter()
                .map(|path| vec![path.clone(), "left out".to_owned()]),
        );
        let now = crate::questions::outcome(plan);
        if let (Some(total), Some(declared)) = (now.total, what_if.declared.total) {
            rows.push(vec![
                "needs".to_owned(),
                format!(
                    "{} instead of {} ({})",
                    format::count(total as f64),
                    format::count(declared as f64),
                    format::factor(total as f64 / declared as f64)
                ),
            ]);
        }
        if let (Some(days), Some(declared)) = (now.days, what_if.declared.days) {
            rows.push(vec![
                "takes".to_owned(),
                format!("{} instead of {declared}", format::days(f64::from(days))),
            ]);
        }
        self.rows(&[Align::Left, Align::Left], &rows);
    }

    fn answer(&mut self, plan: &Plan) {
        self.blank();
        if let Some(choice) = &plan.choice {
            self.choice(plan, choice);
            return;
        }
        let Some(size) = &plan.sample_size else {
            self.lines
                .push(self.style.warn("The plan is incomplete: there is no total to give."));
            let rows: Vec<Vec<String>> = plan
                .unsized_metrics
                .iter()
                .map(|entry| vec![entry.metric.clone(), entry.reason.clone()])
                .collect();
            self.rows(&[Align::Left, Align::Left], &rows);
            return;
        };
        // Where another size is planned, every number says at which of the two it holds.
        let planned = planned(plan);
        let needed = if planned.is_some() { "needed: " } else { "" };
        let mut rows = vec![vec![
            format::counted(size.total as f64, &size.unit),
            format!("{needed}{}", per_arm(size)),
        ]];
        if let Some(duration) = &plan.duration {
            rows.push(vec![
                format::days(f64::from(duration.days)),
                format!("{needed}{}", time(duration)),
            ]);
        } else if let Some(ever) = plan.sizes.ever {
            rows.push(vec![
                "never".to_owned(),
                format!(
                    "{needed}traffic comes to {} however long it runs: the curve of `traffic.cumulative` ends there",
                    format::count(ever as f64)
                ),
            ]);
        }
        rows.extend(decision_row(plan));
        rows.push(vec![size.binding_metric.clone(), "needs the most".to_owned()]);
        self.rows(&[Align::Right, Align::Left], &rows);
    }

    /// What a bandit does: chances and losses with their Monte Carlo errors.
    fn choice(&mut self, plan: &Plan, choice: &Choice) {
        let give = |error: f64| format!("± {}", format::points(2.0 * error));
        let chance = |found: Estimate| {
            if found.value < 1.0 {
                format!("{} {}", found.chance(), give(found.monte_carlo_error))
            } else {
                found.chance()
            }
        };
        let mut rows = Vec::new();
        if let Some(duration) = &plan.duration {
            rows.push(vec![
                format::days(f64::from(duration.days)),
                format!(
                    "{} units at {}, shares computed {} times",
                    format::count(choice.units as f64),
                    pace(duration),
                    format::count(choice.updates as f64)
                ),
            ]);
        }
        rows.extend([
            vec![
                chance(choice.best_chosen),
                format!(
                    "chance to choose the best of {} arms, if it is better by {}",
                    choice.arms,
                    format::points(choice.difference)
                ),
            ],
            vec![
                chance(choice.decided_early),
                "chance to choose before the horizon".to_owned(),
            ],
            vec![
                format::days(choice.days_to_choice.value),
                "until the choice, on average".to_owned(),
            ],
            vec![
                choice.days_to_target.map_or_else(|| "never".to_owned(), format::days),
                format!(
                    "until the best arm is in front with {}: the shortest horizon",
                    format::percent(choice.target)
                ),
            ],
            vec![
                format::count(choice.regret.value),
                format!(
                    "rewards lost while learning (± {}); an equal split loses {}",
                    format::count(2.0 * choice.regret.monte_carlo_error),
                    format::count(choice.regret_of_equal_split)
                ),
            ],
            vec![
                chance(choice.if_none_is_better.decided_early),
                "chance to name a winner before the horizon when no arm is better".to_owned(),
            ],
        ]);
        self.rows(&[Align::Right, Align::Left], &rows);
        self.lines.push(self.style.dim(&format!(
            "  {}, {} runs from seed {}; ± is two Monte Carlo standard errors",
            choice.policy,
            format::count(f64::from(choice.runs)),
            choice.seed
        )));
    }

    fn metrics(&mut self, plan: &Plan) {
        let header = ["metric", "role", "to show", "needs", "power", "smallest effect"];
        let mut rows = vec![header.map(str::to_owned).to_vec()];
        for metric in &plan.metrics {
            rows.extend(metric_rows(metric, plan.error_budget.comparisons > 1));
        }
        if rows.len() == 1 {
            return;
        }
        self.section(&match planned(plan) {
            None => "Metrics".to_owned(),
            Some(planned) => format!(
                "Metrics, power and smallest effect with the {} planned",
                format::count(planned as f64)
            ),
        });
        let align = [
            Align::Left,
            Align::Left,
            Align::Left,
            Align::Right,
            Align::Right,
            Align::Right,
        ];
        self.rows(&align, &rows);
        if let Some(header) = self.lines.len().checked_sub(rows.len()) {
            self.lines[header] = self.style.dim(&self.lines[header]);
        }
        // Metrics that gate the decision are named above with their reasons; the others are told here.
        for metric in plan.metrics.iter().filter(|metric| !gates(metric)) {
            if let Some(reason) = &metric.unsized_because {
                self.lines.push(self.style.dim(&format!("  {}: {reason}", metric.id)));
            }
        }
    }

    fn waterfall(&mut self, plan: &Plan) {
        let binding = plan
            .sample_size
            .as_ref()
            .map(|size| (&size.binding_metric, &size.binding_arm));
        for metric in &plan.metrics {
            for comparison in &metric.comparisons {
                let shown = match binding {
                    Some((id, arm)) => *id == metric.id && *arm == comparison.arm,
                    // Without a total, every comparison that could be sized is worth seeing.
                    None => true,
                };
                if shown {
                    self.comparison(metric, comparison);
                }
            }
        }
    }

    fn comparison(&mut self, metric: &MetricPlan, comparison: &Comparison) {
        self.section(&format!(
            "How {} against {} gets to {}",
            metric.id,
            comparison.arm,
            format::count(comparison.n.total as f64)
        ));
        let rows: Vec<Vec<String>> = comparison
            .waterfall
            .iter()
            .map(|step| {
                vec![
                    step.title.clone(),
                    format::count(step.total as f64),
                    step.change.clone(),
                ]
            })
            .collect();
        self.rows(&[Align::Left, Align::Right, Align::Left], &rows);
        self.lines.push(format!("  {}", self.style.dim(&comparison.formula)));
        self.lines.push(format!("  {}", self.style.dim(&comparison.source)));
    }

    fn sizes(&mut self, plan: &Plan) {
        let decision = plan.decision.as_ref();
        let sizes = [
            ("required", plan.sizes.required, decision.and_then(|d| d.required)),
            ("planned", plan.sizes.planned, decision.and_then(|d| d.planned)),
            ("available", plan.sizes.available, decision.and_then(|d| d.available)),
        ];
        let rows: Vec<Vec<String>> = sizes
            .into_iter()
            .filter_map(|(name, units, chance)| {
                let units = units?;
                let how = if name == "available" {
                    scarce(plan)
                } else {
                    String::new()
                };
                Some(vec![
                    name.to_owned(),
                    format::count(units as f64),
                    ship(plan, chance),
                    how,
                ])
            })
            .collect();
        if rows.is_empty() {
            return;
        }
        self.section("Three sizes");
        self.rows(&[Align::Left, Align::Right, Align::Left, Align::Left], &rows);
    }

    /// When the data are looked at, and how likely it is over by then.
    fn looks(&mut self, plan: &Plan) {
        let Some(decision) = plan.decision.as_ref().filter(|decision| !decision.by_look.is_empty()) else {
            return;
        };
        self.section("Looks");
        let by_then = if decision.leaves_out.is_none() {
            "shipped by then"
        } else {
            "won by then"
        };
        let mut rows = vec![["look", "units", "information", by_then].map(str::to_owned).to_vec()];
        rows.extend(decision.by_look.iter().enumerate().map(|(index, look)| {
            vec![
                (index + 1).to_string(),
                format::count(look.units as f64),
                format::share(look.information),
                if look.chance.if_independent > 0.0 {
                    format::chance(look.chance.if_independent)
                } else {
                    "–".to_owned()
                },
            ]
        }));
        self.rows(&[Align::Right, Align::Right, Align::Right, Align::Right], &rows);
        let early = decision
            .by_look
            .iter()
            .rev()
            .skip(1)
            .any(|look| look.chance.if_independent > 0.0);
        if !early {
            self.lines.push(self.style.dim(
                "  guardrails are read at the end only (`statistics.sequential.guardrails` gives them looks), so nothing ships before",
            ));
        }
    }

    fn notes(&mut self, plan: &Plan) {
        if plan.notes.is_empty() {
            return;
        }
        self.section("Notes");
        for note in &plan.notes {
            self.lines.push(format!("  {}", note.text));
        }
    }
}

/// The planned size, where it is another than the required one.
fn planned(plan: &Plan) -> Option<u64> {
    plan.sizes
        .planned
        .filter(|planned| plan.sizes.required.is_some_and(|required| required != *planned))
}

/// The parts of the days.
fn time(duration: &Duration) -> String {
    let mut parts = Vec::new();
    if duration.ramp_days > 0 {
        parts.push(format!("{} ramp", format::days(f64::from(duration.ramp_days))));
    }
    parts.push(format!(
        "{} enrolment at {}",
        format::days(duration.enrolment_days),
        pace(duration)
    ));
    parts.push(format!("{} running", format::days(f64::from(duration.running_days))));
    if duration.maturity_days > 0 {
        parts.push(format!("{} to mature", format::days(f64::from(duration.maturity_days))));
    }
    parts.push(format!("limit {}", duration.max_days));
    parts.join(", ")
}

/// How many units come a day.
fn pace(duration: &Duration) -> String {
    let first = format::count(duration.enrolled_per_day);
    if duration.by_curve {
        format!("{first} on the first day, then by the curve of `traffic.cumulative`")
    } else {
        format!("{first} a day")
    }
}

/// The chance that the rule ships, with the needed units and with the planned ones.
fn decision_row(plan: &Plan) -> Option<Vec<String>> {
    let decision = plan.decision.as_ref()?;
    let chance = decision.required.or(decision.planned)?;
    let what = match &decision.leaves_out {
        None if is_aa(plan) => "chance to find a fault as large as the MDE".to_owned(),
        None => "chance to ship a change that works and harms nothing".to_owned(),
        Some(what) => format!("chance of a win that harms nothing, leaving out {what}"),
    };
    let at_planned = planned(plan)
        .zip(decision.planned)
        .map_or_else(String::new, |(units, chance)| {
            format!(
                "; {} with the {} planned",
                format::chance(chance.if_independent),
                format::count(units as f64)
            )
        });
    Some(vec![
        format::chance(chance.if_independent),
        format!(
            "{what} (at least {}; target {}){at_planned}",
            format::chance(chance.lower_bound),
            format::percent(decision.target)
        ),
    ])
}

/// What binds, where several resources limit the units.
fn scarce(plan: &Plan) -> String {
    let parts: Vec<String> = plan
        .capacities
        .iter()
        .filter(|_| plan.capacities.len() > 1)
        .map(|capacity| {
            if capacity.binds {
                format!("{} (binds)", capacity.how)
            } else {
                format!("{}: {}", capacity.how, format::count(capacity.units as f64))
            }
        })
        .collect();
    parts.join("; ")
}

/// Arms that are alike ship nothing.
fn is_aa(plan: &Plan) -> bool {
    plan.experiment.design.as_deref() == Some("aa")
}

fn ship(plan: &Plan, chance: Option<ChanceToShip>) -> String {
    let leaves_out = plan
        .decision
        .as_ref()
        .is_some_and(|decision| decision.leaves_out.is_some());
    let of = if leaves_out {
        "of a win that harms nothing"
    } else if is_aa(plan) {
        "to find a fault"
    } else {
        "to ship"
    };
    chance.map_or_else(String::new, |chance| {
        format!("{} chance {of}", format::chance(chance.if_independent))
    })
}

fn per_arm(size: &SampleSize) -> String {
    let arms = by_arm(size);
    match &size.randomised {
        Some(randomised) => {
            let units = format::counted(randomised.total as f64, &randomised.unit);
            format!("{arms}; {units} are randomised")
        }
        None => arms,
    }
}

fn by_arm(size: &SampleSize) -> String {
    if size.passes_every_arm() {
        return "each through every arm".to_owned();
    }
    let arms: Vec<String> = size
        .per_arm
        .iter()
        .map(|(arm, size)| format!("{} in {arm}", format::count(size.n as f64)))
        .collect();
    arms.join(", ")
}

fn metric_rows(metric: &MetricPlan, several_arms: bool) -> Vec<Vec<String>> {
    let name = |arm: &str| {
        if several_arms {
            format!("{} ({arm})", metric.id)
        } else {
            metric.id.clone()
        }
    };
    if metric.unsized_because.is_some() {
        let asked = asked(metric);
        let shown = if asked.is_empty() {
            "not sized".to_owned()
        } else {
            format!("{asked} (not sized)")
        };
        return vec![vec![metric.id.clone(), metric.role.clone(), shown]];
    }
    if metric.comparisons.is_empty() {
        return metric
            .detectable
            .iter()
            .map(|detectable| {
                let smallest = smallest(metric, detectable.mde_at_plan);
                vec![
                    name(&detectable.arm),
                    metric.role.clone(),
                    "shown, gates nothing".to_owned(),
                    "–".to_owned(),
                    "–".to_owned(),
                    smallest,
                ]
            })
            .collect();
    }
    metric
        .comparisons
        .iter()
        .map(|comparison| {
            let reach = comparison.at.planned.or(comparison.at.required);
            vec![
                name(&comparison.arm),
                metric.role.clone(),
                asked(metric),
                format::count(comparison.n.total as f64),
                reach.map_or_else(|| "–".to_owned(), |reach| format::chance(reach.power)),
                smallest(metric, reach.and_then(|reach| reach.mde)),
            ]
        })
        .collect()
}

/// The smallest effect on the scale that the question is asked on.
fn smallest(metric: &MetricPlan, effect: Option<Effect>) -> String {
    let Some(effect) = effect else { return "–".to_owned() };
    match &metric.question {
        Some(question) if question.scale == "absolute" => match metric.kind.as_deref() {
            kind if is_share(kind) => format::points(effect.absolute),
            _ => format::estimate(effect.absolute, metric.unit.as_deref().unwrap_or("")),
        },
        _ => format::estimate_percent(effect.relative),
    }
}

fn gates(metric: &MetricPlan) -> bool {
    matches!(metric.role.as_str(), "primary" | "guardrail")
}

/// What the metric has to show, in words: `decrease by 15%`, `not worse by 5%`.
fn asked(metric: &MetricPlan) -> String {
    let Some(question) = &metric.question else {
        return String::new();
    };
    let amount = amount(metric, question);
    match question.test.as_str() {
        "superiority" => {
            let change = metric.direction.as_deref().unwrap_or("change");
            match question.margin {
                None => format!("{change} of {amount}"),
                margin => format!("{change} of {amount}, beyond {}", smallest(metric, margin)),
            }
        }
        "equivalence" => format!("within {amount}"),
        _ => format!("not worse by {amount}"),
    }
}

fn amount(metric: &MetricPlan, question: &Question) -> String {
    if question.scale == "relative" {
        return format::percent(question.relative);
    }
    if is_share(metric.kind.as_deref()) {
        return format::points(question.absolute);
    }
    format::quantity(question.absolute, metric.unit.as_deref().unwrap_or(""))
}
