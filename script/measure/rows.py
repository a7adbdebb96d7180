"""What every part of script/accuracy shares: the programs that read, the rows that come of it."""

import dataclasses
import pathlib
import subprocess
import tempfile

import numpy as np
from PIL import Image

from measure import sets
from measure.score import Score, run

FILES_AT_ONCE = 2000  # in one call of the program: command lines have an end


@dataclasses.dataclass
class Calibration:
    """The calibration error over 15 bins of equal size, and what chance alone makes of a perfect model."""

    samples: int
    error: float
    band: float

    def within(self):
        """At most 1 % on sets of 5,000 or more, on smaller ones what chance alone makes."""
        return self.error <= (0.01 if self.samples >= 5000 else self.band)


@dataclasses.dataclass
class Row:
    name: str
    ours: Score = None
    original: Score = None
    goal: float = None  # a share at least; where `at_most`, at most
    at_most: bool = False
    calibration: Calibration = None
    skipped: str = ""  # why there is no figure

    def reached(self):
        # In whole samples, so that no rounding decides.
        if self.at_most:
            return self.ours.accuracy <= self.goal + 1e-12
        return self.ours.accuracy >= self.goal - 1e-12


@dataclasses.dataclass
class Table:
    title: str
    text: str
    rows: list
    of_errors: bool = False  # the figures are shares of what is wrongly accepted


@dataclasses.dataclass
class Result:
    """Of one model on one set: the object that `longhand evaluate --json` prints."""

    all: dict

    @property
    def score(self):
        return Score(self.all["correct"], self.all["samples"])

    def share(self, key):
        return Score(round(self.all[key] * self.all["samples"]), self.all["samples"])

    @property
    def calibration(self):
        error, band = self.all["expected_calibration_error"], self.all["calibration_error_band"]
        return Calibration(self.all["samples"], error, band)


class Reader:
    """A model read by the program, by the whole way of a user's picture or raw."""

    def __init__(self, program, models, model, raw=False):
        self.program, self.model = program, model
        self.options = (["--models", str(models)] if models else []) + ["--model", model] + (["--raw"] if raw else [])
        self.models = models

    def card(self):
        """Name, version and notes; None where there is no such model."""
        if pathlib.Path(self.model).exists():
            return run([self.program, "model", "show", "--json", self.model])[0]
        listing = [self.program, "model", "list", "--json"] + (["--models", str(self.models)] if self.models else [])
        return next((card for card in run(listing) if card["name"] == self.model), None)

    def has_mode(self, mode):
        command = [self.program, "recognize", "--mode", mode, "-"]
        done = subprocess.run(command, input=b"", capture_output=True, check=False)
        return done.returncode != 2  # of a usage error; of an empty input it is 1

    def evaluate(self, arguments, report=None):
        command = [self.program, "evaluate", "--json", *self.options, *arguments]
        return Result(run(command + (["--report", str(report)] if report else []))[0])

    def has_patterns(self):
        shown = subprocess.run([self.program, "recognize", "--help"], capture_output=True, check=False)
        return b"--pattern" in shown.stdout

    def recognize(self, files, mode="glyph", pattern=None):
        """What was read of each file, in their order; a file of strokes gives one reading a line."""
        options = self.options + (["--pattern", pattern] if pattern else [])
        readings = []
        for start in range(0, len(files), FILES_AT_ONCE):
            part = [str(file) for file in files[start : start + FILES_AT_ONCE]]
            readings += run([self.program, "recognize", "--json", "--mode", mode, *options, *part])
        return readings


@dataclasses.dataclass
class Context:
    data: pathlib.Path  # the folder with the sets
    mnist: pathlib.Path
    ours: Reader  # digits
    original: Reader  # the network of 2018, raw
    letters: Reader = None  # 62 classes; None where no such model is shipped
    unseen: Reader = None  # 62 classes, of a training that never saw alphanumeric-scanned-paper
    signs: Reader = None  # digits and the signs beside them; None where no such model is shipped
    reports: pathlib.Path = None  # folder for the HTML reports
    limit: int = None  # at most so many samples of a set
    split: tuple = (5000, 1)  # what the recipe holds out for validation, and its seed

    def few(self, samples):
        return samples[: self.limit] if self.limit else samples

    def validation(self):
        """(labels, pictures) of MNIST's training set that the recipe holds out."""
        labels, pictures = sets.read_mnist(self.mnist, "train")
        places = self.few(sets.held_out(len(labels), *self.split))
        return labels[places], pictures[places]


def work_folder():
    return tempfile.TemporaryDirectory(prefix="longhand-accuracy-")


def write_pictures(labels, pictures, folder):
    """Writes characters (or digits) and their pictures; gives the arguments that make `evaluate` read them."""
    codes = np.array([ord(label) if isinstance(label, str) else int(label) + ord("0") for label in labels])
    sets.write_idx(folder / "images", np.asarray(pictures))
    sets.write_idx(folder / "labels", codes, 0x0C)
    return ["--images", str(folder / "images"), "--labels", str(folder / "labels")]


def write_files(pictures, folder):
    files = []
    for i, picture in enumerate(pictures):
        files.append(folder / f"{i:05}.pgm")
        Image.fromarray(picture).save(files[-1])
    return files


def compared(context, name, labels, pictures, goal=None, report=None):
    """A row of digits as pictures, read by ours and by the network of 2018."""
    with work_folder() as folder:
        arguments = write_pictures(context.few(labels), context.few(pictures), pathlib.Path(folder))
        where = context.reports / report if report and context.reports else None
        ours = context.ours.evaluate(arguments, where)
        original = context.original.evaluate(arguments)
    return Row(name, ours.score, original.score, goal, calibration=ours.calibration)
