"""longhand recognize: pictures and strokes, in order, whatever goes wrong with some."""
import gzip
import json

import jsonschema
import numpy
import pytest
from conftest import DIGITS, LINEAR, png

READING = {
    "type": "object",
    "required": ["file", "alphabet", "text", "confidence", "rejected", "glyphs", "model",
                 "elapsed_us"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string"},
        "alphabet": {"const": "digits"},
        "text": {"type": "string", "maxLength": 1},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "rejected": {"type": "boolean"},
        "glyphs": {"type": "array", "maxItems": 1, "items": {
            "type": "object",
            "required": ["box", "text", "confidence", "candidates"],
            "additionalProperties": False,
            "properties": {
                "box": {"type": "array", "minItems": 4, "maxItems": 4, "items": {"type": "number"}},
                "text": {"type": "string"},
                "confidence": {"type": "number", "minimum": 0, "maximum": 1},
                "candidates": {"type": "array", "minItems": 1, "maxItems": 10, "items": {
                    "type": "object",
                    "required": ["text", "confidence"],
                    "additionalProperties": False,
                    "properties": {"text": {"type": "string"}, "confidence": {"type": "number"}},
                }},
            },
        }},
        "model": {"type": "object", "required": ["name", "version"], "additionalProperties": False,
                  "properties": {"name": {"type": "string"},
                                 "version": {"type": "string", "pattern": "^[0-9a-f]{12}$"}}},
        "elapsed_us": {"type": "integer", "minimum": 0},
    },
}
ERROR = {
    "type": "object",
    "required": ["file", "error"],
    "additionalProperties": False,
    "properties": {"file": {"type": "string"}, "error": {
        "type": "object", "required": ["code", "message"], "additionalProperties": False,
        "properties": {"code": {"type": "string", "pattern": "^[a-z_]+$"},
                       "message": {"type": "string", "minLength": 10}},
    }},
}


def test_reads_what_numpy_reads(longhand, pictures, expected):
    result = longhand("recognize", "--json", "--model", LINEAR, *pictures)
    assert result.code == 0 and result.err == ""
    assert [line["file"] for line in result.lines] == pictures
    for line, confidences in zip(result.lines, expected):
        jsonschema.validate(line, READING)
        assert list(line)[0] == "file"
        best = int(confidences.argmax())
        assert line["glyphs"][0]["text"] == str(best)
        assert line["text"] == ("" if line["rejected"] else str(best))
        assert line["rejected"] == (confidences[best] < 0.3)
        given = {c["text"]: c["confidence"] for c in line["glyphs"][0]["candidates"]}
        for digit, confidence in enumerate(confidences):
            assert given[str(digit)] == pytest.approx(confidence, abs=2e-5)
        listed = [c["confidence"] for c in line["glyphs"][0]["candidates"]]
        assert listed == sorted(listed, reverse=True)


def test_answers_in_order_however_many_threads(longhand, pictures):
    many = pictures * 8
    one = longhand("recognize", "--json", "--threads", 1, "--model", LINEAR, *many)
    for threads in (2, 16):
        result = longhand("recognize", "--json", "--threads", threads, "--model", LINEAR, *many)
        assert result.code == 0
        strip = lambda lines: [{k: v for k, v in line.items() if k != "elapsed_us"} for line in lines]
        assert strip(result.lines) == strip(one.lines)


def test_goes_on_after_a_file_that_fails(longhand, tmp_path, pictures):
    (tmp_path / "text.png").write_bytes(b"this is no picture\n")
    (tmp_path / "cut.png").write_bytes((tmp_path / pictures[0]).read_bytes()[:60])
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "large.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(17 << 20))
    files = [pictures[0], "text.png", "missing.png", "cut.png", "empty.png", ".", "large.png", pictures[1]]
    result = longhand("recognize", "--json", "--model", LINEAR, *files)
    assert result.code == 1 and result.err == ""
    assert [line["file"] for line in result.lines] == files
    for line in result.lines[1:-1]:
        jsonschema.validate(line, ERROR)
    codes = [line["error"]["code"] for line in result.lines[1:-1]]
    assert codes == ["unsupported_image", "not_found", "corrupt_image", "unsupported_image", "io", "too_large"]
    jsonschema.validate(result.lines[-1], READING)


def test_a_table_for_people_and_errors_to_stderr(longhand, pictures):
    result = longhand("recognize", "--model", LINEAR, pictures[0], "missing.png", pictures[1])
    assert result.code == 1
    rows = result.out.splitlines()
    assert len(rows) == 2 and rows[0].split()[:2] == [pictures[0], "7"]
    assert rows[0].split()[3] == "%"
    assert rows[0].index("7 ", 12) == rows[1].index("2 ", 12)
    assert result.err.startswith("longhand: ") and "missing.png" in result.err


def test_names_can_not_play_with_the_terminal(longhand, tmp_path, pictures):
    name = "\x1b[31mred\n.png"
    (tmp_path / name).write_bytes((tmp_path / pictures[0]).read_bytes())
    table = longhand("recognize", "--model", LINEAR, name)
    assert table.code == 0 and "\x1b" not in table.out and len(table.out.splitlines()) == 1
    assert longhand("recognize", "--json", "--model", LINEAR, name).json["file"] == name


