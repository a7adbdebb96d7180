"""Photos of pages with numbers on them, computed: what the rows of pages in docs/accuracy.md are read from.

Everything random comes from SEED, the condition's name and the page's place, so that the set is the same everywhere.
Committed before the first reading.

A page is WIDTH x HEIGHT pixels of paper with up to LINES lines of one to three numbers of two to six digits, HEIGHTS
pixels high, each digit by another writer; then come the paper's print, the table that it lies on, light and shadow, a
finger, the camera's noise and turn, and a JPEG's loss, as the condition has it.
"""

import dataclasses
import io
import zlib

import numpy as np
from PIL import Image, ImageFilter

SEED = 20191130
WIDTH, HEIGHT = 1400, 1000
LINES = 7
HEIGHTS = (34, 64)
TABLE = 120  # pixels of table around a page that lies askew
# Of a condition's name, what it has.
CONDITIONS = {
    "blank paper": "",
    "ruled": "ruled",
    "squared": "squared",
    "ruled, light from a side": "ruled light",
    "half in shadow": "shadow",
    "askew on a table": "table",
    "askew on a table, squared, light from a side": "table squared light",
    "askew on a table, half in shadow": "table shadow light",
    "askew on a table, ruled, light from a side, a finger": "table ruled light finger",
    "ruled, taken sideways": "ruled sideways",
    "askew on a table, half in shadow, taken sideways": "table shadow light sideways",
    "squared, upside down": "squared upside-down",
}


@dataclasses.dataclass
class Page:
    numbers: list
    picture: np.ndarray  # grey levels


def scaled(digit, height):
    """The digit cut to its ink, as large as if MNIST's 20 pixels were `height`; ink from 0 to 1."""
    ys, xs = np.nonzero(digit)
    cut = Image.fromarray(digit[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1])
    size = [max(3, round(side * height / 20)) for side in cut.size]
    return np.asarray(cut.resize(size, Image.Resampling.BICUBIC)) / 255.0


def written(rng, pool):
    """The numbers of a page and their ink."""
    height = rng.uniform(*HEIGHTS)
    ink = np.zeros((HEIGHT, WIDTH))
    numbers, top = [], 80
    for _ in range(LINES):
        x, line = rng.integers(80, 140), []
        for _ in range(rng.integers(1, 4)):
            chosen = [pool[i] for i in rng.integers(0, len(pool), rng.integers(2, 7))]
            digits = [scaled(picture, height * rng.uniform(0.85, 1.15)) for _, picture in chosen]
            gaps = rng.integers(4, 13, len(digits))
            if x + sum(d.shape[1] for d in digits) + gaps.sum() > WIDTH - 80:
                break
            for digit, gap in zip(digits, gaps):
                y = top + rng.integers(-3, 4)
                part = ink[y : y + digit.shape[0], x : x + digit.shape[1]]
                np.maximum(part, digit, out=part)
                x += digit.shape[1] + gap
            line.append("".join(str(label) for label, _ in chosen))
            x += round(height * 1.1)
        numbers += line
        top += round(height * rng.uniform(1.7, 2.3))
        if top > HEIGHT - 2 * height:
            break
    return numbers, ink, height


def printed(rng, kinds, height):
    """The paper of a page, and what is printed on it."""
    paper = np.full((HEIGHT, WIDTH), rng.uniform(190, 235))
    if "ruled" in kinds:
        for y in np.arange(0, HEIGHT - 2, height * 1.2).astype(int):
            paper[y : y + 2] -= 45
    if "squared" in kinds:
        for y in np.arange(0, HEIGHT, height * 0.6).astype(int):
            paper[y] -= 35
        for x in np.arange(0, WIDTH, height * 0.6).astype(int):
            paper[:, x] -= 35
    return paper


def on_a_table(rng, page):
    """The page seen a little from a side, the table around it."""
    size = page.width + TABLE, page.height + TABLE
    corners = [(0, 0), (page.width, 0), (page.width, page.height), (0, page.height)]
    rows, values = [], []
    for u, v in corners:
        x, y = (TABLE / 2 * rng.uniform(0, 1, 2) + [u > 0, v > 0] * np.array([TABLE / 2] * 2) + [u, v]).tolist()
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    map_back = np.linalg.solve(np.array(rows), np.array(values))
    table = int(rng.choice([70, 110, 150]))
    return page.transform(size, Image.Transform.PERSPECTIVE, map_back, Image.Resampling.BICUBIC, fillcolor=table)


def lit(rng, kinds, grey):
    ys, xs = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]]
    if "light" in kinds:
        grey = grey * (0.55 + 0.45 * (0.6 * xs / grey.shape[1] + 0.4 * ys / grey.shape[0]))
    if "shadow" in kinds:
        grey = np.where(0.7 * xs + ys > grey.shape[1] * rng.uniform(0.5, 0.8), 0.68, 1.0) * grey
    if "finger" in kinds:
        far = ((xs - grey.shape[1]) / 200) ** 2 + ((ys - grey.shape[0]) / 260) ** 2
        grey = np.where(far < 1, 125.0, grey)
    return grey


def as_bytes(grey):
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


def make(condition, index, pool):
    """The page at `index` of a condition from (label, 28x28 picture) pairs."""
    rng = np.random.default_rng([SEED, zlib.crc32(condition.encode()), index])
    kinds = CONDITIONS[condition].split()
    numbers, ink, height = written(rng, pool)
    page = as_bytes(printed(rng, kinds, height) * (1 - ink) + rng.uniform(30, 90) * ink)
    if "table" in kinds:
        page = on_a_table(rng, page)
    grey = lit(rng, kinds, np.asarray(page).astype(float))
    photo = as_bytes(grey + rng.normal(0, 4, grey.shape)).filter(ImageFilter.GaussianBlur(0.7))
    if "sideways" in kinds:
        photo = photo.transpose(Image.Transpose.ROTATE_90 if rng.random() < 0.5 else Image.Transpose.ROTATE_270)
    if "upside-down" in kinds:
        photo = photo.transpose(Image.Transpose.ROTATE_180)
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=75)
    return Page(numbers, np.asarray(Image.open(file)))
