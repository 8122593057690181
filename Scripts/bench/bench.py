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

import contestants
import corpora
import pace
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

    def execute(self, command, environment, repeat, statuses=(0,)):
        """Runs it under `measure`; what it printed is kept in work/output."""
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

    def run(self, contestant, corpus, door, indexes):
        job = self.job(contestant, corpus, door, indexes)
        contestant.prepare(job)
        command, environment = contestant.command(job)
        os.sync()
        connections, requests = self.server.counters()
        measured = self.execute(command, environment, contestant.repeat)
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

    # --- Cases ----------------------------------------------------------------------------------

    def download(self, name, corpus, door="plain"):
        self.serve(corpus)
        everybody = [contestants.Callarchive(), *contestants.LIMITS, *contestants.PEERS]
        return self.compete(name, corpora.CORPORA[corpus], door, everybody)

    def latency(self, name, door, near):
        self.serve("latency")
        corpus = corpora.CORPORA["latency"]
        beside = contestants.Limit("limit, not far", "--threads", "2", door=near)
        everybody = [contestants.Callarchive(), *contestants.LIMITS, beside, *contestants.PEERS]
        result = self.compete(name, corpus, door, everybody)
        waiting = corpus.count * server.DELAY_MILLISECONDS / 1000 / self.options.concurrency
        result["rounds"]["ideal"] = [
            {**figures, "wall": figures["wall"] + waiting}
            for figures in result["rounds"].get(beside.label, [])
        ]
        return result

    def walk(self, name, corpus):
        """A listing of which nothing is to be fetched, into a new archive and into a known one."""
        self.serve(corpus)
        known = contestants.OnPrepared("callarchive, again", self, self.root / "prepared" / corpus)
        everybody = [contestants.Callarchive(), known, self.floor()]
        return self.compete(name, corpora.CORPORA[corpus], "plain", everybody, fetched=False)

    def nothing_new(self, name, corpus):
        """A listing of which everything is archived."""
        self.serve(corpus)
        known = contestants.OnPrepared("callarchive", self, self.root / "prepared" / corpus)
        return self.compete(name, corpora.CORPORA[corpus], "plain", [known, self.floor()], fetched=False)

    def floor(self):
        return contestants.ListingAlone("listing alone", "--concurrency", "1")

    def resume(self, name):
        self.serve("typical")
        corpus = corpora.CORPORA["typical"]
        half = corpus.count // 2
        prepared = self.root / "prepared" / "typical-half"
        shutil.rmtree(prepared, ignore_errors=True)
        ours = contestants.OnPrepared(
            "callarchive", self, prepared, ["--max-files", str(half)], copied=True
        )
        rest = range(half, corpus.count)
        return self.compete(name, corpus, "plain", [ours, *contestants.LIMITS], rest)

    def durable(self, name, corpus):
        self.serve(corpus)
        careless = contestants.Callarchive("callarchive, not durable", environment=self.nosync)
        everybody = [contestants.Callarchive(), careless]
        return self.compete(name, corpora.CORPORA[corpus], "plain", everybody)

    def paced(self, name, count, *grant):
        """A provider that grants so many requests a second; the simulator, new for each run."""
        self.serve()
        everybody = [contestants.Callarchive()]
        if name == "paced":
            told = contestants.Callarchive("callarchive, told the rate", ["--request-rate", "50/s"])
            everybody.append(told)
        corpus = corpora.Corpus(name, count, (4 * corpora.KIB,))

        def run(one, corpus, door, indexes):
            with pace.Provider(self.simulator, self.root / "pace", corpus, grant) as provider:
                where = {"base": provider.base, "user": provider.user}
                job = self.job(one, corpus, door, indexes, **where)
                command, environment = one.command(job)
                measured = self.execute(command, environment, 1)
                self.check_files(job, one)
            self.put_aside()
            return self.figures(measured, 1) | provider.figures()

        return self.compete(name, corpus, "plain", everybody, fetched=False, run=run)

    def startup(self, name):
        self.serve("latency")
        everybody = [
            contestants.Program("callarchive", "{callarchive}", "--version"),
            contestants.Program("/bin/true", "/bin/true"),
            contestants.Program("curl --version", "curl", "--version"),
        ]
        return self.compete(name, corpora.CORPORA["latency"], "plain", everybody, range(0))

    def close(self):
        if self.server:
            self.server.stop()
        self.put_aside()
        self.remove_aside()


CASES = {
    "small": lambda bench: bench.download("small", "small"),
    "typical": lambda bench: bench.download("typical", "typical"),
    "large": lambda bench: bench.download("large", "large"),
    "latency": lambda bench: bench.latency("latency", "far", "plain"),
    "typical-tls": lambda bench: bench.download("typical-tls", "typical", "tls"),
    "latency-h2": lambda bench: bench.latency("latency-h2", "far-h2", "h2"),
    "pages-10k": lambda bench: bench.walk("pages-10k", "waiting-10k"),
    "pages-100k": lambda bench: bench.walk("pages-100k", "waiting-100k"),
    "pages-1m": lambda bench: bench.walk("pages-1m", "waiting-1m"),
    "nothing-new-10k": lambda bench: bench.nothing_new("nothing-new-10k", "tiny-10k"),
    "nothing-new-100k": lambda bench: bench.nothing_new("nothing-new-100k", "tiny-100k"),
    "nothing-new-1m": lambda bench: bench.nothing_new("nothing-new-1m", "tiny-1m"),
    "resume": lambda bench: bench.resume("resume"),
    "paced": lambda bench: bench.paced("paced", 2000, "--rate", "50/s"),
    "paced-20": lambda bench: bench.paced("paced-20", 1000, "--rate", "20/s", "--reset", "none"),
    "paced-200": lambda bench: bench.paced(
        "paced-200", 8000, "--rate", "200/s", "--rate-window", "sliding", "--reset", "s"
    ),
    "durable": lambda bench: bench.durable("durable", "small"),
    "durable-typical": lambda bench: bench.durable("durable-typical", "typical"),
    "startup": lambda bench: bench.startup("startup"),
}
# They take long, or much of the disk.
ONLY_NAMED = ("pages-1m", "nothing-new-1m", "paced-20", "paced-200")


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
    names = options.cases or [name for name in CASES if name not in ONLY_NAMED]
    if names == ["all"]:
        names = list(CASES)
    for name in names:
        if name not in CASES:
            parser.error(f"there is no case '{name}'; there are: {' '.join(CASES)} (and all)")

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
            results.append(CASES[name](bench))
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
