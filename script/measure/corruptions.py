"""The fifteen corruptions of MNIST-C, by their description: N. Mu and J. Gilmer, "MNIST-C: A robustness benchmark
for computer vision", 2019, and the severities that its set was made with. Written anew, with numpy alone, so the
pictures are of the same kind and strength but not the same.

Each takes pictures as a float array (n, 28, 28) from 0 to 1, ink 1, and a generator, and gives an array of that kind.
None of them is in any training.
"""

import numpy as np

SIDE = 28
MIDDLE = (SIDE - 1) / 2


# --- Filters -------------------------------------------------------------------------------------


def along(values, axis, taps, mode):
    """Correlation of one axis with an odd number of taps; the border repeats ("edge") or is empty ("constant")."""
    reach = len(taps) // 2
    widths = [(reach, reach) if i == axis else (0, 0) for i in range(values.ndim)]
    padded = np.pad(values, widths, mode=mode)
    size = values.shape[axis]
    return sum(tap * np.take(padded, np.arange(i, i + size), axis) for i, tap in enumerate(taps))


def gaussian(values, deviation, mode="edge"):
    reach = int(4 * deviation + 0.5)
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    taps /= taps.sum()
    return along(along(values, 1, taps, mode), 2, taps, mode)


def warped(pictures, matrices):
    """Each pixel (x, y) taken, bilinearly, from where its picture's 2x3 matrix sends it; outside is paper."""
    n = len(pictures)
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    at = np.stack([x, y, np.ones_like(x)]).reshape(3, -1)
    source = (matrices @ at).reshape(n, 2, SIDE, SIDE) + 1  # in the padded picture
    padded = np.pad(pictures, ((0, 0), (1, 2), (1, 2)))
    sx, sy = np.clip(source[:, 0], 0, SIDE + 1), np.clip(source[:, 1], 0, SIDE + 1)
    left, top = np.floor(sx).astype(int), np.floor(sy).astype(int)
    fx, fy = sx - left, sy - top
    each = np.arange(n)[:, None, None]
    upper = padded[each, top, left] * (1 - fx) + padded[each, top, left + 1] * fx
    lower = padded[each, top + 1, left] * (1 - fx) + padded[each, top + 1, left + 1] * fx
    return upper * (1 - fy) + lower * fy


def about_middle(a, b, c, d):
    """Matrices of (x, y) -> (a x + b y, c x + d y) with the picture's middle staying where it is."""
    a, b, c, d = np.broadcast_arrays(a, b, c, d)
    x = MIDDLE * (1 - a - b)
    y = MIDDLE * (1 - c - d)
    return np.stack([np.stack([a, b, x], axis=-1), np.stack([c, d, y], axis=-1)], axis=-2).astype(float)


def either_way(rng, n):
    return rng.choice([-1.0, 1.0], n)


# --- Noise and blur ------------------------------------------------------------------------------


def shot_noise(pictures, rng):
    """Severity 5: three photons for white."""
    return np.clip(rng.poisson(pictures * 3) / 3, 0, 1)


def impulse_noise(pictures, rng):
    """Severity 4: 17 % of the pixels are white or black, either alike."""
    hit = rng.random(pictures.shape) < 0.17
    return np.where(hit, (rng.random(pictures.shape) < 0.5).astype(float), pictures)


def glass_blur(pictures, rng):
    """Severity 1: blurred by 0.7 pixels; twice, from the end, half of the pixels change place with one at most one
    up and left of them; blurred again."""
    result = np.floor(gaussian(pictures, 0.7) * 255)
    each = np.arange(len(pictures))
    for _ in range(2):
        for y in range(SIDE - 1, 1, -1):
            for x in range(SIDE - 1, 1, -1):
                which = each[rng.random(len(each)) < 0.5]
                v = y - rng.integers(0, 2, len(which))
                u = x - rng.integers(0, 2, len(which))
                here = result[which, y, x].copy()
                result[which, y, x] = result[which, v, u]
                result[which, v, u] = here
    return np.clip(gaussian(result / 255, 0.7), 0, 1)


