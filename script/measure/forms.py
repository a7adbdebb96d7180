"""Digits in what people put around them: circles, frames, the cells and combs of forms, boards that shine; askew, stained, and on thin paper.

From digits that the training held out for validation. Everything random comes from SEED, the kind's name and the sample's
place. Committed before the first reading.
"""

import pathlib
import zlib

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from measure.numbers import text_of
from measure.page_photos import scaled
from measure.rows import Row, Table, work_folder, write_files
from measure.score import Score

SEED = 20191209
COUNT = 200  # of each kind
NOISE = 4  # grey levels
LARGER = 3  # times as large are lines drawn, for soft edges
TITLE = "Forms and boards"
TEXT = """Digits that the training held out for validation, {n} pictures a kind, as `script/measure/forms.py` draws them; read
without being told what it is. A text counts if all of it is right, by the best candidates."""


def lines(size, paths, width):
    """Paths drawn by a pen of that width, from 0 to 1; size is (width, height)."""
    sheet = Image.new("L", (size[0] * LARGER, size[1] * LARGER), 0)
    for path in paths:
        points = [tuple(point) for point in (np.asarray(path) * LARGER).tolist()]
        ImageDraw.Draw(sheet).line(points, fill=255, width=max(1, round(width * LARGER)), joint="curve")
    return np.asarray(sheet.reduce(LARGER)) / 255.0


def put(ink, digit, x, y):
    part = ink[int(y) : int(y) + digit.shape[0], int(x) : int(x) + digit.shape[1]]
    np.maximum(part, digit[: part.shape[0], : part.shape[1]], out=part)


def on_paper(rng, ink, paper, dark):
    return paper * (1 - ink) + dark * ink + rng.normal(0, NOISE, ink.shape)


def rectangle(x0, y0, x1, y1):
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]


def single(rng, pool, around):
    """A digit in the middle with a path around it that `around` makes for a height."""
    label, picture = pool[rng.integers(len(pool))]
    height, side = rng.uniform(50, 90), 230
    digit, ink = scaled(picture, height), np.zeros((side, side))
    put(ink, digit, side / 2 - digit.shape[1] / 2, side / 2 - digit.shape[0] / 2)
    path = np.asarray(around(height)) + side / 2
    return str(label), on_paper(rng, np.maximum(ink, lines((side, side), [path], height / 14)), 220, 60)


def circled(rng, pool):
    def around(height):
        wide, high = height * rng.uniform(0.85, 1.1, 2)
        turn = 2 * np.pi * np.linspace(0, rng.uniform(0.95, 1.06), 60) + rng.uniform(0, 6)
        return np.stack([wide * np.cos(turn), high * np.sin(turn)], axis=1)

    return single(rng, pool, around)


def framed(rng, pool):
    def around(height):
        wide, high = height * rng.uniform(0.7, 0.95, 2)
        return rectangle(-wide, -high, wide, high)

    return single(rng, pool, around)


def row_of_digits(rng, pool, cell, height, at, size):
    ink, text = np.zeros((size[1], size[0])), ""
    for place in range(min(rng.integers(3, 9), int((size[0] - 60) / cell))):
        label, picture = pool[rng.integers(len(pool))]
        digit = scaled(picture, height * rng.uniform(0.85, 1.05))
        middle = 30 + cell * (place + 0.5) + rng.uniform(-0.06, 0.06) * cell
        put(ink, digit, middle - digit.shape[1] / 2, at - digit.shape[0] / 2 + rng.uniform(-3, 3))
        text += str(label)
    return text, ink


def form(rng, pool, printed):
    """A row of digits, each in its place, and the lines that `printed` gives for the places, top and foot."""
    height = rng.uniform(30, 60)
    cell, size = height * rng.uniform(1.15, 1.5), (int(8 * 1.5 * 60 + 80), int(height * 2.4))
    top, foot = height * 0.4, height * 2.0
    text, ink = row_of_digits(rng, pool, cell, height, (top + foot) / 2, size)
    paths = printed([30 + cell * place for place in range(len(text) + 1)], top, foot)
    shade = 1 - lines(size, paths, rng.uniform(1.5, 3)) * rng.uniform(0.3, 0.8)
    grey = on_paper(rng, ink, 225, 50) * shade
    return text, grey[:, : int(60 + cell * len(text))]


