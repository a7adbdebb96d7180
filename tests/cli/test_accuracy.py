"""script/accuracy and script/measure: that the sets are what the rows say, and that the page tells the truth."""

import gzip
import importlib.machinery
import importlib.util
import json
import pathlib
import sys

import numpy as np
import onnx
import pytest
from conftest import BIN, DIGITS, read_idx

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "script"))
from measure import amounts, corruptions, digit_sets, drawn_digits, forms, letters, negatives  # noqa: E402
from measure import number_strings, page, page_photos, pages, seeds, sets, words  # noqa: E402
from measure.rows import Calibration, Context, Reader, Row, Table  # noqa: E402
from measure.score import Score  # noqa: E402

loader = importlib.machinery.SourceFileLoader("accuracy", str(ROOT / "script" / "accuracy"))
accuracy = importlib.util.module_from_spec(importlib.util.spec_from_loader("accuracy", loader))
loader.exec_module(accuracy)

SEVEN = [[[0, 0], [100, 0], [40, 150]]]


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


# --- Corruptions -------------------------------------------------------------------------------


def corrupted(name, pictures=None):
    if pictures is None:
        pictures = np.stack([picture for _, picture in digit_pool()[:60]]) / 255
    return pictures, getattr(corruptions, name)(pictures, np.random.default_rng(3))


def test_every_corruption_gives_pictures_and_changes_them():
    assert len(corruptions.CORRUPTIONS) == 15
    for corruption in corruptions.CORRUPTIONS:
        before, after = corrupted(corruption.__name__)
        again = corrupted(corruption.__name__)[1]
        assert after.shape == before.shape and after.min() >= 0 and after.max() <= 1, corruption
        assert np.array_equal(after, again) and np.abs(after - before).max(axis=(1, 2)).min() > 0.1, corruption


def test_noise_is_as_strong_as_it_says():
    before, after = corrupted("impulse_noise", np.full((50, 28, 28), 0.5))
    assert (after != before).mean() == pytest.approx(0.17, abs=0.01)
    assert (after == 1).mean() == pytest.approx(0.085, abs=0.01)
    before, after = corrupted("shot_noise", np.full((50, 28, 28), 0.25))
    assert after.mean() == pytest.approx(0.25, abs=0.01)
    assert after.std() == pytest.approx(np.sqrt(0.25 / 3), abs=0.02)


def middles(pictures):
    y, x = np.mgrid[0:28, 0:28]
    mass = pictures.sum(axis=(1, 2))
    return (pictures * x).sum(axis=(1, 2)) / mass, (pictures * y).sum(axis=(1, 2)) / mass


def test_geometry():
    square = np.zeros((40, 28, 28))
    square[:, 9:19, 9:19] = 1  # its middle is the picture's
    for name in ("shear", "scale", "rotate"):
        for middle in middles(corrupted(name, square)[1]):
            assert middle == pytest.approx(np.full(40, 13.5), abs=0.1), name
    assert corrupted("scale", square)[1].sum(axis=(1, 2)) == pytest.approx(np.full(40, 49), abs=1.5)
    x, y = middles(corrupted("translate", square)[1])
    assert set(np.round(x - 13.5)) == {-3, 3} and set(np.round(y - 13.5)) == {-3, 3}


def test_lines_and_edges():
    paper = np.zeros((30, 28, 28))
    dotted = corrupted("dotted_line", paper)[1]
    assert dotted[:, :, [0, 1, 4, 5]].max() == 0 and dotted[:, :, [2, 3, 6, 7]].max() > 0.5
    assert corrupted("zigzag", paper)[1].max(axis=(1, 2)).min() > 0.5
    square = np.zeros((1, 28, 28))
    square[:, 8:20, 8:20] = 0.5  # soft edges, so that each has one ridge
    square[:, 9:19, 9:19] = 1
    edges = corrupted("canny_edges", square)[1][0]
    assert edges[14].sum() == 2 and edges[:, 14].sum() == 2 and edges[14, 14] == 0
    assert np.array_equal(corrupted("stripe", square)[1][0][:, 7:21], square[0][:, 7:21])


# --- Pages and words ---------------------------------------------------------------------------


def test_pages_are_the_same_everywhere():
    pool = digit_pool()
    blank, again = (page_photos.make("blank paper", 0, pool) for _ in range(2))
    assert blank.numbers == again.numbers and np.array_equal(blank.picture, again.picture)
    assert blank.picture.shape == (page_photos.HEIGHT, page_photos.WIDTH)
    assert all(2 <= len(number) <= 6 and number.isdigit() for number in blank.numbers) and len(blank.numbers) > 5
    assert page_photos.make("blank paper", 1, pool).numbers != blank.numbers
    for condition, kinds in page_photos.CONDITIONS.items():
        photo = page_photos.make(condition, 3, pool)
        larger = page_photos.TABLE if "table" in kinds else 0
        upright = (page_photos.HEIGHT + larger, page_photos.WIDTH + larger)
        assert photo.picture.shape == (upright[::-1] if "sideways" in kinds else upright)
        assert photo.numbers and photo.picture.std() > 5


