"""The SQL target: the same rows from every database as by hand, and a verdict from each.

    sql.py duckdb | sqlite | postgres | spark
"""

import csv
import datetime as dt
import json
import math
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys

import common
import data
import groups

TYPES = {
    "assigned_at": "TIMESTAMP", "exposed_at": "TIMESTAMP", "ordered_at": "TIMESTAMP", "started_at": "TIMESTAMP",
    "happened_at": "TIMESTAMP", "seconds": "DOUBLE PRECISION", "cost": "DOUBLE PRECISION", "unsupported": "INTEGER", "clicks": "INTEGER", "long_clicks": "INTEGER",
    "amount": "DOUBLE PRECISION", "duration_s": "DOUBLE PRECISION", "spent_before": "DOUBLE PRECISION", "failed": "INTEGER",
}


def create(name, columns, text="TEXT", double="DOUBLE PRECISION"):
    types = [f"{c} {TYPES.get(c, text)}".replace("DOUBLE PRECISION", double) for c in columns]
    return f"CREATE TABLE {name} ({', '.join(types)})"


class DuckDb:
    def __init__(self, tables, folder):
        import duckdb

        self.name = f"DuckDB {duckdb.__version__}"
        self.connection = duckdb.connect()
        self.connection.execute("CREATE SCHEMA warehouse")
        for name, path in write_csv(tables, folder).items():
            self.connection.execute(create(f"warehouse.{name}", tables[name][0], "VARCHAR"))
            self.connection.execute(f"COPY warehouse.{name} FROM '{path}' (HEADER)")

    def rows(self, query):
        found = self.connection.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row)) for row in found.fetchall()]


class Sqlite:
    def __init__(self, tables, folder):
        self.name = f"SQLite {sqlite3.sqlite_version}"
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute("ATTACH ':memory:' AS warehouse")
        for name, (columns, rows) in tables.items():
            self.connection.execute(create(f"warehouse.{name}", columns, double="REAL"))
            marks = ", ".join("?" * len(columns))
            values = [[v.isoformat(" ") if isinstance(v, dt.datetime) else v for v in row] for row in rows]
            self.connection.executemany(f"INSERT INTO warehouse.{name} VALUES ({marks})", values)

    def rows(self, query):
        found = self.connection.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row)) for row in found.fetchall()]


