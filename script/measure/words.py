"""Words of separate letters, by the model of 62 classes.

A word is put together from drawn-alphanumeric's letters of one writer, whom no model knows, each as high as such a
letter is in print beside the writer's others. Everything random comes from SEED. Committed before the first reading.
"""

import gzip
import json
import pathlib

import numpy as np

from measure.drawing import draw
from measure.drawn_digits import write_strokes
from measure.numbers import text_of
from measure.rows import Row, Table, work_folder, write_files
from measure.score import Score

SEED = 20191201
COUNT = 500
WORDS = """apple bread cheese coffee dinner engine flower ground hammer island jacket kitchen letter mirror napkin ocean
people queen rabbit school ticket uncle village weather yesterday zipper mimic wow minimum Anna Berlin Cairo Dublin Emma
Frank Geneva Hugo Iris Jonas Kyoto Lisbon Milan Nora Oskar Prague Rome Sofia Tokyo Ulm Vienna Wales Xenia York Zoe EXIT
OPEN TAXI STOP MILK WOMAN KIWI MAXIMUM QUIZ JAZZ BERG FUND 1984 2025 30517 640 77 A4 B12 K2 7th 3rd""".split()
SMALL, TAIL = "acemnorsuvwxz", "gjpqy"
GAPS = (0.12, 0.28)  # between letters, of a capital's height
SIZES = 0.07
BOARD, LINE = 1400, 9
TEXT = """Words put together from drawn-alphanumeric's letters, each word of one writer, {n} in all, by
`script/measure/words.py`; read as a line by the model of 62 classes. Folded: but for case. A word counts if all of it is
right, by the best candidates."""


def letters_of_writers(folder):
    """The strokes of each writer's characters: {writer: {character: strokes}}."""
    writers = {}
    with gzip.open(folder / "drawn-alphanumeric" / "strokes.ndjson.gz", "rt") as lines:
        for record in (json.loads(line) for line in lines if line.strip()):
            writers.setdefault(record.get("writer", 0), {}).setdefault(record["label"], record["strokes"])
    return writers


def sized(rng, character, strokes):
    """The strokes with a capital's height as 1 and the line's foot at y = 0; and their width."""
    paths = [np.asarray(stroke, dtype=float)[:, :2] for stroke in strokes if len(stroke)]
    points = np.concatenate(paths)
    low, high = points.min(axis=0), points.max(axis=0)
    wide, tall = np.maximum(high - low, 1e-6)
    height = 0.62 if character in SMALL else 0.95 if character in TAIL else 1.0
    foot = 0.33 if character in TAIL else 0.0
    scale = height / max(tall, wide / 2) * (1 + rng.uniform(-SIZES, SIZES))
    return [(path - [low[0], high[1]]) * scale + [0, foot] for path in paths], wide * scale


def word(rng, text, letters):
    strokes, x = [], 0.0
    for character in text:
        paths, width = sized(rng, character, letters[character])
        strokes += [path + [x, 0] for path in paths]
        x += width + rng.uniform(*GAPS)
    return [(100 * path).tolist() for path in strokes]


def words(writers, count):
    """(text, strokes) of `count` words."""
    rng = np.random.default_rng(SEED)
    made, names = [], sorted(writers)
    while len(made) < count:
        text, letters = WORDS[rng.integers(len(WORDS))], writers[names[rng.integers(len(names))]]
        if all(character in letters for character in text):
            made.append((text, word(rng, text, letters)))
    return made


def cropped(picture, margin=30):
    ys, xs = np.nonzero(picture)
    return np.pad(picture[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1], margin)


def rows_of(name, texts, readings):
    got = [text_of(reading) for reading in readings]
    same = sum(a == b for a, b in zip(texts, got))
    folded = sum(a.lower() == b.lower() for a, b in zip(texts, got))
    return [Row(f"{name}: exactly", Score(same, len(texts))), Row(f"{name}: folded", Score(folded, len(texts)))]


def measure(context):
    if not context.letters:
        return [Table("Words", TEXT.format(n=0), [Row("words", skipped="no model `alphanumeric` is shipped yet")])]
    if not (context.data / "drawn-alphanumeric").is_dir():
        return [Table("Words", TEXT.format(n=0), [Row("words", skipped="no folder drawn-alphanumeric")])]
    writers = letters_of_writers(context.data)
    known = set.intersection(*(set(letters) for letters in writers.values()))
    if not any(set(text) <= known for text in WORDS):
        return [Table("Words", TEXT.format(n=0), [Row("words", skipped="too few letters in drawn-alphanumeric")])]
    made = words(writers, context.limit or COUNT)
    texts = [text for text, _ in made]
    with work_folder() as folder:
        file = pathlib.Path(folder) / "words.ndjson"
        write_strokes(texts, [strokes for _, strokes in made], file)
        rows = rows_of("strokes", texts, context.letters.recognize([file], "line"))
        pictures = [cropped(draw(strokes, BOARD, LINE, fill=0.9)) for _, strokes in made]
        files = write_files(pictures, pathlib.Path(folder))
        rows += rows_of("pictures", texts, context.letters.recognize(files, "line"))
    return [Table("Words", TEXT.format(n=len(made)), rows)]
