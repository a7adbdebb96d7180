"""The command line run for real. LONGHAND_BIN names the folder of the built programs."""
import gzip
import io
import json
import os
import pathlib
import struct
import subprocess

import numpy
import pytest
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIGITS = ROOT / "tests" / "data" / "digits"
BIN = pathlib.Path(os.environ.get("LONGHAND_BIN", ROOT / "build" / "release" / "bin"))
LINEAR = DIGITS / "linear.onnx"


class Result:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout.decode(), done.stderr.decode()

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self):
        assert len(self.out.splitlines()) == 1, self.out
        return json.loads(self.out)


@pytest.fixture
def longhand(tmp_path):
    """Runs longhand in a folder of the test's own, with nothing of the machine's settings."""
    def run(*arguments, stdin=b"", env=None, timeout=120):
        clean = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"),
                 "LONGHAND_MODELS": str(tmp_path / "no-models"), **(env or {})}
        for name in os.environ:
            if name.endswith("SAN_OPTIONS"):
                clean[name] = os.environ[name]
        return Result(subprocess.run([str(BIN / "longhand"), *map(str, arguments)], input=stdin,
                                     capture_output=True, cwd=tmp_path, env=clean, timeout=timeout))
    return run


def read_idx(file):
    data = gzip.decompress(file.read_bytes())
    shape = struct.unpack(f">{data[3]}I", data[4:4 + 4 * data[3]])
    return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * data[3]).reshape(shape)


def idx(array, kind=8):
    types = {8: ">u1", 12: ">i4"}
    array = numpy.asarray(array)
    return (struct.pack(">HBB", 0, kind, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape) +
            array.astype(types[kind]).tobytes())


@pytest.fixture(scope="session")
def images():
    return read_idx(DIGITS / "images-idx3-ubyte.gz")


@pytest.fixture(scope="session")
def labels():
    return read_idx(DIGITS / "labels-idx1-ubyte.gz")


@pytest.fixture(scope="session")
def expected(images):
    """What the linear model reads, by numpy: the confidences of every class."""
    import onnx
    weights, bias = (onnx.numpy_helper.to_array(tensor)
                     for tensor in onnx.load(LINEAR).graph.initializer)
    scores = images.reshape(len(images), -1).astype(numpy.float64) / 255 @ weights + bias
    scores = numpy.exp(scores - scores.max(axis=1, keepdims=True))
    return scores / scores.sum(axis=1, keepdims=True)


def png(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def pictures(tmp_path, images):
    """The first dozen digits as PNG files."""
    files = []
    for i in range(12):
        files.append(f"digit-{i:02}.png")
        (tmp_path / files[-1]).write_bytes(png(images[i]))
    return files
