"""Runs the script of the action as a runner does: inputs as variables, outputs in a file."""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

root, abide, work = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
action = yaml.safe_load((root / "action.yml").read_text())
step = next(step for step in action["runs"]["steps"] if step.get("id") == "check")
(work / "bin").mkdir()
(work / "bin" / "abide").symlink_to(abide)
(work / "a b").mkdir()
for name in ["abide.toml", "checkout-button.toml", "prompt-as-first-written.toml"]:
    (work / "a b" / name).write_text((root / "specs" / name).read_text())
(work / "a b" / "metrics").symlink_to(root / "specs" / "metrics")


def run(**inputs):
    output = work / "output"
    output.write_text("")
    given = {name: about["default"] for name, about in action["inputs"].items()} | inputs
    environment = {"PATH": f"{work / 'bin'}:{os.environ['PATH']}", "GITHUB_OUTPUT": str(output), "HOME": str(work)}
    for name, value in step["env"].items():
        key = re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", value).group(1)
        environment[name] = given[key]
    # As GitHub starts `shell: bash`.
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=work, env=environment, capture_output=True, text=True,
    )
    assert output.read_text() == f"exit-code={done.returncode}\n", (output.read_text(), done)
    return done


good = run(paths="a b/checkout-button.toml", args="--as-of\n2026-12-14")
assert good.returncode == 0, good
bad = run(paths="a b/checkout-button.toml\na b/prompt-as-first-written.toml", args="--as-of\n2026-12-14")
assert bad.returncode == 1 and "::error title=abide" in bad.stdout, bad
denied = run(paths="a b/prompt-as-first-written.toml", format="sarif", output="o.sarif", deny="advice")
assert denied.returncode == 1 and not denied.stdout and (work / "o.sarif").read_text().startswith("{"), denied
hostile = run(paths='$(touch "pwned"); `touch pwned`')
assert hostile.returncode == 2 and not (work / "pwned").exists(), hostile
option = run(paths="--fix")
assert option.returncode == 2 and "--fix" in option.stderr, option
print("action: exit codes, annotations and files as documented; hostile inputs are paths that do not exist")
