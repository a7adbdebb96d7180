"""Strokes as pictures: the pen of the rows that are drawn anew."""

import math

import numpy as np
from PIL import Image, ImageDraw

FILL = 0.8  # of the board's side, by a character that fills it well


def placed(strokes, side, line, fill=FILL, centre=(0.5, 0.5), turn=0.0):
    """The paths, moved and scaled so that with a line of that many pixels they take `fill` of the side in their
    larger direction; the middle of their box is at `centre`, in sides."""
    paths = [turned(np.asarray(stroke, dtype=float)[:, :2], turn) for stroke in strokes if len(stroke)]
    points = np.concatenate(paths)
    low, high = points.min(axis=0), points.max(axis=0)
    extent = max((high - low).max(), 1e-9)
    zoom = max(fill * side - line, 1.0) / extent
    shift = np.asarray(centre) * side - (low + high) / 2 * zoom
    return [path * zoom + shift for path in paths]


def draw(strokes, side, line, fill=FILL, centre=(0.5, 0.5), turn=0.0):
    """Strokes as white on black: grey levels of shape (side, side), anti-aliased by drawing larger, by a round pen."""
    scale = max(4, min(16, 2240 // side))
    sheet = Image.new("L", (side * scale, side * scale), 0)
    pen = ImageDraw.Draw(sheet)
    radius = line * scale / 2
    for path in placed(strokes, side, line, fill, centre, turn):
        path = path * scale
        for x, y in path:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        for (ax, ay), (bx, by) in zip(path[:-1], path[1:]):
            length = math.hypot(bx - ax, by - ay)
            if length > 0:
                nx, ny = (ay - by) / length * radius, (bx - ax) / length * radius
                pen.polygon([(ax + nx, ay + ny), (bx + nx, by + ny), (bx - nx, by - ny), (ax - nx, ay - ny)], fill=255)
    return np.asarray(sheet.reduce(scale))


def turned(points, degrees):
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return points @ np.array([[c, s], [-s, c]])


def off_centre(rng, size):
    """A middle for something of `size` sides, within the board and clearly off its middle."""
    reach = 0.5 - size / 2 - 0.02
    while True:
        at = rng.uniform(-reach, reach, 2)
        if np.abs(at).max() > 0.6 * reach:
            return 0.5 + at
