"""Shares of a set, how sure they are, and the program that gives them."""

import dataclasses
import json
import math
import subprocess
import sys


def wilson(correct, n, z=1.959964):
    """The 95 % interval of a share."""
    share = correct / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclasses.dataclass
class Score:
    correct: int = 0
    samples: int = 0

    def __add__(self, other):
        return Score(self.correct + other.correct, self.samples + other.samples)

    @property
    def accuracy(self):
        return self.correct / self.samples

    def text(self):
        low, high = wilson(self.correct, self.samples)
        return f"{100 * self.accuracy:.2f} % ({100 * low:.1f} to {100 * high:.1f})"


def run(command):
    """The lines of JSON that a call of longhand prints."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        sys.exit(f"can't run {command[0]}: {error.strerror}; script/build makes it")
    if done.returncode != 0:
        shown = " ".join(command[:12]) + (" ..." if len(command) > 12 else "")
        sys.exit(f"{shown} failed:\n{done.stderr[-4000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def evaluate(command):
    """The score of a whole set, and the model's name and version."""
    result = run(command)[0]
    if result["skipped"] != 0:
        sys.exit(f"{' '.join(command)} skipped {result['skipped']} samples")
    return Score(result["correct"], result["samples"]), result["model"]
