//! A compiled spec → the content of its review document.

use super::session::Session;
use super::spec::Compiled;
use super::surroundings::{Neighbourhood, surroundings};
use crate::decision::{self, DecisionRule};
use crate::diagnostics::{Diagnostic, sorted};
use crate::emit::board::surroundings::Studies;
use crate::emit::board::{
    BoardInputs, CurvePoint, CurveSize, DecisionRow, DecisionTable, Depth, Document, FindingRecord, Outcome,
    PowerCurve, SpecSource, WaiverRecord,
};
use crate::format;
use crate::language::values::{AmountUnit, Effect};
use crate::language::{Action, GuardrailState, MetricKind, PrimaryState, Role};
use crate::plan::{self, Plan};
use crate::resolve::Experiment;
use crate::rules::Waived;
use crate::source::SourceMap;

impl Compiled {
    /// The content of the review document; `None` when there is no experiment to review.
    pub fn document(&self, session: &Session<'_>) -> Option<Document> {
        self.document_among(session, None, &Studies::default(), None)
    }

    /// The same with what stands around it: the other experiments of its workspace, and what further compilations say.
    pub fn document_among(
        &self,
        session: &Session<'_>,
        others: Option<Neighbourhood<'_>>,
        studies: &Studies,
        depth: Option<Depth>,
    ) -> Option<Document> {
        let experiment = self.experiment.as_ref()?;
        let path = |shown: &str| session.path_of_record(self.file, shown);
        let mut plan = plan::in_full(self.plan.clone()?, experiment, &session.sources);
        plan.rename_files(path);
        let mut findings = findings(&self.findings, &self.waived, &session.sources);
        for finding in &mut findings {
            finding.file = path(&finding.file);
        }
        let decision = decision_table(experiment);
        let file = session.sources.file(self.file);
        let source = SpecSource {
            path: path(file.path()),
            text: file.text().to_owned(),
        };
        Some(Document::build(BoardInputs {
            spec: &experiment.spec,
            plan: &plan,
            findings: &findings,
            decision: decision.as_ref(),
            power_curves: &power_curves(experiment, &plan),
            surroundings: &surroundings(session, self.file, experiment, &plan, others),
            studies,
            depth,
            source: Some(&source),
            standing: self.standing.as_ref(),
            as_of: &session.today().to_string(),
            score: self.score().points,
            tool_version: env!("CARGO_PKG_VERSION"),
        }))
    }
}

fn findings(findings: &[Diagnostic], waived: &[Waived], sources: &SourceMap) -> Vec<FindingRecord> {
    let record = |finding: &Diagnostic, waiver: Option<WaiverRecord>| {
        let file = sources.file(finding.place.span.file);
        FindingRecord {
            rule: finding.rule.to_owned(),
            severity: finding.severity,
            message: finding.message.clone(),
            notes: finding.notes.clone(),
            help: finding.help.clone(),
            file: file.path().to_owned(),
            line: file.position(finding.place.span.start as usize).line,
            waived: waiver,
        }
    };
    let mut records: Vec<FindingRecord> = sorted(findings.to_vec(), sources)
        .iter()
        .map(|finding| record(finding, None))
        .collect();
    records.extend(waived.iter().map(|waived| {
        let waiver = WaiverRecord {
            by: Some(waived.waiver.by.clone()),
            reason: Some(waived.waiver.reason.clone()),
            until: waived.waiver.until.map(|date| date.to_string()),
        };
        record(&waived.finding, Some(waiver))
    }));
    records
}

fn decision_table(experiment: &Experiment) -> Option<DecisionTable> {
    let declared = experiment.spec.decision.as_ref()?;
    let rule = DecisionRule::of(declared);
    let table = decision::DecisionTable::of(&rule);
    let guardrails: &[GuardrailState] = if experiment.metrics_of(Role::Guardrail).next().is_some() {
        GuardrailState::ALL
    } else {
        &[GuardrailState::Pass]
    };
    let outcome = |primary: PrimaryState, guardrails: GuardrailState| {
        let action = table
            .cells()
            .iter()
            .find(|cell| cell.primary == primary && cell.guardrails == guardrails)
            .and_then(|cell| cell.action);
        Outcome {
            action,
            sentence: action.map(sentence).unwrap_or_default().to_owned(),
        }
    };
    let name = match &rule {
        DecisionRule::Preset(preset, _) => preset.as_str().to_owned(),
        DecisionRule::Clauses { .. } => "rules of the spec".to_owned(),
    };
    Some(DecisionTable {
        rule: name,
        proven: table.uncovered().next().is_none() && table.unreachable().is_empty(),
        rows: PrimaryState::ALL
            .iter()
            .map(|&primary| DecisionRow {
                primary,
                cells: guardrails
                    .iter()
                    .map(|&state| (state, outcome(primary, state)))
                    .collect(),
            })
            .collect(),
        invalid: Outcome {
            action: None,
            sentence: "no decision is read from these data: find the cause, mend it, run again".to_owned(),
        },
        conditions: conditions(experiment),
    })
}

/// What an action means, beyond its name.
fn sentence(action: Action) -> &'static str {
    match action {
        Action::Ship => "everybody gets the new version",
        Action::Discuss => "decision maker and reviewers meet",
        Action::Extend => "run on as planned beforehand",
        Action::Rollback => "everybody returns to control",
        Action::Abandon => "control stays; the result is recorded",
    }
}

/// What shipping asks for beyond the table.
fn conditions(experiment: &Experiment) -> Vec<String> {
    let mut conditions = Vec::new();
    for metric in experiment.superiority_primaries() {
        if let Some(worthwhile) = metric.declared.worthwhile {
            let share = matches!(
                metric.declared.kind,
                Some(MetricKind::Proportion | MetricKind::Preference | MetricKind::TimeToEvent)
            );
            let least = match worthwhile {
                Effect::Relative(share) => format::percent(share.get()),
                Effect::Absolute(amount) if share || amount.unit() == AmountUnit::PercentagePoints => {
                    format::points(amount.value())
                }
                Effect::Absolute(amount) => amount.to_string(),
            };
            conditions.push(format!(
                "a win also needs an estimated change of {} of at least {least}",
                metric.shown()
            ));
        }
    }
    let net_value = experiment
        .spec
        .decision
        .as_ref()
        .filter(|decision| decision.rule == Some(crate::language::DecisionPreset::NetValue))
        .and_then(|decision| decision.net_value.as_ref())
        .and_then(|net_value| net_value.probability);
    if let Some(probability) = net_value {
        conditions.push(format!(
            "shipping also needs a chance of {} that the net value is positive",
            format::percent(probability.get())
        ));
    }
    conditions
}

/// The curves of every comparison that gates the decision, at the sizes that are known.
fn power_curves(experiment: &Experiment, plan: &Plan) -> Vec<PowerCurve> {
    let sizes = [
        (CurveSize::Required, plan.sizes.required),
        (CurveSize::Planned, plan.sizes.planned),
    ];
    let mut curves = Vec::new();
    for metric in &plan.metrics {
        for comparison in &metric.comparisons {
            for (size, units) in sizes {
                let Some(units) = units else { continue };
                let Some(curve) = plan::power_curve(experiment, plan, &metric.id, &comparison.arm, units) else {
                    continue;
                };
                curves.push(PowerCurve {
                    metric: curve.metric,
                    arm: curve.arm,
                    size,
                    units,
                    points: curve
                        .points
                        .into_iter()
                        .map(|point| CurvePoint {
                            effect_relative: point.relative,
                            effect_absolute: point.absolute,
                            power: point.power,
                        })
                        .collect(),
                });
            }
        }
    }
    curves
}
