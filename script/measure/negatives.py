"""What is no digit, given to the models of digits: how much of it is accepted as one."""

import json
import math
import pathlib

import numpy as np

from measure import sets
from measure.drawing import draw
from measure.rows import Row, Table, work_folder, write_files, write_pictures
from measure.score import Score

SEED = 20180501
ACCEPTED = 0.99  # of true digits
GOAL = 0.05
LOOK_ALIKES = set("OoDlIiSsZzBbGgqy")
BOARD, LINE = 280, 8
TEXT = """Given to models of digits; the share that is accepted, at the threshold where 99 % of the digits held out for
validation are accepted: {threshold}.
Lower is better. Look-alikes are the letters O o D l I i S s Z z B b G g q y."""


def scribble(index):
    """Strokes of one of four kinds: a wild curve, hatching, a spiral, crossing lines."""
    rng = np.random.default_rng([SEED, index])
    kind = index % 4
    if kind == 0:  # through a dozen of places, rounded
        corners = rng.uniform(0, 100, (rng.integers(8, 15), 2))
        return [smooth(corners).tolist()]
    if kind == 1:  # to and fro, drifting
        n = int(rng.integers(5, 11))
        y = np.linspace(0, 100, n) + rng.normal(0, 4, n)
        x = np.where(np.arange(n) % 2 == 0, 10, 90) + rng.normal(0, 8, n)
        return [turn(np.stack([x, y], 1), rng.uniform(0, math.pi)).tolist()]
    if kind == 2:  # outwards, three to five turns
        t = np.linspace(0, 1, 120)
        angle = t * rng.uniform(3, 5) * 2 * math.pi + rng.uniform(0, 2 * math.pi)
        radius = 5 + 45 * t * (1 + 0.1 * np.sin(7 * angle))
        return [np.stack([50 + radius * np.cos(angle), 50 + radius * np.sin(angle)], 1).tolist()]
    lines = []
    for _ in range(rng.integers(4, 8)):
        lines.append(smooth(rng.uniform(0, 100, (3, 2))).tolist())
    return lines


def smooth(corners, steps=12):
    """A curve (Catmull and Rom's) through all corners."""
    p = np.concatenate([corners[:1], corners, corners[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:]):
        parts.append(b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))))
    return np.concatenate(parts + [corners[-1:]])


def turn(points, angle):
    c, s = math.cos(angle), math.sin(angle)
    return (points - 50) @ np.array([[c, s], [-s, c]]) + 50


def empty(index, side=120):
    """A sheet without writing: flat, grainy, unevenly lit, or with a speck."""
    rng = np.random.default_rng([SEED, 1 << 20, index])
    paper = np.full((side, side), rng.choice([0.0, 255.0, rng.uniform(40, 230)]))
    kind = index % 4
    if kind in (1, 2):
        paper += rng.normal(0, rng.uniform(1, 8), paper.shape)
    if kind == 2:
        y, x = np.mgrid[0:side, 0:side] / side - 0.5
        angle = rng.uniform(0, 2 * math.pi)
        paper += rng.uniform(20, 90) * (x * math.cos(angle) + y * math.sin(angle))
    if kind == 3:
        y, x = rng.integers(5, side - 5, 2)
        paper[y : y + 2, x : x + 2] = 255 - paper[y, x]
    return np.clip(paper, 0, 255).round().astype(np.uint8)


def accepted(readings, threshold):
    """How many of the readings a reader at this threshold would give as an answer."""
    taken = [bool(r["glyphs"]) and r["glyphs"][0]["confidence"] >= threshold for r in readings]
    return Score(sum(taken), len(taken))


def threshold_of(reader, labels, pictures):
    with work_folder() as folder:
        points = reader.evaluate(write_pictures(labels, pictures, pathlib.Path(folder))).all["risk_coverage"]
    return next(point["confidence"] for point in points if point["coverage"] >= ACCEPTED - 1e-9)


def read_pictures(reader, pictures):
    with work_folder() as folder:
        return reader.recognize(write_files(pictures, pathlib.Path(folder)))


def read_strokes(reader, characters):
    with work_folder() as folder:
        file = pathlib.Path(folder) / "strokes.ndjson"
        file.write_text("".join(json.dumps({"strokes": strokes}) + "\n" for strokes in characters))
        return reader.recognize([file])


def letters_of(context):
    """(name, labels, strokes or None, pictures) of the sets of letters at hand."""
    if (context.data / "drawn-alphanumeric").is_dir():
        drawn = [(label, s) for label, s in sets.read_strokes(context.data) if label.isalpha()]
        drawn = context.few(drawn)
        strokes = [s for _, s in drawn]
        pictures = [draw(s, BOARD, LINE) for s in strokes]
        yield "drawn-alphanumeric", [label for label, _ in drawn], strokes, pictures
    if (context.data / "letters-upper-nist").is_dir():
        labels, pictures = sets.read_pictures(context.data / "letters-upper-nist")
        yield "letters-upper-nist", context.few(labels), None, list(context.few(pictures))


def split(values, labels):
    """Those of look-alikes, and of all others."""
    alike = [label in LOOK_ALIKES for label in labels]
    return [v for v, a in zip(values, alike) if a], [v for v, a in zip(values, alike) if not a]


def measure(context):
    ours, original = context.ours, context.original
    validation = context.validation()
    at = threshold_of(ours, *validation), threshold_of(original, *validation)

    def row(name, mine, its, goal=None):
        return Row(name, mine, its, goal, at_most=True)

    scribbles = [scribble(i) for i in range(min(800, context.limit or 800))]
    drawn = [draw(strokes, BOARD, LINE) for strokes in scribbles]
    sheets = [empty(i) for i in range(min(200, context.limit or 200))]
    rows = []
    for name, pictures in (("scribbles, as pictures", drawn), ("empty pictures, some with a speck", sheets)):
        rows.append(row(name, *(accepted(read_pictures(r, pictures), t) for r, t in zip((ours, original), at))))
    rows.append(row("scribbles, as strokes", accepted(read_strokes(ours, scribbles), at[0]), None))
    alike = []
    for name, labels, strokes, pictures in letters_of(context):
        both = [read_pictures(reader, pictures) for reader in (ours, original)]
        counted = [[accepted(part, t) for part in split(readings, labels)] for readings, t in zip(both, at)]
        rows.append(row(f"letters of {name}, as pictures", counted[0][1], counted[1][1]))
        alike.append(row(f"look-alikes of {name}, as pictures", counted[0][0], counted[1][0]))
        if strokes:
            parts = [accepted(part, at[0]) for part in split(read_strokes(ours, strokes), labels)]
            rows.append(row(f"letters of {name}, as strokes", parts[1], None))
            alike.append(row(f"look-alikes of {name}, as strokes", parts[0], None))
    whole = row("all but the look-alikes", sum((r.ours for r in rows), Score()),
                sum((r.original for r in rows if r.original), Score()), GOAL)  # fmt: skip
    text = TEXT.format(threshold=f"a confidence of {at[0]:.3f} for ours, {at[1]:.3f} for the network of 2018")
    return [Table("No digits", text, [whole] + rows + alike, of_errors=True)]
