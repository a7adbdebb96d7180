"""script/robustness: that its pictures are what the rows say, and that its table tells the truth."""

import gzip
import importlib.machinery
import importlib.util
import json
import pathlib
import stat
import sys

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "script"))
loader = importlib.machinery.SourceFileLoader("robustness", str(ROOT / "script" / "robustness"))
spec = importlib.util.spec_from_loader("robustness", loader)
robustness = importlib.util.module_from_spec(spec)
sys.modules["robustness"] = robustness
sys.dont_write_bytecode = True
loader.exec_module(robustness)
from measure import score, sets  # noqa: E402

SEVEN = [[[0, 0], [100, 0], [40, 150]]]
DIGIT = np.zeros((28, 28), np.uint8)
DIGIT[4:24, 12:16] = 255


def row(name_part, source):
    return next(r for r in robustness.ROWS if r.source == source and name_part in r.name)


def picture(name_part, source, sample, index=0):
    samples = [(7, sample)] * (index + 1)
    return list(robustness.pictures(row(name_part, source), samples, index))[0][1]


def ink_box(grey):
    ys, xs = np.nonzero(grey > 64)
    return xs.min(), ys.min(), xs.max() + 1, ys.max() + 1


def test_the_board_of_the_original():
    grey = picture("original's board", "drawn", SEVEN)
    assert grey.shape == (28, 28) and grey.dtype == np.uint8
    left, top, right, bottom = ink_box(grey)
    assert bottom - top == pytest.approx(0.8 * 28, abs=1.5)
    assert (left + right) / 2 == pytest.approx(14, abs=1)
    assert grey[0, 0] == 0 and grey.max() > 240
    # The bar of the seven: two pixels of white.
    column = grey[: 14, 12].astype(float)
    assert column.sum() / 255 == pytest.approx(2, abs=0.3)


@pytest.mark.parametrize("width", [1, 28])
def test_lines_on_the_large_board(width):
    grey = picture(f"line of {width} px at", "drawn", SEVEN)
    assert grey.shape == (280, 280)
    column = grey[:140, 110].astype(float)
    assert column.sum() / 255 == pytest.approx(width, rel=0.15, abs=0.3)
    box = ink_box(grey)
    assert box[3] - box[1] == pytest.approx(224, abs=3)


def test_dark_on_light_is_the_board_inverted():
    light = picture("dark on light", "drawn", SEVEN)
    assert np.array_equal(255 - light, picture("original's board", "drawn", SEVEN))


@pytest.mark.parametrize("source,sample", [("drawn", SEVEN), ("mnist", DIGIT)])
def test_a_third_off_centre(source, sample):
    for index in range(20):
        grey = picture("third of a 280", source, sample, index)
        assert grey.shape == (280, 280)
        left, top, right, bottom = ink_box(grey)
        assert max(right - left, bottom - top) <= 95
        assert max(abs((left + right) / 2 - 140), abs((top + bottom) / 2 - 140)) > 40
        assert left >= 0 and bottom <= 280


def test_turned_pictures_turn_both_ways():
    ways = set()
    for index in range(20):
        grey = picture("turned", "mnist", DIGIT, index).astype(float)
        ys, xs = np.mgrid[0:28, 0:28]
        top, bottom = grey[5:9], grey[19:23]
        lean = (top * xs[5:9]).sum() / top.sum() - (bottom * xs[19:23]).sum() / bottom.sum()
        assert abs(np.degrees(np.arctan(lean / 14))) == pytest.approx(10, abs=2)
        ways.add(np.sign(lean))
    assert ways == {-1, 1}


def test_the_gradient_is_light_with_dark_ink():
    grey = picture("JPEG", "mnist", DIGIT).astype(int)
    assert grey.shape == (112, 112)
    assert grey[56, 56] < 60
    corners = [grey[0, 0], grey[0, -1], grey[-1, 0], grey[-1, -1]]
    assert min(corners) > 90 and max(corners) - min(corners) > 40


