//! Plans by hand: documents are tested without the statistics that make real ones.

use abide::diagnostics::Severity;
use abide::emit::board::surroundings::{Studies, Surroundings};
use abide::emit::board::{
    BoardInputs, CurvePoint, CurveSize, DecisionRow, DecisionTable, Depth, Document, FindingRecord, Outcome,
    PowerCurve, SpecSource, WaiverRecord,
};
use abide::language::{Action, GuardrailState, PrimaryState, Spec};
use abide::plan::Plan;
use abide::plan::model::{
    ArmSize, Assumption, AtSizes, ChanceToShip, Comparison, DecisionPower, Duration, Effect, ErrorBudget, MetricPlan,
    Needed, Note, OriginKind, OriginRecord, PLAN_SCHEMA, Question, Reach, SampleSize, Sizes, Step, Subject, Unsized,
};
use statrs::function::erf::erf;

/// A spec as a team writes it.
pub(crate) const SPEC: &str = include_str!("spec.toml");

/// The inputs of a document, owned.
pub(crate) struct Inputs {
    pub(crate) spec: Spec,
    pub(crate) plan: Plan,
    pub(crate) findings: Vec<FindingRecord>,
    pub(crate) decision: Option<DecisionTable>,
    pub(crate) curves: Vec<PowerCurve>,
    pub(crate) source: SpecSource,
    pub(crate) surroundings: Surroundings,
    pub(crate) studies: Studies,
    pub(crate) depth: Option<Depth>,
}

impl Inputs {
    pub(crate) fn document(&self) -> Document {
        Document::build(BoardInputs {
            spec: &self.spec,
            plan: &self.plan,
            findings: &self.findings,
            decision: self.decision.as_ref(),
            power_curves: &self.curves,
            surroundings: &self.surroundings,
            studies: &self.studies,
            depth: self.depth,
            source: Some(&self.source),
            standing: None,
            as_of: "2027-01-04",
            score: 78,
            tool_version: "0.1.0",
        })
    }
}

