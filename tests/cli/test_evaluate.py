"""longhand evaluate: its figures against numpy's."""
import gzip
import json

import numpy
import pytest
from conftest import DIGITS, LINEAR, idx, png

SET = ["--images", DIGITS / "images-idx3-ubyte.gz", "--labels", DIGITS / "labels-idx1-ubyte.gz"]


def evaluate(longhand, *arguments, model=LINEAR):
    result = longhand("evaluate", "--json", "--model", model, *arguments)
    assert result.code == 0, result.err
    return result.json


def check_figures(got, labels, expected):
    best = expected.argmax(axis=1)
    sure = expected.max(axis=1)
    right = best == labels
    of_label = expected[numpy.arange(len(labels)), labels]
    rank = (expected > of_label[:, None]).sum(axis=1)
    assert got["samples"] == len(labels)
    assert got["correct"] == right.sum()
    assert got["accuracy"] == pytest.approx(right.mean())
    assert got["accuracy_case_folded"] == pytest.approx(right.mean())
    assert got["top3_accuracy"] == pytest.approx((rank < 3).mean())
    assert got["top5_accuracy"] == pytest.approx((rank < 5).mean())
    assert got["rejected"] == (sure < 0.3).sum()
    assert got["negative_log_likelihood"] == pytest.approx(-numpy.log(of_label).mean(), rel=1e-4)
    order = numpy.argsort(-sure, kind="stable")
    bins = [order[b * len(order) // 15:(b + 1) * len(order) // 15] for b in range(15)]
    assert got["expected_calibration_error"] == pytest.approx(
        sum(abs(sure[b].mean() - right[b].mean()) * len(b) for b in bins) / len(labels), abs=1e-5)
    # A perfect model with these confidences: its error over many draws of what it gets right.
    drawn = numpy.random.default_rng(1).random((2000, len(labels))) < sure
    errors = sum(abs(sure[b].sum() - drawn[:, b].sum(axis=1)) for b in bins) / len(labels)
    assert got["calibration_error_band"] == pytest.approx(numpy.quantile(errors, 0.95), rel=0.05)
    for point in got["risk_coverage"]:
        answered = order[:round(point["coverage"] * len(labels))]
        assert point["risk"] == pytest.approx((~right[answered]).mean())
        assert point["confidence"] == pytest.approx(sure[answered].min(), abs=1e-5)
    assert got["risk_coverage"][-1]["coverage"] == 1
    low, high = got["accuracy_interval"]
    assert low < got["accuracy"] < high
    for entry in got["per_class"]:
        mine = labels == int(entry["label"])
        assert entry["samples"] == mine.sum() and entry["correct"] == right[mine].sum()
        assert entry["accuracy"] == pytest.approx(right[mine].mean())
        assert entry["read"] == (best == int(entry["label"])).sum()
    assert sum(entry["samples"] for entry in got["per_class"]) == len(labels)
    wrong = {}
    for label, read in zip(labels[~right], best[~right]):
        wrong[str(label), str(read)] = wrong.get((str(label), str(read)), 0) + 1
    assert {(c["label"], c["read"]): c["count"] for c in got["confusions"]} == wrong
    counts = [c["count"] for c in got["confusions"]]
    assert counts == sorted(counts, reverse=True)


def test_figures_are_numpys(longhand, labels, expected):
    got = evaluate(longhand, *SET)
    check_figures(got, labels, expected)
    assert got["skipped"] == 0 and got["seconds"] >= 0
    assert got["normalization"] == "raw" and got["model"]["name"] == "linear"


def test_threads_change_nothing(longhand):
    one = evaluate(longhand, "--threads", 1, *SET)
    many = evaluate(longhand, "--threads", 7, *SET)
    del one["seconds"], many["seconds"]
    assert one == many


def test_a_model_without_a_card(longhand, labels, expected):
    got = evaluate(longhand, "--raw", "--alphabet", "digits", *SET,
                   model=DIGITS / "linear-without-card.onnx")
    assert got["correct"] == (expected.argmax(axis=1) == labels).sum()
    assert got["rejected"] == 0


def test_plain_files_code_points_and_skipped_labels(longhand, tmp_path, images, labels, expected):
    (tmp_path / "i").write_bytes(idx(images))
    code_points = labels.astype(int) + ord("0")
    code_points[:7] = ord("A")
    (tmp_path / "l").write_bytes(idx(code_points, 12))
    got = evaluate(longhand, "--images", "i", "--labels", "l")
    assert got["skipped"] == 7
    check_figures(got, labels[7:], expected[7:])


def test_transposed_pictures_with_a_label_map(longhand, tmp_path, images, labels, expected):
    (tmp_path / "i").write_bytes(idx(numpy.ascontiguousarray(images.transpose(0, 2, 1))))
    (tmp_path / "l").write_bytes(idx(9 - labels))
    (tmp_path / "map").write_text("".join(f"{i} {ord('9') - i}\n" for i in range(10)))
    got = evaluate(longhand, "--images", "i", "--labels", "l", "--transpose", "--label-map", "map")
    check_figures(got, labels, expected)


def test_class_folders(longhand, tmp_path, images, labels, expected):
    for i in range(40):
        digit = int(labels[i])
        folder = tmp_path / "set" / (str(digit) if digit % 2 else f"U+{ord('0') + digit:04X}")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{i:03}.png").write_bytes(png(images[i]))
    (tmp_path / "set" / "x").mkdir()
    (tmp_path / "set" / "x" / "a.png").write_bytes(png(images[0]))
    got = evaluate(longhand, "--folder", "set")
    assert got["skipped"] == 1
    check_figures(got, labels[:40], expected[:40])


def test_strokes(longhand, tmp_path):
    lines = [{"label": "1", "writer": 3, "strokes": [[[10, 0], [10, 100]]]},
             {"label": "x", "strokes": [[[0, 0], [9, 9]]]}]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "s.ndjson.gz").write_bytes(gzip.compress(text.encode()))
    got = evaluate(longhand, "--strokes", "s.ndjson.gz")
    assert (got["samples"], got["skipped"]) == (1, 1)


def test_the_report_stands_alone(longhand, tmp_path, labels, expected):
    wrong = (expected.argmax(axis=1) != labels).sum()
    result = longhand("evaluate", "--model", LINEAR, *SET, "--report", "out/report")
    assert result.code == 0 and "out/report/report.html" in result.out
    html = (tmp_path / "out" / "report" / "report.html").read_text()
    assert html.count("<figure>") == wrong
    assert html.count("data:image/png;base64,") == 2 * wrong
    assert "<script" not in html and "http" not in html
    assert "prefers-color-scheme:dark" in html


def test_a_summary_for_people(longhand, labels, expected):
    result = longhand("evaluate", "--model", LINEAR, *SET)
    right = (expected.argmax(axis=1) == labels).sum()
    assert result.code == 0 and result.err == ""
    assert f"({right} of 200;" in result.out and "read as" in result.out


@pytest.mark.parametrize("images_bytes, labels_bytes, part", [
    (b"hello world, this is no idx", idx([1]), "no IDX file"),
    (idx(numpy.zeros((2, 3, 3)))[:-1], idx([1, 2]), "cut short"),
    (idx(numpy.zeros((2, 3, 3))) + b"x", idx([1, 2]), "no part of it"),
    (idx(numpy.zeros((2, 3, 3))), idx([1]), "1 entries for 2 pictures"),
    (idx(numpy.zeros((2, 3, 3))), idx([55296, 1], 12), "no Unicode code point"),
    (gzip.compress(idx(numpy.zeros((2, 3, 3))))[:-9], idx([1, 2]), "cut short"),
    (idx(numpy.zeros((1, 3, 3))), idx([77]), "label of the alphabet"),
    (idx(numpy.zeros((0, 3, 3))), idx([]), "no samples"),
])
def test_broken_sets_are_named(longhand, tmp_path, images_bytes, labels_bytes, part):
    (tmp_path / "i").write_bytes(images_bytes)
    (tmp_path / "l").write_bytes(labels_bytes)
    result = longhand("evaluate", "--json", "--model", LINEAR, "--images", "i", "--labels", "l")
    assert result.code == 1 and result.out == ""
    assert part in result.err


def test_missing_and_broken_sets_of_other_kinds(longhand, tmp_path):
    (tmp_path / "bad.ndjson").write_text('{"label":"7","strokes":[]}\n{"label":"7"}\n')
    (tmp_path / "set" / "seven").mkdir(parents=True)
    for arguments, part in [(["--images", "no", "--labels", "no"], "can't open no"),
                            (["--strokes", "bad.ndjson"], "bad.ndjson, line 2"),
                            (["--folder", "set"], "named by one character"),
                            (["--folder", "nowhere"], "nowhere")]:
        result = longhand("evaluate", "--model", LINEAR, *arguments)
        assert result.code == 1 and part in result.err