def test_names_that_are_no_utf8_give_json_all_the_same(longhand, tmp_path, pictures):
    import os
    import subprocess
    from conftest import BIN
    name = os.fsencode(tmp_path) + b"/\xff.png"
    with open(name, "wb") as out:
        out.write((tmp_path / pictures[0]).read_bytes())
    done = subprocess.run([BIN / "longhand", "recognize", "--json", "--model", LINEAR, name],
                          capture_output=True)
    assert done.returncode == 0
    assert json.loads(done.stdout.decode())["file"].endswith("\ufffd.png")


def test_the_standard_input(longhand, tmp_path, pictures):
    picture = (tmp_path / pictures[1]).read_bytes()
    result = longhand("recognize", "--json", "--model", LINEAR, pictures[0], "-", stdin=picture)
    assert result.code == 0
    assert [(line["file"], line["text"]) for line in result.lines] == [(pictures[0], "7"), ("-", "2")]
    strokes = b'{"strokes": [[[10, 5], [10, 50]]]}'
    assert longhand("recognize", "--json", "--model", LINEAR, "-", stdin=strokes).code == 0
    nothing = longhand("recognize", "--json", "--model", LINEAR, "-")
    assert nothing.code == 1 and "error" in nothing.json


def test_strokes(longhand, tmp_path):
    one = [[[20, 10], [20, 60, 12.5], [20, 90, None, 0.5]]]
    (tmp_path / "a.json").write_text(json.dumps({"strokes": one}, indent=1))
    (tmp_path / "bare.json").write_text(json.dumps(one))
    (tmp_path / "many.ndjson").write_text(
        json.dumps({"strokes": one}) + "\n\n" + '{"strokes": [[[1]]]}\n' + '{"strokes": []}\n')
    (tmp_path / "packed.ndjson.gz").write_bytes(gzip.compress(json.dumps({"strokes": one}).encode()))
    (tmp_path / "none.ndjson").write_text("\n")
    result = longhand("recognize", "--json", "--model", LINEAR,
                      "a.json", "bare.json", "many.ndjson", "packed.ndjson.gz", "none.ndjson")
    assert result.code == 1
    names = [line["file"] for line in result.lines]
    assert names == ["a.json", "bare.json", "many.ndjson:1", "many.ndjson:3", "many.ndjson:4",
                     "packed.ndjson.gz", "none.ndjson"]
    first = result.lines[0]
    for i in (1, 2, 5):
        assert result.lines[i]["glyphs"] == first["glyphs"]
    assert "point 0" in result.lines[3]["error"]["message"]
    assert result.lines[3]["error"]["code"] == "invalid_strokes"
    assert result.lines[4]["rejected"] is True and result.lines[4]["text"] == ""
    assert result.lines[6]["error"]["code"] == "invalid_strokes"


def test_the_largest_picture_can_be_said(longhand, tmp_path):
    (tmp_path / "large.png").write_bytes(png(numpy.full((100, 200), 255, numpy.uint8)))
    assert longhand("recognize", "--model", LINEAR, tmp_path / "large.png").code == 0
    result = longhand("recognize", "--model", LINEAR, "--max-megapixels", "0.01", tmp_path / "large.png")
    assert result.code == 1 and "10000 pixels" in result.err
    assert longhand("recognize", "--max-megapixels", "0", tmp_path / "large.png").code == 2


def test_a_model_without_a_card_needs_alphabet_and_raw(longhand, pictures):
    bare = DIGITS / "linear-without-card.onnx"
    refused = longhand("recognize", "--model", bare, pictures[0])
    assert refused.code == 2 and "--alphabet and --raw" in refused.err
    assert longhand("recognize", "--model", bare, "--raw", pictures[0]).code == 2
    given = longhand("recognize", "--json", "--model", bare, "--raw", "--alphabet", "digits", *pictures)
    carded = longhand("recognize", "--json", "--model", LINEAR, *pictures)
    assert given.code == 0
    assert [x["glyphs"] for x in given.lines] == [x["glyphs"] for x in carded.lines]
    assert given.lines[0]["model"]["name"] == "linear-without-card"


def test_an_empty_picture_is_no_error(longhand, tmp_path):
    """With a model that finds the ink; raw ones never look for it."""
    import onnx
    model = onnx.load(LINEAR)
    for entry in model.metadata_props:
        if entry.key == "normalization":
            entry.value = "ink-1"
    onnx.save(model, tmp_path / "finding.onnx")
    (tmp_path / "white.png").write_bytes(png(numpy.full((50, 60), 255, numpy.uint8)))
    result = longhand("recognize", "--json", "--model", "./finding.onnx", "white.png")
    assert result.code == 0
    assert result.json["text"] == "" and result.json["rejected"] is True
    assert result.json["glyphs"] == []
    raw = longhand("recognize", "--json", "--raw", "--model", "./finding.onnx", "white.png")
    assert len(raw.json["glyphs"]) == 1
    assert "nothing written" in longhand("recognize", "--model", "./finding.onnx", "white.png").out


def test_a_full_disk_is_noticed(longhand, pictures):
    import subprocess
    from conftest import BIN
    with open("/dev/full", "wb") as full:
        done = subprocess.run([BIN / "longhand", "recognize", "--json", "--model", LINEAR,
                               "/dev/null"], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1 and b"standard output" in done.stderr
