#!/usr/bin/env python3
"""Makes tests/data/digits: 200 of MNIST's test digits, and a linear model that reads most of them.

    script/data mnist && .venv/bin/python tests/data/make_digits.py

The model is softmax regression on raw pixels, trained on MNIST's first 20,000: small enough for the
repository, good enough that a test can tell a right answer from a wrong one. What it makes is
committed; run it again only to change it.
"""
import gzip
import pathlib
import struct

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = pathlib.Path(__file__).resolve().parents[2]
MNIST = ROOT / "data" / "mnist"
OUT = ROOT / "tests" / "data" / "digits"
SAMPLES = 200


def read(name):
    data = (MNIST / name).read_bytes()
    dims = data[3]
    shape = struct.unpack(f">{dims}I", data[4:4 + 4 * dims])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dims).reshape(shape)


def write(name, array):
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    (OUT / name).write_bytes(gzip.compress(header + array.tobytes(), 9, mtime=0))


def train(images, labels, epochs=12, rate=0.5, batch=100):
    generator = np.random.default_rng(1)
    x = images.reshape(len(images), -1).astype(np.float64) / 255
    y = np.eye(10)[labels]
    weights, bias = np.zeros((784, 10)), np.zeros(10)
    for epoch in range(epochs):
        order = generator.permutation(len(x))
        for start in range(0, len(x), batch):
            chosen = order[start:start + batch]
            scores = x[chosen] @ weights + bias
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            error = (scores / scores.sum(axis=1, keepdims=True) - y[chosen]) / batch
            weights -= rate * (x[chosen].T @ error + 1e-4 * weights)
            bias -= rate * error.sum(axis=0)
    return weights.astype(np.float32), bias.astype(np.float32)


def model(weights, bias, card):
    graph = helper.make_graph(
        [helper.make_node("Flatten", ["input"], ["pixels"]),
         helper.make_node("Gemm", ["pixels", "weights", "bias"], ["logits"])],
        "linear",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 1, 28, 28])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 10])],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(bias, "bias")])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(made, card)
    return made.SerializeToString()


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    write("images-idx3-ubyte.gz", read("t10k-images-idx3-ubyte")[:SAMPLES])
    write("labels-idx1-ubyte.gz", read("t10k-labels-idx1-ubyte")[:SAMPLES])
    weights, bias = train(read("train-images-idx3-ubyte")[:20000],
                          read("train-labels-idx1-ubyte")[:20000])
    card = {"format": "1", "name": "linear", "alphabet": "digits", "characters": "0123456789",
            "normalization": "raw", "input": "1x28x28", "temperature": "1",
            "reject_threshold": "0.3", "data": "MNIST, 20,000 training samples"}
    (OUT / "linear.onnx").write_bytes(model(weights, bias, card))
    (OUT / "linear-without-card.onnx").write_bytes(model(weights, bias, {}))


if __name__ == "__main__":
    main()
