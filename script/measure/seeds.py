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


def ends(folder):
    """(start, end) of every log that came to its end with a test: the events as they are written."""
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        events = [json.loads(line) for line in file.read_text().splitlines() if line.strip()]
        # What it came to its end as: a resumed training tells its settings again.
        start = [event for event in events if event["event"] in ("start", "resume")][-1]
        found += [(start, event) for event in events if event["event"] == "end" and event.get("test_samples")]
    return found


def alike(one, other):
    """Whether two trainings differ in their seed alone, as far as logs tell."""
    return all(one[key] == other[key] for key in ("name", "steps", "train_samples", "parameters"))


def row_of(card, logs):
    """The trainings alike to that of the shipped model, which its card's digest tells; others are of another recipe."""
    name = f"`{card['name']}`"
    shipped = [start for start, _ in logs if start["recipe_digest"] == card["notes"].get("recipe_digest")]
    if not shipped:
        return Row(name, goal=GOALS.get(card["name"]), skipped="no log in recipes/logs is of this model's training")
    same = sorted((start["seed"], end["test_accuracy"]) for start, end in logs if alike(start, shipped[0]))
    seeds, accuracies = zip(*same)
    text = f"{name}, seed {seeds[0]}"
    if len(same) > 1:
        each = ", ".join(f"{100 * accuracy:.2f}" for accuracy in accuracies)
        spread = f"{each} %, standard deviation {100 * statistics.stdev(accuracies):.2f}"
        text = f"{name}, mean of {len(same)} seeds ({' '.join(map(str, seeds))}): {spread}"
    n = next(end["test_samples"] for start, end in logs if start is shipped[0])
    return Row(text, Score(round(statistics.mean(accuracies) * n), n), None, GOALS.get(card["name"]))


def measure(root, cards):
    logs = ends(root / "recipes" / "logs")
    return [Table("MNIST's test set over seeds", TEXT, [row_of(card, logs) for card in cards])]


def retrain(root):
    """Trains the digits model with each seed, and puts the logs in place of those there. What was trained already, in
    runs/, is kept; what was stopped goes on."""
    done = subprocess.run([root / "script" / "train-digits", *map(str, SEEDS)], cwd=root, check=False)
    if done.returncode != 0:
        sys.exit("script/train-digits failed; --retrain again goes on from where it stopped")
    for seed in SEEDS:
        log = root / "runs" / f"digits-{seed}" / "log.jsonl"
        shutil.copy(log, root / "recipes" / "logs" / f"digits-seed-{seed}.jsonl")
