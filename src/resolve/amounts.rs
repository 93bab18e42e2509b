//! Times beside metrics whose values are times of another unit: `"30s"` where values are in minutes is 0.5.

use crate::language::Spec;
use crate::language::values::{Effect, TimeUnit};

/// Writes every such amount as a number in the unit of its metric. Values in seconds need nothing: a time is a number of
/// seconds. What is no time on either side stays for a rule to find.
pub(super) fn in_units_of_metrics(spec: &mut Spec) {
    for metric in spec.metrics.values_mut() {
        let Some(values) = other_than_seconds(metric.unit.as_deref()) else {
            continue;
        };
        for effect in [&mut metric.mde, &mut metric.margin, &mut metric.worthwhile] {
            *effect = effect.map(|effect| settled(effect, values));
        }
    }
    let Some(hypothesis) = &mut spec.hypothesis else { return };
    let metric = hypothesis.metric.as_ref().and_then(|id| spec.metrics.get(id));
    if let Some(values) = metric.and_then(|metric| other_than_seconds(metric.unit.as_deref())) {
        hypothesis.effect = hypothesis.effect.map(|effect| settled(effect, values));
    }
}

fn other_than_seconds(unit: Option<&str>) -> Option<TimeUnit> {
    unit.and_then(TimeUnit::of_values)
        .filter(|values| *values != TimeUnit::Seconds)
}

fn settled(effect: Effect, values: TimeUnit) -> Effect {
    match effect {
        Effect::Absolute(amount) => Effect::Absolute(amount.among_values_in(values)),
        Effect::Relative(_) => effect,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use jiff::civil::date;

    use crate::compilation::{Session, compile};
    use crate::world::Memory;

    /// The margin of a metric, on the scale of its baseline.
    fn margin(unit: &str, written: &str) -> f64 {
        let spec = format!(
            "edition = 1\n[design]\nkind = \"parallel\"\nunit = \"user\"\n[arms.control]\n[arms.b]\n[metrics.wait]\n\
             role = \"guardrail\"\nkind = \"mean\"\ndirection = \"decrease\"\nunit = \"{unit}\"\n\
             baseline = {{ value = 12, sd = 9 }}\nmargin = {{ absolute = {written} }}\n"
        );
        let world = Memory::new(date(2026, 12, 14));
        let mut session = Session::new(&world, None);
        session.add_text(Path::new("a.toml"), spec.into_bytes()).unwrap();
        let experiment = compile(&session).pop().unwrap().experiment.unwrap();
        let metric = experiment.metrics.first().unwrap();
        metric.in_units(metric.declared.margin.unwrap()).unwrap()
    }

    #[test]
    fn a_time_is_read_in_the_unit_of_the_metric() {
        for (unit, written, number) in [
            ("min", "\"30s\"", 0.5),
            ("minutes", "\"90s\"", 1.5),
            ("ms", "\"20ms\"", 20.0),
            ("ms", "\"1.5s\"", 1500.0),
            ("s", "\"20ms\"", 0.02),
            ("h", "\"36m\"", 0.6),
            ("d", "\"1w\"", 7.0),
            ("ms", "20", 20.0),
            ("min", "0.5", 0.5),
        ] {
            let read = margin(unit, written);
            assert!((read - number).abs() < 1e-12 * number, "{written} in {unit}: {read}");
        }
    }
}
