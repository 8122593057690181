"""Power loss: a traced sync is replayed onto a model of a file system, and cut after every call.

Covered: for each prefix of the run's calls on the archive (mkdir, open with O_CREAT, write, pwrite,
ftruncate, rename, link, unlink, fsync, fdatasync, syncfs), these states of the disk:

  strict     what was not synced is lost: contents are as at the file's last fsync, names as at their
             folder's last fsync (POSIX's own promise, weaker than any file system in use)
  names      names are there, contents that were not synced are dropped (a file without delayed
             allocation's care: renamed, but empty)
  zeros      names are there, lengths too, bytes that were not synced are zero (XFS of old)
  contents   contents are there, names that were not synced are lost
  kept       everything is there (the same as SIGKILL)
  mixed      names as at a random moment since the last sync of anything (a journal that was written
             up to there), each file's contents by chance as one of the above, or torn in the middle

and after each: final names hold whole and right bytes, what the catalog on that disk calls archived is
there, the next sync ends well and complete. After the last call `strict` must hold the whole archive.

Not covered: reordering inside one folder other than by a prefix; a write torn inside a sector; disks
that acknowledge a flush they did not do; bit rot; the -shm file (SQLite makes it anew); calls that SQLite
would make through a memory map (it has none here but for -shm); power loss of the next run, too.
"""

import json
import os
import shutil
import subprocess

import trace
from harness import STORAGE, Archive, Campaign, require

STATES = ("strict", "names", "zeros", "contents", "kept", "mixed")


class File:
    def __init__(self):
        self.data = bytearray()
        self.synced = b""

    def unsynced(self, how, random):
        """The contents after the power is back."""
        if how == "kept":
            return bytes(self.data)
        if how == "zeros":
            # Where the length has not changed, what was there before is.
            rest = len(self.data) - len(self.synced)
            return self.synced[: len(self.data)] + b"\0" * max(0, rest)
        if how == "torn":
            place = random.randrange(len(self.data) + 1)
            return bytes(self.data[:place]) + self.synced[place:len(self.data)]
        return self.synced


class Disk:
    """A file system that remembers what of it is durable. Paths are below the archive's parent."""

    def __init__(self):
        self.next = 1
        self.files = {}
        self.names = {}
        self.synced_names = {}
        # Journal of the names: each state of `names` since something was last synced.
        self.history = [{}]

    def folder(self, path):
        return os.path.dirname(path)

    def changed(self):
        self.history.append(dict(self.names))

    def make_folder(self, path):
        self.names[path] = None
        self.changed()

    def create(self, path):
        if path not in self.names:
            self.files[self.next] = File()
            self.names[path] = self.next
            self.next += 1
            self.changed()

    def file(self, path):
        number = self.names.get(path)
        return self.files.get(number)

    def write(self, path, at, data):
        file = self.file(path)
        if file is None:
            return
        at = len(file.data) if at is None else at
        if at > len(file.data):
            file.data.extend(b"\0" * (at - len(file.data)))
        file.data[at:at + len(data)] = data

    def truncate(self, path, length):
        file = self.file(path)
        if file is not None:
            del file.data[length:]
            file.data.extend(b"\0" * (length - len(file.data)))

    def rename(self, old, new):
        self.names[new] = self.names.pop(old)
        self.changed()

    def unlink(self, path):
        self.names.pop(path, None)
        self.changed()

    def snapshot(self, path):
        """What a sync that begins now will have made durable when it ends."""
        if path is None:
            return (
                {number: bytes(file.data) for number, file in self.files.items()},
                dict(self.names), None,
            )
        number = self.names.get(path)
        if number is not None:
            return {number: bytes(self.files[number].data)}, None, None
        inside = {p: n for p, n in self.names.items() if self.folder(p) == path}
        return {}, inside, path

    def sync(self, snapshot):
        contents, names, folder = snapshot
        for number, data in contents.items():
            self.files[number].synced = data
        if names is not None:
            kept = {
                path: number for path, number in self.synced_names.items()
                if folder is not None and self.folder(path) != folder
            }
            self.synced_names = {**kept, **names}
        # A journal is written up to where it stands, whatever asked for it.
        self.history = [dict(self.names)]

    def after(self, state, random):
        """Path → contents (None: a folder), as `state` has it."""
        names, how = {
            "strict": (self.synced_names, "synced"),
            "names": (self.names, "synced"),
            "zeros": (self.names, "zeros"),
            "contents": (self.synced_names, "kept"),
            "kept": (self.names, "kept"),
        }.get(state, (None, None))
        if names is None:
            names = random.choice(self.history)
        tree = {}
        for path, number in sorted(names.items(), key=lambda item: item[0]):
            above = self.folder(path)
            # What lies in a folder that is lost is lost.
            if above and (above not in tree or tree[above] is not None):
                continue
            if number is None:
                tree[path] = None
            elif not path.endswith("-shm"):
                way = how or random.choice(("synced", "kept", "zeros", "torn"))
                tree[path] = self.files[number].unsynced(way, random)
        return tree