def cells(rng, pool):
    return form(rng, pool, lambda xs, top, foot: [rectangle(a, top, b, foot) for a, b in zip(xs, xs[1:])])


def comb(rng, pool):
    def printed(xs, top, foot):
        return [[(xs[0], foot), (xs[-1], foot)]] + [[(x, foot), (x, foot - (foot - top) * 0.18)] for x in xs]

    return form(rng, pool, printed)


def on_board(rng, pool):
    """Digits on a wide board, its size and their ink."""
    height, size = rng.uniform(50, 100), (700, 300)
    return row_of_digits(rng, pool, height * rng.uniform(0.85, 1.1), height, 150, size)


def blackboard(rng, pool):
    text, ink = on_board(rng, pool)
    grain = rng.random(ink.shape) > 0.25
    smear = np.asarray(Image.fromarray((rng.random((15, 35)) * 255).astype(np.uint8)).resize(ink.shape[::-1])) / 255.0
    return text, on_paper(rng, 0.85 * ink * grain, 60 + 40 * smear, 235)


def whiteboard(rng, pool):
    """With a lamp's shine beside the digits."""
    text, ink = on_board(rng, pool)
    ys, xs = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]]
    above = rng.choice([20, 280])
    shine = np.exp(-(((xs - rng.uniform(80, 620)) / 110) ** 2 + ((ys - above) / 45) ** 2))
    paper = 150 + 30 * xs / ink.shape[1]
    board = paper + (255 - paper) * 0.85 * shine
    return text, on_paper(rng, rng.uniform(0.5, 0.8) * ink, board, 30)


def sloping(rng, pool):
    """A number that climbs or falls by 8 to 25 degrees, as on a sheet that lay askew."""
    height = rng.uniform(30, 60)
    text, ink = row_of_digits(rng, pool, height * rng.uniform(0.85, 1.1), height, 60, (560, 120))
    angle = rng.uniform(8, 25) * rng.choice([-1, 1])
    turned = Image.fromarray((ink * 255).astype(np.uint8)).rotate(angle, Image.BICUBIC, expand=True)
    return text, on_paper(rng, np.asarray(turned) / 255.0, 215, 60)


def sideways(rng, pool):
    """A number on a photo that was taken sideways or upside down."""
    height = rng.uniform(30, 60)
    text, ink = row_of_digits(rng, pool, height * rng.uniform(0.85, 1.1), height, 60, (560, 120))
    return text, np.rot90(on_paper(rng, ink, 215, 60), rng.integers(1, 4)).copy()


def colored(rng, pool):
    """A number of one colour on another that is as light, by BT.601, and clearly another to the eye."""
    weights = np.array([0.299, 0.587, 0.114])
    light, colors = rng.uniform(70, 180), []
    while len(colors) < 2:
        color = rng.uniform(0, 255, 3)
        color += light - weights @ color
        other = not colors or np.linalg.norm(color - colors[0]) > 120
        if other and color.min() >= 0 and color.max() <= 255:
            colors.append(color)
    text, ink = on_board(rng, pool)
    return text, np.stack([on_paper(rng, ink, paper, dark) for dark, paper in zip(*colors)], axis=2)


