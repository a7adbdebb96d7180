"""Digits drawn with a pen, on boards of several kinds, as pictures and as strokes."""

import json
import pathlib
import zlib

import numpy as np

from measure import sets
from measure.drawing import FILL, draw, off_centre, placed
from measure.rows import Row, Table, compared, work_folder

SEED = 20180401
TEXT = """{n} digits of 45 writers as paths of the pen (Chars74K), which no model learned from, drawn anti-aliased with
a round pen, white on black; and the paths themselves, in that board's pixels, rounded as a page rounds them: to whole
ones, on the original's board, which its page showed four times as large, to quarters. The network of 2018 takes no
strokes."""

# name, side of the board, width of the line, share of the side, off-centre, what a page rounds to
BOARDS = (
    ("the original's board, 28x28, line of 2 px", 28, 2, FILL, False, 0.25),
    ("thin: line of 1 px on 280x280", 280, 1, FILL, False, 1),
    ("thick: line of 28 px on 280x280", 280, 28, FILL, False, 1),
    ("a third of a large board, 280x280, line of 8 px", 280, 8, 1 / 3, False, 1),
    ("off-centre: half of 280x280, line of 8 px", 280, 8, 0.5, True, 1),
)
GOAL = 0.993


def centre(name, fill, off, index):
    if not off:
        return 0.5, 0.5
    return off_centre(np.random.default_rng([SEED, zlib.crc32(name.encode()), index]), fill)


def as_pictures(board, strokes):
    name, side, line, fill, off, _ = board
    return np.stack([draw(s, side, line, fill, centre(name, fill, off, i)) for i, s in enumerate(strokes)])


def as_strokes(board, strokes):
    name, side, line, fill, off, step = board
    paths = [placed(s, side, line, fill, centre(name, fill, off, i)) for i, s in enumerate(strokes)]
    return [[(np.round(path / step) * step).tolist() for path in character] for character in paths]


def write_strokes(labels, strokes, file):
    with open(file, "w") as out:
        for label, character in zip(labels, strokes):
            out.write(json.dumps({"label": label, "strokes": character}) + "\n")
    return ["--strokes", str(file)]


def measure(context):
    title = "Drawn digits"
    if not (context.data / "drawn-alphanumeric").is_dir():
        missing = "no folder drawn-alphanumeric"
        return [Table(title, TEXT.format(n=0), [Row(board[0], goal=GOAL, skipped=missing) for board in BOARDS])]
    drawn = context.few([(label, s) for label, s in sets.read_strokes(context.data) if label in set("0123456789")])
    labels, strokes = [label for label, _ in drawn], [s for _, s in drawn]
    rows = []
    for i, board in enumerate(BOARDS):
        pictures = as_pictures(board, strokes)
        rows.append(compared(context, f"{board[0]}; picture", labels, pictures, GOAL, f"drawn-{i + 1}"))
        with work_folder() as folder:
            file = pathlib.Path(folder) / "strokes.ndjson"
            ours = context.ours.evaluate(write_strokes(labels, as_strokes(board, strokes), file))
        rows.append(Row(f"{board[0]}; strokes", ours.score, None, GOAL, calibration=ours.calibration))
    return [Table(title, TEXT.format(n=len(labels)), rows)]