def test_numbers_too_many_count_as_wrong():
    assert pages.score(["12", "345"], "12 345") == Score(2, 2)
    assert pages.score(["12", "345"], "345\n12 7 7") == Score(2, 4)
    assert pages.score(["12", "12"], "12") == Score(1, 2)
    assert pages.score(["12"], "") == Score(0, 1)


def test_words_are_of_one_writer_and_its_letters_on_a_line():
    def written(mark):
        return {c: [[[0, 0], [mark, 0], [mark, 300]]] for c in "".join(words.WORDS)}

    made = words.words({1: written(100), 2: written(200)}, 30)
    assert [text for text, _ in made] == [text for text, _ in words.words({1: written(100), 2: written(200)}, 30)]
    widths = [{round(np.ptp([x for x, _ in stroke]) / np.ptp([y for _, y in stroke]), 3) for stroke in strokes}
              for _, strokes in made]
    assert all(len(of_word) == 1 for of_word in widths) and len({min(of_word) for of_word in widths}) == 2
    rng = np.random.default_rng(1)
    for character, low, high in (("A", 0, 1), ("a", 0, 0.62), ("g", 0.33, 0.95)):
        (path,), _ = words.sized(rng, character, SEVEN)
        assert path[:, 1].max() == pytest.approx(low)
        assert np.ptp(path[:, 1]) == pytest.approx(high, rel=words.SIZES)


def test_amounts_are_written_as_their_texts_say():
    digits = {1: {c: SEVEN for c in "0123456789"}}
    made = amounts.made(digits, 60)
    assert [text for text, _, _ in made] == [text for text, _, _ in amounts.made(digits, 60)]
    for text, strokes, pen in made:
        lows = [max(y for _, y in stroke) for stroke in strokes]
        assert len(strokes) >= len(text) and amounts.LINES[0] <= pen <= amounts.LINES[1]
        assert set(text) <= set("0123456789" + amounts.SIGNS) and max(lows) < 40, "on one line"
    assert amounts.pattern_of("+3.50") == "\\+d.dd" and amounts.pattern_of("12:45") == "dd:dd"
    rng = np.random.default_rng(1)
    for character in amounts.SIGNS:
        points = np.concatenate(amounts.sign(rng, character))
        low = {".": -0.2, ",": -0.2}.get(character, -1.3)
        assert points[:, 1].min() >= low and points[:, 1].max() <= 0.3 and np.ptp(points[:, 0]) < 1


def test_forms_are_the_same_everywhere_and_hold_their_digits():
    pool = digit_pool()
    for kind in forms.KINDS:
        text, picture = forms.make(kind, 5, pool)
        again, same = forms.make(kind, 5, pool)
        assert text == again and (picture == same).all() and picture.dtype == np.uint8
        assert text.isdigit() and (len(text) == 1) == ("a digit" in kind) or "a note" in kind
        assert min(picture.shape[:2]) >= 60 and picture.max() - picture.min() > 60
    assert forms.make("a row of cells", 6, pool)[0] != forms.make("a row of cells", 5, pool)[0]


# --- Other sets --------------------------------------------------------------------------------


def test_the_list_of_upright_letters():
    places = letters.upright()
    assert len(places) == 6612 and (np.diff(places) > 0).all() and places[0] == 0 and places[-1] == 6830


def test_strokes_are_those_of_the_pictures():
    for board in drawn_digits.BOARDS:
        picture = drawn_digits.as_pictures(board, [SEVEN])[0]
        points = np.concatenate(drawn_digits.as_strokes(board, [SEVEN])[0])
        assert picture.shape == (board[1], board[1])
        ys, xs = np.nonzero(picture > 64)
        reach = board[2] / 2 + 1
        assert points[:, 0].min() == pytest.approx(xs.min(), abs=reach)
        assert points[:, 1].max() == pytest.approx(ys.max(), abs=reach)


# The characters, and a network that always answers the first of them that is a capital: A.
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def model_of_62_classes(file):
    helper, of = onnx.helper, onnx.numpy_helper.from_array
    bias = np.zeros(62, np.float32)
    bias[10] = 5
    graph = helper.make_graph(
        [helper.make_node("Flatten", ["x"], ["f"]), helper.make_node("Gemm", ["f", "w", "b"], ["y"])], "always-a",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["batch", 1, 28, 28])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["batch", 62])],
        [of(np.zeros((784, 62), np.float32), "w"), of(bias, "b")],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    card = {"format": "1", "name": "always-a", "alphabet": "alphanumeric", "characters": CHARACTERS,
            "normalization": "raw", "input": "1x28x28", "temperature": "1", "reject_threshold": "0"}  # fmt: skip
    onnx.helper.set_model_props(model, card)
    file.write_bytes(model.SerializeToString())


