"""Single digits of other sets, as they are found."""

import numpy as np
from PIL import Image

from measure import sets
from measure.rows import Row, Table, compared

TEXT = """Pictures as they are found, neither cropped nor scaled. Errors are shown in the HTML reports."""

NEAR = 0.97  # correlation of two pictures from which on they count as near-duplicates
SIDE = 16


def shapes(pictures):
    """Unit vectors of what is written, its ink cut out and fitted: so that padding and size don't matter."""
    result = np.zeros((len(pictures), SIDE * SIDE), np.float32)
    for i, picture in enumerate(pictures):
        ys, xs = np.nonzero(picture >= 64)
        if len(ys) == 0:
            continue
        cut = Image.fromarray(picture[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1])
        factor = SIDE / max(cut.size)
        size = max(1, round(cut.width * factor)), max(1, round(cut.height * factor))
        sheet = Image.new("L", (SIDE, SIDE))
        sheet.paste(cut.resize(size, Image.Resampling.BILINEAR), ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
        values = np.asarray(sheet, np.float32).ravel()
        values = values - values.mean()
        result[i] = values / max(np.linalg.norm(values), 1e-6)
    return result


def nearest(pictures, others):
    """The greatest correlation of each picture with any of the others."""
    mine, theirs = shapes(pictures), shapes(others)
    best = np.full(len(mine), -1, np.float32)
    for start in range(0, len(theirs), 5000):
        best = np.maximum(best, (mine @ theirs[start : start + 5000].T).max(axis=1))
    return best


def near_duplicates(context, labels, pictures):
    """Which pictures MNIST's training set has too, and what is to be said of it. Ones are left out of the near: any
    two straight strokes are alike."""
    _, training = sets.read_mnist(context.mnist, "train")
    known = {picture.tobytes() for picture in training}
    exact = np.array([picture.shape == training[0].shape and picture.tobytes() in known for picture in pictures])
    others = np.array(labels) != "1"
    near = others & (nearest(pictures, training) >= NEAR)
    test_labels, test = (context.few(part) for part in sets.read_mnist(context.mnist))
    by_chance = (nearest(test[test_labels != 1], training) >= NEAR).mean()
    text = (
        f"Of digits-nist, whose writers may be MNIST's, {exact.sum():,} pictures are in MNIST's training set byte by\n"
        f"byte, and {near.sum():,} of those that are no 1 ({100 * near.sum() / max(others.sum(), 1):.1f} %) correlate\n"
        f"with one of it by {NEAR} or more, their ink cut out and fitted into {SIDE}x{SIDE}; of MNIST's own test set,\n"
        f"by other writers, {100 * by_chance:.1f} % do."
    )
    return near | exact, text


def measure(context):
    labels, pictures = sets.read_mnist(context.mnist)
    rows = [compared(context, "MNIST test, the shipped network", labels, pictures, 0.9975, "mnist")]
    text = TEXT
    for name, goal, title in (
        ("digits-nist", 0.997, "digits-nist"),
        ("digits-small-in-frame", 0.993, "digits-small-in-frame"),
        ("digits-turkey", 0.985, "digits-turkey"),
        ("digits-one-hand-web-canvas", 0.99, "digits-one-hand-web-canvas (at most 1 error)"),
    ):
        if not (context.data / name).is_dir():
            rows.append(Row(title, goal=goal, skipped=f"no folder {name}"))
            continue
        labels, pictures = sets.read_pictures(context.data / name)
        rows.append(compared(context, title, labels, pictures, goal, name))
        if name == "digits-nist":
            labels, pictures = context.few(labels), context.few(pictures)
            known, note = near_duplicates(context, labels, pictures)
            if not known.all():
                kept = [label for label, dropped in zip(labels, known) if not dropped]
                rows.append(compared(context, "digits-nist without the near-duplicates", kept, pictures[~known]))
            text += "\n" + note
    return [Table("Digits of other sets", text, rows)]
