"""Numbers with signs: dates, times and amounts, by the model of digits and signs and by patterns.

The digits are drawn-alphanumeric's, of one writer each, whom no model knows. No set of signs is at hand: they are drawn
here, in hands that differ by what `sign` leaves to chance, apart from the forms that the model learned from. Everything
random comes from SEED. Committed before the first reading.
"""

import pathlib

import numpy as np

from measure.drawing import draw
from measure.drawn_digits import write_strokes
from measure.numbers import text_of
from measure.rows import Row, Table, work_folder, write_files
from measure.score import Score
from measure.words import cropped, letters_of_writers, sized

SEED = 20191205
COUNT = 600
GAPS = (0.12, 0.28)  # between characters, of a digit's height
BOARD, LINES = 1400, (5, 16)  # of the pictures, and how thick the pen is
TREMBLE = 0.008
SIGNS = "+-.,/:%#$€£¥"
TITLE = "Amounts, dates and times"
TEXT = """Put together by `script/measure/amounts.py`: digits of drawn-alphanumeric, each text of one writer, and signs drawn by that
script, {n} texts in all, as 2026-11-28, 28/11/2026, 28.11.26, 12:45, $12.50, 1,234.50, €99, -7.5, 50 %, +3, #12. Read by the model
`symbols` without being told more, and by `digits` with the text's pattern (`--pattern dd:dd`). A text counts if all of it is
right, by the best candidates, rejected or not."""


def texts(rng):
    """One text; digits at random."""
    n = rng.integers
    kinds = [
        lambda: f"{n(1900, 2100)}-{n(1, 13):02d}-{n(1, 32):02d}",
        lambda: f"{n(1, 32):02d}/{n(1, 13):02d}/{n(1900, 2100)}",
        lambda: f"{n(1, 32)}.{n(1, 13)}.{n(0, 100):02d}",
        lambda: f"{n(0, 24):02d}:{n(0, 60):02d}",
        lambda: f"{rng.choice(list('$€£¥'))}{n(1, 1000)}.{n(0, 100):02d}",
        lambda: f"{n(1, 100)},{n(0, 1000):03d}.{n(0, 100):02d}",
        lambda: f"{rng.choice(list('$€£¥'))}{n(1, 10000)}",
        lambda: f"-{n(1, 300)}.{n(0, 10)}",
        lambda: f"{n(1, 100)}%",
        lambda: f"+{n(1, 1000)}",
        lambda: f"#{n(1, 100)}",
    ]
    return kinds[n(len(kinds))]()


def line(*corners, points=8):
    return np.concatenate([np.linspace(a, b, points) for a, b in zip(corners, corners[1:])])


def arc(x, y, wide, high, start, end):
    angles = np.deg2rad(np.linspace(start, end, 20))
    return np.stack([x + wide * np.cos(angles), y - high * np.sin(angles)], axis=1)


def dot(rng, x, y):
    """A tap, a short stroke or a little ring."""
    kind, size = rng.integers(3), rng.uniform(0.02, 0.06)
    if kind == 0:
        return np.array([[x, y]])
    if kind == 1:
        return line((x, y), (x + size, y + rng.uniform(-0.03, 0.03)))
    return arc(x, y, size / 2, size / 2, 0, 360)


def sign(rng, character):
    """The strokes of a sign: a digit stands from y = -1 to 0."""
    u = rng.uniform
    if character == "-":
        y, wide = -u(0.38, 0.56), u(0.28, 0.55)
        return [line((0, y + u(-0.05, 0.05)), (wide, y + u(-0.05, 0.05)))]
    if character == ".":
        return [dot(rng, 0, -0.02)]
    if character == ",":
        return [line((0.06, -0.08), (0.07, u(0, 0.06)), (0, u(0.1, 0.2)), points=4)]
    if character == "/":
        return [line((u(0.3, 0.6), -1 - u(0, 0.15)), (0, u(0, 0.15)))]
    if character == ":":
        return [dot(rng, 0, -u(0.55, 0.72)), dot(rng, u(-0.02, 0.02), -u(0.12, 0.26))]
    if character == "+":
        r = u(0.2, 0.3)
        return [line((0, -0.5), (2 * r, -0.5 + u(-0.04, 0.04))), line((r, -0.5 - r), (r + u(-0.04, 0.04), -0.5 + r))]
    if character == "%":
        rings = [arc(0.18, -0.78, 0.15, u(0.14, 0.2), 90, 450), arc(0.7, -0.2, 0.15, u(0.14, 0.2), 90, 450)]
        return [rings[0], line((0.75, -1), (0.1, 0)), rings[1]]
    if character == "#":
        stems = [line((x + u(0.05, 0.15), -1), (x, 0)) for x in (0.2, 0.52)]
        return stems + [line((0, y), (0.8, y + u(-0.06, 0.02))) for y in (-0.66, -0.3)]
    if character == "$":
        bows = np.concatenate([arc(0.3, -0.72, 0.25, 0.22, 30, 270), arc(0.3, -0.26, 0.27, 0.24, 90, -150)])
        return [bows, line((0.3 + u(0, 0.08), -1.12), (0.3 - u(0, 0.08), 0.12))]
    if character == "€":
        bars = [line((-0.08, y), (u(0.42, 0.55), y)) for y in (-0.6, -0.4)]
        return [arc(0.42, -0.5, 0.38, 0.5, 50, 310), *bars]
    if character == "£":
        hook = np.concatenate([arc(0.45, -0.75, 0.22, 0.25, 20, 180), line((0.23, -0.7), (0.25, -0.2), (0.05, 0), (0.65, 0))])
        return [hook, line((0.05, -0.45), (0.5, -0.45))]
    arms = [line((0, -1), (0.32, -0.5)), line((0.64, -1), (0.32, -0.5), (0.32, 0))]
    return arms + [line((0.05, y), (0.6, y)) for y in (-0.42, -0.22)]


