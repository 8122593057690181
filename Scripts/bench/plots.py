#!/usr/bin/env python3
"""Draws the plots of the article Performance, as SVG.

Usage: PACING_TRACE=FOLDER swift test --filter PacingSimulation
       Scripts/bench/plots.py FOLDER OUT.svg
       Scripts/bench/plots.py RESULTS.json… OUT.svg

FOLDER holds one CSV for each simulated provider: granted, refused and the pacer's rate by second.
RESULTS.json is what Scripts/bench.sh has kept: how the cost grows from 10,000 to 1,000,000 recordings.
"""

import csv
import json
import pathlib
import statistics
import sys

CASES = [
    ("200-fixed-exact-20", "200/s, fixed window, exact reset"),
    ("200-sliding-missing-100", "200/s, sliding window, no reset, 100 ms away"),
    ("20-sliding-wholeSeconds-20", "20/s, sliding window, reset in whole seconds"),
    ("20-fixed-clockOff-100", "20/s, fixed window, provider's clock 90 s off"),
]
WIDTH, HEIGHT, LEFT, TOP = 640, 120, 46, 26
SECONDS = 100


def curve(values, most, style):
    points = " ".join(
        f"{LEFT + second * (WIDTH - LEFT - 10) / SECONDS:.1f},{HEIGHT - value / most * (HEIGHT - TOP):.1f}"
        for second, value in enumerate(values)
    )
    return f'<polyline points="{points}" fill="none" {style}/>'


def panel(folder, name, title, offset):
    lines = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))[:SECONDS]
    limit = int(name.split("-", maxsplit=1)[0])
    most = limit * 1.4

    def height(value):
        return HEIGHT - value / most * (HEIGHT - TOP)

    parts = [f'<g transform="translate(0 {offset})">']
    parts.append(f'<text x="{LEFT}" y="16" font-weight="bold">{title}</text>')
    for value, text in ((0, "0"), (limit, str(limit))):
        y = height(value)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - 10}" y1="{y}" y2="{y}" stroke="#999" stroke-dasharray="3 3"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{text}</text>')
    granted = [min(float(row["granted"]), most) for row in rows]
    refused = [min(float(row["refused"]), most) for row in rows]
    parts.append(curve(granted, most, 'stroke="#1764ab" stroke-width="1.6"'))
    parts.append(curve(refused, most, 'stroke="#c0392b" stroke-width="1.2"'))
    parts.append("</g>")
    return parts


def drawing(height, parts):
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12" fill="#333">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    return "\n".join(head + parts + ["</svg>"]) + "\n"


def pacing(folder):
    step = HEIGHT + 26
    total = step * len(CASES) + 24
    parts = []
    for index, (name, title) in enumerate(CASES):
        parts += panel(folder, name, title, index * step)
    parts.append(
        f'<text x="{LEFT}" y="{total - 8}">requests in each of the first {SECONDS} seconds: '
        '<tspan fill="#1764ab">granted</tspan>, <tspan fill="#c0392b">refused</tspan></text>'
    )
    return drawing(total, parts)


# Of 10,000, 100,000 and 1,000,000 listed recordings; the cases' names and what a run of each is.
SIZES = (10_000, 100_000, 1_000_000)
GROWTH = (
    ("nothing-new", "callarchive", "nothing new", "#1764ab"),
    ("pages", "callarchive", "first listing", "#c0392b"),
)


def growth_panel(results, title, measure, offset):
    """One figure of all sizes, on an axis from 0; sizes stand evenly, as their logarithms do."""
    lines = []
    for prefix, label, words, colour in GROWTH:
        values = []
        for size, name in zip(SIZES, ("10k", "100k", "1m")):
            rounds = results.get(f"{prefix}-{name}", {}).get("rounds", {}).get(label)
            values.append(statistics.median(measure(one, size) for one in rounds) if rounds else None)
        lines.append((words, colour, values))
    most = 1.25 * max(value for _, _, values in lines for value in values if value is not None)
    parts = [f'<g transform="translate(0 {offset})">']
    parts.append(f'<text x="{LEFT}" y="16" font-weight="bold">{title}</text>')
    parts.append(f'<line x1="{LEFT}" x2="{WIDTH - 10}" y1="{HEIGHT}" y2="{HEIGHT}" stroke="#999"/>')
    for words, colour, values in lines:
        points = []
        for place, value in enumerate(values):
            if value is None:
                continue
            x = LEFT + 60 + place * (WIDTH - LEFT - 200) / 2
            y = HEIGHT - value / most * (HEIGHT - TOP)
            points.append(f"{x:.1f},{y:.1f}")
            others = [other[place] for _, _, other in lines if other is not values and other[place] is not None]
            # The smaller of two neighbours has its figure below.
            below = any(0 <= other - value < most / 5 for other in others)
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
            parts.append(f'<text x="{x:.1f}" y="{y + 16 if below else y - 7:.1f}" text-anchor="middle" fill="{colour}">{value:.3g}</text>')
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="1.4"/>')
    for place, size in enumerate(SIZES):
        x = LEFT + 60 + place * (WIDTH - LEFT - 200) / 2
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT + 15}" text-anchor="middle">{size:,}</text>')
    return parts + ["</g>"]


def growth(files):
    """From the results of one or several benchmarks; of a case in several of them, the last counts."""
    results = {}
    for file in files:
        for result in json.loads(pathlib.Path(file).read_text(encoding="utf-8"))["results"]:
            results[result["case"]] = result
    panels = (
        ("µs for each listed recording, in all", lambda one, size: one["wall"] / size * 1e6),
        ("µs of CPU for each listed recording", lambda one, size: one["cpu"] / size * 1e6),
        ("peak memory, MiB", lambda one, size: one["peak"] / 2**20),
    )
    step = HEIGHT + 34
    parts = []
    for index, (title, measure) in enumerate(panels):
        parts += growth_panel(results, title, measure, index * step)
    keys = " ".join(f'<tspan fill="{colour}">{words}</tspan>,' for _, _, words, colour in GROWTH)
    parts.append(f'<text x="{LEFT}" y="{step * 3 + 14}">by the number of listed recordings: {keys[:-1]}</text>')
    return drawing(step * 3 + 24, parts)


def main():
    if len(sys.argv) < 3 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    *sources, target = sys.argv[1:]
    if sources[0].endswith(".json"):
        text = growth(sources)
    else:
        text = pacing(pathlib.Path(sources[0]))
    pathlib.Path(target).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
