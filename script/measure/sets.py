"""Reading and writing labelled sets: IDX files, strokes, and the part of a training set held out for validation."""

import gzip
import json
import pathlib
import struct

import numpy as np

TYPES = {0x08: (">u1", np.uint8), 0x0C: (">i4", np.int32)}


def read_idx(file):
    """An IDX file of bytes or 32-bit integers, plain or gzipped; also found with .gz behind the name given."""
    file = pathlib.Path(file)
    data = file.read_bytes() if file.exists() else pathlib.Path(f"{file}.gz").read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    stored, native = TYPES[data[2]]
    rank = data[3]
    shape = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return np.frombuffer(data, stored, offset=4 + 4 * rank).reshape(shape).astype(native, copy=False)


def write_idx(file, array, kind=0x08):
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape)
    pathlib.Path(file).write_bytes(header + array.astype(TYPES[kind][0]).tobytes())


def read_strokes(folder):
    """(label, strokes) of drawn-alphanumeric/strokes.ndjson.gz, in its order."""
    with gzip.open(folder / "drawn-alphanumeric" / "strokes.ndjson.gz", "rt") as lines:
        records = [json.loads(line) for line in lines if line.strip()]
    return [(record["label"], record["strokes"]) for record in records]


def read_pictures(folder):
    """(labels as characters, pictures) of a folder with images-idx3-ubyte.gz and labels-idx1-int.gz."""
    labels = [chr(code) for code in read_idx(folder / "labels-idx1-int")]
    return labels, read_idx(folder / "images-idx3-ubyte")


def read_mnist(folder, part="t10k"):
    """(labels, pictures) of MNIST's `part`, t10k or train."""
    return read_idx(folder / f"{part}-labels-idx1-ubyte"), read_idx(folder / f"{part}-images-idx3-ubyte")


def held_out(count, wanted, seed):
    """The places that `data.validation` holds out of `count` samples with `data.split_seed`: the rule of
    src/data/split.cpp, Fisher and Yates's shuffle by SplitMix64."""
    mask = (1 << 64) - 1
    state = seed

    def draw(bound):
        nonlocal state
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return (z ^ (z >> 31)) % bound

    order = list(range(count))
    for i in range(count, 1, -1):
        j = draw(i)
        order[i - 1], order[j] = order[j], order[i - 1]
    return sorted(order[:wanted])
