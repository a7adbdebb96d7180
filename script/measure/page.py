"""docs/accuracy.md from tables of rows."""

INTRODUCTION = """# Accuracy

How well Longhand reads other people's writing. Every figure has the number of its samples and its 95 % interval
(Wilson). Ours reads each picture by the whole way that a user's takes; beside it stands the network of 2018, fed as
it was then: grey, scaled to 28x28, nothing else. A sample counts by its best candidate, rejected or not. No test set
and no corruption is in any training, and none chose a model. `script/accuracy` measures all of this and writes this
page.
"""
NOTES = "<!-- What follows is written by hand and kept by script/accuracy. -->"
CALIBRATION = """## Calibration

Of readings at 90 %, nine in ten should be right. The expected calibration error over 15 bins with the same number of
samples; beside it what 95 of 100 perfectly calibrated models with the same confidences would stay within, since on few
samples chance alone makes an error. Asked for: at most 1 % on sets of 5,000 or more, on smaller ones within that band.
Risk by coverage is drawn in the HTML reports.
"""


def percent(share):
    return f"{100 * share:.2f} %"


def mark(row):
    if row.goal is None:
        return ""
    return "reached" if row.reached() else "**missed**"


def goal(row):
    if row.goal is None:
        return ""
    return f"{'at most ' if row.at_most else ''}{100 * row.goal:g} %"


def line(row):
    if row.skipped:
        return f"| {row.name} | | not measured: {row.skipped} | {goal(row)} | | |"
    original = row.original.text() if row.original else ""
    cells = (row.name, f"{row.ours.samples:,}", row.ours.text(), goal(row), mark(row), original)
    return f"| {' | '.join(cells)} |"


def table(of):
    ours = "wrongly accepted by ours" if of.of_errors else "ours"
    lines = [f"## {of.title}", "", of.text, "", f"| row | n | {ours} | goal | | numberrec-2018, raw |"]
    lines.append("| --- | ---: | --- | --- | --- | --- |")
    return "\n".join(lines + [line(row) for row in of.rows]) + "\n"


def calibration(tables):
    lines = [CALIBRATION, "| row | n | error | by chance up to | |", "| --- | ---: | ---: | ---: | --- |"]
    for row in (row for of in tables for row in of.rows if row.calibration):
        c = row.calibration
        verdict = "reached" if c.within() else "**missed**"
        lines.append(f"| {row.name} | {c.samples:,} | {percent(c.error)} | {percent(c.band)} | {verdict} |")
    return "\n".join(lines) + "\n"


def compose(tables, cards, kept=""):
    """The page; `kept` is the one that it replaces, whose notes stay."""
    models = ", ".join(
        f"`{card['name']}` (version {card['version']}; learned from {card['notes']['data']})" for card in cards
    )
    parts = [INTRODUCTION, f"Models: {models}.\n", *[table(of) for of in tables], calibration(tables)]
    notes = kept.partition(NOTES)[2]
    return "\n".join(parts) + (f"\n{NOTES}{notes}" if notes else "")
