"""The simulated provider that grants so many requests a second, and what became of the grant."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import contestants
import server

# What counts begins after this long or this many refusals, whichever is first.
LEARNING_SECONDS = 20
LEARNING_REFUSALS = 20


class Provider:
    """Started for one run and stopped after it; `figures` tells how the grant was used."""

    user = "u-bench"

    def __init__(self, program, folder, corpus, grant):
        self.folder = Path(folder)
        self.log = self.folder / "requests.ndjson"
        self.granted = float(re.match(r"[0-9.]+", grant[grant.index("--rate") + 1]).group())
        self.command = [program, "--user-id", self.user, "--count", str(corpus.count)]
        self.command += ["--size", str(corpus.size(0)), "--log", str(self.log), "--no-memory-log"]
        self.command += grant

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        credentials = {"CATAPULT_SIMULATOR_TOKEN": server.TOKEN, "CATAPULT_SIMULATOR_SECRET": server.SECRET}
        self.process = subprocess.Popen(
            self.command,
            stdout=subprocess.PIPE,
            text=True,
            env=contestants.environment_for(credentials),
        )
        self.base = self.process.stdout.readline().strip()
        if not self.base:
            self.process.wait()
            raise RuntimeError("could not start: the simulator says why above")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def figures(self):
        """Of the requests for media: how much of the grant was used, and how many were refused."""
        with open(self.log, encoding="utf-8") as lines:
            requests = [one for one in map(json.loads, lines) if one["family"] == "media"]
        requests.sort(key=lambda one: one["time"])
        begin = requests[0]["time"]
        end = requests[-1]["time"]
        refusals = [one["time"] for one in requests if one["status"] == 429]
        learned = begin + LEARNING_SECONDS * 1000
        if len(refusals) >= LEARNING_REFUSALS:
            learned = min(learned, refusals[LEARNING_REFUSALS - 1])
        later = [one for one in requests if one["time"] > learned]
        served = sum(one["status"] in (200, 206) for one in later)
        possible = self.granted * (end - learned) / 1000
        return {
            "requests": len(requests),
            "allRefused": len(refusals),
            "granted": served / possible if possible > 0 else 0.0,
            "refused": (len(later) - served) / len(later) if later else 0.0,
            "secondsLater": (end - learned) / 1000,
        }
