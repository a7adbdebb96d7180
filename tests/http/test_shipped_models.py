"""The main job with the models that are shipped: one answer, whichever way one asks."""

import html
import json
import re
import subprocess
import urllib.parse

import pytest

import samples
from longhand_server import ROOT, program

URL = "/api/v1/recognitions"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    from longhand_server import Server
    running = Server(tmp_path_factory.mktemp("shipped"), ROOT / "models").wait_until_ready()
    yield running
    assert running.stop() == 0, running.log.read_text()


@pytest.mark.parametrize("strokes,text", [(samples.SEVEN, "7"), (samples.ONE, "1")])
def test_a_drawn_digit_is_read(shipped, strokes, text):
    for answer in (shipped.post_picture(samples.png(strokes)),
                   shipped.post_picture(samples.png(strokes, background=255, ink=20, form="JPEG")),
                   shipped.post_json(URL, {"strokes": strokes})):
        assert answer.status == 201 and answer.json()["text"] == text, answer.body
        assert answer.json()["model"]["name"] == "digits"


FORTY_SEVEN = [[[40, 20], [20, 90], [80, 90]], [[62, 60], [62, 140]], [[120, 25], [175, 25], [145, 140]]]


@pytest.mark.parametrize("mode", ["line", "auto"])
def test_a_number_is_read_from_a_picture_and_from_strokes(shipped, mode):
    for answer in (shipped.post_picture(samples.png(FORTY_SEVEN, width=10), f"{URL}?mode={mode}&pattern=dd"),
                   shipped.post_json(URL, {"strokes": FORTY_SEVEN, "mode": mode})):
        body = answer.json()
        assert answer.status == 201 and body["text"] == "47" and body["mode"] == "line", answer.body
        assert [glyph["text"] for glyph in body["glyphs"]] == ["4", "7"]
        assert body["glyphs"][0]["box"][0] < 60 < 100 < body["glyphs"][1]["box"][0]


def test_lines_are_read_and_kept(shipped):
    below = [[[x, y + 130] for x, y in stroke] for stroke in FORTY_SEVEN]
    answer = shipped.post_json(URL, {"strokes": FORTY_SEVEN + below, "mode": "auto"})
    assert answer.json()["text"] == "47\n47" and answer.json()["mode"] == "page"
    kept = shipped.get(answer.headers["Location"] + "?normalized=true",
                       {"Cookie": answer.headers["Set-Cookie"].split(";")[0]}).json()
    assert kept["text"] == "47\n47" and kept["mode"] == "page"
    assert [len(glyph["normalized"]["data"]) for glyph in kept["glyphs"]] == [1048] * 4


def test_a_board_left_empty_is_no_digit(shipped):
    body = shipped.post_picture(samples.png(strokes=[])).json()
    assert body["rejected"] and body["text"] == ""


def test_api_page_and_command_line_give_the_same_answer(shipped, tmp_path):
    picture = samples.png(size=112, width=9, strokes=[[[28, 24], [80, 24], [60, 56], [48, 92]]])
    file = tmp_path / "seven.png"
    file.write_bytes(picture)
    said = subprocess.run([str(program()), "recognize", "--json", "--model", str(ROOT / "models" / "digits.onnx"),
                           str(file)], check=True, capture_output=True, text=True).stdout
    by_program = json.loads(said)
    by_bytes = shipped.post_picture(picture).json()
    by_url = shipped.post_json(URL, {"image": samples.data_url(picture)}).json()
    page = shipped.get("/?pic=" + urllib.parse.quote(samples.data_url(picture))).text
    by_page = json.loads(html.unescape(re.search(r'data-recognition="([^"]*)"', page).group(1)))
    assert by_bytes["text"] == "7" and '<output id="result">7</output>' in page
    for member in ("alphabet", "text", "confidence", "rejected", "glyphs", "model"):
        assert by_program[member] == by_bytes[member] == by_url[member] == by_page[member], member


def test_the_network_of_2018_answers_too(shipped):
    body = shipped.post_picture(samples.png([[[8, 6], [20, 6], [13, 23]]], size=28, width=2), URL + "?model=numberrec-2018").json()
    assert body["model"]["name"] == "numberrec-2018" and body["glyphs"]


def test_a_letter_is_read_by_the_model_of_its_alphabet(shipped):
    tee = [[[20, 20], [90, 20]], [[55, 20], [55, 100]]]
    body = shipped.post_json(URL, {"strokes": tee, "alphabet": "alphanumeric"}).json()
    assert body["model"]["name"] == body["alphabet"] == "alphanumeric"
    assert body["text"] == "T"
    assert len(body["glyphs"][0]["candidates"]) == 10