def test_letters(data, monkeypatch):
    model_of_62_classes(data / "always-a.onnx")
    pictures = np.stack([picture for _, picture in digit_pool()[:10]])
    for name, labels in (("letters-upper-segmented", "AABCAAAAAA"), ("alphanumeric-scanned-paper", "aA7aAbAAAA")):
        folder = data / "data" / name
        folder.mkdir()
        sets.write_idx(folder / "images-idx3-ubyte", pictures)
        sets.write_idx(folder / "labels-idx1-int", np.array([ord(label) for label in labels]), 0x0C)
    monkeypatch.setattr(letters, "upright", lambda: np.array([0, 2, 4]))
    reader = Reader(str(BIN / "longhand"), ROOT / "models", str(data / "always-a.onnx"))
    ours = Reader(reader.program, reader.models, "digits")
    context = Context(data / "data", data / "mnist", ours, None, reader, reader)
    rows = {row.name: row.ours for row in letters.measure(context)[0].rows}
    assert rows["drawn-alphanumeric, strokes: 62 classes"] == Score(1, 5)  # of 7A7b7
    assert rows["letters-upper-segmented, the upright: folded"] == Score(2, 3)
    assert rows["alphanumeric-scanned-paper: 62 classes"] == Score(6, 10)
    assert rows["alphanumeric-scanned-paper: folded"] == Score(8, 10)
    (alone,) = [ours for name, ours in rows.items() if "digits alone" in name]
    assert alone.samples == 1


def test_near_duplicates_are_told_from_others():
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 4:8] = picture[20:24, 4:20] = 255  # an L
    moved = np.roll(picture, (2, 5), (0, 1))
    other = picture[:, ::-1]
    assert digit_sets.nearest(np.stack([moved]), np.stack([other, picture]))[0] > 0.99
    assert digit_sets.nearest(np.stack([moved]), np.stack([other]))[0] < digit_sets.NEAR


def test_what_is_accepted():
    def reading(*confidences):
        return {"glyphs": [{"confidence": c} for c in confidences]}

    score = negatives.accepted([reading(0.9), reading(0.5), reading(0.49), reading()], 0.5)
    assert (score.correct, score.samples) == (2, 4)
    assert len({str(negatives.scribble(i)) for i in range(8)}) == 8
    assert str(negatives.scribble(3)) == str(negatives.scribble(3))


