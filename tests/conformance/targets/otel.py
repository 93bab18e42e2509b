"""The OpenTelemetry target: an SDK with its views exports the instruments, under the names and labels that the rules read."""

import json
import re

import common
import yaml


def proof():
    from importlib.metadata import version

    from opentelemetry.exporter.prometheus import PrometheusMetricReader
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.view import ExplicitBucketHistogramAggregation, View
    from prometheus_client import generate_latest

    folder = common.scratch("otel") / "build"
    common.build(folder, "otel", "prometheus", specs="specs/checkout.toml")
    config = yaml.safe_load((folder / "checkout/otel/views.yaml").read_text())
    attributes = json.loads((folder / "checkout/otel/attributes.json").read_text())
    views, names = [], []
    for view in config["meter_provider"]["views"]:
        names.append(view["selector"]["instrument_name"])
        stream = view["stream"]
        bounds = stream["aggregation"]["explicit_bucket_histogram"]["boundaries"]
        common.check(bounds == sorted(bounds), "the bounds of the buckets do not rise")
        views.append(View(
            instrument_name=names[-1], attribute_keys=set(stream["attribute_keys"]["included"]),
            aggregation=ExplicitBucketHistogramAggregation(bounds),
        ))
    meter = MeterProvider(metric_readers=[PrometheusMetricReader()], views=views).get_meter("proof")
    counter = meter.create_counter(attributes["counter"]["name"], unit=attributes["counter"]["unit"])
    histograms = [meter.create_histogram(name, unit="s") for name in names]
    for arm in attributes["arms"].values():
        counter.add(10, arm)
        for histogram in histograms:
            histogram.record(1.0, {**arm, "secret": "x"})
            histogram.record(2.0, {**arm, "error.type": "timeout"})
    exported = generate_latest().decode()
    common.check("secret" not in exported, "an attribute that no view names was exported")
    rules = yaml.safe_load((folder / "checkout/prometheus/rules.yml").read_text())
    wanted = set()
    for group in rules["groups"]:
        for rule in group["rules"]:
            for series, labels in re.findall(r"([a-zA-Z_]+(?:_total|_bucket|_sum|_count))\{([^}]*)\}", rule["expr"]):
                wanted.add((series, tuple(re.findall(r"(\w+)(?:!?=)", labels))))
    common.check(wanted, "the rules read nothing")

    def all_there(text):
        for series, labels in wanted:
            lines = [line for line in text.splitlines() if line.startswith(series + "{")]
            common.check(lines, f"the rules read {series}, which is not exported")
            for label in labels:
                common.check(any(f"{label}=" in line for line in lines), f"{series} has no label {label}")

    all_there(exported)
    common.red("a renamed label", lambda: all_there(exported.replace("feature_flag_result_variant", "variant")))
    common.red("a renamed series", lambda: all_there(exported.replace("_seconds_bucket", "_milliseconds_bucket")))
    return f"OpenTelemetry SDK {version('opentelemetry-sdk')}: {len(names)} instrument exported, {len(wanted)} selectors of the rules found, 2 renamed names noticed"


if __name__ == "__main__":
    common.main(proof)
