//! A spec held in memory, and verdicts on results given as JSON.

use std::path::Path;

use abide::analysis::{self, Verdict};
use abide::compilation::{Compiled, Session, compile};
use abide::diagnostics::{Severity, Sink};
use abide::governance;
use abide::source::SourceMap;
use abide::world::Memory;
use serde_json::Value;

/// The number at an address of a verdict, where `/metrics/ID` goes by id.
pub(crate) fn number(verdict: &Verdict, at: &str) -> Option<f64> {
    let verdict = serde_json::to_value(verdict).unwrap();
    let Some(rest) = at.strip_prefix("/metrics/") else {
        return verdict.pointer(at)?.as_f64();
    };
    let (id, rest) = rest.split_once('/')?;
    let metrics = verdict["metrics"].as_array()?;
    let metric = metrics.iter().find(|metric| metric["id"] == id)?;
    metric.pointer(&format!("/{rest}"))?.as_f64()
}

/// A compiled spec.
pub(crate) struct Bench {
    compiled: Compiled,
    sources: SourceMap,
    digest: String,
}

impl Bench {
    /// Compiles a spec; what it lacks for a review does not matter here, how it is written does.
    pub(crate) fn new(spec: &str) -> Self {
        let world = Memory::new(jiff::civil::date(2027, 2, 1));
        let mut session = Session::new(&world, None);
        session
            .add_text(Path::new("reference.toml"), spec.as_bytes().to_vec())
            .unwrap();
        let compiled = compile(&session).pop().unwrap();
        let wrong: Vec<_> = compiled
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .filter(|finding| {
                abide::rules::find(finding.rule).is_some_and(|rule| rule.group == abide::rules::Group::Language)
            })
            .map(|finding| finding.message.clone())
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}\n{spec}");
        let digest = governance::digest(compiled.experiment.as_ref().unwrap());
        Self {
            compiled,
            sources: session.sources,
            digest,
        }
    }

    /// Alpha of one superiority comparison as it was planned.
    pub(crate) fn planned_alpha(&self) -> f64 {
        self.compiled.plan.as_ref().unwrap().error_budget.alpha_per_comparison
    }

    /// Results with the digest of this spec.
    pub(crate) fn with_digest(&self, results: &Value) -> Value {
        let mut results = results.clone();
        results["digest"] = self.digest.clone().into();
        results
    }

    /// The verdict on results, which are given the spec's digest.
    pub(crate) fn decide(&self, results: &Value) -> Verdict {
        self.attempt(&self.with_digest(results))
            .unwrap_or_else(|findings| panic!("{findings:?}"))
    }

    /// The verdict on results; `None` when there are findings.
    pub(crate) fn try_decide(&self, results: &Value) -> Option<Verdict> {
        self.attempt(results).ok()
    }

    fn attempt(&self, results: &Value) -> Result<Verdict, Vec<String>> {
        let mut sources = SourceMap::new();
        let mut sink = Sink::new();
        let text = results.to_string().into_bytes();
        let loaded = analysis::load("results.json", text, &mut sources, &mut sink);
        let experiment = self.compiled.experiment.as_ref().unwrap();
        if let Some(loaded) = &loaded {
            analysis::contradictions(experiment, loaded, &mut sink);
        }
        let findings: Vec<_> = sink.as_slice().iter().map(|finding| finding.message.clone()).collect();
        let plan = self.compiled.plan.as_ref().unwrap();
        match loaded {
            Some(loaded) if findings.is_empty() => Ok(analysis::decide(
                experiment,
                plan,
                &loaded.results,
                "results.json",
                &self.sources,
            )),
            _ => {
                assert!(!findings.is_empty(), "nothing was read and nothing said");
                Err(findings)
            }
        }
    }
}
