"""Kills a run, or fails one of its system calls, at every call that a small sync makes."""

import os

import trace
from harness import OUR_BUG, STORAGE, Archive, Campaign, require

ERRORS = ("ENOSPC", "EIO", "EDQUOT", "EINTR")
INJECTED = (
    "openat", "write", "pwrite64", "fsync", "fdatasync", "syncfs", "rename", "renameat2",
    "unlink", "unlinkat", "ftruncate", "mkdir", "mkdirat",
)


class Point:
    """A system call on something of the archive: the n-th of that name a thread makes on it."""

    def __init__(self, call, name, n, matches):
        self.call = call
        # Below the archive; what strace is told to look at.
        self.name = name
        self.n = n
        self.matches = matches

    @property
    def key(self):
        return (self.call, self.name, self.n)

    def __str__(self):
        return f"{self.call} {self.n} on {self.name or 'the archive'}"


def literal(text):
    return text.strip('"')


def matched(call):
    """What strace's -P would compare for this call: descriptors' paths, and names as they stand."""
    texts = set()
    for argument in call.arguments:
        if argument.startswith('"'):
            texts.add(literal(argument))
        elif "</" in argument:
            texts.add(trace.descriptor_path(argument))
    return texts


def points(log, top):
    """Every call of a traced run on the archive `top`, each once."""
    seen = {}
    earlier = {}
    for call in trace.read(log):
        if call.name not in INJECTED:
            continue
        texts = matched(call)
        before = earlier.setdefault((call.thread, call.name), [])
        before.append(texts)
        place = trace.paths(call, literal)[0]
        place = place.rstrip("/.") if place.startswith("/") else place
        if place != top and not place.startswith(top + "/"):
            continue
        name = os.path.relpath(place, top) if place != top else ""
        wanted = {place}
        if len(call.arguments) > 1 and call.arguments[1].startswith('"'):
            wanted.add(literal(call.arguments[1]))
        n = sum(1 for texts in before if texts & wanted)
        point = Point(call.name, name, n, wanted)
        seen.setdefault(point.key, point)
    return list(seen.values())


def strace(log, *options):
    return ("strace", "-f", "-qq", "-o", str(log), *options)


def find_points(program, provider, folder):
    archive = Archive(folder / "archive", provider, program)
    archive.remove()
    log = folder / "trace.log"
    run = archive.sync(
        "--concurrency", "2", prefix=strace(log, "-y", "-e", "trace=" + ",".join(INJECTED))
    )
    require(run.status == 0, f"a traced run ends with {run.status}: {run.errors}")
    archive.check_complete()
    archive.remove()
    return points(log, str(archive.path))


class Injection:
    """One fault at one point, and what follows."""

    def __init__(self, program, provider, folder):
        self.archive = Archive(folder / "archive", provider, program)
        self.log = folder / "inject.log"
        self.provider = provider
        self.unreached = 0

    def attempt(self, point, fault):
        """Runs with the fault; None when the run didn't come by that point."""
        self.archive.remove()
        self.provider.forget()
        looks = [word for match in sorted(point.matches) for word in ("-P", match)]
        prefix = strace(
            self.log, *looks, "-e", f"trace={point.call}",
            "-e", f"inject={point.call}:{fault}:when={point.n}",
        )
        run = self.archive.sync("--concurrency", "2", prefix=prefix)
        if run.was_killed or "INJECTED" in self.log.read_text(errors="replace"):
            return run
        return None

    def run(self, point, fault):
        run = None
        for _ in range(3):
            # Threads share the work out anew each time, and count each for itself.
            run = self.attempt(point, fault)
            if run is not None:
                break
        if run is None:
            self.unreached += 1
            self.archive.check_complete()
            return
        if "SIGKILL" in fault:
            require(run.was_killed, f"was not killed, ended with {run.status}")
        else:
            require(run.status >= 0, f"died of signal {-run.status}: {run.errors}")
            require(run.status != OUR_BUG, f"took it for its own bug: {run.errors}")
            require(
                run.status in (0, STORAGE), f"ended with {run.status}: {run.errors}"
            )
            if run.status == STORAGE:
                require("error: " in run.errors, f"status {STORAGE} without a word")
        if not self.archive.path.exists():
            whole = set()
        else:
            whole = self.archive.check_now()
            if run.status == 0:
                self.archive.check_complete(tidy=False)
        self.archive.finish(whole, self.provider.counts())


def campaigns(program, provider, work, shared, chosen):
    """`chosen(points, fault)` picks what of it is done; `shared` is this worker's (index, of)."""
    folder = work / f"inject-{shared[0]}"
    folder.mkdir(parents=True, exist_ok=True)
    every = find_points(program, provider, folder)
    injection = Injection(program, provider, folder)
    results = []
    for title, fault in [("killed at a call", "signal=SIGKILL")] + [
        (f"{error} from a call", f"error={error}") for error in ERRORS
    ]:
        campaign = Campaign(title, work)
        injection.unreached = 0
        mine = chosen(every, fault)[shared[0]::shared[1]]
        for point in mine:
            campaign.case(
                f"{fault} at {point}", injection.archive,
                lambda point=point, fault=fault: injection.run(point, fault),
            )
        campaign.note = {"not come by": injection.unreached}
        results.append(campaign)
    injection.archive.remove()
    return results