/// An experiment that is ready: 14,000 users planned, 13,312 needed.
pub(crate) fn ready() -> Inputs {
    let spec: Spec = toml::from_str(SPEC).unwrap();
    let metrics = vec![
        proportion("hallucination_rate", "Hallucination rate", "primary", 0.20, 0.03, 8_706),
        proportion("refusal_rate", "Refusal rate", "guardrail", 0.04, 0.01, 9_982),
        cost(),
        secondary(),
    ];
    let mut inputs = Inputs {
        decision: Some(decision()),
        findings: vec![
            finding(
                "external-validity",
                Severity::Advice,
                "the run covers one season",
                52,
                None,
            ),
            finding(
                "compound-treatment",
                Severity::Warning,
                "prompt and retriever change together",
                42,
                Some(WaiverRecord {
                    by: Some("stats-guild".to_owned()),
                    reason: Some("prompt and retriever only work together".to_owned()),
                    until: Some("2027-01-31".to_owned()),
                }),
            ),
        ],
        curves: Vec::new(),
        surroundings: Surroundings::default(),
        studies: Studies::default(),
        depth: None,
        source: SpecSource {
            path: "specs/grounded-prompt-online.toml".to_owned(),
            text: SPEC.to_owned(),
        },
        plan: Plan {
            schema: PLAN_SCHEMA.to_owned(),
            experiment: Subject {
                id: "grounded-prompt-online".to_owned(),
                title: Some("Grounded prompt for product descriptions".to_owned()),
                file: "specs/grounded-prompt-online.toml".to_owned(),
                digest: Some("sha256:57e44de9e70f4b3c2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0".to_owned()),
                design: Some("parallel".to_owned()),
                mode: "online".to_owned(),
                unit: Some("user".to_owned()),
            },
            complete: true,
            unsized_metrics: Vec::new(),
            sizes: Sizes {
                required: Some(13_312),
                planned: Some(14_000),
                available: Some(24_624),
                ever: None,
            },
            sample_size: Some(SampleSize {
                unit: "user".to_owned(),
                total: 13_312,
                randomised: None,
                per_arm: [("control", true), ("grounded", false)]
                    .into_iter()
                    .map(|(id, control)| {
                        let arm = ArmSize {
                            n: 6_656,
                            share: 0.5,
                            control,
                        };
                        (id.to_owned(), arm)
                    })
                    .collect(),
                binding_metric: "cost_per_query".to_owned(),
                binding_arm: "grounded".to_owned(),
            }),
            duration: Some(Duration {
                days: 22,
                ramp_days: 3,
                enrolment_days: 12.3,
                running_days: 21,
                maturity_days: 1,
                by_curve: false,
                enrolled_per_day: 1_026.0,
                max_days: 28,
                start: Some("2027-01-11".to_owned()),
                end: Some("2027-02-01".to_owned()),
            }),
            error_budget: ErrorBudget {
                alpha: 0.05,
                sides: 2,
                power: 0.80,
                superiority_primaries: 1,
                non_inferiority_metrics: 2,
                comparisons: 1,
                alpha_per_comparison: 0.05,
                over_metrics: "none".to_owned(),
                over_arms: "none".to_owned(),
                guardrail_alpha: 0.025,
                guardrail_power: "spotify".to_owned(),
                power_target: 1.0 - 0.2 / 3.0,
                power_formula: "1 − 0.20/(2+1) = 0.9333".to_owned(),
            },
            decision: Some(DecisionPower {
                by_look: Vec::new(),
                leaves_out: None,
                shortfall: None,
                target: 0.80,
                required: Some(ChanceToShip {
                    lower_bound: 0.81,
                    if_independent: 0.83,
                }),
                planned: Some(ChanceToShip {
                    lower_bound: 0.84,
                    if_independent: 0.86,
                }),
                available: Some(ChanceToShip {
                    lower_bound: 0.99,
                    if_independent: 0.9952,
                }),
            }),
            metrics,
            assumptions: assumptions(),
            notes: vec![Note {
                name: "normal-approximation".to_owned(),
                text: "all sizes here use the normal approximation; with these counts it is a little too small"
                    .to_owned(),
            }],
            capacities: Vec::new(),
            choice: None,
            what_if: None,
        },
        spec,
    };
    inputs.curves = curves(&inputs.plan);
    inputs
}

/// The same with 2,000 users planned: too few by far, and with an error.
pub(crate) fn not_ready() -> Inputs {
    let mut inputs = ready();
    inputs.plan.sizes.planned = Some(2_000);
    inputs.plan.decision.as_mut().unwrap().planned = Some(ChanceToShip {
        lower_bound: 0.0,
        if_independent: 0.023,
    });
    let planned = |power, relative, baseline: f64| {
        Some(Reach {
            power,
            win: None,
            mde: Some(Effect {
                absolute: relative * baseline,
                relative,
            }),
        })
    };
    for (metric, power, relative) in [
        ("hallucination_rate", 0.39, 0.281),
        ("refusal_rate", 0.31, 0.61),
        ("cost_per_query", 0.29, 0.129),
    ] {
        let metric = inputs.plan.metrics.iter_mut().find(|m| m.id == metric).unwrap();
        let baseline = metric.baseline.unwrap();
        metric.comparisons[0].at.planned = planned(power, relative, baseline);
        metric.comparisons[0].power_at_plan = Some(power);
        metric.comparisons[0].mde_at_plan = planned(power, relative, baseline).unwrap().mde;
    }
    inputs.findings.insert(
        0,
        finding(
            "underpowered",
            Severity::Error,
            "the planned 2,000 users leave a 2% chance of shipping a change that works",
            30,
            None,
        ),
    );
    inputs.curves = curves(&inputs.plan);
    inputs
}