def note(rng, pool):
    """One to three digits on a coloured note that lies askew on a desk with a grain, lit from a side."""
    desk, paper = rng.uniform(20, 150, 3), rng.uniform(170, 250, 3)
    pen = np.array([(30, 40, 140), (30, 30, 30), (180, 30, 40)][rng.integers(3)])
    side, count = int(rng.integers(240, 340)), rng.integers(1, 4)
    height = side * min(0.3, 0.9 / count)
    text, ink, x = "", np.zeros((side, side)), side / 2 - 0.4 * height * count
    for _ in range(count):
        label, picture = pool[rng.integers(len(pool))]
        digit = scaled(picture, height * rng.uniform(0.85, 1.05))
        put(ink, digit, x + 0.4 * height - digit.shape[1] / 2, side / 2 - digit.shape[0] / 2)
        text, x = text + str(label), x + 0.8 * height
    sheet = ink[..., None] * pen + (1 - ink[..., None]) * paper
    turned = Image.fromarray(np.dstack([sheet, np.full((side, side), 255)]).astype(np.uint8), "RGBA")
    turned = turned.rotate(rng.uniform(-10, 10), Image.BICUBIC, expand=True)
    grain = Image.fromarray((rng.random((80, 106)) * 255).astype(np.uint8)).resize((640, 480), Image.BICUBIC)
    table = desk + (np.asarray(grain)[..., None] / 255.0 - 0.5) * rng.uniform(5, 25)
    photo = Image.fromarray(table.clip(0, 255).astype(np.uint8))
    photo.paste(turned, (int(rng.integers(20, 620 - turned.width)), int(rng.integers(10, 470 - turned.height))), turned)
    light = 1 + 0.2 * np.linspace(-1, 1, 640)[None, :, None] * rng.choice([-1, 1])
    return text, np.asarray(photo) * light + rng.normal(0, NOISE, (480, 640, 3))


def softened(values, radius):
    picture = Image.fromarray((values * 255).clip(0, 255).astype(np.uint8))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(radius))) / 255.0


def stained(rng, pool):
    """A number on paper with drops of coffee, and the ring of a cup or a part of it."""
    text, ink = on_board(rng, pool)
    ys, xs = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]]
    stains = np.zeros(ink.shape)
    for _ in range(rng.integers(4, 15)):
        x, y, radius = rng.uniform(0, 700), rng.uniform(0, 300), rng.uniform(6, 35)
        wide, turn = rng.uniform(0.7, 1.4), rng.uniform(0, 6)
        angle = np.arctan2(ys - y, xs - x)
        rim = radius * (1 + 0.12 * np.sin(3 * angle + turn) + 0.08 * np.sin(5 * angle - turn))
        stains = np.maximum(stains, (np.hypot((xs - x) * wide, (ys - y) / wide) < rim) * rng.uniform(0.4, 1))
    if rng.random() < 0.6:
        off = np.abs(np.hypot(xs - rng.uniform(100, 600), ys - rng.uniform(0, 300)) - rng.uniform(80, 160))
        stains = np.maximum(stains, (off < rng.uniform(2, 8)) * rng.uniform(0.4, 1))
    shade = 1 - rng.uniform(0.1, 0.3) * softened(stains, rng.uniform(1, 3))
    return text, on_paper(rng, ink, 225, 50) * shade


def shows_through(rng, pool):
    """A number on thin paper, and another that is written on its other side."""
    text, ink = on_board(rng, pool)
    _, other = on_board(rng, pool)
    behind = np.roll(other[:, ::-1], (int(rng.integers(-60, 61)), int(rng.integers(-100, 101))), (0, 1))
    shade = 1 - rng.uniform(0.1, 0.3) * softened(behind, rng.uniform(1, 3))
    return text, on_paper(rng, ink, 225 * shade, 50)


def dotted(rng, pool):
    """A number in a notebook with dots."""
    text, ink = on_board(rng, pool)
    ys, xs = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]]
    apart, turn, radius = rng.uniform(18, 36), rng.uniform(-0.05, 0.05), rng.uniform(1, 2.6)
    u, v = (xs * np.cos(turn) + ys * np.sin(turn)) % apart, (ys * np.cos(turn) - xs * np.sin(turn)) % apart
    dots = (np.hypot(u - apart / 2, v - apart / 2) < radius) * rng.uniform(0.2, 0.7)
    return text, on_paper(rng, np.maximum(ink, softened(dots, 0.6)), 225, 50)


def squared(rng, pool):
    """A number on paper with squares much smaller than it."""
    text, ink = on_board(rng, pool)
    ys, xs = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]]
    apart, wide = rng.uniform(14, 30), rng.uniform(1, 2)
    squares = ((xs % apart < wide) | (ys % apart < wide)) * rng.uniform(0.15, 0.5)
    return text, on_paper(rng, np.maximum(ink, squares), 225, 50)