def test_seeds_are_read_from_logs(tmp_path):
    logs = tmp_path / "recipes" / "logs"
    logs.mkdir(parents=True)

    def write(seed, share, steps=100):
        start = {"event": "start", "name": "digits", "seed": seed, "recipe_digest": f"of-{seed}", "steps": steps}
        events = [start | {"train_samples": 10, "parameters": 5}, {"event": "epoch"}]
        if share:
            events.append({"event": "end", "test_samples": 100, "test_accuracy": share})
        (logs / f"{seed}.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))

    for seed, share in ((1, 0.99), (2, 0.98), (3, 0.97), (4, None)):
        write(seed, share)
    write(5, 0.5, steps=99)  # of an older recipe
    card = {"name": "digits", "notes": {"recipe_digest": "of-2"}}
    (row,) = seeds.measure(tmp_path, [card])[0].rows
    assert row.ours == Score(98, 100) and "3 seeds (1 2 3): 99.00, 98.00, 97.00 %" in row.name
    (row,) = seeds.measure(tmp_path, [{"name": "digits", "notes": {}}])[0].rows
    assert row.skipped and row.ours is None


def test_retraining_brings_the_logs(tmp_path):
    (tmp_path / "script").mkdir()
    (tmp_path / "recipes" / "logs").mkdir(parents=True)
    script = tmp_path / "script" / "train-digits"
    trained = "mkdir -p runs/digits-$s; echo $s > runs/digits-$s/log.jsonl"
    script.write_text(f"#!/bin/sh\nfor s in $@; do {trained}; done\n")
    script.chmod(0o755)
    seeds.retrain(tmp_path)
    logs = sorted((tmp_path / "recipes" / "logs").iterdir())
    assert [log.read_text() for log in logs] == [f"{seed}\n" for seed in range(1, 6)]
    assert logs[0].name == "digits-seed-1.jsonl"
    script.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(SystemExit, match="goes on"):
        seeds.retrain(tmp_path)


def test_what_a_recipe_holds_out(tmp_path):
    recipe = tmp_path / "a.toml"
    recipe.write_text('[data]\nvalidation = 7\nsplit_seed = 3\ntrain = { images = "x/train-images-idx3-ubyte" }\n')
    assert accuracy.held_out(recipe) == (7, 3)
    sources = '[{ folder = "b" }, { images = "x/train-images-idx3-ubyte", validation = 9 }]'
    recipe.write_text(f"[data]\nsplit_seed = 3\ntrain = {sources}\n")
    assert accuracy.held_out(recipe) == (9, 3)
    recipe.write_text('[data]\nsplit_seed = 3\ntrain = [{ folder = "b" }]\n')
    with pytest.raises(SystemExit, match="MNIST"):
        accuracy.held_out(recipe)


# --- The page ----------------------------------------------------------------------------------


def test_goals_are_judged_in_whole_samples():
    assert Row("a", Score(9975, 10000), goal=0.9975).reached()
    assert not Row("a", Score(9974, 10000), goal=0.9975).reached()
    assert Row("a", Score(5, 100), goal=0.05, at_most=True).reached()
    assert not Row("a", Score(6, 100), goal=0.05, at_most=True).reached()
    assert Calibration(5000, 0.01, 0.001).within() and not Calibration(5000, 0.011, 0.02).within()
    assert Calibration(450, 0.02, 0.02).within() and not Calibration(450, 0.021, 0.02).within()


def test_the_page():
    rows = [Row("a set", Score(9, 10), Score(1, 10), 0.95), Row("another", skipped="no folder another", goal=0.9)]
    card = {"name": "digits", "version": "abc", "notes": {"data": "MNIST"}}
    text = page.compose([Table("Title", "Text.", rows)], [card], "STALE\n" + page.NOTES + "\nWhy a set is missed.\n")
    assert "| a set | 10 | 90.00 % (59.6 to 98.2) | 95 % | **missed** | 10.00 % (1.8 to 40.4) |" in text
    assert "| another | | not measured: no folder another | 90 % | | |" in text
    assert "`digits` (version abc; learned from MNIST)" in text
    assert text.endswith("Why a set is missed.\n") and "STALE" not in text


@pytest.fixture
def data(tmp_path):
    """A folder of sets, made of the few digits of the tests."""
    labels, images = zip(*digit_pool())
    (tmp_path / "mnist").mkdir()
    for part in ("t10k", "train"):
        sets.write_idx(tmp_path / "mnist" / f"{part}-images-idx3-ubyte", np.stack(images))
        sets.write_idx(tmp_path / "mnist" / f"{part}-labels-idx1-ubyte", np.array(labels))
    folder = tmp_path / "data" / "digits-nist"
    folder.mkdir(parents=True)
    sets.write_idx(folder / "images-idx3-ubyte", np.stack(images[::-1]))
    sets.write_idx(folder / "labels-idx1-int", np.array([ord(str(label)) for label in labels[::-1]]), 0x0C)
    drawn = tmp_path / "data" / "drawn-alphanumeric"
    drawn.mkdir()
    lines = [json.dumps({"label": label, "strokes": SEVEN}) for label in "7A7b7"]
    (drawn / "strokes.ndjson.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    return tmp_path


def test_the_whole_script(data, longhand):
    output = data / "accuracy.md"
    arguments = [data / "data", "--mnist", data / "mnist", "--longhand", BIN / "longhand", "--models", ROOT / "models"]
    arguments += ["--limit", "12", "--output", output, "--reports", data / "reports"]
    assert accuracy.main([str(argument) for argument in arguments]) == 0
    text = output.read_text()
    titles = "\n".join(line for line in text.splitlines() if line.startswith("## "))
    for title in ("over seeds", "other", "Drawn", "Numbers", "Pages", "Forms and boards", "Corrupted", "No digits",
                  "Letters", "Words", "Amounts", "Calibration"):
        assert title in titles
    assert "| digits-turkey | | not measured: no folder digits-turkey | 98.5 % | | |" in text
    assert "12 pictures are in MNIST's training set byte by byte" in " ".join(text.split())
    few = [str(data / "few-images"), str(data / "few-labels")]
    sets.write_idx(few[0], np.stack([picture for _, picture in digit_pool()[:12]]))
    sets.write_idx(few[1], np.array([label for label, _ in digit_pool()[:12]]))
    got = longhand("evaluate", "--json", "--models", ROOT / "models", "--images", few[0], "--labels", few[1]).json
    assert f"| MNIST test, the shipped network | 12 | {Score(got['correct'], 12).text()} |" in text
    assert (data / "reports" / "mnist" / "report.html").exists()