/// The same with a quantile that has no shape: nothing can be totalled.
pub(crate) fn incomplete() -> Inputs {
    let mut inputs = ready();
    let plan = &mut inputs.plan;
    plan.complete = false;
    plan.unsized_metrics = vec![Unsized {
        metric: "latency_p95".to_owned(),
        reason: "its baseline has no shape: `log_sd`, pilot quantiles or the density at the quantile".to_owned(),
        pointer: "/metrics/latency_p95/baseline/log_sd".to_owned(),
    }];
    plan.sizes.required = None;
    plan.sizes.planned = None;
    plan.sample_size = None;
    plan.duration = None;
    plan.decision = None;
    plan.metrics.push(MetricPlan {
        scale: None,
        id: "latency_p95".to_owned(),
        title: Some("p95 latency".to_owned()),
        role: "guardrail".to_owned(),
        kind: Some("quantile".to_owned()),
        direction: Some("decrease".to_owned()),
        unit: Some("s".to_owned()),
        baseline: Some(1.8),
        question: Some(question("non-inferiority", "relative", 0.18, 0.10)),
        detectable: Vec::new(),
        comparisons: Vec::new(),
        unsized_because: Some("its baseline has no shape".to_owned()),
    });
    for metric in &mut plan.metrics {
        for comparison in &mut metric.comparisons {
            comparison.at = AtSizes {
                required: None,
                planned: None,
                available: None,
            };
            comparison.power_at_plan = None;
            comparison.mde_at_plan = None;
        }
    }
    inputs.curves.clear();
    inputs
}

/// The same as a low-risk experiment: the short document.
pub(crate) fn short() -> Inputs {
    let mut inputs = ready();
    let spec = SPEC.replace("risk = \"medium\"", "risk = \"low\"");
    inputs.spec = toml::from_str(&spec).unwrap();
    inputs
}

fn question(test: &str, scale: &str, absolute: f64, relative: f64) -> Question {
    Question {
        test: test.to_owned(),
        scale: scale.to_owned(),
        absolute,
        relative,
        margin: None,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "every place that takes it is optional")]
fn reach(power: f64, absolute: f64, baseline: f64) -> Option<Reach> {
    Some(Reach {
        power,
        win: None,
        mde: Some(Effect {
            absolute,
            relative: absolute / baseline,
        }),
    })
}

/// A proportion with its single comparison.
fn proportion(id: &str, title: &str, role: &str, baseline: f64, size: f64, total: u64) -> MetricPlan {
    let primary = role == "primary";
    let (test, scale) = if primary {
        ("superiority", "relative")
    } else {
        ("non-inferiority", "absolute")
    };
    MetricPlan {
        scale: None,
        id: id.to_owned(),
        title: Some(title.to_owned()),
        role: role.to_owned(),
        kind: Some("proportion".to_owned()),
        direction: Some("decrease".to_owned()),
        unit: None,
        baseline: Some(baseline),
        question: Some(question(test, scale, size, size / baseline)),
        detectable: Vec::new(),
        comparisons: vec![Comparison {
            arm: "grounded".to_owned(),
            looks: Vec::new(),
            test: "two-proportion z, pooled null variance".to_owned(),
            alpha: if primary { 0.05 } else { 0.025 },
            sides: if primary { 2 } else { 1 },
            power_target: 0.9333,
            n: needed(total),
            power_at_plan: Some(0.993),
            mde_at_plan: Some(Effect {
                absolute: size * 0.86,
                relative: size * 0.86 / baseline,
            }),
            at: AtSizes {
                required: reach(0.991, size * 0.84, baseline),
                planned: reach(0.993, size * 0.82, baseline),
                available: reach(0.9997, size * 0.6, baseline),
            },
            waterfall: waterfall(total),
            formula: "n = (1.960·√(2·0.185·0.815) + 1.501·√(0.20·0.80 + 0.17·0.83))² / (0.20 − 0.17)² = 4,352.6"
                .to_owned(),
            source: "Fleiss, Levin & Paik 2003, eq. 4.14".to_owned(),
        }],
        unsized_because: None,
    }
}

fn needed(total: u64) -> Needed {
    Needed {
        control_real: total as f64 / 2.0 - 0.4,
        arm_real: total as f64 / 2.0 - 0.4,
        control: total / 2,
        arm: total / 2,
        total,
    }
}

