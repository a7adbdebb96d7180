"""Rows over several trainings, from the logs that they leave (recipes/logs), and the trainings again."""

import json
import shutil
import statistics
import subprocess
import sys

from measure.rows import Row, Table
from measure.score import Score

TEXT = """From the logs of trainings that differ in their seed alone, `recipes/logs/*.jsonl`: each read MNIST's test
set once, at its end. One network, no test-time augmentation. The interval is that of one reading of the mean."""
SEEDS = range(1, 6)
GOALS = {"digits": 0.9975}


def ends(logs):
    """(model, seed, test accuracy, test samples) of every log that came to its end with a test."""
    found = []
    for file in sorted(logs.glob("*.jsonl")):
        events = [json.loads(line) for line in file.read_text().splitlines() if line.strip()]
        start = next(event for event in events if event["event"] == "start")
        for event in events:
            if event["event"] == "end" and event.get("test_samples"):
                found.append((start["name"], start["seed"], event["test_accuracy"], event["test_samples"]))
    return found


def measure(root):
    rows = []
    logs = ends(root / "recipes" / "logs")
    for model in sorted({name for name, *_ in logs}):
        of_model = sorted(log[1:] for log in logs if log[0] == model)
        accuracies = [accuracy for _, accuracy, _ in of_model]
        seeds = " ".join(str(seed) for seed, *_ in of_model)
        text = f"`{model}`, seed {seeds}"
        if len(of_model) > 1:
            each = ", ".join(f"{100 * accuracy:.2f}" for accuracy in accuracies)
            spread = f"{each} %, standard deviation {100 * statistics.stdev(accuracies):.2f}"
            text = f"`{model}`, mean of {len(of_model)} seeds ({seeds}): {spread}"
        n = of_model[0][2]
        rows.append(Row(text, Score(round(statistics.mean(accuracies) * n), n), None, GOALS.get(model)))
    return [Table("MNIST's test set over seeds", TEXT, rows)]


def retrain(root):
    """Trains the digits model with each seed, and puts the logs in place of those there. What was trained already, in
    runs/, is kept; what was stopped goes on."""
    done = subprocess.run([root / "script" / "train-digits", *map(str, SEEDS)], cwd=root, check=False)
    if done.returncode != 0:
        sys.exit("script/train-digits failed; --retrain again goes on from where it stopped")
    for seed in SEEDS:
        log = root / "runs" / f"digits-{seed}" / "log.jsonl"
        shutil.copy(log, root / "recipes" / "logs" / f"digits-seed-{seed}.jsonl")
