#!/usr/bin/env python3
"""One glyph's latency and a batch's, ours beside ONNX Runtime, both on one thread, in one run.

    python bench/nn_vs_onnxruntime.py [--bin build/release/bin] models/*.onnx

The two take turns of a few calls each, so that whatever else the machine does meets both alike; the
median over all turns is given, with the range that the middle half of all calls lies in. Needs
onnxruntime and numpy (tests/requirements.txt) and nn_bench (LONGHAND_BENCH=ON).
"""

import argparse
import pathlib
import platform
import statistics
import subprocess
import time

import numpy as np
import onnxruntime


def cpu():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            flags = pathlib.Path("/proc/cpuinfo").read_text()
            best = next((name for name in ("avx512f", "avx2", "sse4_1") if name in flags), "scalar")
            return f"{line.split(':', 1)[1].strip()}, {best}"
    return platform.processor()


class Ours:
    def __init__(self, program, model):
        self.process = subprocess.Popen([program, "--turns", model], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def turn(self, batch, calls):
        self.process.stdin.write(f"{batch} {calls}\n")
        self.process.stdin.flush()
        return [int(time) / 1000 for time in self.process.stdout.readline().split()]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class OnnxRuntime:
    def __init__(self, model):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(model), options,
                                                    providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0]

    def turn(self, batch, calls):
        shape = [batch, *self.input.shape[1:]]
        x = np.resize(np.arange(97, dtype=np.float32) / 97, shape)
        feed = {self.input.name: x}
        times = []
        for _ in range(calls):
            start = time.perf_counter_ns()
            self.session.run(None, feed)
            times.append((time.perf_counter_ns() - start) / 1000)
        return times


def measure(runners, batch, turns):
    """Microseconds a glyph of every call, by runner; the first turn warms up and isn't counted."""
    calls = max(2, 20 // batch)
    times = [[] for _ in runners]
    for turn in range(turns + 1):
        for found, runner in zip(times, runners):
            spent = runner.turn(batch, calls)
            if turn > 0:
                found += [t / batch for t in spent]
    return times


def text(times):
    low, median, high = statistics.quantiles(times, n=4)
    return f"{median:9.1f} ({low:.1f} to {high:.1f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="+", type=pathlib.Path)
    parser.add_argument("--bin", type=pathlib.Path, default="build/release/bin")
    parser.add_argument("--turns", type=int, default=40)
    arguments = parser.parse_args()
    print(f"{cpu()}; one thread; ONNX Runtime {onnxruntime.__version__}; microseconds a glyph: median "
          "(middle half)")
    print(f"{'model':32} {'batch':>5}  {'longhand':26} {'ONNX Runtime':26} ratio")
    for model in arguments.models:
        ours, peer = Ours(arguments.bin / "nn_bench", model), OnnxRuntime(model)
        for batch in (1, 64):
            mine, theirs = measure([ours, peer], batch, arguments.turns)
            ratio = statistics.median(theirs) / statistics.median(mine)
            print(f"{model.name:32} {batch:5}  {text(mine):26} {text(theirs):26} {ratio:.2f}x")
        ours.close()


if __name__ == "__main__":
    main()
