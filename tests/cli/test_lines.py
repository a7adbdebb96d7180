"""longhand recognize of several glyphs, with the shipped model of digits."""
import json
import math

import numpy
import pytest
from conftest import ROOT
from PIL import Image, ImageDraw

DIGITS = ROOT / "models" / "digits.onnx"
SYMBOLS = ROOT / "models" / "symbols.onnx"
FOUR = [[[20, 0], [0, 70], [60, 70]], [[42, 40], [42, 120]]]
SEVEN = [[[0, 5], [55, 5], [25, 120]]]
ONE = [[[25, 0], [25, 120]]]
SHAPES = {"4": FOUR, "7": SEVEN, "1": ONE}
SIGNS = {"-": [[[10, 62], [48, 60]]], ".": [[[28, 117]]], "/": [[[50, -4], [8, 128]]], ":": [[[29, 45]], [[30, 100], [33, 102]]],
         ",": [[[32, 112], [33, 122], [24, 138]]]}


def strokes(text, apart=85):
    """The text as a pen writes it; blanks part words, \\n lines."""
    written = []
    for row, line in enumerate(text.split("\n")):
        for column, digit in enumerate(line):
            written += [[[x + 40 + column * apart, y + 40 + row * 200] for x, y in stroke]
                        for stroke in (SHAPES | SIGNS).get(digit, [])]
    return written


def picture(file, text, **form):
    written = strokes(text, **form)
    size = [int(max(p[i] for stroke in written for p in stroke)) + 40 for i in (0, 1)]
    image = Image.new("L", size, 235)
    for stroke in written:
        ImageDraw.Draw(image).line([tuple(p) for p in stroke], fill=30, width=9, joint="curve")
        for x, y in stroke:
            ImageDraw.Draw(image).ellipse((x - 4, y - 4, x + 4, y + 4), fill=30)
    image.save(file)


def read(longhand, *arguments):
    result = longhand("recognize", "--json", "--model", DIGITS, *arguments)
    assert result.code == 0, result.err
    return result.json


@pytest.mark.parametrize("text", ["47", "7141", "14774171"])
def test_a_number_by_picture_and_by_strokes(longhand, tmp_path, text):
    picture(tmp_path / "a.png", text)
    (tmp_path / "a.json").write_text(json.dumps({"strokes": strokes(text)}))
    for file in ("a.png", "a.json"):
        line = read(longhand, "--mode", "line", file)
        assert line["text"] == text and not line["rejected"]
        assert "".join(glyph["text"] for glyph in line["glyphs"]) == text
        lefts = [glyph["box"][0] for glyph in line["glyphs"]]
        assert lefts == sorted(lefts)
        assert 0 < line["confidence"] <= 1
        assert read(longhand, "--mode", "auto", file)["text"] == text


def test_a_page(longhand, tmp_path):
    text = "471  14\n7\n174  7"
    picture(tmp_path / "a.png", text, apart=75)
    assert read(longhand, "--mode", "page", "a.png")["text"] == text.replace("  ", " ")
    shown = longhand("recognize", "--mode", "page", "--model", DIGITS, "a.png").out.splitlines()
    assert len(shown) == 3 and shown[0].split() == ["a.png", "471", "14"]
    assert shown[1].split() == ["7"] and shown[2].split()[:2] == ["174", "7"]


def test_auto_answers_one_glyph_as_the_mode_glyph_does(longhand, tmp_path):
    for digit in SHAPES:
        picture(tmp_path / f"{digit}.png", digit)
        ways = (["--mode", "glyph"], ["--mode", "auto"], [])
        readings = [read(longhand, *way, f"{digit}.png") for way in ways]
        for reading in readings:
            del reading["elapsed_us"]
        assert readings[0] == readings[1] == readings[2] and readings[0]["text"] == digit


def test_a_number_is_read_without_being_announced(longhand, tmp_path):
    picture(tmp_path / "a.png", "4714")
    assert read(longhand, "a.png")["text"] == "4714"


def test_a_pattern_says_how_long_the_number_is(longhand, tmp_path):
    picture(tmp_path / "a.png", "4714")
    assert read(longhand, "--mode", "line", "--pattern", "dddd", "a.png")["text"] == "4714"
    wrong = read(longhand, "--mode", "line", "--pattern", "d" * 30, "a.png")
    assert wrong["rejected"] and wrong["text"] == ""


