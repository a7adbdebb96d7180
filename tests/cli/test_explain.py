"""longhand recognize --explain: the page that shows each stage of a reading."""
import base64
import html.parser
import io
import json

import numpy
from conftest import DIGITS, ROOT, png, read_idx
from PIL import Image

MODEL = ROOT / "models" / "digits.onnx"


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.pictures, self.tags, self.text = {}, [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        if tag == "img":
            kind, data = attributes["src"].split(",", 1)
            assert kind == "data:image/png;base64"
            self.pictures[attributes["alt"]] = numpy.asarray(
                Image.open(io.BytesIO(base64.b64decode(data, validate=True))))
        # Nothing is fetched from anywhere.
        assert "href" not in attributes and (tag == "img" or "src" not in attributes)

    def handle_data(self, data):
        self.text += data


def ruled(digit):
    """A digit in dark ink on a sheet with lines, at the side of a scanner's black bed."""
    sheet = numpy.full((140, 150), 4, numpy.uint8)
    paper = 220 - 160 * (numpy.kron(digit, numpy.ones((4, 4))) / 255)
    paper[15::32] = numpy.minimum(paper[15::32], 150)
    sheet[14:126, 20:132] = paper
    sheet[:, 132:] = 4
    return sheet


def test_the_page_shows_each_stage(longhand, tmp_path):
    digit = read_idx(DIGITS / "images-idx3-ubyte.gz")[0]
    name = "a <b> & \"c\".png"
    (tmp_path / name).write_bytes(png(ruled(digit)))
    result = longhand("recognize", "--json", "--model", MODEL, "--explain", "how.html", name)
    assert result.code == 0, result.err
    text = (tmp_path / "how.html").read_text()
    page = Page(text)
    assert name in page.text and "<b> &" not in text
    assert list(page.pictures) == ["as searched", "paper", "ink", "taken out", "kept", "cut out",
                                   "upright, in its box", "outline", "glyph"]
    assert page.pictures["as searched"].shape == (140, 150)
    assert page.pictures["glyph"].shape == (28, 28)
    for candidate in result.json["glyphs"][0]["candidates"]:
        assert candidate["text"] in page.text


def number(digits, gap=24):
    """Digits in a row, dark on paper."""
    paper = numpy.full((28 * 4 + 2 * gap, len(digits) * 28 * 4 + 2 * gap), 220, numpy.uint8)
    for i, digit in enumerate(digits):
        x = gap + i * 28 * 4
        paper[gap:gap + 112, x:x + 112] -= (160 * (numpy.kron(digit, numpy.ones((4, 4))) / 255)
                                            ).astype(numpy.uint8)
    return paper


def test_of_a_number_each_glyph_is_shown(longhand, tmp_path):
    digits = read_idx(DIGITS / "images-idx3-ubyte.gz")
    (tmp_path / "n.png").write_bytes(png(number(digits[:3])))
    result = longhand("recognize", "--json", "--model", MODEL, "--explain", "how.html", "n.png")
    page = Page((tmp_path / "how.html").read_text())
    glyphs = result.json["glyphs"]
    assert len(glyphs) == 3 and page.tags.count("rect") == 3
    assert page.pictures["as given"].shape == number(digits[:3]).shape
    assert "ink" in page.pictures and "turned" not in page.pictures
    for glyph in glyphs:
        assert page.pictures[glyph["text"]].shape == (28, 28)
    assert result.json["text"] in page.text


def test_a_clear_picture_is_shown_as_it_was_taken(longhand, tmp_path):
    digits = read_idx(DIGITS / "images-idx3-ubyte.gz")
    ink = number(digits[:3])
    # Black ink on nothing: what is clear is black as well.
    picture = Image.fromarray(numpy.zeros_like(ink)).convert("RGBA")
    picture.putalpha(Image.fromarray(((220 - ink) * 1.59).astype(numpy.uint8)))
    picture.save(tmp_path / "clear.png")
    result = longhand("recognize", "--json", "--model", MODEL, "--explain", "how.html", "clear.png")
    assert len(result.json["glyphs"]) == 3
    shown = Page((tmp_path / "how.html").read_text()).pictures["as given"]
    assert numpy.ptp(shown) > 100


def test_what_was_looked_at_instead_of_the_picture_is_shown(longhand, tmp_path):
    digits = read_idx(DIGITS / "images-idx3-ubyte.gz")
    # The lines climb by 17 degrees; and a stain lies over the end of another number.
    slope = Image.fromarray(number(digits[:4], 120)).rotate(17, fillcolor=220)
    slope.save(tmp_path / "slope.png")
    stained = number(digits[:4], 60)
    y, x = numpy.mgrid[:stained.shape[0], :stained.shape[1]]
    blot = ((x - 490) / 60) ** 2 + ((y - 30) / 60) ** 2 < 1
    stained[blot] = numpy.minimum(stained[blot], 165)
    (tmp_path / "stained.png").write_bytes(png(stained))
    for name, view in ("slope.png", "turned"), ("stained.png", "without stains"):
        result = longhand("recognize", "--model", MODEL, "--explain", "how.html", name)
        assert result.code == 0, result.err
        assert view in Page((tmp_path / "how.html").read_text()).pictures, name


def test_strokes_empty_pictures_and_failures(longhand, tmp_path):
    (tmp_path / "s.ndjson").write_text(
        json.dumps({"strokes": [[[10, 10], [60, 12], [35, 80]]]}) + "\n" +
        json.dumps({"strokes": [[[10, 10], [10, 80]], [[50, 10], [90, 12], [60, 80]]]}) + "\n" +
        json.dumps({"strokes": []}) + "\n")
    (tmp_path / "blank.png").write_bytes(png(numpy.full((40, 40), 255, numpy.uint8)))
    (tmp_path / "broken.png").write_bytes(b"no picture")
    result = longhand("recognize", "--model", MODEL, "--explain", "page/how.html", "s.ndjson",
                      "blank.png", "broken.png")
    assert result.code == 1 and "broken.png" in result.err
    page = Page((tmp_path / "page" / "how.html").read_text())
    assert page.tags.count("section") == 4
    assert page.tags.count("polyline") == page.tags.count("rect") == 2
    assert page.text.count("Nothing written.") == 2
    assert "broken.png" not in page.text


def test_a_page_that_cannot_be_written_is_a_failure(longhand, tmp_path):
    (tmp_path / "blank.png").write_bytes(png(numpy.full((40, 40), 255, numpy.uint8)))
    (tmp_path / "folder").write_text("in the way")
    result = longhand("recognize", "--model", MODEL, "--explain", "folder/how.html", "blank.png")
    assert result.code == 1
    assert "folder/how.html" in result.err
