#!/usr/bin/env python3
"""Follows an archive: looks at each new recording once, and keeps a table of what it found.

Usage: follow.py ARCHIVE TABLE.csv
  CALLARCHIVE=PROGRAM    else callarchive, found in PATH

Run it whenever you like, also while a sync is on: it asks `callarchive export` for what was
archived after the highest sequence number in the table. The table is replaced as a whole, so the
numbers in it are those that were worked on, whatever is killed: there is no cursor beside it that
could disagree. A recording that was fetched again has a new number and takes its old row's place.

Columns: sequence, id, file, start, seconds, channels, rate, level (RMS in dB of full scale) and
problem (why there is no level: Python's wave reads PCM only). It needs pandas and numpy. At the end
it prints what each day had.
"""
import json
import math
import os
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pandas as pd

COLUMNS = ["sequence", "id", "file", "start", "seconds", "channels", "rate", "level", "problem"]
BLOCK = 1 << 16


def level(sound):
    """The RMS level of all samples in dB of full scale; None for silence."""
    width = sound.getsampwidth()
    if width not in (1, 2, 4):
        raise wave.Error(f"{8 * width} bits a sample")
    total, count = 0.0, 0
    while block := sound.readframes(BLOCK):
        samples = np.frombuffer(block, dtype=f"<{'u' if width == 1 else 'i'}{width}").astype(float)
        if width == 1:
            samples -= 128
        samples /= 2.0 ** (8 * width - 1)
        total += float(np.square(samples).sum())
        count += samples.size
    return 10 * math.log10(total / count) if total > 0 else None


def examine(archive, entry):
    """A row of the table."""
    row = {name: entry.get(name) for name in ("sequence", "id", "file")}
    row["start"] = entry["startTime"]
    # What the archive knows of any format.
    audio = entry["audio"] or {}
    row["seconds"], row["channels"] = audio.get("durationSeconds"), audio.get("channels")
    row["rate"] = audio.get("sampleRate")
    try:
        with wave.open(str(archive / entry["file"]), "rb") as sound:
            row["level"] = level(sound)
    except FileNotFoundError:
        # Gone since; the next sync gets it again, with a new sequence number.
        return None
    except (wave.Error, EOFError) as error:
        row["problem"] = str(error)
    return row


def new_entries(archive, after):
    """The entries that were archived after that sequence number, in order."""
    program = os.environ.get("CALLARCHIVE", "callarchive")
    command = [program, "export", "--after", str(after), str(archive)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as export:
        for line in export.stdout:
            yield json.loads(line)
    if export.returncode != 0:
        sys.exit(f"follow: {program} export ended with status {export.returncode}")


def save(table, path):
    """Replaces the file as a whole, or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(draft, "w", encoding="utf-8", newline="") as file:
        # With CRLF, a lone CR or LF in an id is quoted as well.
        table.to_csv(file, index=False, lineterminator="\r\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    archive, path = Path(sys.argv[1]), Path(sys.argv[2])
    if path.exists():
        # An id may look like a number, or like a word for nothing.
        known = pd.read_csv(path, dtype={"id": str}, keep_default_na=False, na_values=[""])
    else:
        known = pd.DataFrame(columns=COLUMNS)
    after = 0 if known.empty else int(known["sequence"].max())
    looked_at = [examine(archive, entry) for entry in new_entries(archive, after)]
    rows = [row for row in looked_at if row is not None]
    table = known
    if rows:
        fresh = pd.DataFrame(rows, columns=COLUMNS)
        table = fresh if known.empty else pd.concat([known, fresh], ignore_index=True)
        table = table.drop_duplicates("id", keep="last").sort_values("sequence")
        save(table, path)
    print(f"{len(rows)} new, {len(table)} in all")
    if not table.empty:
        day = table["start"].fillna("undated").astype(str).str.slice(0, 10).rename("day")
        numbers = table.assign(
            minutes=pd.to_numeric(table["seconds"]) / 60, level=pd.to_numeric(table["level"])
        )
        days = numbers.groupby(day).agg(
            recordings=("id", "count"), minutes=("minutes", "sum"), level=("level", "mean")
        )
        print(days.round(1).to_string())


main()
