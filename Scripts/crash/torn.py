"""The catalog's file torn, overwritten or missing: the next sync mends it or says so, loses nothing."""

import shutil

from harness import OUR_BUG, STORAGE, Archive, Campaign, require

CATALOG = "catalog.sqlite"


class Torn:
    """An archive whose catalog is damaged, again and again from the same state."""

    def __init__(self, program, provider, folder):
        self.archive = Archive(folder / "archive", provider, program)
        self.kept = folder / "kept"
        self.refused = 0
        self.fetched_again = 0

    def make(self, killed):
        """The state to begin with: a complete archive, or one whose run was killed."""
        self.archive.remove()
        shutil.rmtree(self.kept, ignore_errors=True)
        run = self.archive.sync()
        require(run.status == 0, f"ends with {run.status}: {run.errors}")
        if killed:
            # A run that is killed at its last step leaves the write-ahead log behind.
            control = self.archive.path / ".callarchive"
            self.archive.remove()
            prefix = (
                "strace", "-f", "-qq", "-o", "/dev/null", "-P", str(control / "manifest.json.new"),
                "-e", "trace=fsync", "-e", "inject=fsync:signal=SIGKILL:when=1",
            )
            run = self.archive.sync(prefix=prefix)
            require(run.was_killed, f"was not killed, ended with {run.status}")
            require((control / f"{CATALOG}-wal").exists(), "there is no write-ahead log")
        shutil.copytree(self.archive.path, self.kept, symlinks=True)

    def run(self, damage):
        self.archive.remove()
        shutil.copytree(self.kept, self.archive.path, symlinks=True)
        before = self.archive.final_files()
        control = self.archive.path / ".callarchive"
        damage(control)
        self.archive.provider.forget()
        run = self.archive.sync()
        require(run.status >= 0, f"died of signal {-run.status}: {run.errors}")
        require(run.status != OUR_BUG, f"took it for its own bug: {run.errors}")
        require(run.status in (0, STORAGE), f"ended with {run.status}: {run.errors}")
        after = self.archive.final_files()
        lost = sorted(set(before) - set(after))
        require(not lost, f"files lost: {lost}")
        if run.status == STORAGE:
            self.refused += 1
            require("hint: " in run.errors, f"no hint: {run.errors}")
            # What the hint says.
            for name in (CATALOG, f"{CATALOG}-wal", f"{CATALOG}-shm"):
                (control / name).unlink(missing_ok=True)
            run = self.archive.sync()
            require(run.status == 0, f"without the catalog: {run.status}: {run.errors}")
        self.archive.check_complete()
        counts = self.archive.provider.counts()
        self.fetched_again += any(counts[id]["requests"] for id in before)


def overwrite(name, at, bytes):
    def damage(control):
        with open(control / name, "r+b") as file:
            file.seek(at)
            file.write(bytes)
    return damage


def truncate(name, to):
    def damage(control):
        with open(control / name, "r+b") as file:
            file.truncate(to)
    return damage


def remove(*names):
    def damage(control):
        for name in names:
            (control / name).unlink(missing_ok=True)
    return damage


def replace(name, bytes):
    return lambda control: (control / name).write_bytes(bytes)


def cases(control, random, quick):
    """(name, damage) for the files that lie there."""
    log = f"{CATALOG}-wal"
    yield "deleted", remove(CATALOG, log, f"{CATALOG}-shm")
    yield "empty", truncate(CATALOG, 0)
    yield "a text in its place", replace(CATALOG, b"This is no database.\n" * 200)
    yield "its header overwritten", overwrite(CATALOG, 0, b"\0" * 100)
    for name in (CATALOG, log):
        if not (control / name).exists():
            continue
        size = (control / name).stat().st_size
        for _ in range(2 if quick else 25):
            place = random.randrange(1, max(2, size))
            yield f"{name} cut at {place} of {size}", truncate(name, place)
            place = random.randrange(size)
            data = random.randbytes(min(random.choice((1, 16, 512)), size - place))
            yield f"{len(data)} bytes of {name} overwritten at {place}", overwrite(
                name, place, data)
        pages = range(0, size, 4096)
        for place in random.sample(pages, min(len(pages), 2)) if quick else pages:
            count = min(4096, size - place)
            yield f"page at {place} of {name} zero", overwrite(name, place, b"\0" * count)
            yield f"page at {place} of {name} garbage", overwrite(
                name, place, random.randbytes(count))
    if (control / log).exists():
        yield "the write-ahead log deleted", remove(log)
        yield "the log and its index deleted", remove(log, f"{CATALOG}-shm")
        yield "the index deleted", remove(f"{CATALOG}-shm")
        yield "the index garbage", replace(f"{CATALOG}-shm", random.randbytes(32768))
        yield "the catalog deleted, its log left", remove(CATALOG)
        yield "the catalog empty, its log left", truncate(CATALOG, 0)


def campaign(program, provider, work, shared, random, quick):
    """The first worker takes a complete archive, the others one whose run was killed."""
    results = []
    for killed in (False, True):
        if shared[1] > 1 and killed != (shared[0] > 0) or shared[0] > 1:
            continue
        folder = work / f"torn-{shared[0]}"
        folder.mkdir(parents=True, exist_ok=True)
        torn = Torn(program, provider, folder)
        result = Campaign("catalog torn after a kill" if killed else "catalog torn", work)
        torn.make(killed)
        for name, damage in cases(torn.kept / ".callarchive", random, quick):
            result.case(name, torn.archive, lambda damage=damage: torn.run(damage))
        result.note = {
            "refused with status 6": torn.refused,
            "fetched again what was there": torn.fetched_again,
        }
        results.append(result)
        torn.archive.remove()
        shutil.rmtree(torn.kept, ignore_errors=True)
    return results
