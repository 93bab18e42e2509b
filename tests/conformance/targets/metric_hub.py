"""The metric-hub target: Mozilla's parser resolves the config to the metrics, statistics and dates of the spec.

The parser takes unknown keys and unknown statistics without a word; those are looked for here, in the classes that it reads configs into.
"""

import copy
import datetime as dt
import importlib.metadata
import tomllib

import attr
from metric_config_parser.analysis import AnalysisSpec
from metric_config_parser.config import ConfigCollection
from metric_config_parser.data_source import DataSourceDefinition
from metric_config_parser.experiment import Branch, Experiment
from metric_config_parser.metric import MetricDefinition

import common

METRICS = {"purchase_rate": "binomial", "revenue": "linear_model_mean", "orders_per_user": "linear_model_mean", "latency_mean": "linear_model_mean"}


def subject():
    day = lambda number: dt.datetime(2027, 1, number, tzinfo=dt.timezone.utc)
    return Experiment(
        experimenter_slug=None, normandy_slug="checkout", type="v6", status="Live", app_name="shop", is_high_population=False, reference_branch="one_page",
        branches=[Branch(slug=arm, ratio=ratio) for arm, ratio in (("control", 50), ("one_page", 30), ("two_pages", 20))],
        start_date=day(11), end_date=day(31), proposed_enrollment=7,
    )


def unknown_keys(config):
    """Keys of metrics and data sources that the parser has no field for."""
    known = lambda of: {field.name for field in attr.fields(of)}
    found = [f"data_sources.{name}.{key}" for name, source in config["data_sources"].items() for key in set(source) - known(DataSourceDefinition)]
    for name, metric in config["metrics"].items():
        if name != "overall":
            found += [f"metrics.{name}.{key}" for key in set(metric) - known(MetricDefinition)]
    return found


def resolve(config):
    """What the parser makes of a config; fails when it refuses it, or when it holds what the parser would pass over."""
    try:
        resolved = AnalysisSpec.from_dict(copy.deepcopy(config)).resolve(subject(), ConfigCollection([]))
    except Exception as error:
        raise common.Failed(f"the parser refuses it: {error!r}") from error
    common.check(not unknown_keys(config), f"the parser passes over {unknown_keys(config)}")
    found = {m.metric.name: m for period, metrics in resolved.metrics.items() if period.value == "overall" for m in metrics}
    statistics = {name: m.statistic.name for name, m in found.items()}
    common.check(statistics == METRICS, f"resolved to {statistics}")
    experiment = resolved.experiment
    common.check(experiment.reference_branch == "control", f"compares with {experiment.reference_branch}")
    common.check(experiment.enrollment_period == 12, f"enrols for {experiment.enrollment_period} days")
    common.check(str(experiment.start_date)[:10] == "2027-01-13" and str(experiment.end_date)[:10] == "2027-01-31", f"runs {experiment.start_date} to {experiment.end_date}")
    cancelled = "state <> 'cancelled'"
    common.check(cancelled in found["revenue"].metric.data_source.from_expression, "the condition of the metric is lost")
    common.check(found["latency_mean"].metric.bigger_is_better is False, "more latency is better")
    return resolved


def proof():
    folder = common.scratch("metric-hub")
    common.build(folder / "build", "metric-hub", specs="specs/checkout.toml")
    config = tomllib.loads((folder / "build/checkout/metric-hub/checkout.toml").read_text())
    resolve(config)
    faults = {
        "a metric that is not defined": lambda c: c["metrics"]["overall"].append("nope"),
        "a data source that is not there": lambda c: c["metrics"]["revenue"].update(data_source="nope"),
        "a word for a number of days": lambda c: c["experiment"].update(enrollment_period="twelve"),
        "a date that is none": lambda c: c["experiment"].update(start_date="2027-13-05"),
        "a key that nobody knows": lambda c: c["metrics"]["revenue"].update(bigger_is_beter=True),
        "a statistic that nobody knows": lambda c: c["metrics"]["revenue"].update(statistics={"linear_mean": {}}),
        "another control": lambda c: c["experiment"].update(reference_branch="two_pages"),
    }
    for what, plant in faults.items():
        broken = copy.deepcopy(config)
        plant(broken)
        common.red(what, lambda broken=broken: resolve(broken))
    version = importlib.metadata.version("mozilla-metric-config-parser")
    return f"metric-config-parser {version}: {len(METRICS)} metrics with their statistics, days and control resolved, {len(faults)} faults noticed"


if __name__ == "__main__":
    common.main(proof)
