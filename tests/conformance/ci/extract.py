"""Writes the YAML blocks of a page into files, by what they are."""

import re
import sys
from pathlib import Path

page, folder = Path(sys.argv[1]).read_text(), Path(sys.argv[2])
counts = {"workflow": 0, "gitlab": 0, "hooks": 0}
for block in re.findall(r"```yaml\n(.*?)```", page, re.S):
    kind = "workflow" if "\njobs:" in block else "hooks" if block.startswith("repos:") else "gitlab"
    counts[kind] += 1
    name = f"{kind}-{counts[kind]}.yml" if kind == "workflow" else f"{kind}.yml"
    (folder / name).write_text(block)
assert counts == {"workflow": 3, "gitlab": 1, "hooks": 1}, counts
