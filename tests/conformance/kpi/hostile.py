"""Writes a catalogue whose texts mean something to spreadsheets, browsers and readers of CSV."""

import json
import sys

TEXTS = [
    "=1+1",
    '=HYPERLINK("http://evil.example","click")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "a,b;c\nd \"e\"",
    "user\u202enimda",
    "w" * 10_000,
]
LEVELS = [  # direction, value, target, warn, critical, status
    ("decrease", 0.04, 0.05, 0.10, 0.12, "on target"),
    ("decrease", 0.05, 0.05, 0.10, 0.12, "on target"),
    ("decrease", 0.08, 0.05, 0.10, 0.12, "off target"),
    ("decrease", 0.10, 0.05, 0.10, 0.12, "warning"),
    ("decrease", 0.12, 0.05, 0.10, 0.12, "critical"),
    ("increase", 3.9, 3.9, 3.5, 3.3, "on target"),
    ("increase", 3.6, 3.9, 3.5, 3.3, "off target"),
    ("increase", 3.5, 3.9, 3.5, 3.3, "warning"),
    ("increase", 3.3, 3.9, 3.5, 3.3, "critical"),
    ("increase", None, 3.9, 3.5, 3.3, "not measured"),
    (None, 1.0, 3.9, None, None, "no direction"),
]


def catalogue():
    lines = ["edition = 1", "[sources.s]", f"table = {json.dumps(TEXTS[1])}"]
    for at, (text, (direction, value, target, warn, critical, _)) in enumerate(zip(TEXTS, LEVELS)):
        quoted = json.dumps(text, ensure_ascii=True)
        lines += [f"[metrics.m{at}]", f"title = {quoted}", f"description = {quoted}", f"owner = {quoted}", 'kind = "mean"']
        lines += [f"source = {{ from = \"s\", value = {quoted} }}"]
        numbers = {"direction": direction and json.dumps(direction), "target": target, "warn": warn, "critical": critical}
        lines += [f"{name} = {number}" for name, number in numbers.items() if number is not None]
        if value is not None:
            lines += [f"baseline = {{ value = {value} }}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(catalogue())
