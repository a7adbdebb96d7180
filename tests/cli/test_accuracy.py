"""script/accuracy and script/measure: that the sets are what the rows say, and that the page tells the truth."""

import pathlib
import sys

import numpy as np
import pytest
from conftest import DIGITS, read_idx

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "script"))
from measure import number_strings, sets  # noqa: E402


def digit_pool():
    labels = read_idx(DIGITS / "labels-idx1-ubyte.gz")
    return [(int(label), picture) for label, picture in zip(labels, read_idx(DIGITS / "images-idx3-ubyte.gz"))]


def test_the_held_out_digits_are_those_of_the_trainer():
    assert sets.held_out(20, 4, 1) == [1, 3, 10, 14]  # as src/data/split_test.cpp has it
    assert len(set(sets.held_out(1000, 100, 7))) == 100


def components(ink):
    """How many pieces the ink has, corners joining them."""
    left = set(zip(*np.nonzero(ink)))
    pieces = 0
    while left:
        pieces += 1
        edge = [left.pop()]
        while edge:
            y, x = edge.pop()
            near = {(y + v, x + u) for v in (-1, 0, 1) for u in (-1, 0, 1)} & left
            left -= near
            edge += near
    return pieces


def test_strings_touch_where_they_say():
    bar = np.zeros((28, 28), np.uint8)
    bar[4:24, 12:16] = 255
    slash = np.zeros((28, 28), np.uint8)
    for y in range(4, 24):
        slash[y, 24 - y : 27 - y] = 255
    pool = [(1, bar), (7, slash)]
    for index in range(40):
        string = number_strings.make(index, 4, pool)
        assert components(string.picture >= number_strings.INK) == 4 - sum(string.touching)


def test_strings_are_the_same_everywhere():
    pool = digit_pool()
    made = [number_strings.make(index, length, pool) for length in (2, 5, 8) for index in range(60)]
    # What was read before must be what is read tomorrow.
    first = made[60]
    assert [string.text for string in made[60:63]] == ["97699", "56956", "71992"]
    assert first.touching == [True, True, False, True] and first.picture.shape == (80, 164)
    share = np.mean([touches for string in made for touches in string.touching])
    assert share == pytest.approx(1 / 3, abs=0.06)
    for string in made:
        assert string.picture.dtype == np.uint8 and string.picture.max() > 200
        assert string.picture[0].max() == 0 and len(string.touching) == len(string.text) - 1
