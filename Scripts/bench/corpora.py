"""The files and listings that the benchmark serves, made once and kept under .build/bench/corpora.

A corpus has recordings 0, 1, 2, … with a start time each 86 s (about 1,000 a day). Its files are WAVs
with right headers around random bytes; few of them differ, the others are hard links. Listing pages of
1,000 rows are static JSON, one folder for each address they are served under.
"""

import datetime
import json
import os
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path

PAGE_SIZE = 1000
USER = "u-bench"
FIRST_START = datetime.datetime(2023, 1, 1)
SECONDS_APART = 86
HEADER = 44
RATE = 8000

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True)
class Corpus:
    """What is served under one name; `sizes` are those of the distinct files, in turn."""

    name: str
    count: int
    sizes: tuple = ()
    # Rows that a sync has nothing to fetch for.
    state: str = "complete"
    # The server maps many names to few files, where a million links would take too long.
    mapped: bool = False

    def size(self, index):
        return self.sizes[index % len(self.sizes)]

    def total(self, indexes=None):
        if indexes is None:
            rounds, rest = divmod(self.count, len(self.sizes))
            return rounds * sum(self.sizes) + sum(self.sizes[:rest])
        return sum(self.size(index) for index in indexes)

    def media_name(self, index):
        return f"c-{index:07d}-1.wav"

    def pages(self):
        return (self.count + PAGE_SIZE - 1) // PAGE_SIZE


def spread(low, high, steps):
    """Even numbers from low to high, shuffled in a fixed way."""
    step = (high - low) / (steps - 1)
    values = [int(low + step * i) // 2 * 2 for i in range(steps)]
    return tuple(values[i * 7 % steps] for i in range(steps))


TINY = tuple(HEADER + 16 for _ in range(100))

CORPORA = {
    corpus.name: corpus
    for corpus in [
        Corpus("small", 20_000, (16 * KIB,) * 64),
        Corpus("typical", 2_000, spread(500_000, 1_500_000, 41)),
        Corpus("large", 8, (256 * MIB,) * 2),
        Corpus("latency", 500, (200_000,) * 50),
        Corpus("waiting-10k", 10_000, TINY, state="saving"),
        Corpus("waiting-100k", 100_000, TINY, state="saving"),
        Corpus("waiting-1m", 1_000_000, TINY, state="saving"),
        Corpus("tiny-10k", 10_000, TINY, mapped=True),
        Corpus("tiny-100k", 100_000, TINY, mapped=True),
        Corpus("tiny-1m", 1_000_000, TINY, mapped=True),
    ]
}


def wave(size, block):
    """Yields a WAV of `size` bytes, 8 kHz, 16 bit, mono; `block` is repeated as its samples."""
    samples = size - HEADER
    yield b"RIFF" + struct.pack("<I", size - 8) + b"WAVE"
    yield b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, RATE, RATE * 2, 2, 16)
    yield b"data" + struct.pack("<I", samples)
    while samples > 0:
        yield block[:samples]
        samples -= min(samples, len(block))


def make_media(corpus, folder, say):
    """Writes the distinct files and links the others to them."""
    done = folder / "media.done"
    stamp = repr(corpus)
    if not corpus.sizes or corpus.state != "complete":
        return
    if done.is_file() and done.read_text() == stamp:
        return
    say(f"making the files of {corpus.name}: {corpus.count} recordings, {corpus.total() / MIB:.0f} MiB")
    shutil.rmtree(folder / "media", ignore_errors=True)
    (folder / "media").mkdir(parents=True)
    distinct = []
    for index in range(len(corpus.sizes)):
        name = f"{index:02d}.wav" if corpus.mapped else corpus.media_name(index)
        path = folder / "media" / name
        size = corpus.sizes[index]
        block = os.urandom(min(size, MIB))
        with open(path, "wb") as file:
            for part in wave(size, block):
                file.write(part)
        distinct.append(path)
    if not corpus.mapped:
        for index in range(len(distinct), corpus.count):
            os.link(distinct[index % len(distinct)], folder / "media" / corpus.media_name(index))
    done.write_text(stamp)


def timestamp(seconds):
    time = FIRST_START + datetime.timedelta(seconds=seconds)
    return time.isoformat(timespec="milliseconds") + "Z"


def rows(corpus, base, indexes):
    for index in indexes:
        start = index * SECONDS_APART
        row = {
            "endTime": timestamp(start + (corpus.size(index) - HEADER) / (RATE * 2)),
            "id": f"rec-{index:07d}",
            "media": f"{base}/users/{USER}/media/{corpus.media_name(index)}",
            "call": f"https://api.example.net/v1/users/{USER}/calls/c-{index:07d}",
            "startTime": timestamp(start),
            "state": corpus.state,
        }
        if corpus.state != "complete":
            del row["media"]
        yield row


def pages_folder(corpus, address):
    """Pages without media URLs are the same under every address."""
    return "pages" if corpus.state != "complete" else "pages-" + address.replace(":", "-").replace("/", "")


def make_pages(corpus, folder, address, say):
    """Writes the listing's pages for the server at `address` (scheme://host:port)."""
    target = folder / pages_folder(corpus, address)
    if (target / "done").is_file():
        return
    if corpus.count > 50_000:
        say(f"writing {corpus.pages()} listing pages of {corpus.name}")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    base = f"{address}/{corpus.name}/v1"
    for page in range(corpus.pages()):
        first = page * PAGE_SIZE
        indexes = range(first, min(first + PAGE_SIZE, corpus.count))
        (target / f"{page}.json").write_text(json.dumps(list(rows(corpus, base, indexes))))
    (target / "done").touch()


def make(corpus, root, addresses, say):
    """The corpus, complete on disk, and its listing for each address."""
    folder = Path(root) / corpus.name
    folder.mkdir(parents=True, exist_ok=True)
    make_media(corpus, folder, say)
    for address in addresses:
        make_pages(corpus, folder, address, say)
