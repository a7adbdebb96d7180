"""Numbers of 2 to 8 digits in one picture, read as a line."""

import pathlib

import numpy as np

from measure import number_strings
from measure.rows import Reader, Row, Table, work_folder, write_files
from measure.score import Score

GOAL = 0.95
TEXT = """Strings of digits that the training held out for validation, {n} of each length, made by
`script/measure/number_strings.py`; {share:.0f} % of neighbouring pairs share at least a pixel of ink. A string counts
if all of it is right, by the best candidates, rejected or not. Each digit of a string is of another writer."""
PAIRS = """
Where digits touch, `{name}` (version {version}) helps, which learned from pairs of digits that
are not held out."""
NAME = "strings of 2 to 8 digits, all"


def text_of(reading):
    """What was read, also where the reading is not sure enough to be given."""
    return reading.get("text") or "".join(glyph["text"] for glyph in reading.get("glyphs", []))


def measure(context):
    title = "Numbers"
    labels, pictures = context.validation()
    each = min(number_strings.OF_EACH_LENGTH, context.limit or number_strings.OF_EACH_LENGTH)
    strings = list(number_strings.strings(list(zip(labels.tolist(), pictures)), each))
    share = 100 * np.mean([touches for string in strings for touches in string.touching])
    text = TEXT.format(n=each, share=share)
    pairs = Reader(context.ours.program, context.ours.models, "digit-pairs").card()
    text += PAIRS.format(**pairs) if pairs else ""
    if not context.ours.has_mode("line"):
        return [Table(title, text, [Row(NAME, goal=GOAL, skipped="this build reads no lines yet (`--mode line`)")])]
    with work_folder() as folder:
        files = write_files([string.picture for string in strings], pathlib.Path(folder))
        readings = context.ours.recognize(files, "line")
        untold = context.ours.recognize(files, "auto")
    right = [string.text == text_of(reading) for string, reading in zip(strings, readings)]
    right_untold = [string.text == text_of(reading) for string, reading in zip(strings, untold)]

    def row(name, chosen, goal=None, right=right):
        hits = [hit for string, hit in zip(strings, right) if chosen(string)]
        return Row(name, Score(sum(hits), len(hits)), None, goal)

    rows = [row(NAME, lambda s: True, GOAL)]
    rows.append(row("with digits that touch", lambda s: any(s.touching)))
    rows.append(row("with none that touch", lambda s: not any(s.touching)))
    for length in number_strings.LENGTHS:
        rows.append(row(f"of {length} digits", lambda s, length=length: len(s.text) == length))
    rows.append(row("all, without being told that it is a line", lambda s: True, right=right_untold))
    two = lambda s: len(s.text) == 2 and any(s.touching)  # noqa: E731
    rows.append(row("two digits that touch, without being told", two, right=right_untold))
    return [Table(title, text, rows)]
