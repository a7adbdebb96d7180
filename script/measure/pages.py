"""Numbers on photographed pages."""

import collections
import pathlib

from measure import page_photos
from measure.rows import Row, Table, work_folder, write_files
from measure.score import Score

PAGES = 8  # of each condition
TITLE = "Pages"
TEXT = """Photos of pages, {pages} of each kind, computed by `script/measure/page_photos.py` from digits that the training
held out for validation, each of another writer; read in one call as a user's photo is, without saying that it is a page.
A number counts if all of it is right and stands for itself; one that was read where there is none counts as one that is
wrong."""


def score(wanted, text):
    got = text.split()
    right = sum((collections.Counter(wanted) & collections.Counter(got)).values())
    return Score(right, max(len(wanted), len(got)))


def measure(context):
    labels, pictures = context.validation()
    pool = list(zip(labels.tolist(), pictures))
    each = min(PAGES, context.limit or PAGES)
    rows = []
    for condition in page_photos.CONDITIONS:
        pages = [page_photos.make(condition, index, pool) for index in range(each)]
        with work_folder() as folder:
            files = write_files([page.picture for page in pages], pathlib.Path(folder))
            readings = context.ours.recognize(files, "auto")
        scores = [score(page.numbers, reading.get("text", "")) for page, reading in zip(pages, readings)]
        rows.append(Row(condition, sum(scores, Score())))
    return [Table(TITLE, TEXT.format(pages=each), rows)]