class Replay:
    """The calls of a traced run, done to a Disk one after the other."""

    def __init__(self, log, top):
        self.top = top
        self.parent = os.path.dirname(top)
        self.disk = Disk()
        self.steps = []
        # A sync counts for what had ended when it began.
        starts = []
        for call in trace.read(log):
            if call.result < 0:
                continue
            places = [self.below(path) for path in trace.paths(call)]
            if places[0] is None:
                continue
            if call.name in ("fsync", "fdatasync", "syncfs"):
                token = len(starts)
                starts.append(call)
                self.steps.append((call.began, "begin", token, call, places))
            self.steps.append((call.ended, "do", len(starts) - 1, call, places))
        self.steps.sort(key=lambda step: (step[0], step[1]))
        self.snapshots = {}

    def below(self, path):
        """Relative to the archive's parent; None when it is elsewhere."""
        path = path.rstrip("/.") if path.endswith("/.") else path
        if path != self.top and not path.startswith(self.top + "/"):
            return None
        return os.path.relpath(path, self.parent)

    def __iter__(self):
        """Yields each call after it was done."""
        for _, kind, token, call, places in self.steps:
            path = places[0]
            if kind == "begin":
                self.snapshots[token] = self.disk.snapshot(
                    None if call.name == "syncfs" else path)
                continue
            if self.do(call, places, token):
                yield call

    def do(self, call, places, token):
        """False when the call changes nothing."""
        path, name, a = places[0], call.name, call.arguments
        if name in ("openat", "open"):
            flags = a[1] if name == "open" else a[2]
            if "O_CREAT" not in flags or path in self.disk.names:
                return False
            self.disk.create(path)
        elif name in ("mkdir", "mkdirat"):
            self.disk.make_folder(path)
        elif name == "write":
            self.disk.write(path, None, trace.unquote(a[1])[: call.result])
        elif name == "pwrite64":
            self.disk.write(path, int(a[3]), trace.unquote(a[1])[: call.result])
        elif name == "ftruncate":
            self.disk.truncate(path, int(a[1]))
        elif name in ("rename", "renameat", "renameat2"):
            self.disk.rename(path, places[1])
        elif name in ("link", "linkat"):
            self.disk.names[places[1]] = self.disk.names[path]
            self.disk.changed()
        elif name in ("unlink", "unlinkat"):
            self.disk.unlink(path)
        else:
            self.disk.sync(self.snapshots.pop(token))
        return True


class PowerLoss:
    def __init__(self, program, provider, folder, random):
        self.provider = provider
        self.folder = folder
        self.random = random
        self.archive = Archive(folder / "archive", provider, program)
        self.refused = 0

    def record(self):
        self.archive.remove()
        log = self.folder / "power.log"
        prefix = (
            "strace", "-f", "-qq", "-y", "-xx", "-s", "4194304", "-o", str(log),
            "-e", "trace=" + ",".join(trace.CALLS),
        )
        run = self.archive.sync("--concurrency", "2", prefix=prefix)
        require(run.status == 0, f"a traced run ends with {run.status}: {run.errors}")
        self.archive.check_complete()
        replay = Replay(log, str(self.archive.path))
        for _ in replay:
            pass
        self.check_model(replay.disk)
        return log

    def check_model(self, disk):
        """The replay to its end is what lies on the real disk, or nothing said here is worth much."""
        tree = disk.after("kept", self.random)
        top = self.archive.path
        real = {
            str(path.relative_to(top.parent)): None if path.is_dir() else path.read_bytes()
            for path in [top, *top.rglob("*")]
        }
        require(set(tree) == set(real), f"replayed other names: {set(tree) ^ set(real)}")
        wrong = [path for path in real if real[path] != tree[path]]
        require(not wrong, f"replayed other contents: {wrong}")

    def build(self, tree):
        self.archive.remove()
        for path, data in tree.items():
            place = self.folder / path
            if data is None:
                place.mkdir(mode=0o700)
            else:
                place.write_bytes(data)

    def check(self, tree, is_end):
        self.build(tree)
        if self.archive.path.exists():
            whole = self.archive.check_now()
            for file, size, sha256 in self.archive.catalogued():
                path = self.archive.path / file
                require(
                    path.is_file() and path.stat().st_size == size,
                    f"the catalog calls {file} archived, and it is not there",
                )
                require(sha256 in self.provider.sums.values(), "the catalog has a wrong hash")
            if is_end:
                self.archive.check_complete(tidy=False)
        else:
            require(not is_end, "the whole archive is lost after the run's end")
            whole = set()
        counts = self.provider.counts()
        run = self.archive.sync()
        if run.status == STORAGE:
            self.refused += 1
            require("hint: " in run.errors, f"status {STORAGE} without a hint: {run.errors}")
            for name in ("catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"):
                (self.archive.path / ".callarchive" / name).unlink(missing_ok=True)
            run = self.archive.sync()
            whole = set()
        require(run.status == 0, f"the next run ends with {run.status}: {run.errors}")
        self.archive.check_complete()
        return whole, counts


def campaign(program, provider, work, shared, random, chosen):
    folder = work / f"power-{shared[0]}"
    folder.mkdir(parents=True, exist_ok=True)
    power = PowerLoss(program, provider, folder, random)
    log = power.record()
    results = {state: Campaign(f"power loss: {state}", work) for state in STATES}
    replay = Replay(log, str(power.archive.path))
    last = sum(1 for _ in Replay(log, str(power.archive.path)))
    picked = set(chosen(range(1, last + 1))) | {last}
    seen = set()
    for number, call in enumerate(replay, 1):
        if number % shared[1] != shared[0] or number not in picked:
            continue
        for state in STATES:
            if number == last and state == "mixed":
                continue
            tree = replay.disk.after(state, random)
            key = hash(tuple(sorted((path, data or b"") for path, data in tree.items())))
            is_end = number == last
            if key in seen and not is_end:
                continue
            seen.add(key)
            results[state].case(
                f"after call {number} of {last}, {call.name}", power.archive,
                lambda tree=tree, is_end=is_end: power.check(tree, is_end),
            )
    results["kept"].note = {"refused with status 6, in all": power.refused}
    power.archive.remove()
    return list(results.values())