def punched(rng, pool):
    """A number beside the holes of a sheet, through which something dark is seen."""
    text, ink = on_board(rng, pool)
    grey = on_paper(rng, np.pad(ink, ((0, 0), (40, 0))), 225, 50)
    ys, xs = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]]
    for at in rng.uniform([30, 200], [90, 270]):
        grey[np.hypot(xs - 30, ys - at) < rng.uniform(12, 16)] = rng.uniform(30, 120)
    return text, grey


def bound(rng, pool):
    """A number on a leaf of a spiral-bound pad: holes along its left or its top, in half of them with the wire."""
    text, ink = on_board(rng, pool)
    across = rng.random() < 0.5  # along the top
    pitch, edge = rng.uniform(28, 48), 56
    size, dark = pitch * rng.uniform(0.4, 0.6), rng.uniform(40, 130)
    ink = np.pad(ink, ((edge, 0), (0, 0)) if across else ((0, 0), (edge, 0)))
    grey = on_paper(rng, ink, 225, 50)
    along = grey.shape[1] if across else grey.shape[0]
    width, height = grey.shape[::-1]
    middles = np.arange(rng.uniform(0.5, 1) * pitch, along - size / 2, pitch)
    round_ones, drift = rng.random() < 0.5, rng.uniform(-0.02, 0.02)
    ys, xs = np.mgrid[0:height, 0:width]
    u, v = (xs, ys) if across else (ys, xs)
    for middle in middles:
        du, dv = np.abs(u - middle), np.abs(v - 30 - drift * middle)
        hole = np.hypot(du, dv) < size / 2 if round_ones else np.maximum(du, dv) < size / 2
        grey[hole] = dark + rng.normal(0, NOISE, int(hole.sum()))
    if rng.random() < 0.5:
        wires = [[(m, 30 + drift * m), (m + pitch / 4, 0)] for m in middles]
        wires = [path if across else [(y, x) for x, y in path] for path in wires]
        wire = lines((width, height), wires, size / 4)
        grey = grey * (1 - wire) + rng.uniform(60, 160) * wire
    return text, grey


def overexposed(rng, pool):
    """A small number on a large sheet in light that fades, white on one side."""
    text, ink = on_board(rng, pool)
    sheet = np.zeros((900, 1200))
    x, y = int(rng.integers(0, 500)), int(rng.integers(0, 600))
    sheet[y : y + 300, x : x + 700] = ink
    light = np.linspace(0.65, 1.35, 1200)[:: rng.choice([-1, 1])]
    return text, on_paper(rng, sheet, 215, 60) * light


KINDS = {
    "a digit in a circle": circled,
    "a digit in a frame": framed,
    "a row of cells": cells,
    "a comb with ticks": comb,
    "chalk on a blackboard": blackboard,
    "a whiteboard that shines": whiteboard,
    "a number that slopes": sloping,
    "colours of one lightness": colored,
    "a note on a desk": note,
    "paper with stains": stained,
    "paper that shows through": shows_through,
    "dotted paper": dotted,
    "small squares": squared,
    "punched paper": punched,
    "spiral-bound paper": bound,
    "light that fades, white on one side": overexposed,
    "a number on its side or its head": sideways,
}


def make(kind, index, pool):
    rng = np.random.default_rng([SEED, zlib.crc32(kind.encode()), index])
    text, grey = KINDS[kind](rng, pool)
    return text, grey.clip(0, 255).astype(np.uint8)


def measure(context):
    labels, pictures = context.validation()
    pool = list(zip(labels.tolist(), pictures))
    each, rows = min(COUNT, context.limit or COUNT), []
    for kind in KINDS:
        samples = [make(kind, index, pool) for index in range(each)]
        with work_folder() as folder:
            readings = context.ours.recognize(write_files([p for _, p in samples], pathlib.Path(folder)), "auto")
        right = sum(text_of(reading) == text for reading, (text, _) in zip(readings, samples))
        rows.append(Row(kind, Score(right, len(samples))))
    return [Table(TITLE, TEXT.format(n=each), rows)]