fn waterfall(total: u64) -> Vec<Step> {
    let step = |step: &str, title: &str, total: f64, change: &str| Step {
        step: step.to_owned(),
        title: title.to_owned(),
        total: total.ceil() as u64,
        total_real: total,
        change: change.to_owned(),
        without: None,
    };
    let total = total as f64;
    vec![
        step("naive", "Two arms, perfect judge", total * 0.44, "α .05, power .80"),
        step(
            "judge",
            "The judge errs",
            total * 0.70,
            "sensitivity .93, specificity .96",
        ),
        step("covariates", "Covariate from before", total * 0.60, "correlation .38"),
        step("power", "Power for guardrails", total * 0.995, "power .80 → .933"),
        step("rounding", "Rounded up per arm", total, "whole users"),
    ]
}

fn cost() -> MetricPlan {
    let mut metric = proportion("cost_per_query", "Cost per query", "guardrail", 0.012, 0.0006, 13_312);
    metric.kind = Some("mean".to_owned());
    metric.unit = Some("USD".to_owned());
    metric.question = Some(question("non-inferiority", "relative", 0.0006, 0.05));
    let comparison = &mut metric.comparisons[0];
    "Welch t".clone_into(&mut comparison.test);
    "n = 2·0.80²·(1.960 + 1.501)² / 0.05² = 6,133.9".clone_into(&mut comparison.formula);
    "Chow, Shao & Wang 2008, §3.2.3".clone_into(&mut comparison.source);
    comparison.at.required = reach(0.9334, 0.0006, 0.012);
    comparison.at.planned = reach(0.945, 0.000_58, 0.012);
    metric
}

fn secondary() -> MetricPlan {
    MetricPlan {
        scale: None,
        id: "answer_ctr".to_owned(),
        title: None,
        role: "secondary".to_owned(),
        kind: Some("proportion".to_owned()),
        direction: Some("increase".to_owned()),
        unit: None,
        baseline: Some(0.125),
        question: None,
        detectable: Vec::new(),
        comparisons: Vec::new(),
        unsized_because: Some("secondary metrics are not sized".to_owned()),
    }
}

fn finding(rule: &str, severity: Severity, message: &str, line: usize, waived: Option<WaiverRecord>) -> FindingRecord {
    FindingRecord {
        rule: rule.to_owned(),
        severity,
        message: message.to_owned(),
        notes: Vec::new(),
        help: Some("write `planned_units = 13312`, or a wider margin with its reason".to_owned()),
        file: "specs/grounded-prompt-online.toml".to_owned(),
        line,
        waived,
    }
}

fn decision() -> DecisionTable {
    let outcome = |action: Action, sentence: &str| Outcome {
        action: Some(action),
        sentence: sentence.to_owned(),
    };
    let row = |primary, pass: Outcome, unresolved: Outcome| DecisionRow {
        primary,
        cells: vec![
            (GuardrailState::Pass, pass.clone()),
            (
                GuardrailState::Worse,
                outcome(Action::Discuss, "Within the margin, yet worse"),
            ),
            (GuardrailState::Unresolved, unresolved),
            (
                GuardrailState::Breach,
                outcome(Action::Rollback, "Keep v6; the owner writes up the harm"),
            ),
        ],
    };
    let discuss = || outcome(Action::Discuss, "");
    DecisionTable {
        rule: "spotify".to_owned(),
        proven: true,
        rows: vec![
            row(
                PrimaryState::Win,
                outcome(Action::Ship, "To all traffic within 2 days"),
                discuss(),
            ),
            row(
                PrimaryState::Null,
                outcome(Action::Abandon, "Recorded as knowledge: −15% is ruled out"),
                outcome(Action::Abandon, ""),
            ),
            row(PrimaryState::Unresolved, discuss(), outcome(Action::Extend, "")),
            row(
                PrimaryState::Loss,
                outcome(Action::Rollback, ""),
                outcome(Action::Rollback, ""),
            ),
        ],
        invalid: Outcome {
            action: None,
            sentence: "Repair the measurement, then run again".to_owned(),
        },
        conditions: vec!["the estimate must reach 5% relative, the worthwhile effect".to_owned()],
    }
}

