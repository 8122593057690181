"""SIGKILL at random moments of a larger sync, several times an archive, then to the end."""

import subprocess

from harness import Archive, Campaign, require

KILLS_PER_ARCHIVE = 10


class Kills:
    """An archive, and what was seen whole in it so far."""

    def __init__(self, program, provider, folder, random):
        self.archive = Archive(folder / "archive", provider, program)
        self.provider = provider
        self.random = random
        self.longest = 0.0
        self.whole = {}

    def measure(self):
        """How long a run is that nobody kills."""
        self.begin()
        run = self.archive.sync()
        require(run.status == 0, f"ends with {run.status}: {run.errors}")
        self.archive.check_complete()
        self.longest = run.seconds
        self.begin()

    def begin(self):
        self.archive.remove()
        self.provider.forget()
        # By id: the requests that had been made when it was first seen whole.
        self.whole = {}

    def kill(self):
        """One run and its end; False when it came to its end by itself."""
        process = self.archive.start()
        try:
            process.wait(timeout=self.random.uniform(0, self.longest * 0.5))
        except subprocess.TimeoutExpired:
            process.kill()
        errors = process.communicate()[1].decode(errors="replace")
        require(process.returncode in (0, -9), f"ends with {process.returncode}: {errors}")
        if not self.archive.path.exists():
            return True
        found = self.archive.check_now()
        counts = self.provider.counts()
        for id, requests in self.whole.items():
            require(
                counts[id]["requests"] == requests, f"{id} was whole, but was asked for again"
            )
        for id in found:
            self.whole.setdefault(id, counts[id]["requests"])
        return process.returncode == -9

    def finish(self):
        before = {id: {"requests": requests} for id, requests in self.whole.items()}
        self.archive.finish(set(self.whole), before)


def campaign(program, provider, work, index, random, count):
    """`count` kills on as many archives as that takes."""
    folder = work / f"kills-{index}"
    folder.mkdir(parents=True, exist_ok=True)
    kills = Kills(program, provider, folder, random)
    result = Campaign("killed at a random moment", work)
    kills.measure()
    left = count
    archives = 0
    while left > 0:
        kills.begin()
        archives += 1
        for number in range(KILLS_PER_ARCHIVE):
            if left == 0:
                break
            killed = []
            result.case(
                f"archive {archives}, kill {number + 1}", kills.archive,
                lambda: killed.append(kills.kill()),
            )
            if killed == [False]:
                # It had come to its end: no case of this campaign.
                result.cases -= 1
                break
            left -= 1
        result.case(f"archive {archives}, to its end", kills.archive, kills.finish)
    result.note = {"archives": archives}
    kills.archive.remove()
    return [result]
