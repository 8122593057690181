"""Runs the benchmark's cases; called by Scripts/bench.sh, which prepares what it needs."""

import argparse
import contextlib
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

import cases
import contestants
import corpora
import report
import server

REPOSITORY = Path(__file__).resolve().parent.parent.parent
LONGEST_RUN = 1800

# For five minutes after a file was removed ext4 doesn't use its inode again, and searches past it for each new
# file: 20,000 removed files make each new one 0.4 ms slower (Linux 6.18). So what a run has written is emptied
# and put aside, removed when all is done, and the next benchmark waits until the time is over.
REMOVED_COUNTS_SECONDS = 300
REMOVED_COUNTS_FILES = 2000


class Bench:
    """One invocation: the server, the folders, and the measured runs."""

    def __init__(self, options):
        self.options = options
        self.root = REPOSITORY / ".build" / "bench"
        self.tools = self.root / "bin"
        self.out = Path(options.out or self.root / "out").absolute()
        self.callarchive = str(Path(options.callarchive).absolute())
        self.simulator = str(Path(options.simulator).absolute())
        self.nosync = {"LD_PRELOAD": str(self.tools / "nosync.so")}
        self.server = None
        self.aside = self.out.parent / "emptied"
        self.aside_runs = 0
        self.removed = self.root / "removed"
        self.wait_for_inodes()

    def say(self, words):
        print(f"bench: {words}", file=sys.stderr, flush=True)

    # --- What runs leave behind ------------------------------------------------------------------

    def wait_for_inodes(self):
        self.remove_aside()
        if self.removed.exists():
            rest = self.removed.stat().st_mtime + REMOVED_COUNTS_SECONDS - time.time()
            if rest > 0 and not self.options.impatient:
                self.say(f"waiting {rest:.0f} s: many files were removed, and new ones are slow until then")
                time.sleep(rest)

    def put_aside(self):
        """Frees the space of what the run has written; its inodes stay taken."""
        if not self.out.is_dir():
            return
        for folder, _, names in os.walk(self.out):
            for name in names:
                os.truncate(os.path.join(folder, name), 0)
        self.aside.mkdir(exist_ok=True)
        self.aside_runs += 1
        self.out.rename(self.aside / str(self.aside_runs))

    def remove_aside(self):
        if self.aside.is_dir():
            files = sum(len(names) for _, _, names in os.walk(self.aside))
            shutil.rmtree(self.aside)
            if files > REMOVED_COUNTS_FILES:
                self.removed.touch()

    # --- Runs -----------------------------------------------------------------------------------

    def job(self, contestant, corpus, door, indexes, **where):
        self.put_aside()
        self.out.mkdir(parents=True)
        work = self.root / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        return contestants.Job(
            corpus=corpus,
            address=self.server.address[contestant.door or door],
            out=self.out,
            work=work,
            tools=self.tools,
            callarchive=self.callarchive,
            concurrency=self.options.concurrency,
            certificate=self.server.certificate,
            indexes=indexes,
            **where,
        )

    def execute(self, command, environment, repeat, statuses=(0,), began=None):
        """Runs it under `measure`; what it printed is kept in work/output. `began` is told measure's pid."""
        result = self.root / "work" / "result.json"
        output = self.root / "work" / "output"
        with open(output, "wb") as sink:
            process = subprocess.Popen(
                [str(self.tools / "measure"), str(result), str(repeat), *command],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=contestants.environment_for(environment),
                start_new_session=True,
            )
            if began:
                began(process.pid)
            try:
                process.wait(timeout=LONGEST_RUN)
            except BaseException as error:
                # The session is ours alone.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                if not isinstance(error, subprocess.TimeoutExpired):
                    raise
                raise RuntimeError(f"took more than {LONGEST_RUN} s") from None
        measured = json.loads(result.read_text())
        if measured["status"] not in statuses:
            tail = output.read_bytes()[-2000:].decode(errors="replace")
            raise RuntimeError(f"ended with status {measured['status']}:\n{tail}")
        return measured

    def prepare_archive(self, contestant, job, archive, options):
        """An archive as a run before has left it; 9 is the status when --max-files ended that run."""
        self.say(f"preparing an archive for '{contestant.label}'")
        out, job.out = job.out, archive
        command, environment = contestant.command(job)
        job.out = out
        self.execute(command[:-1] + options + command[-1:], environment, 1, statuses=(0, 9))
        if not options:
            # Once more, so that what the first run leaves to the next isn't measured.
            self.execute(command, environment, 1)

    def check_files(self, job, contestant):
        want_count, want_bytes = contestant.expected(job)
        folder = job.out / "recordings" if (job.out / "manifest.json").exists() else job.out
        if isinstance(contestant, contestants.OnPrepared) and not contestant.copied:
            return
        have_count, have_bytes = 0, 0
        stack = [folder] if folder.is_dir() else []
        while stack:
            with os.scandir(stack.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if not entry.name.startswith("."):
                            stack.append(entry.path)
                    elif entry.name.endswith((".wav", ".json")) and entry.name != "manifest.json":
                        have_count += 1
                        have_bytes += entry.stat().st_size
        if have_count != want_count or want_bytes not in (None, have_bytes):
            raise RuntimeError(
                f"left {have_count} files of {have_bytes} bytes, not {want_count} of {want_bytes}"
            )

    def run(self, contestant, corpus, door, indexes, began=None):
        job = self.job(contestant, corpus, door, indexes)
        contestant.prepare(job)
        command, environment = contestant.command(job)
        os.sync()
        connections, requests = self.server.counters()
        measured = self.execute(command, environment, contestant.repeat, began=began)
        after_connections, after_requests = self.server.counters()
        self.check_files(job, contestant)
        self.put_aside()
        return self.figures(measured, contestant.repeat) | {
            "connections": after_connections - connections,
            "requests": after_requests - requests,
        }

    @staticmethod
    def figures(measured, repeat):
        return {
            "wall": statistics.median(measured["wall"]),
            "cpu": (measured["user"] + measured["system"]) / repeat,
            "user": measured["user"] / repeat,
            "system": measured["system"] / repeat,
            "peak": measured["peak"] * 1024,
        }

    def compete(self, name, corpus, door, taking_part, indexes=None, fetched=True, run=None):
        """All contestants in turn, as many rounds as were asked for, each round begun by another."""
        run = run or self.run
        indexes = range(corpus.count) if indexes is None else indexes
        taking_part = [one for one in taking_part if self.takes_part(one)]
        if len(indexes) > 0 and fetched:
            self.say(f"{name}: warming up")
            self.run(contestants.LIMITS[1], corpus, door, indexes)
        rounds = {one.label: [] for one in taking_part}
        broken = {}
        for number in range(self.options.rounds):
            turn = number % len(taking_part)
            for one in taking_part[turn:] + taking_part[:turn]:
                if one.label in broken:
                    continue
                try:
                    figures = run(one, corpus, door, indexes)
                except RuntimeError as error:
                    broken[one.label] = str(error)
                    self.say(f"{name}: {one.label} {error}")
                    continue
                rounds[one.label].append(figures)
                self.say(
                    f"{name}: round {number + 1}: {one.label}: {figures['wall']:.3f} s,"
                    f" CPU {figures['cpu']:.3f} s, {figures['peak'] / corpora.MIB:.1f} MiB"
                )
        files = len(indexes)
        return {
            "case": name,
            "files": files,
            "bytes": corpus.total(indexes) if fetched else 0,
            "rounds": {label: figures for label, figures in rounds.items() if label not in broken},
            "broken": broken,
        }

    def takes_part(self, contestant):
        wanted = self.options.only
        if wanted and not any(part in contestant.label for part in wanted):
            return False
        if not contestant.available():
            self.say(f"{contestant.label} is not installed; left out")
            return False
        return True

    def serve(self, *names):
        """Makes the corpora and starts the server on them."""
        if self.server:
            self.server.stop()
        self.server = server.Server(self.root, self.tools, self.options.workers, self.say)
        for name in names:
            corpus = corpora.CORPORA[name]
            corpora.make(corpus, self.root / "corpora", self.server.address.values(), self.say)
        self.server.start()

    def close(self):
        if self.server:
            self.server.stop()
        self.put_aside()
        self.remove_aside()


def main():
    parser = argparse.ArgumentParser(prog="Scripts/bench.sh", add_help=False)
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--out")
    parser.add_argument("--callarchive", required=True)
    parser.add_argument("--simulator", required=True)
    parser.add_argument("--impatient", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    names = options.cases or [name for name in cases.CASES if name not in cases.ONLY_NAMED]
    if names == ["all"]:
        names = list(cases.CASES)
    for name in names:
        if name not in cases.CASES:
            parser.error(f"there is no case '{name}'; there are: {' '.join(cases.CASES)} (and all)")

    # TERM ends like INT: the server and the run that is under way are ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    bench = Bench(options)
    load = os.getloadavg()[0]
    if load > 0.5:
        bench.say(f"the load of this machine is {load:.1f}: something else runs, and the figures tell of it too")
    results = []
    began = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    try:
        for name in names:
            results.append(cases.CASES[name](bench))
            print(report.table(results[-1]), flush=True)
    finally:
        bench.close()
    record = {"date": began, "machine": report.machine(bench.out.parent), "results": results}
    record["versions"] = report.versions(bench.callarchive)
    record["settings"] = {
        "rounds": options.rounds,
        "concurrency": options.concurrency,
        "nginxWorkers": options.workers,
        "loadBefore": load,
    }
    path = bench.root / "results" / f"{began.replace(':', '')}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=1) + "\n")
    print(report.surroundings(record))
    bench.say(f"all figures are in {path}")
    broken = [f"{one['case']}: {label}" for one in results for label in one["broken"]]
    if broken:
        bench.say(f"did not finish: {'; '.join(broken)}")
    if options.check:
        limits = json.loads((Path(__file__).parent / "thresholds.json").read_text())
        lines, good = report.check(results, limits)
        print("\n".join(lines))
        return 0 if good and not broken else 1
    return 1 if any(label.startswith("callarchive") for one in results for label in one["broken"]) else 0


if __name__ == "__main__":
    sys.exit(main())
