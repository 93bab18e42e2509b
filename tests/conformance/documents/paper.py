"""A PDF on paper: tagged, bookmarked, nothing below 9 pt, no table cut that fits on a page, no heading alone at the end of one."""

import html.parser
import re
import subprocess
import sys

pdf, page = sys.argv[1], sys.argv[2]


class Document(html.parser.HTMLParser):
    """Headings, and the short tables with their first and last rows."""

    def __init__(self):
        super().__init__()
        self.headings, self.tables = [], []
        self.into, self.in_details, self.table = None, 0, None

    def handle_starttag(self, tag, attributes):
        classes = dict(attributes).get("class", "") or ""
        if tag == "details":
            self.in_details += 1
        if tag in ("h2", "h3"):
            self.into = self.headings
            self.headings.append("")
        if tag == "table" and not self.in_details and ("whole" in classes or "matrix" in classes):
            self.table = {"caption": [""], "rows": []}
            self.tables.append(self.table)
        if self.table is not None and tag == "caption":
            self.into = self.table["caption"]
        if self.table is not None and tag == "th" and dict(attributes).get("scope") == "row":
            self.table["rows"].append("")
            self.into = self.table["rows"]

    def handle_endtag(self, tag):
        if tag == "details":
            self.in_details -= 1
        if tag in ("h2", "h3", "caption", "th"):
            self.into = None
        if tag == "table":
            self.table = None

    def handle_data(self, data):
        if self.into is not None:
            self.into[-1] += data


def squeezed(text):
    return re.sub(r"\s+", "", text)


def out(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


document = Document()
document.feed(open(page, encoding="utf-8").read())
info = out("pdfinfo", pdf)
faults = []
if not re.search(r"Tagged:\s+yes", info):
    faults.append("is not tagged")
raw = open(pdf, "rb").read()
if b"/Outlines" not in raw:
    faults.append("has no bookmarks")
# Sizes are whole numbers on a page drawn three times as large.
fonts = out("pdftohtml", "-xml", "-i", "-stdout", "-zoom", "3", pdf)
sizes = [int(size) for size in re.findall(r'<fontspec [^>]*size="(\d+)"', fonts)]
if not sizes:
    faults.append("has no type that could be measured")
elif min(sizes) < 27:
    faults.append(f"has type of {min(sizes) / 3:.1f} pt")
# As it is laid out, the last line is that of the margin; in raw order, the words of a cell stay together.
pages = [text for text in out("pdftotext", "-layout", pdf, "-").split("\f") if text.strip()]
flat = [squeezed(text) for text in out("pdftotext", "-raw", pdf, "-").split("\f")]
for table in document.tables:
    caption = squeezed(table["caption"][0])[:30]
    rows = [squeezed(row)[:12] for row in table["rows"]]
    if not rows or not caption:
        continue
    with_caption = [text for text in flat if caption in text]
    if with_caption and not any(all(row in text for row in (rows[0], rows[-1])) for text in with_caption):
        faults.append(f"cuts the table “{table['caption'][0][:60]}”")
headings = {squeezed(heading) for heading in document.headings}
for number, text in enumerate(pages, 1):
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    # The last line is that of the margin: digest and page.
    if len(lines) > 1 and squeezed(lines[-2]) in headings:
        faults.append(f"leaves the heading “{lines[-2]}” alone at the end of page {number}")
    if f"{number} of {len(pages)}" not in re.sub(r"\s+", " ", lines[-1]):
        faults.append(f"does not number page {number}: {lines[-1]}")
name = pdf.rsplit("/", 1)[-1]
if faults:
    sys.exit("\n".join(f"{name} {fault}" for fault in faults))
print(f"{name}: {len(pages)} pages, tagged, nothing below 9 pt, bookmarked, {len(document.tables)} tables whole")
