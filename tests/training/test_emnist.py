"""The EMNIST recipes with small files in EMNIST's form: transposed pictures, labels through a mapping."""

import gzip
import json
import os
import pathlib
import random
import struct
import subprocess

import pytest
from PIL import Image, ImageDraw

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("LONGHAND_BIN", ROOT / "build/release/bin"))
ENVIRONMENT = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}

LETTERS = "".join(f"{i + 1} {65 + i} {97 + i}\n" for i in range(26))
BALANCED = "".join(f"{i} {ord(c)}\n" for i, c in
                   enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"))


def ways(classes):
    """One polyline a class, far from its own transpose and from the others'."""
    chosen = random.Random(4)
    return [[(chosen.uniform(5, 23), chosen.uniform(5, 23)) for _ in range(4)] for _ in range(classes)]


def write_idx(folder, name, classes, first, count, seed):
    """`count` pictures a class, columns first as EMNIST holds them, and their labels from `first`."""
    jitter = random.Random(seed)
    pictures, labels = bytearray(), bytearray()
    for i in range(classes * count):
        picture = Image.new("L", (28, 28))
        way = [(x + jitter.gauss(0, 0.6), y + jitter.gauss(0, 0.6)) for x, y in ways(classes)[i % classes]]
        ImageDraw.Draw(picture).line(way, 255, 2)
        pictures += picture.transpose(Image.Transpose.TRANSPOSE).tobytes()
        labels.append(first + i % classes)
    with gzip.open(folder / f"{name}-images-idx3-ubyte.gz", "wb") as out:
        out.write(struct.pack(">IIII", 0x0803, len(labels), 28, 28) + pictures)
    with gzip.open(folder / f"{name}-labels-idx1-ubyte.gz", "wb") as out:
        out.write(struct.pack(">II", 0x0801, len(labels)) + labels)


@pytest.mark.parametrize("kind, classes, first, mapping",
                         [("letters", 26, 1, LETTERS), ("balanced", 47, 0, BALANCED)])
def test_learns_from_files_of_emnists_form(tmp_path, kind, classes, first, mapping):
    name = f"emnist-{kind}"
    write_idx(tmp_path, f"{name}-train", classes, first, 24, 1)
    write_idx(tmp_path, f"{name}-test", classes, first, 4, 2)
    (tmp_path / f"{name}-mapping.txt").write_text(mapping)
    settings = [f"data.root={tmp_path}", f"data.validation={classes * 4}", "training.batch=32",
                "training.epochs=6", "training.ema=0.9"]
    command = [BIN / "longhand-train", f"recipes/{name}.toml", "--out", tmp_path / "out"]
    for setting in settings:
        command += ["--set", setting]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    end = json.loads((tmp_path / "out/log.jsonl").read_text().splitlines()[-1])
    assert end["test_samples"] == classes * 4
    assert end["test_accuracy"] > 0.8

    def evaluate(*more):
        answer = subprocess.run(
            [BIN / "longhand", "evaluate", "--model", tmp_path / f"out/{name}.onnx", "--json",
             "--images", tmp_path / f"{name}-test-images-idx3-ubyte.gz",
             "--labels", tmp_path / f"{name}-test-labels-idx1-ubyte.gz",
             "--label-map", tmp_path / f"{name}-mapping.txt", *more],
            capture_output=True, text=True, timeout=60)
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)["accuracy"]

    assert evaluate("--transpose") == pytest.approx(end["test_accuracy"])
    assert evaluate() < 0.5 * end["test_accuracy"]
