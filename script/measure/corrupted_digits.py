"""MNIST's test pictures under the fifteen corruptions of MNIST-C."""

import zlib

import numpy as np

from measure import sets
from measure.corruptions import CORRUPTIONS
from measure.rows import Row, Table, compared
from measure.score import Score

SEED = 20190605
TEXT = """MNIST's test set under the fifteen corruptions of MNIST-C (Mu and Gilmer, 2019), made anew from their
description at their severities by `script/measure/corruptions.py`; none of them is in any training."""


def corrupted(corruption, pictures):
    rng = np.random.default_rng([SEED, zlib.crc32(corruption.__name__.encode())])
    return (corruption(pictures / 255.0, rng) * 255).round().astype(np.uint8)


def total(scores):
    return sum(scores, Score())


def measure(context):
    labels, pictures = sets.read_mnist(context.mnist)
    labels, pictures = context.few(labels), context.few(pictures)
    rows = []
    for corruption in CORRUPTIONS:
        name = corruption.__name__.replace("_", " ")
        rows.append(compared(context, name, labels, corrupted(corruption, pictures)))
    worst = min(rows, key=lambda row: row.ours.accuracy)
    # All corruptions have as many samples, so the mean is the share of all.
    mean = Row(
        f"mean of the fifteen; the worst is {worst.name}",
        total(row.ours for row in rows), total(row.original for row in rows), 0.98,
    )  # fmt: skip
    return [Table("Corrupted digits", TEXT, [mean] + rows)]
