"""Runs the script of the action as a runner does: inputs as variables, outputs in a file."""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

root, abide, work = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
action = yaml.safe_load((root / "action.yml").read_text())
steps = {step["id"]: step for step in action["runs"]["steps"] if "id" in step}
step = steps["check"]
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
        key = re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value).group(1)
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


def git(*arguments):
    own = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *own, *arguments], cwd=work, check=True, capture_output=True)


git("init", "-q")
git("add", "a b")
git("commit", "-q", "-m", "base")
spec = work / "a b" / "checkout-button.toml"
spec.write_text(spec.read_text().replace("alpha     = 0.05", "alpha     = 0.10"))
# A GitHub that has one comment, or none, and writes down what it is asked.
(work / "bin" / "gh").write_text("""#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$HOME/asked"
case "$*" in *--paginate*) cat "$HOME/comments" 2>/dev/null || true ;; esac
""")
(work / "bin" / "gh").chmod(0o755)


def differ(**inputs):
    for name in ("asked", "summary"):
        (work / name).write_text("")
    given = {name: about["default"] for name, about in action["inputs"].items()} | inputs
    environment = {
        "PATH": f"{work / 'bin'}:{os.environ['PATH']}", "HOME": str(work), "RUNNER_TEMP": str(work),
        "GITHUB_STEP_SUMMARY": str(work / "summary"), "GITHUB_REPOSITORY": "o/r", "ABIDE_PULL_REQUEST": "7",
    }
    for name, value in steps["diff"]["env"].items():
        found = re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value)
        if found:
            environment[name] = given[found.group(1)]
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", steps["diff"]["run"]],
        cwd=work, env=environment, capture_output=True, text=True,
    )


base = {"paths": "a b/checkout-button.toml", "diff-base": "HEAD"}
told = differ(**base)
summary = (work / "summary").read_text()
assert told.returncode == 0 and "| statistics.alpha | 0.05 | 0.1 | inferential |" in summary, (told, summary)
assert not (work / "asked").read_text()
assert differ(**base, **{"diff-deny": "inferential"}).returncode == 1
assert differ(**base, **{"diff-comment": "true"}).returncode == 0
assert "--method POST repos/o/r/issues/7/comments" in (work / "asked").read_text()
(work / "comments").write_text("41\n")
assert differ(**base, **{"diff-comment": "true"}).returncode == 0
assert "--method PATCH repos/o/r/issues/comments/41" in (work / "asked").read_text()
hostile = differ(paths="a b", **{"diff-base": '$(touch "pwned")'})
assert hostile.returncode == 2 and not (work / "pwned").exists() and "no revision" in hostile.stderr, hostile
print("action: the difference goes to the summary, and into one comment")