@pytest.mark.parametrize("text", ["14/7/1477", "1477-14-17", "17:41", "-7.4", "14,714.71", "7.7.74"])
def test_dates_times_and_amounts(longhand, tmp_path, text):
    picture(tmp_path / "a.png", text)
    (tmp_path / "a.json").write_text(json.dumps({"strokes": strokes(text)}))
    pattern = "".join("d" if c.isdigit() else c for c in text)
    for file in ("a.png", "a.json"):
        signs = longhand("recognize", "--json", "--model", SYMBOLS, file)
        assert signs.json["text"] == text and signs.json["confidence"] > 0.5, file
        # A pattern says which marks there are, so that a model that knows none of them finds them.
        assert read(longhand, "--pattern", pattern, file)["text"] == text, file


def ring(x, y, wide, high):
    return [[x + wide * math.cos(turn / 8), y + high * math.sin(turn / 8)] for turn in range(51)]


def test_what_is_drawn_around_is_not_read(longhand, tmp_path):
    image = Image.new("L", (200, 240), 235)
    circled = [[[x + 70, y + 55] for x, y in stroke] for stroke in FOUR] + [ring(100, 115, 85, 100)]
    for stroke in circled:
        ImageDraw.Draw(image).line([tuple(p) for p in stroke], fill=30, width=9, joint="curve")
    image.save(tmp_path / "circled.png")
    (tmp_path / "circled.json").write_text(json.dumps({"strokes": circled}))
    for file in ("circled.png", "circled.json"):
        reading = read(longhand, file)
        assert reading["text"] == "4" and len(reading["glyphs"]) == 1, file
        assert read(longhand, "--mode", "line", file)["text"] == "4", file


def test_a_form_with_a_tick_between_its_digits(longhand, tmp_path):
    picture(tmp_path / "a.png", "4714")
    image = Image.open(tmp_path / "a.png")
    pen = ImageDraw.Draw(image)
    pen.line([(10, 182), (370, 182)], fill=80, width=2)
    for place in range(5):
        pen.line([(27 + 85 * place, 182), (27 + 85 * place, 160)], fill=80, width=2)
    image.save(tmp_path / "a.png")
    assert read(longhand, "a.png")["text"] == "4714"


@pytest.mark.parametrize("arguments, part", [
    (["--mode", "glyph", "--pattern", "dd"], "several characters"),
    (["--mode", "line", "--pattern", "Add"], "doesn't know"),
])
def test_what_the_model_cannot_read_is_wrong_usage(longhand, arguments, part):
    result = longhand("recognize", "--model", DIGITS, *arguments, "a.png")
    assert result.code == 2 and part in result.err


def test_noise_is_read_in_bounded_time(longhand, tmp_path):
    noise = numpy.random.default_rng(1).integers(0, 2, (1200, 1600), dtype=numpy.uint8) * 255
    Image.fromarray(noise).save(tmp_path / "noise.png")
    for mode in ("line", "page", "auto"):
        read(longhand, "--mode", mode, "noise.png")


@pytest.mark.parametrize("text", ["47", "74", "471", "7447"])
def test_digits_that_touch(longhand, tmp_path, text):
    """Neighbours share ink: only cuts part them."""
    picture(tmp_path / "a.png", text, apart=57)
    line = read(longhand, "--mode", "line", "--models", ROOT / "models", "a.png")
    assert line["text"] == text and not line["rejected"], line


@pytest.mark.parametrize("text, apart", [("74", 32), ("74", 38), ("74", 44), ("71", 38)])
def test_two_digits_that_touch_are_no_digit(longhand, tmp_path, text, apart):
    """They hang together and are hardly wider than one: a model of pairs tells, without being told how many there are."""
    picture(tmp_path / "a.png", text, apart=apart)
    reading = read(longhand, "--models", ROOT / "models", "a.png")
    assert reading["text"] == text and [glyph["text"] for glyph in reading["glyphs"]] == list(text), reading
    first, second = (glyph["box"] for glyph in reading["glyphs"])
    assert first[0] < second[0] and first[0] + first[2] < second[0] + second[2]
