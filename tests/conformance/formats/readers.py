"""Reads the outputs of `abide check` with the programs and by the rules of those who take them."""

import json
import re
import subprocess
import sys
from pathlib import Path

from junitparser import Failure, JUnitXml

work = Path(sys.argv[1])


def text(name):
    return (work / f"{name}.out").read_bytes().decode("utf-8")


results = json.loads(text("sarif"))["runs"][0]["results"]
errors = sum(1 for result in results if result["level"] == "error")

# sarif-tools: the summary counts what the log holds.
summary = subprocess.run(
    [Path(sys.executable).parent / "sarif", "summary", str(work / "sarif.out")],
    capture_output=True, text=True, check=True,
).stdout
counted = re.search(r"^error: (\d+)", summary, re.M)
assert counted and int(counted.group(1)) == errors, summary
print(f"sarif-tools: {errors} errors")

# junitparser: a failure for each error, a case for each finding.
report = JUnitXml.fromfile(str(work / "junit.out"))
cases = [case for suite in report for case in suite]
failed = [case for case in cases if any(isinstance(found, Failure) for found in case.result)]
assert len(cases) == len(results), (len(cases), len(results))
assert len(failed) == errors, (len(failed), errors)
(work / "broken.xml").write_text(text("junit").replace("</testsuites>", ""))
try:
    JUnitXml.fromfile(str(work / "broken.xml"))
    raise SystemExit("junitparser accepts a broken file: it proves nothing")
except Exception as error:  # noqa: BLE001
    assert not isinstance(error, SystemExit), error
print(f"junitparser: {len(cases)} cases, {len(failed)} failed")

# GitHub: the parser of the runner, as its documentation has it.
levels = {"error": 0, "warning": 0, "notice": 0}
for line in text("github").splitlines():
    command, rest = re.fullmatch(r"::(\w+) (.*)", line).groups()
    properties, message = rest.split("::", 1)
    levels[command] += 1
    for pair in properties.split(","):
        key, value = pair.split("=", 1)
        assert key in {"title", "file", "line", "endLine", "col", "endColumn"}, pair
        for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            value = value.replace(code, char)
        if key == "file":
            assert (work / value).is_file(), value
assert levels["error"] == errors and sum(levels.values()) == len(results), levels
print(f"GitHub: {levels}")

# GitLab: fingerprints are unique and the same as in SARIF; paths are relative and there.
issues = json.loads(text("gitlab"))
prints = [issue["fingerprint"] for issue in issues]
assert len(set(prints)) == len(prints) == len(results)
assert prints == [result["partialFingerprints"]["abide/v1"] for result in results]
assert all((work / issue["location"]["path"]).is_file() for issue in issues)
print(f"GitLab: {len(issues)} issues")

# reviewdog: ranges count bytes, and a suggestion applied to them gives what the fix says.
diagnostics = json.loads(text("rdjson"))["diagnostics"]
assert len(diagnostics) == len(results)
applied = 0
for diagnostic in diagnostics:
    lines = (work / diagnostic["location"]["path"]).read_bytes().split(b"\n")
    for suggestion in diagnostic["suggestions"]:
        start, end = suggestion["range"]["start"], suggestion["range"]["end"]
        assert start["line"] == end["line"]
        line = lines[start["line"] - 1]
        fixed = line[: start["column"] - 1] + suggestion["text"].encode() + line[end["column"] - 1 :]
        assert fixed != line and fixed.decode("utf-8")
        applied += 1
assert applied >= 2, applied
print(f"reviewdog: {len(diagnostics)} diagnostics, {applied} suggestions applied")
