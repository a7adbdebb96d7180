"""Numbers of several digits, made of single ones: what the rows of numbers in docs/accuracy.md are read from.

Everything random comes from SEED and the string's place, so that the set is the same everywhere and any part of
it can be made alone. Committed before the first reading.

A string has 2 to 8 digits, as many strings of each length. Its writer's digits are HEIGHT pixels high, each by
SIZES larger or smaller and by DRIFT of the height above or below the line. Each neighbour stands by GAPS or OVERLAPS
from the one before: the least distance, over the rows and their neighbours, between the ink of the two. One pair in
three touches: it shares at least a pixel of ink; the others' ink stays apart by at least a pixel.
"""

import dataclasses

import numpy as np
from PIL import Image

SEED = 20181105
LENGTHS = range(2, 9)
OF_EACH_LENGTH = 250
TOUCHING = 1 / 3
HEIGHT = (20, 56)  # pixels, of the string's digits
SIZES = 0.08
DRIFT = 0.06
GAPS = (0.06, 0.35)  # of the height, even; at least a pixel
OVERLAPS = (0.0, 0.08)  # of the height, even; at least a pixel
MARGIN = 0.4  # of the height, around the string
INK = 96  # a pixel at least so bright is ink


@dataclasses.dataclass
class String:
    text: str
    touching: list  # of each pair of neighbours, whether the two share ink
    picture: np.ndarray  # white ink on black


def ink_box(grey, level=INK):
    ys, xs = np.nonzero(grey >= level)
    return xs.min(), ys.min(), xs.max() + 1, ys.max() + 1


def sized(digit, height):
    """The digit cut to its ink and scaled, so that what was 20 pixels high, as MNIST's digits are, has `height`."""
    left, top, right, bottom = ink_box(digit, 1)
    cut = Image.fromarray(digit[top:bottom, left:right])
    factor = height / 20
    size = max(1, round(cut.width * factor)), max(1, round(cut.height * factor))
    return np.asarray(cut.resize(size, Image.Resampling.BICUBIC))


def edges(ink, side):
    """Of each row the ink's last column (side 1) or first (side -1), also looking one row up and down; NaN: none."""
    columns = np.where(ink, np.arange(ink.shape[1], dtype=float), np.nan)
    padded = np.pad(columns, ((1, 1), (0, 0)), constant_values=np.nan)
    near = np.concatenate([padded[:-2], padded[1:-1], padded[2:]], axis=1)
    pick, none = (np.fmax, -np.inf) if side > 0 else (np.fmin, np.inf)
    best = pick.reduce(near, axis=1, initial=none)
    return np.where(np.isfinite(best), best, np.nan)


def on_rows(digit, top, rows):
    sheet = np.zeros((rows, digit.shape[1]), np.uint8)
    sheet[top : top + digit.shape[0]] = digit
    return sheet


def shares_ink(sheet, digit, x):
    part = sheet[:, max(0, x) : x + digit.shape[1]]
    cut = max(0, -x)
    return bool(((part >= INK) & (digit[:, cut : cut + part.shape[1]] >= INK)).any())


def place(sheet, digit, touching, distance):
    """The column for `digit`, as high as the sheet, so that it stands by `distance` right of the sheet's ink."""
    reach = edges(sheet >= INK, 1) - edges(digit >= INK, -1)
    if np.isnan(reach).all():  # a dash above a dot: no row of both
        reach = np.array([ink_box(sheet)[2] - ink_box(digit)[0]])
    x = int(np.nanmax(reach)) + 1
    if not touching:
        return x + distance
    # Inwards until ink is shared: neighbouring rows may have met before.
    x -= distance
    while not shares_ink(sheet, digit, x):
        x -= 1
    return x


def make(index, length, pool):
    """The string at `index` of its length from (label, 28x28 picture) pairs."""
    rng = np.random.default_rng([SEED, length, index])
    chosen = [pool[i] for i in rng.integers(0, len(pool), length)]
    height = rng.uniform(*HEIGHT)
    digits = [sized(picture, height * (1 + rng.uniform(-SIZES, SIZES))) for _, picture in chosen]
    middles = rng.uniform(-DRIFT, DRIFT, length) * height
    rows = int(max(d.shape[0] / 2 + abs(m) for d, m in zip(digits, middles)) * 2) + 4
    sheet, touching = None, []
    for digit, middle in zip(digits, middles):
        digit = on_rows(digit, int(round(rows / 2 + middle - digit.shape[0] / 2)), rows)
        if sheet is None:
            sheet = digit
            continue
        touches = bool(rng.random() < TOUCHING)
        share = rng.uniform(*(OVERLAPS if touches else GAPS))
        x = place(sheet, digit, touches, max(1, round(share * height)))
        sheet = joined(sheet, digit, x)
        touching.append(touches)
    margin = round(MARGIN * height)
    return String("".join(str(label) for label, _ in chosen), touching, np.pad(sheet, margin))


def joined(sheet, digit, x):
    left = max(0, -x)
    width = max(sheet.shape[1], x + digit.shape[1])
    wide = np.zeros((sheet.shape[0], left + width), np.uint8)
    wide[:, left : left + sheet.shape[1]] = sheet
    part = wide[:, left + x : left + x + digit.shape[1]]
    np.maximum(part, digit, out=part)
    return wide


def strings(pool, of_each_length=OF_EACH_LENGTH):
    for length in LENGTHS:
        for index in range(of_each_length):
            yield make(index, length, pool)
