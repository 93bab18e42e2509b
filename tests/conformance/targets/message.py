"""What is posted for people: a Slack message that slack_sdk reads, a card that Microsoft's library parses, a Jira document that satisfies
Atlassian's schema, whatever a title says."""

import copy
import json
import os
import pathlib
import shutil
import subprocess

import common

HOSTILE = "x <!channel> <@U1> *b* _i_ `c` :smile: [a](javascript:b) {{DATE(2027-01-01T00:00:00Z)}} ${x} \\u202e é"
SHOWN = "Review: " + HOSTILE.replace("\\u202e", "⟨U+202E⟩")
NPM = pathlib.Path(os.environ["ABIDE_NPM"]) / "node_modules"


def workspace(title):
    folder = common.scratch("message-workspace")
    shutil.copytree(common.WORKSPACE, folder, dirs_exist_ok=True)
    checkout = folder / "specs/checkout.toml"
    lines = [f'title  = "{title}"' if line.startswith("title  = ") else line for line in checkout.read_text().splitlines()]
    checkout.write_text("\n".join(lines) + "\n")
    with (folder / "abide.toml").open("a") as config:
        config.write('\n[targets.jira]\noptions = { project = "EXP" }\n')
    return folder


def slack(message):
    """The library knows every key and holds every limit; what it writes again is what it read."""
    from slack_sdk.errors import SlackObjectFormationError
    from slack_sdk.models.blocks import Block

    common.check(set(message) == {"text", "blocks"}, f"the message has {set(message)}")
    try:
        written = [block.to_dict() for block in Block.parse_all(message["blocks"])]
    except (SlackObjectFormationError, TypeError, AttributeError) as error:
        raise common.Failed(f"slack_sdk: {error}") from error
    common.check(written == message["blocks"], "slack_sdk does not write what it read")
    texts = json.dumps(message["blocks"])
    common.check('"mrkdwn"' not in texts and '"emoji": true' not in texts, "a text is formatted")
    return message["blocks"][0]["text"]["text"]


def teams(message):
    """Microsoft's library notices nothing and keeps every key."""
    common.check(message["type"] == "message" and len(message["attachments"]) == 1, "the message")
    attachment = message["attachments"][0]
    common.check(attachment["contentType"] == "application/vnd.microsoft.card.adaptive", "the type of the attachment")
    common.check(len(json.dumps(message).encode()) < 28_000, "the message is longer than Teams takes")
    file = common.scratch("message-card") / "card.json"
    file.write_text(json.dumps(attachment["content"]))
    run = subprocess.run(["node", common.HERE / "message.mjs", file], capture_output=True, text=True, check=False)
    common.check(run.returncode == 0, f"adaptivecards ended with {run.returncode}: {run.stderr[-500:]}")
    found = json.loads(run.stdout)
    common.check(not found["events"], f"adaptivecards noticed {found['events'][:3]}")
    common.check(found["kept"] == attachment["content"], "adaptivecards does not keep every key")
    body = attachment["content"]["body"]
    common.check(all(block["type"] == "RichTextBlock" for block in body), "a text block, which reads Markdown")
    return body[0]["inlines"][0]["text"]


def jira(body):
    """The document satisfies the schema that Atlassian's editor publishes."""
    import jsonschema

    schema = json.loads((NPM / "@atlaskit/adf-schema/dist/json-schema/v1/full.json").read_text())
    fields = body["fields"]
    faults = [f"{error.json_path}: {error.message[:200]}" for error in jsonschema.Draft4Validator(schema).iter_errors(fields["description"])]
    common.check(not faults, f"the document: {faults[:2]}")
    common.check(len(fields["summary"]) <= 255 and "\n" not in fields["summary"], "the summary")
    return fields["summary"]


def longest(made):
    """The longest texts still fit."""
    (made / "specs/checkout.toml").write_text(
        (made / "specs/checkout.toml").read_text().replace("Each page loses", "Each page " * 600 + "loses").replace("[arms.one_page]", "[arms.one_page]\ndescription = \"" + "very " * 600 + 'different"')
    )
    return {name: json.loads((common.build(common.scratch("message-long") / "build", *TARGETS, workspace=made) / path).read_text()) for name, path in FILES.items()}


TARGETS = ("message", "jira")
FILES = {"slack": "checkout/message/slack.json", "teams": "checkout/message/teams.json", "jira": "checkout/jira/issue.json"}
READERS = {"slack": slack, "teams": teams, "jira": jira}
FAULTS = {
    "slack": {
        "a header of 151 characters": lambda m: m["blocks"][0]["text"].update(text="x" * 151),
        "eleven fields": lambda m: m["blocks"][2].update(fields=m["blocks"][2]["fields"][:1] * 11),
        "a misspelt key": lambda m: m["blocks"][1]["text"].update(txt=m["blocks"][1]["text"].pop("text")),
        "a title that is formatted": lambda m: m["blocks"][1]["text"].update(type="mrkdwn"),
    },
    "teams": {
        "an element that does not exist": lambda m: m["attachments"][0]["content"]["body"][1].update(type="RichTextBlok"),
        "a misspelt key": lambda m: m["attachments"][0]["content"]["body"][1]["inlines"][0].update(wieght="Bolder"),
        "a text that is no text": lambda m: m["attachments"][0]["content"]["body"][1]["inlines"][0].update(text=7),
        "a title that reads Markdown": lambda m: m["attachments"][0]["content"]["body"].insert(0, {"type": "TextBlock", "text": HOSTILE}),
    },
    "jira": {
        "an empty text": lambda b: b["fields"]["description"]["content"][0]["content"][0].update(text=""),
        "a node that does not exist": lambda b: b["fields"]["description"]["content"][1].update(type="tabel"),
        "a task without a state": lambda b: b["fields"]["description"]["content"][-2]["content"][0]["attrs"].pop("state"),
        "a summary of two lines": lambda b: b["fields"].update(summary="a\nb"),
    },
}


def proof():
    from importlib.metadata import version

    made = workspace(HOSTILE)
    folder = common.build(common.scratch("message-build") / "build", *TARGETS, workspace=made)
    files = {name: json.loads((folder / path).read_text()) for name, path in FILES.items()}
    planted = 0
    for name, reads in READERS.items():
        shown = reads(files[name])
        common.check(shown == SHOWN, f"{name}: the title became {shown}")
        for what, change in FAULTS[name].items():
            broken = copy.deepcopy(files[name])
            change(broken)
            common.red(f"{name}: {what}", lambda: reads(broken))
            planted += 1
    for name, file in longest(made).items():
        READERS[name](file)
    versions = {name: json.loads((NPM / name / "package.json").read_text())["version"] for name in ("adaptivecards", "@atlaskit/adf-schema")}
    return (
        f"slack_sdk {version('slack_sdk')}, adaptivecards {versions['adaptivecards']}, @atlaskit/adf-schema {versions['@atlaskit/adf-schema']}: "
        f"messages and a document read whole, a hostile title stays text, long texts fit; {planted} faults noticed"
    )


if __name__ == "__main__":
    common.main(proof)
