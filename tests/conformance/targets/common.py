"""What the proofs share: running abide, and saying one line per consumer."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
WORKSPACE = HERE / "workspace"


class Failed(Exception):
    """Something is not as it should be; its text says what."""


def check(holds, what):
    if not holds:
        raise Failed(what)


def abide(*arguments, code=0, **options):
    """Runs abide and returns what it printed; `code` is the exit code it must end with, `None` for a verdict of either kind."""
    run = subprocess.run(
        [os.environ["ABIDE"], *map(str, arguments)], capture_output=True, text=True, check=False, **options
    )
    held = run.returncode in (0, 1) if code is None else run.returncode == code
    check(held, f"abide {' '.join(map(str, arguments))} ended with {run.returncode}: {run.stderr}")
    return run.stdout


def build(folder, *targets, workspace=WORKSPACE, specs="specs"):
    """Builds targets of the test workspace into a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    named = [word for target in targets for word in ("--target", target)]
    abide("build", workspace / specs, "--quiet", "--output", folder, *named)
    return pathlib.Path(folder)


def plan(spec, workspace=WORKSPACE):
    return json.loads(abide("plan", "--format", "json", workspace / "specs" / spec))


def scratch(name):
    folder = pathlib.Path(os.environ["ABIDE_SCRATCH"]) / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def red(what, try_it):
    """A planted fault must be noticed."""
    try:
        try_it()
    except Failed:
        return
    raise Failed(f"a planted fault was not noticed: {what}")


def main(proof):
    """One line: the consumer with its version, and what was seen."""
    try:
        print(proof())
    except Failed as failure:
        print(f"FAILED: {failure}")
        sys.exit(1)
