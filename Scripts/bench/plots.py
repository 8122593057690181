#!/usr/bin/env python3
"""Draws what PacingSimulationTests traced, as SVG for the article Performance.

Usage: PACING_TRACE=FOLDER swift test --filter PacingSimulation
       Scripts/bench/plots.py FOLDER OUT.svg

FOLDER holds one CSV for each simulated provider: granted, refused and the pacer's rate by second.
"""

import csv
import pathlib
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


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    step = HEIGHT + 26
    total = step * len(CASES) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{total}" '
        f'viewBox="0 0 {WIDTH} {total}" font-family="sans-serif" font-size="12" fill="#333">',
        f'<rect width="{WIDTH}" height="{total}" fill="#fff"/>',
    ]
    for index, (name, title) in enumerate(CASES):
        parts += panel(folder, name, title, index * step)
    parts.append(
        f'<text x="{LEFT}" y="{total - 8}">requests in each of the first {SECONDS} seconds: '
        '<tspan fill="#1764ab">granted</tspan>, <tspan fill="#c0392b">refused</tspan></text></svg>'
    )
    pathlib.Path(sys.argv[2]).write_text("\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