class Postgres:
    """A server of its own in a scratch folder, reached through a socket there."""

    def __init__(self, tables, folder):
        programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        common.check(programs, "PostgreSQL is not installed")
        self.bin = programs[-1].parent
        self.folder = folder / "postgres"
        self.folder.mkdir()
        self.user = None
        if os.geteuid() == 0:
            # The server refuses to run as root; the distribution's package made this user.
            self.user = "postgres"
            for path in (folder.parent, folder, self.folder):
                path.chmod(0o755)
            shutil.chown(self.folder, "postgres", "postgres")
        self.run(self.bin / "initdb", "-D", self.folder / "data", "-A", "trust", "-U", "abide", "--no-sync")
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self.run(self.bin / "pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options, "start")
        self.name = self.run(self.bin / "postgres", "--version").strip().replace("postgres (PostgreSQL)", "PostgreSQL")
        self.sql("CREATE SCHEMA warehouse")
        for name, path in write_csv(tables, folder).items():
            path.chmod(0o644)
            self.sql(create(f"warehouse.{name}", tables[name][0]))
            self.sql(f"\\copy warehouse.{name} from '{path}' csv header")
        # As a database that is in use has done: without statistics it joins these queries row by row.
        self.sql("ANALYZE")

    def run(self, *command, stdin=None):
        command = list(map(str, command))
        if self.user:
            command = ["runuser", "-u", self.user, "--", *command]
        run = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, cwd="/")
        common.check(run.returncode == 0, f"{command[-1]}: {run.stderr}")
        return run.stdout

    def sql(self, text):
        arguments = ("-h", self.folder, "-U", "abide", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "--csv")
        return self.run("psql", *arguments, stdin=text + "\n")

    def rows(self, query):
        found = csv.DictReader(self.sql(query).splitlines())
        return [{name: number(value) for name, value in row.items()} for row in found]

    def close(self):
        self.run(self.bin / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")


class Spark:
    def __init__(self, tables, folder):
        import pyspark
        from pyspark.sql import SparkSession

        self.name = f"Spark {pyspark.__version__}"
        settings = {
            "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.sql.shuffle.partitions": "1",
            "spark.sql.session.timeZone": "UTC", "spark.sql.warehouse.dir": str(folder / "spark"),
        }
        builder = SparkSession.builder.master("local[1]")
        for name, value in settings.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("OFF")
        self.session.sql("CREATE DATABASE warehouse")
        for name, path in write_csv(tables, folder).items():
            types = [f"{c} {TYPES.get(c, 'STRING')}".replace("DOUBLE PRECISION", "DOUBLE") for c in tables[name][0]]
            frame = self.session.read.csv(str(path), header=True, schema=", ".join(types))
            frame.write.saveAsTable(f"warehouse.{name}")

    def rows(self, query):
        return [row.asDict() for row in self.session.sql(query).collect()]


def number(text):
    if text == "":
        return None
    try:
        return float(text)
    except ValueError:
        return text


def write_csv(tables, folder):
    paths = {}
    for name, (columns, rows) in tables.items():
        paths[name] = folder / f"{name}.csv"
        with paths[name].open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(rows)
    return paths


ENGINES = {"duckdb": DuckDb, "sqlite": Sqlite, "postgres": Postgres, "spark": Spark}
KEYS = ("arm", "metric")


def largest_gap(found, expected):
    seen = {(row["arm"], row["metric"]): row for row in found}
    common.check(set(seen) == set(expected), f"rows for {sorted(seen)}, expected {sorted(expected)}")
    largest = 0.0
    for key, row in expected.items():
        common.check(set(row) <= set(seen[key]), f"{key} has no {sorted(set(row) - set(seen[key]))}")
        for name in set(seen[key]) - set(KEYS):
            have, want = seen[key][name], row.get(name)
            common.check((have is None) == (want is None), f"{key} {name}: {have}, expected {want}")
            if want is not None:
                largest = max(largest, abs(float(have) - want) / max(1.0, abs(want)))
    return largest


def proof(dialect):
    folder = common.scratch(f"sql-{dialect}")
    workspace = folder / "workspace"
    shutil.copytree(common.WORKSPACE, workspace)
    config = (workspace / "abide.toml").read_text()
    (workspace / "abide.toml").write_text(config.replace("options = {", f'options = {{ variants = ["{dialect}"],'))
    common.build(folder / "build", "sql", workspace=workspace, specs="specs/checkout.toml")
    queries = {name: (folder / "build/checkout/sql" / dialect / f"{name}.sql").read_text() for name in ("statistics", "units", "results")}
    plan = common.plan("checkout.toml")
    running, maturity = plan["duration"]["running_days"], plan["duration"]["maturity_days"]
    last_entry_day = (data.START + dt.timedelta(days=running - 1)).date()
    last_day = (data.START + dt.timedelta(days=running + maturity - 1)).date()
    tables = data.draw(running_days=running + 3)
    by_hand = data.units(tables, last_entry_day, last_day)
    expected = data.statistics(by_hand)
    grouped = groups.draw()
    all_tables = tables | grouped | {"assignments": (tables["assignments"][0], tables["assignments"][1] + grouped["assignments"][1])}
    engine = ENGINES[dialect](all_tables, folder)
    try:
        gap = largest_gap(engine.rows(queries["statistics"]), expected)
        common.check(gap <= 1e-9, f"rows differ by {gap:.1e}")
        common.check(len(engine.rows(queries["units"])) == len(by_hand), "units.sql has another number of rows")
        results = engine.rows(queries["results"])[0]["results"]
        (folder / "results.json").write_text(results)
        spec = common.WORKSPACE / "specs/checkout.toml"
        # A verdict on every arm is exit code 0; shares as designed and slower answers are the truth of the data.
        verdict = json.loads(common.abide("decide", "--format", "json", spec, folder / "results.json"))
        actions = {arm["arm"]: arm["action"] for arm in verdict["arms"]}
        check_verdict(verdict, expected, actions)
        gap = max(gap, proof_of_groups(dialect, engine, grouped, folder))
        mutants = {
            "squares that are not squared": ("SUM(v.y * v.y)", "SUM(v.y)"),
            "a window left out": [line for line in queries["statistics"].splitlines() if "604800" in line][0],
            "units of the ramp kept": ("p.first_day\n", "'2027-01-11'\n"),
            "units in two arms kept": ("< 2\n    AND MAX", "< 9\n    AND MAX"),
        }
        for what, change in mutants.items():
            old, new = change if isinstance(change, tuple) else (change, "")
            broken = queries["statistics"].replace(old, new)
            common.check(broken != queries["statistics"], f"the fault cannot be planted: {what}")

            def run(broken=broken):
                gap = largest_gap(engine.rows(broken), expected)
                common.check(gap <= 1e-9, "found")

            common.red(what, run)
    finally:
        if hasattr(engine, "close"):
            engine.close()
    done = ", ".join(f"{arm} {action}" for arm, action in actions.items())
    return f"{engine.name}: {len(expected)} rows and those of {len(groups.METRICS)} other designs as by hand (largest gap {gap:.0e}), {len(mutants) + len(GROUP_MUTANTS)} faults noticed, verdict {done}"


# What is planted in the queries of a spec, and must show.
GROUP_MUTANTS = {
    "strata": ("SUM(v.y * v.y)", "SUM(v.y)"), "communities": ("COUNT(v.y) AS x", "1 AS x"), "requests": ("SUM(v.c * v.x)", "SUM(v.c)"), "pairs": ("AND e.arm = u.arm", ""),
    "rankers": ("v.y > w.y", "v.y >= w.y"), "blocks": ("1800", "0"), "return": ("+ s.of_arm AS risk_arm", "AS risk_arm"),
    "one-number": ("-30", "30"), "capped": ("before_spent v", "raw_spent v"), "logarithms": ("THEN LN(", "THEN ("),
    "log-communities": ("COUNT(v.y) AS x", "1 AS x"), "log-requests": ("SUM(v.x * v.y)", "SUM(v.y)"), "log-pairs": ("AND e.arm = u.arm", ""),
}


def proof_of_groups(dialect, engine, tables, folder):
    """The specs of `features/`: the same rows as by hand, and a verdict from the file of results; the largest gap."""
    workspace = folder / "features"
    shutil.copytree(common.HERE / "features", workspace)
    with (workspace / "abide.toml").open("a") as config:
        config.write(f'\n[targets.sql]\noptions = {{ variants = ["{dialect}"], attributes_table = "warehouse.profiles" }}\n')
    largest = 0.0
    for experiment in groups.METRICS:
        spec = f"{experiment}.toml"
        common.build(folder / "grouped", "sql", workspace=workspace, specs=f"specs/{spec}")
        queries = {name: (folder / "grouped" / experiment / "sql" / dialect / f"{name}.sql").read_text() for name in ("statistics", "units", "results")}
        first_day, last_entry_day = (dt.date.fromisoformat(day) for day in re.findall(r"'(\d{4}-\d\d-\d\d)'", queries["statistics"])[:2])
        expected = groups.expected(experiment, tables, first_day, last_entry_day)
        try:
            gap = largest_gap(engine.rows(queries["statistics"]), expected)
        except common.Failed as failure:
            raise common.Failed(f"{experiment}: {failure}") from failure
        common.check(gap <= 1e-9, f"{experiment}: rows differ by {gap:.1e}")
        largest = max(largest, gap)
        common.check(len(engine.rows(queries["units"])) > 100, f"{experiment}: units.sql has hardly a row")
        (folder / "grouped.json").write_text(engine.rows(queries["results"])[0]["results"])
        if experiment == "strata":
            check_strata(engine, queries["results"], lambda *of: groups.over_strata(tables, *of, first_day, last_entry_day))
        verdict = json.loads(common.abide("decide", "--format", "json", common.HERE / "features/specs" / spec, folder / "grouped.json", code=None))
        for metric in verdict["metrics"]:
            for comparison in metric["comparisons"]:
                # Amounts of 0 have no logarithm.
                missing = "have no logarithm" if metric["id"] == "spent_by_ratio" else None
                said = comparison["missing"] and comparison["missing"]["reason"]
                common.check(missing in said if missing else said is None, f"{experiment}: {metric['id']}: {said}")
        old, new = GROUP_MUTANTS[experiment]
        broken = queries["statistics"].replace(old, new)
        common.check(broken != queries["statistics"], f"the fault cannot be planted: {experiment}")
        common.red(f"{experiment}: {new}", lambda: common.check(largest_gap(engine.rows(broken), expected) <= 1e-9, "found"))
    return largest


def check_strata(engine, query, by_hand):
    """The means over strata that the file of results has, and a fault in them."""

    def gap(query):
        metrics = json.loads(engine.rows(query)[0]["results"])["metrics"]
        apart = [
            abs(metrics[metric]["arms"][arm][name] - want) / want
            for metric, attributes in (("spent", ["country", "platform"]), ("bought", ["country"]))
            for arm, found in by_hand(metric, attributes).items()
            for name, want in zip(("estimate", "standard_error"), found)
        ]
        common.check(max(apart) <= 1e-9, f"means over strata differ by {max(apart):.1e}")

    gap(query)
    common.red("strata: s.share * s.share", lambda: gap(query.replace("s.share * s.share", "s.share")))


def check_verdict(verdict, expected, actions):
    control = expected["control", "purchase_rate"]
    metric = next(metric for metric in verdict["metrics"] if metric["id"] == "purchase_rate")
    seen = control["sum_y"] / control["n"]
    common.check(math.isclose(metric["comparisons"][0]["control"], seen, rel_tol=1e-9), "decide read another rate of control")
    # More users buy on one page; two pages are slower: the truth of the data.
    states = {(m["id"], c["arm"]): c["state"] for m in verdict["metrics"] for c in m["comparisons"]}
    common.check(states["purchase_rate", "one_page"] == "win", "the planted effect was not found")
    common.check(states["latency_mean", "two_pages"] == "breach", "the planted harm was not found")
    common.check(actions["two_pages"] == "rollback", f"decided {actions}")


if __name__ == "__main__":
    common.main(lambda: proof(sys.argv[1]))
