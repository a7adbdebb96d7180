"""The figures of bench/stores.py as a picture: processor time an operation over the number of records, as SVG."""

import math

COLOURS = {"sqlite": "#1f6f54", "cassandra": "#b3541e"}
NAMES = {"sqlite": "SQLite", "cassandra": "Cassandra"}
WORKS = ("write", "list", "show")
WIDTH, HEIGHT, LEFT, TOP, GAP = 230, 190, 56, 46, 34


def step_for(top):
    """A round step that gives about four lines up to `top`."""
    raw = top / 4
    size = 10 ** math.floor(math.log10(raw))
    return next(size * n for n in (1, 2, 5, 10) if size * n >= raw)


def power(records):
    exponent = math.log10(records)
    return f"10<tspan dy='-5' font-size='9'>{exponent:.0f}</tspan>" if exponent == round(exponent) else f"{records:,}"


def panel(rows, work, left):
    sizes = sorted({row["records"] for row in rows})
    low, high = math.log10(sizes[0]), math.log10(sizes[-1])
    top = max(row[work]["cpu_us"] for row in rows) * 1.15
    step = step_for(top)

    def x(records):
        return left + WIDTH * (0.08 + 0.84 * (math.log10(records) - low) / max(high - low, 1e-9))

    def y(value):
        return TOP + HEIGHT * (1 - value / top)

    parts = [f"<text x='{left}' y='{TOP - 12}' class='title'>{work}</text>"]
    for i in range(int(top / step) + 1):
        at = y(i * step)
        parts.append(f"<path d='M{left} {at:.1f}H{left + WIDTH}' class='grid'/>")
        parts.append(f"<text x='{left - 6}' y='{at + 4:.1f}' text-anchor='end'>{i * step:g}</text>")
    for records in sizes:
        parts.append(f"<text x='{x(records):.1f}' y='{TOP + HEIGHT + 18}' text-anchor='middle'>{power(records)}</text>")
    for store in dict.fromkeys(row["store"] for row in rows):
        points = [(x(row["records"]), y(row[work]["cpu_us"])) for row in rows if row["store"] == store]
        line = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f"<polyline points='{line}' fill='none' stroke='{COLOURS[store]}' stroke-width='2'/>")
        parts += [f"<circle cx='{px:.1f}' cy='{py:.1f}' r='3.5' fill='{COLOURS[store]}'/>" for px, py in points]
    return parts


def svg(rows):
    width = LEFT + len(WORKS) * (WIDTH + GAP + 22)
    height = TOP + HEIGHT + 64
    parts = [f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' role='img'>",
             "<title>Processor time of an operation over the number of records</title>",
             "<style>text{font:12px system-ui,sans-serif;fill:#444}.title{font-weight:600;fill:#111}"
             ".grid{stroke:#ddd}</style>",
             f"<rect width='{width}' height='{height}' fill='#fff'/>",
             f"<text x='{LEFT}' y='18'>µs of one processor an operation, by the number of records</text>"]
    for place, work in enumerate(WORKS):
        parts += panel(rows, work, LEFT + place * (WIDTH + GAP + 22))
    left = LEFT
    for store in dict.fromkeys(row["store"] for row in rows):
        parts.append(f"<circle cx='{left + 4}' cy='{height - 14}' r='4' fill='{COLOURS[store]}'/>")
        parts.append(f"<text x='{left + 14}' y='{height - 10}'>{NAMES[store]}</text>")
        left += 110
    return "\n".join([*parts, "</svg>", ""])