def test_any_part_of_a_row_comes_out_alike():
    samples = [(1, SEVEN)] * 6
    target = row("third of a 280", "drawn")
    whole = [p for _, p in robustness.pictures(target, samples)]
    part = [p for _, p in robustness.pictures(target, samples, 4, 2)]
    assert np.array_equal(whole[4], part[0]) and np.array_equal(whole[5], part[1])
    assert not np.array_equal(whole[4], whole[5])


def test_wilson_interval():
    low, high = score.wilson(440, 450)  # by the formula of Wilson (1927)
    assert low == pytest.approx(0.9597, abs=1e-3) and high == pytest.approx(0.9879, abs=1e-3)
    assert score.wilson(10, 10)[1] == pytest.approx(1)
    assert score.wilson(0, 10)[0] == pytest.approx(0)


def test_one_point_is_allowed_and_no_more():
    made, clean = score.Score, score.Score(9950, 10000)
    target = row("inverted", "mnist")
    assert robustness.outcome(target, made(9850, 10000), clean) == "pass"
    assert robustness.outcome(target, made(9849, 10000), clean) == "**fail**"
    unmarked = row("third of the 28-px", "mnist")
    assert robustness.outcome(unmarked, made(10, 10000), clean) == "reported only"


# A stand-in for longhand: it reads the set that it is given and reports as many right as it says.
FAKE = """#!{python}
import json, pathlib, struct, sys
arguments = sys.argv[1:]
assert arguments[:2] == ["evaluate", "--json"], arguments
if "--folder" in arguments:
    n = len(list(pathlib.Path(arguments[arguments.index("--folder") + 1]).glob("*/*.jpg")))
else:
    images = pathlib.Path(arguments[arguments.index("--images") + 1]).read_bytes()
    labels = pathlib.Path(arguments[arguments.index("--labels") + 1]).read_bytes()
    magic, n, height, width = struct.unpack(">IIII", images[:16])
    assert magic == 0x803 and len(images) == 16 + n * height * width
    assert struct.unpack(">II", labels[:8]) == (0x801, n) and len(labels) == 8 + n
    bad = height == 280 and "{bad}" == "large boards"
raw = "--raw" in arguments
name = arguments[arguments.index("--model") + 1]
correct = n // 2 if raw or ("--folder" not in arguments and bad) else n
print(json.dumps({{"correct": correct, "samples": n, "skipped": 0, "model": {{"name": name, "version": "abc"}}}}))
"""


@pytest.fixture
def sources(tmp_path):
    drawn = tmp_path / "data" / "drawn-alphanumeric"
    drawn.mkdir(parents=True)
    lines = [json.dumps({"label": label, "strokes": SEVEN}) for label in "7A7b7"]
    (drawn / "strokes.ndjson.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    mnist = tmp_path / "mnist"
    mnist.mkdir()
    sets.write_idx(mnist / "t10k-images-idx3-ubyte", np.stack([DIGIT] * 4))
    sets.write_idx(mnist / "t10k-labels-idx1-ubyte", np.array([1, 1, 7, 1]))
    return tmp_path


def run(folder, bad=""):
    program = folder / "longhand"
    program.write_text(FAKE.format(python=sys.executable, bad=bad))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    output = folder / "docs" / "robustness.md"
    status = robustness.main(
        [str(folder / "data"), "--mnist", str(folder / "mnist"), "--longhand", str(program), "--output", str(output)]
    )
    return status, output.read_text()


def test_writes_the_page(sources):
    status, page = run(sources)
    assert status == 0
    lines = [line for line in page.splitlines() if line.startswith("|") and "%" in line]
    assert len(lines) == len(robustness.ROWS)
    assert "| inverted | 4 | 100.00 % (51.0 to 100.0) | +0.00 | pass | 50.00 % (15.0 to 85.0) |" in lines
    assert sum("| 3 |" in line for line in lines) == 7  # the digits of the drawn set only
    assert "`digits` (version abc)" in page and "`numberrec-2018` (version abc)" in page


def test_fails_when_a_row_loses_more(sources, capsys):
    status, page = run(sources, bad="large boards")
    assert status == 1
    assert page.count("**fail**") == 4
    assert "more than 1 point lost" in capsys.readouterr().err
