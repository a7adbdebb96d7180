"""The engine beside ONNX Runtime: random graphs and whole models, on every instruction set.

    LONGHAND_BIN=build/release/bin python -m pytest tests/onnxruntime

Each case must agree as |a - b| <= 1e-4 max(1, max|b|), and nn_run itself checks that a sample's result
doesn't depend on its batch, to the bit.
"""

import subprocess
from collections import Counter

import numpy as np
import onnxruntime
import pytest

import models
import random_graphs
from conftest import NN_RUN

GRAPHS = 1000
TOLERANCE = 1e-4


def reference(model, x):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # The operators as specified: its Gemm fusion takes a Transpose that keeps the order for one that swaps.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                           providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: x})[0]


class Cases:
    """Models in a folder, what ONNX Runtime makes of them, and what nn_run does."""

    def __init__(self, folder):
        self.folder = folder
        self.expected = {}
        self.used = {}
        self.said = {}

    def add(self, name, model, x, used=()):
        (self.folder / f"{name}.onnx").write_bytes(model.SerializeToString())
        x.tofile(self.folder / f"{name}.in")
        self.expected[name] = reference(model, x)
        self.used[name] = used

    def run(self):
        done = subprocess.run([NN_RUN, self.folder], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        for line in done.stdout.splitlines():
            name, target, said = line.split(" ", 2)
            self.said[name, target] = said
        return self

    def faults(self, target):
        faults = []
        for name, expected in self.expected.items():
            said = self.said.get((name, target), "nothing")
            if said != "ok":
                faults.append(f"{name}: {said}")
                continue
            found = np.fromfile(self.folder / f"{name}.{target}.out", np.float32)
            if found.size != expected.size:
                faults.append(f"{name}: {found.size} numbers, not {expected.size}")
                continue
            error = np.abs(found - expected.ravel()).max()
            if not error <= TOLERANCE * max(1, np.abs(expected).max()):
                faults.append(f"{name}: off by {error}, of {np.abs(expected).max()}")
        return faults


@pytest.fixture(scope="module")
def random_cases(tmp_path_factory):
    cases = Cases(tmp_path_factory.mktemp("random"))
    for seed in range(GRAPHS):
        cases.add(f"graph{seed:04}", *random_graphs.make(seed))
    return cases.run()


@pytest.fixture(scope="module")
def whole_models(tmp_path_factory):
    cases = Cases(tmp_path_factory.mktemp("models"))
    for name, build in models.MODELS.items():
        cases.add(name, *build())
    return cases.run()


def test_random_graphs_agree(random_cases, target):
    faults = random_cases.faults(target)
    assert not faults, f"{len(faults)} of {GRAPHS}:\n" + "\n".join(faults[:20])


def test_random_graphs_use_everything(random_cases):
    counts = Counter(use for used in random_cases.used.values() for use in used)
    missing = {use for use in models.EVERYTHING if counts[use] < 5}
    assert not missing, f"too seldom in {GRAPHS} graphs: {sorted(missing)}"


@pytest.mark.parametrize("name", models.MODELS)
def test_whole_model_agrees(whole_models, name, target):
    faults = [fault for fault in whole_models.faults(target) if fault.startswith(f"{name}:")]
    assert not faults, faults
