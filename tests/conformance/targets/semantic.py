"""The dbt target: a project with its model builds, its tests pass, and MetricFlow gives the values of each arm that are computed by hand."""

import csv
import datetime as dt
import importlib.metadata
import os
import pathlib
import shutil
import subprocess
import sys

import duckdb

import common
import data
from sql import create, write_csv

PROJECT = {
    "dbt_project.yml": 'name: proof\nversion: "1.0"\nconfig-version: 2\nprofile: proof\nmodel-paths: [models]\n',
    "profiles.yml": "proof: {target: dev, outputs: {dev: {type: duckdb, path: proof.duckdb, threads: 1}}}\n",
    "models/metricflow_time_spine.sql": "select cast(range as date) as date_day from range(date '2027-01-01', date '2027-03-01', interval 1 day)\n",
    "models/spine.yml": "models:\n  - name: metricflow_time_spine\n    time_spine: {standard_granularity_column: date_day}\n    columns: [{name: date_day, granularity: day}]\n",
}
METRICS = ("purchase_rate", "revenue", "orders_per_user", "error_share", "latency_mean", "latency_p95")


def run(folder, program, *arguments):
    """Runs dbt or mf in the project; what it prints."""
    path = pathlib.Path(sys.executable).with_name(program)
    environment = os.environ | {"DBT_PROFILES_DIR": str(folder), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}
    found = subprocess.run([str(path), *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    common.check(found.returncode == 0, f"{program} {arguments[0]}: {(found.stdout + found.stderr)[-600:]}")
    return found.stdout


def query(folder, names):
    """Values by arm of metrics of the experiment."""
    path = folder / "values.csv"
    run(folder, "mf", "query", "--metrics", ",".join(names), "--group-by", "checkout_unit__arm", "--csv", str(path))
    with path.open() as file:
        return {row["checkout_unit__arm"]: row for row in csv.DictReader(file)}


def proof():
    folder = common.scratch("dbt")
    common.build(folder / "build", "dbt", specs="specs/checkout.toml")
    project = folder / "project"
    shutil.copytree(folder / "build/checkout/dbt/duckdb", project)
    for name, text in PROJECT.items():
        (project / name).write_text(text)
    plan = common.plan("checkout.toml")
    running, maturity = plan["duration"]["running_days"], plan["duration"]["maturity_days"]
    last_entry_day = (data.START + dt.timedelta(days=running - 1)).date()
    last_day = (data.START + dt.timedelta(days=running + maturity - 1)).date()
    tables = data.draw(running_days=running + 3)
    units = data.units(tables, last_entry_day, last_day)
    expected = data.statistics(units)
    with duckdb.connect(str(project / "proof.duckdb")) as connection:
        connection.execute("CREATE SCHEMA warehouse")
        for name, path in write_csv(tables, folder).items():
            connection.execute(create(f"warehouse.{name}", tables[name][0], "VARCHAR"))
            connection.execute(f"COPY warehouse.{name} FROM '{path}' (HEADER)")

    def values():
        run(project, "dbt", "build")
        found = query(project, ["checkout_n", *(f"checkout_{metric}" for metric in METRICS)])
        common.check(set(found) == set(data.ARMS), f"arms {sorted(found)}")
        largest = 0.0
        for arm, row in found.items():
            n = sum(unit["arm"] == arm for unit in units)
            common.check(float(row["checkout_n"]) == n, f"{arm}: {row['checkout_n']} units, not {n}")
            for metric in METRICS:
                sums = expected[arm, metric]
                if metric == "latency_p95":
                    want = sums["quantile_value"]
                else:
                    want = sums["sum_y"] / (sums["sum_x"] if metric == "error_share" else sums["n"])
                have = float(row[f"checkout_{metric}"])
                largest = max(largest, abs(have - want) / max(1.0, abs(want)))
        common.check(largest <= 1e-9, f"values differ by {largest:.1e}")
        return largest

    gap = values()
    # Planted faults: a measure that is not there is refused, an average that is a sum and an arm of no name are seen.
    semantic, model = project / "models/checkout.yml", project / "models/checkout_units.sql"
    whole, query_text = semantic.read_text(), model.read_text()
    faults = [
        ("an unknown measure", semantic, 'measure: "checkout_revenue_value"', 'measure: "checkout_revenue_worth"'),
        ("an unknown aggregation", semantic, 'agg: "average"\n        expr: "revenue"', 'agg: "averge"\n        expr: "revenue"'),
        ("a sum for an average", semantic, 'agg: "average"\n        expr: "revenue"', 'agg: "sum"\n        expr: "revenue"'),
        ("an arm that is not in the spec", semantic, '"two_pages"', '"three_pages"'),
        ("units of the ramp", model, ">= p.first_day", ">= DATE '2027-01-11'"),
    ]
    for what, path, old, new in faults:
        text = path.read_text()
        common.check(old in text, f"the fault cannot be planted: {what}")
        path.write_text(text.replace(old, new))
        common.red(what, values)
        path.write_text(text)
    common.check(semantic.read_text() == whole and model.read_text() == query_text, "a fault was left in")
    version = importlib.metadata.version
    return (
        f"dbt-core {version('dbt-core')}, dbt-duckdb {version('dbt-duckdb')}, MetricFlow {version('dbt-metricflow')}: model and tests build, "
        f"{len(METRICS) + 1} metrics of {len(data.ARMS)} arms as by hand (largest gap {gap:.0e}), {len(faults)} faults noticed"
    )


if __name__ == "__main__":
    common.main(proof)
