"""Draws inputs, asks both sides, and says where they differ most and who is right."""

import argparse
import json
import math
import platform
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

import numpy as np

from designs import DESIGNS, has_r
from draws import Draw

EXPLAINED = json.loads((Path(__file__).parent / "explained.json").read_text())


def ask(abide, requests):
    """One answer or fault per request, in order."""
    text = "\n".join(json.dumps(request) for request in requests) + "\n"
    ran = subprocess.run([abide, "size", "--batch", "-"], input=text, capture_output=True, text=True)
    if ran.returncode not in (0, 1):
        sys.exit(f"abide ended with {ran.returncode}: {ran.stderr}")
    lines = [json.loads(line) for line in ran.stdout.split("\n") if line]
    if len(lines) != len(requests):
        sys.exit(f"{len(requests)} requests, {len(lines)} lines")
    return lines


def relative(value, other):
    return abs(value - other) / abs(other) if other else abs(value)


class Row:
    """The comparison of one design with one peer."""

    def __init__(self, number, cases, values, faults, references):
        self.number, self.cases, self.faults = number, cases, faults
        self.values, self.references = values, references
        pairs = [i for i in range(len(cases)) if values[i] is not None and math.isfinite(references[i])]
        self.compared = len(pairs)
        self.peer_silent = sum(1 for i in range(len(cases)) if values[i] is not None and not math.isfinite(references[i]))
        gaps = [(relative(values[i], references[i]), i) for i in pairs]
        self.gap, self.worst = max(gaps, default=(float("nan"), None))
        self.median = float(np.median([gap for gap, _ in gaps])) if gaps else float("nan")
        self.errors = self.arbitrate()

    @property
    def design(self):
        return DESIGNS[self.number]

    def arbitrate(self):
        """abide's largest error by the arbiter over a sample that holds the worst case; and both errors there."""
        if self.design.error is None or self.worst is None:
            return None
        answered = [i for i in range(len(self.cases)) if self.values[i] is not None]
        sample = answered[: self.design.arbitrated]
        own = max(abs(self.design.error(self.cases[i], self.values[i])) for i in {*sample, self.worst})
        here = self.cases[self.worst]
        return (
            own,
            self.design.error(here, self.values[self.worst]),
            self.design.error(here, self.references[self.worst]),
            len(sample),
        )

    @property
    def explained(self):
        return EXPLAINED.get(f"{self.design.name} / {self.design.peer}")

    def faultless(self):
        """abide is right everywhere that the arbiter looked, and every larger disagreement is explained."""
        if self.compared == 0:
            return False
        if self.errors is not None and not self.errors[0] <= self.design.tight:
            return False
        bound = self.explained["bound"] if self.explained else self.design.bound
        return self.gap <= bound

    def verdict(self):
        if self.errors is None:
            return "agree" if self.gap <= self.design.bound else "see the remark"
        own, here, peer, _ = self.errors
        if self.gap <= self.design.bound:
            return "agree"
        return "abide" if abs(here) < abs(peer) else "the peer"


def compare(number, cases, answers, references):
    values, faults = [], {}
    for answer in answers:
        if "error" in answer:
            values.append(None)
            message = answer["error"]["message"]
            faults[message] = faults.get(message, 0) + 1
        else:
            values.append(DESIGNS[number].answer(answer["answer"]))
    return Row(number, cases, values, faults, references)


def self_test(number, cases, answers, references):
    """A millionth more on one answer must not pass."""
    design = DESIGNS[number]
    usable = [i for i, a in enumerate(answers) if "error" not in a and math.isfinite(references[i])]
    explained = EXPLAINED.get(f"{design.name} / {design.peer}")
    if not usable:
        return False
    at = usable[0]
    # Where the peer itself is known to be off, only the arbiter can tell; without one, the peer's own bound decides.
    off = 1e-6 if design.error is not None or explained is None else 10 * explained["bound"]
    wrong = design.answer(answers[at]["answer"]) * (1 + off)
    row = Row(number, [cases[at]], [wrong], {}, [references[at]])
    return not row.faultless()


def shown(value):
    return "–" if value is None else f"{value:.1e}"


def inputs(case):
    return ", ".join(f"{key} {value:.6g}" if isinstance(value, float) else f"{key} {value}" for key, value in case["request"].items())


def table(rows):
    head = "| design | peer | cases | largest relative disagreement | median | abide's error there | the peer's error there | abide's largest error | right |"
    lines = [head, "|---|---|---:|---:|---:|---:|---:|---:|---|"]
    for row in rows:
        own, here, peer, seen = row.errors or (None, None, None, 0)
        largest = "–" if own is None else f"{own:.1e} of {seen:,}"
        lines.append(
            f"| {row.design.name} | {row.design.peer} | {row.compared:,} | {shown(row.gap)} | {shown(row.median)} "
            f"| {shown(here)} | {shown(peer)} | {largest} | {row.verdict()} |"
        )
    return "\n".join(lines)


