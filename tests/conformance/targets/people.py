"""What people read: a calendar that icalendar parses, and an issue body that a Markdown parser reads as tables and tasks, whatever a title says."""

import datetime
import shutil

import common

HOSTILE = 'x; y, [a](javascript:b) <script>c</script> | `d` \\n **e** ![f](g) BEGIN:VEVENT é'


def workspace():
    """The test workspace with a hostile title, and three looks in the experiment beside it."""
    folder = common.scratch("people-workspace")
    shutil.copytree(common.WORKSPACE, folder, dirs_exist_ok=True)
    checkout, basket = folder / "specs/checkout.toml", folder / "specs/basket.toml"
    lines = [f"title  = '''{HOSTILE}'''" if line.startswith("title  = ") else line for line in checkout.read_text().splitlines()]
    checkout.write_text("\n".join(lines) + "\n")
    text = basket.read_text()
    basket.write_text(text.replace("srm   =", 'sequential = { method = "group", looks = 3, spending = "obrien-fleming" }\nsrm   =', 1))
    return folder


def events(text):
    import icalendar

    calendar = icalendar.Calendar.from_ical(text)
    found = {}
    for event in calendar.walk("VEVENT"):
        common.check(not event.errors, f"icalendar found {event.errors}")
        found[str(event["UID"]).split("@")[0].split(".", 1)[1]] = (event.decoded("DTSTART"), str(event["SUMMARY"]))
    common.check(len(found) == len(calendar.walk("VEVENT")), "two events have one name")
    return found


def calendar_as_planned(text, spec, made):
    """The days of the calendar are those of the plan."""
    duration = common.plan(spec, workspace=made)["duration"]
    start = datetime.date.fromisoformat(duration["start"])
    found = events(text)
    common.check(found["start"][0] == start, "the first day")
    decision = start + datetime.timedelta(days=duration["running_days"] + duration["maturity_days"])
    common.check(found["decision"][0] == decision, f"the decision is on {found['decision'][0]}, not {decision}")
    entry = start + datetime.timedelta(days=duration["running_days"] - 1)
    common.check(found["last-entry"][0] == entry, "the last day of entry")
    return found


def issue(text):
    """Headings, the rows of tables, and what is neither text nor table."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table").parse(text)
    flat = [token for outer in tokens for token in [outer, *(outer.children or [])]]
    # Bare spans are abide's own: GitHub makes no link of a word that an element divides.
    kinds = {token.type for token in flat if token.content not in ("<span>", "</span>")}
    common.check(not kinds & {"html_block", "html_inline", "link_open", "image", "strong_open"}, f"a text became markup: {sorted(kinds)}")
    tables = sum(token.type == "table_open" for token in flat)
    common.check(tables == 3, f"{tables} tables, not 3")
    rows = sum(token.type == "tr_open" for token in flat)
    tasks = sum(token.type == "inline" and token.content.startswith("[ ] ") for token in tokens)
    common.check(tasks == 5, f"{tasks} tasks, not 5")
    heading = tokens[1]
    shown = "".join(child.content for child in heading.children if child.type in ("text", "text_special", "code_inline"))
    return rows, shown


def proof():
    from importlib.metadata import version

    made = workspace()
    folder = common.build(common.scratch("people") / "build", "calendar", "issue", workspace=made)

    def read(path):
        return (folder / path).read_bytes().decode()

    calendars = {name: read(f"{name}/calendar/{name}.ics") for name in ("checkout", "basket")}
    checkout = calendar_as_planned(calendars["checkout"], "checkout.toml", made)
    basket = calendar_as_planned(calendars["basket"], "basket.toml", made)
    common.check({"look-1", "look-2", "decision"} <= set(basket), f"the looks are {sorted(basket)}")
    days = [basket[name][0] for name in ("start", "look-1", "look-2", "decision")]
    common.check(days == sorted(set(days)), f"the looks are not in order: {days}")
    common.check("ramp-1" in checkout, "the stage of the ramp")
    common.check(checkout["start"][1] == f"{HOSTILE}: first day", f"the title became {checkout['start'][1]}")
    moved = calendars["basket"].replace(f"DTSTART;VALUE=DATE:{basket['decision'][0]:%Y%m%d}", "DTSTART;VALUE=DATE:20270101")
    common.red("a decision on another day", lambda: calendar_as_planned(moved, "basket.toml", made))
    rows, shown = issue(read("checkout/issue/review.md"))
    common.check(shown == f"Review: {HOSTILE}", f"the title became {shown}")
    common.red("a table without its line", lambda: issue(read("checkout/issue/review.md").replace("|---|---|---|\n", "")))
    common.red("a title as it was written", lambda: issue(read("checkout/issue/review.md") + f"\n{HOSTILE}\n"))
    return f"icalendar {version('icalendar')}: {len(checkout) + len(basket)} events on the days of the plan; markdown-it {version('markdown-it-py')}: {rows} rows, 5 tasks; a hostile title stays text in both; 3 faults noticed"


if __name__ == "__main__":
    common.main(proof)