def motion_blur(pictures, rng):
    """Severity 1: along a line of up to 45 degrees either way, 21 pixels with the weights of one half of a
    Gaussian of deviation 3."""
    steps = np.arange(21)
    weights = np.exp(-0.5 * (steps / 3) ** 2)
    weights /= weights.sum()
    angles = np.radians(rng.uniform(-45, 45, len(pictures)))
    each = np.arange(len(pictures))[:, None, None]
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    result = np.zeros_like(pictures)
    for step, weight in zip(steps, weights):
        dx = np.ceil(step * np.cos(angles) - 0.5).astype(int)[:, None, None]
        dy = np.ceil(step * np.sin(angles) - 0.5).astype(int)[:, None, None]
        result += weight * pictures[each, np.clip(y + dy, 0, SIDE - 1), np.clip(x + dx, 0, SIDE - 1)]
    return result


# --- Geometry ------------------------------------------------------------------------------------


def shear(pictures, rng):
    """Severity 2: by 0.4 radians either way."""
    angle = 0.4 * either_way(rng, len(pictures))
    return warped(pictures, about_middle(1, -np.sin(angle), 0, np.cos(angle)))


def scale(pictures, _):
    """Severity 3: to 0.7 of the size."""
    factor = np.full(len(pictures), 1 / 0.7)
    return warped(pictures, about_middle(factor, 0, 0, factor))


def rotate(pictures, rng):
    """Severity 2: by 0.4 radians either way."""
    angle = 0.4 * either_way(rng, len(pictures))
    return warped(pictures, about_middle(np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)))


def translate(pictures, rng):
    """Severity 3: by 3 pixels either way, across and along."""
    matrices = about_middle(np.ones(len(pictures)), 0, 0, 1)
    matrices[:, :, 2] = 3 * rng.choice([-1.0, 1.0], (len(pictures), 2))
    return warped(pictures, matrices)


# --- Light and weather ---------------------------------------------------------------------------


def brightness(pictures, _):
    """Severity 5: half of white on top."""
    return np.clip(pictures + 0.5, 0, 1)


def stripe(pictures, _):
    """The left and the right quarter inverted."""
    result = pictures.copy()
    result[:, :, :7] = 1 - result[:, :, :7]
    result[:, :, 21:] = 1 - result[:, :, 21:]
    return result


def plasma(n, rng, decay, side=256):
    """Clouds by the diamond-square algorithm on a torus, each from 0 to 1."""
    grid = np.zeros((n, side, side), np.float32)
    step, wobble = side, 100.0
    while step > 1:
        half = step // 2

        def rough(total):
            return total / 4 + np.float32(wobble * wobble) * (2 * rng.random(total.shape, np.float32) - 1)

        corners = grid[:, ::step, ::step]
        pairs = corners + np.roll(corners, -1, 1)
        grid[:, half::step, half::step] = rough(pairs + np.roll(pairs, -1, 2))
        centres = grid[:, half::step, half::step]
        across = corners + np.roll(corners, -1, 2)
        grid[:, ::step, half::step] = rough(across + centres + np.roll(centres, 1, 1))
        along_side = corners + np.roll(corners, -1, 1)
        grid[:, half::step, ::step] = rough(along_side + centres + np.roll(centres, 1, 2))
        step = half
        wobble /= decay
    grid -= grid.min(axis=(1, 2), keepdims=True)
    return grid / grid.max(axis=(1, 2), keepdims=True)


def fog(pictures, rng):
    """Severity 5: clouds of three times white, roughness falling by 1.4 a step, and all darkened to fit."""
    result = []
    for start in range(0, len(pictures), 200):
        part = pictures[start : start + 200]
        brightest = part.max(axis=(1, 2), keepdims=True)
        clouds = plasma(len(part), rng, 1.4)[:, :SIDE, :SIDE]
        result.append(np.clip((part + 3 * clouds) * brightest / (brightest + 3), 0, 1))
    return np.concatenate(result)


def spatter(pictures, rng):
    """Severity 4: spots of mud, a quarter as bright as white, over the ink."""
    liquid = gaussian(rng.normal(0.65, 0.3, pictures.shape), 1)
    cover = gaussian((liquid > 0.65).astype(float), 1.5)
    cover[cover < 0.8] = 0
    return np.clip(pictures * (1 - cover) + cover * 63 / 255, 0, 1)


# --- Lines and edges -----------------------------------------------------------------------------