def written(rng, text, digits):
    strokes, x = [], 0.0
    for character in text:
        if character in SIGNS:
            paths = [path + rng.normal(0, TREMBLE, path.shape) for path in sign(rng, character)]
        else:
            paths, _ = sized(rng, character, digits[character])
        left = min(path[:, 0].min() for path in paths)
        strokes += [path + [x - left, 0] for path in paths]
        x += max(path[:, 0].max() for path in paths) - left + rng.uniform(*GAPS)
    return [(100 * path).tolist() for path in strokes]


def made(writers, count):
    """(text, strokes, thickness of the pen) of `count` texts."""
    rng, names = np.random.default_rng(SEED), sorted(writers)
    result = []
    while len(result) < count:
        text, digits = texts(rng), writers[names[rng.integers(len(names))]]
        result.append((text, written(rng, text, digits), rng.uniform(*LINES)))
    return result


def pattern_of(text):
    return "".join("d" if c.isdigit() else "\\" + c if c in "+*?" else c for c in text)


def with_patterns(reader, items, read):
    """The texts of `items`, (text, file) pairs, by a call for each pattern that there is."""
    by_pattern = {}
    for place, (text, _) in enumerate(items):
        by_pattern.setdefault(pattern_of(text), []).append(place)
    got = [None] * len(items)
    for pattern, places in by_pattern.items():
        for place, reading in zip(places, read(reader, [items[p] for p in places], pattern)):
            got[place] = text_of(reading)
    return got


def row(name, texts_, got):
    return Row(name, Score(sum(a == b for a, b in zip(texts_, got)), len(texts_)))


def measure(context):
    def skipped(why):
        return [Table(TITLE, TEXT.format(n=0), [Row("texts", skipped=why)])]

    if not context.signs:
        return skipped("no model `symbols` is shipped yet")
    if not (context.data / "drawn-alphanumeric").is_dir():
        return skipped("no folder drawn-alphanumeric")
    writers = {w: c for w, c in letters_of_writers(context.data).items() if set("0123456789") <= set(c)}
    if not writers:
        return skipped("no writer of all digits in drawn-alphanumeric")
    samples = made(writers, context.limit or COUNT)
    texts_ = [text for text, _, _ in samples]
    with work_folder() as name:
        folder = pathlib.Path(name)

        def of_strokes(reader, items, pattern):
            file = folder / "texts.ndjson"
            write_strokes([text for text, _ in items], [strokes for _, strokes in items], file)
            return reader.recognize([file], "auto", pattern)

        def of_pictures(reader, items, pattern):
            return reader.recognize([file for _, file in items], "auto", pattern)

        strokes = [(text, path) for text, path, _ in samples]
        pictures = [cropped(draw(path, BOARD, line_, fill=0.9)) for _, path, line_ in samples]
        pictures = list(zip(texts_, write_files(pictures, folder)))
        rows = [
            row("strokes", texts_, [text_of(r) for r in of_strokes(context.signs, strokes, None)]),
            row("strokes, with the pattern", texts_, with_patterns(context.ours, strokes, of_strokes)),
            row("pictures", texts_, [text_of(r) for r in of_pictures(context.signs, pictures, None)]),
            row("pictures, with the pattern", texts_, with_patterns(context.ours, pictures, of_pictures)),
        ]
    return [Table(TITLE, TEXT.format(n=len(samples)), rows)]
