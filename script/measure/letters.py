"""Letters and digits together, by the model of 62 classes."""

import pathlib

import numpy as np

from measure import sets
from measure.drawing import draw
from measure.drawn_digits import write_strokes
from measure.numbers import text_of
from measure.rows import Row, Table, work_folder, write_files, write_pictures
from measure.score import Score

UPRIGHT = pathlib.Path(__file__).parent / "letters-upper-segmented-upright.txt"
BOARD, LINE = 280, 8
GOALS_DRAWN = {"62 classes": 0.82, "folded": 0.93, "top 3": 0.97}
GOALS_SCANNED = {"62 classes": 0.75, "digits alone": 0.97, "folded": 0.88}
GOAL_SEGMENTED = 0.97
TEXT = """By the model of 62 classes, 0-9 A-Z a-z. Folded: a capital for its small letter counts, and the other way
round. The upright ones of letters-upper-segmented were chosen by eye before the first reading; the list and how it
was made are in `script/measure/letters-upper-segmented-upright.txt`."""
MISSING = "no model `alphanumeric` is shipped yet"


def upright():
    """The places that the list names."""
    places = []
    for line in UPRIGHT.read_text().splitlines():
        for part in [] if line.startswith("#") else line.split():
            first, _, last = part.partition("-")
            places += range(int(first), int(last or first) + 1)
    return np.array(places)


def rows_of(name, result, goals):
    """62 classes, folded and top 3 of one evaluation; goals by the same names."""
    folded, top3 = result.share("accuracy_case_folded"), result.share("top3_accuracy")
    shares = {"62 classes": result.score, "folded": folded, "top 3": top3}
    rows = [Row(f"{name}: {what}", score, None, goals.get(what)) for what, score in shares.items()]
    rows[0].calibration = result.calibration
    return rows


def of_pictures(reader, labels, pictures, report=None):
    with work_folder() as folder:
        return reader.evaluate(write_pictures(labels, pictures, pathlib.Path(folder)), report)


def as_pattern(reader, labels, pictures, pattern):
    """How many are right where it is known what kind of character each is."""
    with work_folder() as folder:
        readings = reader.recognize(write_files(pictures, pathlib.Path(folder)), pattern=pattern)
    return Score(sum(text_of(reading) == label for reading, label in zip(readings, labels)), len(labels))


def drawn(context, reader):
    samples = context.few(sets.read_strokes(context.data))
    labels, strokes = [label for label, _ in samples], [s for _, s in samples]
    with work_folder() as folder:
        file = pathlib.Path(folder) / "strokes.ndjson"
        result = reader.evaluate(write_strokes(labels, strokes, file))
    rows = rows_of("drawn-alphanumeric, strokes", result, GOALS_DRAWN)
    pictures = np.stack([draw(s, BOARD, LINE) for s in strokes])
    return rows + rows_of("drawn-alphanumeric, pictures", of_pictures(reader, labels, pictures), GOALS_DRAWN)


def scanned(context, reader):
    labels, pictures = sets.read_pictures(context.data / "alphanumeric-scanned-paper")
    labels, pictures = context.few(labels), context.few(pictures)
    name = "alphanumeric-scanned-paper"
    report = context.reports / name if context.reports else None
    rows = rows_of(name, of_pictures(reader, labels, pictures, report), GOALS_SCANNED)
    digits = [i for i, label in enumerate(labels) if label in "0123456789"]
    if not digits:
        return rows
    alone, goal = f"{name}: digits alone", GOALS_SCANNED["digits alone"]
    digit_labels, digit_pictures = [labels[i] for i in digits], pictures[digits]
    if reader.has_patterns():
        score = as_pattern(reader, digit_labels, digit_pictures, "d")
        return rows + [Row(f"{alone}, `--pattern d`", score, None, goal)]
    result = of_pictures(context.ours, digit_labels, digit_pictures)
    return rows + [Row(f"{alone}, by `{context.ours.model}`", result.score, None, goal, calibration=result.calibration)]


def segmented(context, reader):
    labels, pictures = sets.read_pictures(context.data / "letters-upper-segmented")
    places = context.few(upright())
    name = "letters-upper-segmented, the upright"
    report = context.reports / "letters-upper-segmented" if context.reports else None
    labels, pictures = [labels[i] for i in places], pictures[places]
    result = of_pictures(reader, labels, pictures, report)
    if not reader.has_patterns():
        return rows_of(name, result, {"folded": GOAL_SEGMENTED})
    score = as_pattern(reader, labels, pictures, "A")
    known = Row(f"{name}: known to be a capital, `--pattern A`", score, None, GOAL_SEGMENTED)
    return [known] + rows_of(name, result, {})


PARTS = (
    ("drawn-alphanumeric", drawn, GOALS_DRAWN, "letters", MISSING),
    ("letters-upper-segmented", segmented, {"the upright": GOAL_SEGMENTED}, "letters", MISSING),
    ("alphanumeric-scanned-paper", scanned, GOALS_SCANNED, "unseen", "--unseen names no model that never saw it"),
)


def measure(context):
    rows = []
    for folder, part, goals, reader, missing in PARTS:
        present = (context.data / folder).is_dir()
        if present and getattr(context, reader):
            rows += part(context, getattr(context, reader))
            continue
        why = missing if present else f"no folder {folder}"
        rows += [Row(f"{folder}: {what}", goal=goal, skipped=why) for what, goal in goals.items()]
    return [Table("Letters", TEXT, rows)]