def lines(x0, y0, x1, y1):
    """A line a picture, from left to right: full in its middle, fading to nothing 2.3 rows above and below."""
    x0, y0, x1, y1 = (np.asarray(v, dtype=float)[:, None, None] for v in (x0, y0, x1, y1))
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    distance = np.abs(y - (y0 + (y1 - y0) / (x1 - x0) * (x - x0)))
    ink = np.clip(1 + np.log(1 - np.minimum(distance, 2.3 - 1e-10) / 2.3), 0, 1)
    return np.where((x >= np.floor(x0)) & (x < np.ceil(x1)), ink, 0)


def dotted_line(pictures, rng):
    """Across the whole picture, two columns off, two on."""
    n = len(pictures)
    ink = lines(np.zeros(n), rng.integers(0, 27, n), np.full(n, 27), rng.integers(0, 27, n))
    ink[:, :, np.arange(SIDE) // 2 % 2 == 0] = 0
    return np.clip(pictures + ink, 0, 1)


def zigzag(pictures, rng):
    """From column 2 to 25, rising or falling by up to 5 rows; teeth 2 pixels high and 4 long."""
    n = len(pictures)
    start = rng.integers(0, 27, n)
    tilt = np.arctan(rng.integers(-5, 5, n) / 23)
    length = 23 / np.cos(tilt)
    teeth = 6
    at = [np.zeros(n)] + [np.full(n, 4.0 * i + 2) for i in range(teeth)] + [length]
    off = [np.zeros(n)] + [np.full(n, 2.0 * (-1) ** i) for i in range(teeth)] + [-1 / (length - 20)]
    xs = [2 + a * np.cos(tilt) - o * np.sin(tilt) for a, o in zip(at, off)]
    ys = [start + a * np.sin(tilt) + o * np.cos(tilt) for a, o in zip(at, off)]
    result = pictures
    for i in range(teeth + 1):
        result = np.clip(result + lines(xs[i], ys[i], xs[i + 1], ys[i + 1]), 0, 1)
    return result


def shifted(values, dy, dx):
    padded = np.pad(values, ((0, 0), (1, 1), (1, 1)))
    return padded[:, 1 + dy : 1 + dy + SIDE, 1 + dx : 1 + dx + SIDE]


def ridges(strength, gy, gx):
    """Where the strength is no less than on either side of it along the gradient, between pixels by interpolation."""
    kept = np.zeros(strength.shape, bool)
    steep = np.abs(gy) > np.abs(gx)
    weight = np.minimum(np.abs(gy), np.abs(gx)) / np.maximum(np.maximum(np.abs(gy), np.abs(gx)), 1e-12)
    for sy in (-1, 1):
        for sx in (-1, 1):
            for upright in (False, True):
                here = (steep == upright) & ((gy >= 0) == (sy > 0)) & ((gx >= 0) == (sx > 0))
                straight = (sy, 0) if upright else (0, sx)
                peak = np.ones(strength.shape, bool)
                for way in (-1, 1):
                    beside = shifted(strength, way * straight[0], way * straight[1])
                    corner = shifted(strength, way * sy, way * sx)
                    peak &= strength >= beside * (1 - weight) + corner * weight
                kept |= here & peak
    return kept


def canny_edges(pictures, _):
    """Canny's edges: a Gaussian of deviation 1, Sobel, ridges, and hysteresis from 0.2 down to 0.1."""
    inside = gaussian(np.ones((1, SIDE, SIDE)), 1, "constant")
    smooth = gaussian(pictures, 1, "constant") / inside
    gx = along(along(smooth, 2, [-1, 0, 1], "symmetric"), 1, [1, 2, 1], "symmetric")
    gy = along(along(smooth, 1, [-1, 0, 1], "symmetric"), 2, [1, 2, 1], "symmetric")
    strength = np.hypot(gx, gy)
    kept = ridges(strength, gy, gx)
    kept[:, [0, -1], :] = False
    kept[:, :, [0, -1]] = False
    weak, strong = kept & (strength >= 0.1), kept & (strength >= 0.2)
    while True:
        grown = strong.copy()
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                grown |= shifted(strong, dy, dx)
        grown &= weak
        if np.array_equal(grown, strong):
            return strong.astype(float)
        strong = grown


CORRUPTIONS = (
    shot_noise, impulse_noise, glass_blur, motion_blur, shear, scale, rotate, brightness, translate, stripe, fog,
    spatter, dotted_line, zigzag, canny_edges,
)  # fmt: skip
