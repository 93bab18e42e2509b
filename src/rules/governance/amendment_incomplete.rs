//! An amendment that does not say what a reader has to know.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Amendments are numbered 1, 2, 3 … in the order of their days, none lies in the future, and each says what was changed
    /// (`fields`), why (`reason`) and whether outcome data had been seen (`after_data`).
    ///
    /// ## Why
    ///
    /// A change before anyone saw data is a correction; the same change afterwards may be a choice of the result. Only the record
    /// can tell.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [experiment]
    /// status = "running"
    ///
    /// [[amendments]]
    /// number = 1
    /// date   = 2026-11-18
    /// fields = ["schedule.max_days"]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [experiment]
    /// status = "running"
    ///
    /// [[amendments]]
    /// number = 1
    /// date   = 2026-11-18
    /// fields = ["schedule.max_days"]
    /// reason = "traffic 20% below forecast"
    /// after_data = false
    /// units_enrolled = 11200
    /// ```
    ///
    /// ## Source
    ///
    /// SPIRIT 2025, items on protocol amendments
    RULE = "amendment-incomplete" {
        group: Governance, level: Warning, from: Review,
        summary: "an amendment that does not say what, why or when",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let amendments = &context.experiment.spec.amendments;
    for (position, amendment) in amendments.iter().enumerate() {
        let at = format!("amendments.{position}");
        let number = amendment.number;
        let expected = u32::try_from(position + 1).unwrap_or(u32::MAX);
        let earlier = position.checked_sub(1).and_then(|before| amendments.get(before));
        let blank = amendment
            .reason
            .as_deref()
            .is_none_or(|reason| reason.trim().is_empty());
        let missing: Vec<&str> = [
            ("fields", amendment.fields.is_empty()),
            ("reason", blank),
            ("after_data", amendment.after_data.is_none()),
        ]
        .into_iter()
        .filter_map(|(field, no)| no.then_some(field))
        .collect();
        let fault = if number != expected {
            Some((
                "number",
                format!("amendment {expected} of the list has the number {number}"),
                format!("number the amendments in their order: this one is {expected}"),
            ))
        } else if let Some(earlier) = earlier.filter(|earlier| earlier.date > amendment.date) {
            Some((
                "date",
                format!(
                    "amendment {number} is of {}, and the one before it of {}",
                    amendment.date, earlier.date
                ),
                "list amendments in the order of their days".to_owned(),
            ))
        } else if amendment.date.get() > context.today {
            Some((
                "date",
                format!("amendment {number} is of {}, a day to come", amendment.date),
                "write the day on which the plan was changed".to_owned(),
            ))
        } else if missing.is_empty() {
            None
        } else {
            Some((
                "",
                format!("amendment {number} lacks {}", text::names(&missing, "and")),
                format!("add {}", text::names(&missing, "and")),
            ))
        };
        if let Some((field, message, help)) = fault {
            findings.push(
                findings
                    .at(context.place(format!("{at}.{field}").trim_end_matches('.')), message)
                    .with_label("of this amendment")
                    .with_help(help),
            );
        }
    }
}