def versions(abide):
    found = [subprocess.run([abide, "--version"], capture_output=True, text=True).stdout.strip(), f"Python {platform.python_version()}"]
    found += [f"{name} {version(name)}" for name in ("numpy", "scipy", "statsmodels", "mpmath")]
    script = 'cat(R.version$major, ".", R.version$minor, sep=""); for (p in c("pwr","mvtnorm","rpact")) cat(";", p, tryCatch(as.character(packageVersion(p)), error=function(e) "absent"))'
    try:
        ran = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True).stdout
        found += ["R " + part.strip() if at == 0 else part.strip() for at, part in enumerate(ran.split(";"))]
    except FileNotFoundError:
        found.append("R absent: its rows are left out")
    return ", ".join(found)


def judge(number, args):
    """One row, and whether its self-test caught the broken answer."""
    design = DESIGNS[number]
    draw = Draw(np.random.default_rng([args.seed, number]))
    cases = [design.draw(draw) for _ in range(max(10, int(args.cases * design.share)))]
    answers = ask(args.abide, [case["request"] for case in cases])
    references = [float(value) for value in design.reference(cases)]
    return compare(number, cases, answers, references), self_test(number, cases, answers, references)


def tell(row):
    """The row for people who watch."""
    mark = "ok " if row.faultless() else "BAD"
    name = f"{row.design.name} / {row.design.peer}"
    print(f"{mark} {name}: {row.compared} compared, largest {shown(row.gap)}, median {shown(row.median)}", flush=True)
    if row.errors:
        own, here, peer, _ = row.errors
        print(f"      arbiter: abide at most {own:.1e}; at the worst case abide {here:.1e}, peer {peer:.1e}")
    if row.worst is not None:
        print(f"      at {inputs(row.cases[row.worst])}: abide {row.values[row.worst]!r}, peer {row.references[row.worst]!r}")
    if row.peer_silent:
        print(f"      the peer has no answer to {row.peer_silent}")
    for message, count in sorted(row.faults.items(), key=lambda item: -item[1])[:3]:
        print(f"      abide has no answer to {count}: {message}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--abide", required=True)
    parser.add_argument("--docs", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    args = parser.parse_args()
    chosen = [i for i, d in enumerate(DESIGNS) if args.only.lower() in f"{d.name} {d.peer}".lower()]
    installed = {package: has_r(package) for package in {DESIGNS[i].needs for i in chosen if DESIGNS[i].needs}}
    for package in sorted(package for package, there in installed.items() if not there):
        print(f"R's {package} is not installed: its designs are left out", flush=True)
    chosen = [i for i in chosen if installed.get(DESIGNS[i].needs, True)]
    rows = []
    with ProcessPoolExecutor(args.jobs) as pool:
        for row, caught in pool.map(judge, chosen, [args] * len(chosen)):
            if not caught:
                sys.exit(f"the self-test failed: a broken answer passed for {row.design.name} / {row.design.peer}")
            rows.append(row)
            tell(row)
    bad = sum(not row.faultless() for row in rows)
    print(f"self-test: a broken answer was caught in each of {len(rows)} comparisons")
    print()
    print(table(rows))
    if args.write:
        write(args, rows)
    sys.exit(1 if bad else 0)


def write(args, rows):
    """Replaces what stands between the two marks of the page."""
    page = args.docs.read_text()
    before, _, rest = page.partition("<!-- table -->\n")
    _, _, after = rest.partition("<!-- end of table -->\n")
    remarks = []
    for row in rows:
        silent = f" The peer has no answer to {row.peer_silent:,}." if row.peer_silent else ""
        refused = f" abide has no answer to {sum(row.faults.values()):,}." if row.faults else ""
        if row.explained or silent or refused or row.gap > row.design.bound:
            why = " " + row.explained["why"] if row.explained else ""
            where = f" Worst at {inputs(row.cases[row.worst])}: abide {float(row.values[row.worst])!r}, peer {float(row.references[row.worst])!r}."
            remarks.append(f"* **{row.design.name}, {row.design.peer}.**{why}{where if row.gap > row.design.bound else ''}{silent}{refused}")
    block = f"{versions(args.abide)}. {args.cases:,} cases per design at most, seed {args.seed}.\n\n{table(rows)}\n\n" + "\n".join(remarks) + "\n"
    args.docs.write_text(before + "<!-- table -->\n" + block + "<!-- end of table -->\n" + after)


if __name__ == "__main__":
    main()
