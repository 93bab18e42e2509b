"""Reads the spreadsheets and CSV files of `abide kpi` with other people's programs."""

import csv
import io
import sys
import zipfile
from pathlib import Path

import openpyxl
from pycel import ExcelCompiler

import hostile

FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHEETS = ["KPIs", "Metric tree", "Coverage", "Methods", "Gaps"]


def faults_of_workbook(path):
    """What is wrong with a workbook; nothing for a good one."""
    try:
        book = openpyxl.load_workbook(path)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        return [f"cannot be read: {error}"]
    faults = []
    if book.sheetnames != SHEETS:
        faults.append(f"sheets are {book.sheetnames}")
    sheet = book[book.sheetnames[0]]
    if sheet.freeze_panes != "B2":
        faults.append(f"panes are frozen at {sheet.freeze_panes}")
    if sheet.auto_filter.ref is None:
        faults.append("there is no filter")
    titles = {cell.value: cell.column_letter for cell in sheet[1]}
    for title, letter in titles.items():
        if sheet.column_dimensions[letter].width < 7:
            faults.append(f"column {title} is too narrow")
    for one in book.worksheets:
        for row in one.iter_rows(min_row=2):
            for cell in row:
                is_status = one is sheet and cell.column_letter == titles.get("Status")
                if cell.data_type == "f" and not is_status:
                    faults.append(f"{one.title}!{cell.coordinate} is a formula: {cell.value!r}")
    # Each status is computed anew from the numbers beside it, and compared with what abide had written.
    compiled = ExcelCompiler(filename=str(path))
    shown = openpyxl.load_workbook(path, data_only=True)[sheet.title]
    for row in range(2, sheet.max_row + 1):
        at = f"{titles['Status']}{row}"
        # pycel trusts the stored result until something it depends on changes.
        compiled.evaluate(f"{sheet.title}!{at}")
        value = f"{sheet.title}!{titles['Value']}{row}"
        stored = compiled.evaluate(value)
        compiled.set_value(value, -1e9)
        compiled.set_value(value, stored)
        computed = compiled.evaluate(f"{sheet.title}!{at}")
        if computed != shown[at].value:
            faults.append(f"{at} shows {shown[at].value!r}, its formula gives {computed!r}")
    return faults


def faults_of_csv(text):
    """Fields that a spreadsheet would run."""
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    faults = [f"row {at} has {len(row)} fields" for at, row in enumerate(rows) if len(row) != len(rows[0])]
    for row in rows[1:]:
        for field in row:
            if field.startswith(FORMULA):
                try:
                    float(field)
                except ValueError:
                    faults.append(f"{field!r} would be run")
    return faults


def expect(condition, words):
    if not condition:
        sys.exit(f"FAILED: {words}")
    print(f"ok: {words}")


def main(work):
    for name in ("launch", "all", "hostile"):
        faults = faults_of_workbook(work / f"{name}.xlsx")
        expect(not faults, f"{name}.xlsx is read by openpyxl, its formulas by pycel {faults[:3] or ''}")
        text = (work / f"{name}.csv").read_bytes().decode("utf-8")
        faults = faults_of_csv(text)
        expect(not faults, f"{name}.csv is read by Python {faults[:3] or ''}")

    launch = openpyxl.load_workbook(work / "launch.xlsx")["KPIs"]
    numbers = {row[1].value: (row[7].value, row[7].number_format) for row in launch.iter_rows(min_row=2)}
    expect(numbers["answer_relevance"][0] == 3.6, "answer relevance is the number 3.6")
    expect(numbers["answer_ctr"] == (0.3, "0.0##%"), "a share is a number shown as percent")

    sheet = openpyxl.load_workbook(work / "hostile.xlsx")["KPIs"]
    shown = openpyxl.load_workbook(work / "hostile.xlsx", data_only=True)["KPIs"]
    read = {row[1].value: row[0] for row in sheet.iter_rows(min_row=2)}
    for at, text in enumerate(hostile.TEXTS):
        cell = read[f"m{at}"]
        expect(cell.data_type == "s" and cell.value.strip() == text.strip(), f"{text[:20]!r} is text in the spreadsheet, and whole")
    status = {row[1].value: row[11].value for row in shown.iter_rows(min_row=2)}
    for at, (*_, expected) in enumerate(hostile.LEVELS):
        expect(status[f"m{at}"] == expected, f"the status of row m{at} is {expected}")

    # What is broken must be caught.
    book = openpyxl.load_workbook(work / "launch.xlsx")
    book["KPIs"]["A2"] = "=1+1"
    book.save(work / "formula.xlsx")
    expect(any("is a formula" in fault for fault in faults_of_workbook(work / "formula.xlsx")), "a formula in place of a name is caught")
    text = (work / "launch.xlsx").read_bytes()
    (work / "cut.xlsx").write_bytes(text[: len(text) // 2])
    expect(faults_of_workbook(work / "cut.xlsx"), "a file cut in half is caught")
    with zipfile.ZipFile(work / "launch.xlsx") as whole, zipfile.ZipFile(work / "turned.xlsx", "w") as turned:
        for item in whole.infolist():
            data = whole.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                # Texts are stored elsewhere: here the word stands in formulas only.
                data = data.replace(b"decrease", b"increase")
            turned.writestr(item, data)
    expect(any("its formula gives" in fault for fault in faults_of_workbook(work / "turned.xlsx")), "a turned formula is caught")
    expect(faults_of_csv('a,b\r\n=1+1,2\r\n'), "a formula in a CSV file is caught")


main(Path(sys.argv[1]))