fn assumptions() -> Vec<Assumption> {
    let spec = "specs/grounded-prompt-online.toml";
    let catalogue = "metrics/quality.toml";
    let written = |path: &str, value: serde_json::Value, kind, file: &str, line| Assumption {
        path: path.to_owned(),
        value,
        origin: OriginRecord {
            kind,
            file: Some(file.to_owned()),
            line: Some(line),
            column: Some(1),
            rule: None,
        },
    };
    let default = |path: &str, value: serde_json::Value| Assumption {
        path: path.to_owned(),
        value,
        origin: OriginRecord {
            kind: OriginKind::EditionDefault,
            file: None,
            line: None,
            column: None,
            rule: None,
        },
    };
    vec![
        written("hypothesis.effect.relative", 0.15.into(), OriginKind::Spec, spec, 20),
        written("hypothesis.prior_success_rate", 0.15.into(), OriginKind::Spec, spec, 24),
        written("design.planned_units", 14_000.into(), OriginKind::Spec, spec, 30),
        written("traffic.units_per_day", 20_000.into(), OriginKind::Spec, spec, 34),
        written("traffic.allocation", 0.5.into(), OriginKind::Spec, spec, 36),
        written("schedule.max_days", 28.into(), OriginKind::Workspace, "abide.toml", 17),
        written("schedule.start", "2027-01-11".into(), OriginKind::Spec, spec, 41),
        written(
            "metrics.hallucination_rate.baseline.value",
            0.2.into(),
            OriginKind::Catalogue,
            catalogue,
            41,
        ),
        written(
            "metrics.hallucination_rate.mde.relative",
            0.15.into(),
            OriginKind::Spec,
            spec,
            60,
        ),
        written(
            "metrics.refusal_rate.margin.absolute",
            "1pp".into(),
            OriginKind::Spec,
            spec,
            66,
        ),
        written(
            "metrics.cost_per_query.baseline.value",
            0.012.into(),
            OriginKind::Catalogue,
            catalogue,
            77,
        ),
        written(
            "metrics.cost_per_query.margin.relative",
            0.05.into(),
            OriginKind::Spec,
            spec,
            72,
        ),
        written("statistics.alpha", 0.05.into(), OriginKind::Workspace, "abide.toml", 9),
        default("statistics.power", 0.8.into()),
        default("statistics.sides", 2.into()),
        default("statistics.multiplicity.metrics", "bonferroni".into()),
        default("statistics.guardrail_power", "spotify".into()),
        Assumption {
            path: "statistics.guardrail_alpha".to_owned(),
            value: 0.025.into(),
            origin: OriginRecord {
                kind: OriginKind::Derived,
                file: None,
                line: None,
                column: None,
                rule: Some("alpha / sides".to_owned()),
            },
        },
    ]
}

/// The curves of the first metric at every size, by the normal approximation.
fn curves(plan: &Plan) -> Vec<PowerCurve> {
    let sizes = [
        (CurveSize::Required, plan.sizes.required),
        (CurveSize::Planned, plan.sizes.planned),
        (CurveSize::Available, plan.sizes.available),
    ];
    let phi = |x: f64| f64::midpoint(1.0, erf(x / std::f64::consts::SQRT_2));
    sizes
        .into_iter()
        .filter_map(|(size, units)| {
            let units = units?;
            let points = (0..=40)
                .map(|at| {
                    let relative = f64::from(at) * 0.0075;
                    let absolute = relative * 0.2;
                    let error = (2.0 * 0.16 / (units as f64 / 2.0)).sqrt();
                    CurvePoint {
                        effect_relative: relative,
                        effect_absolute: absolute,
                        power: phi(absolute / error - 1.96),
                    }
                })
                .collect();
            Some(PowerCurve {
                metric: "hallucination_rate".to_owned(),
                arm: "grounded".to_owned(),
                size,
                units,
                points,
            })
        })
        .collect()
}
