"""Who takes part: callarchive, the limit in C, and what a user would take in its place.

Each gets the files' URLs and a concurrency of 16, takes the credentials from a file or the environment, never
from its arguments, and is set up as its manual says it is quickest. None of the others lists, hashes
(curl: `openssl dgst` afterwards), checks or makes anything durable.
"""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import corpora
import server


@dataclass
class Job:
    """One run's surroundings."""

    corpus: corpora.Corpus
    # scheme://host:port
    address: str
    # Where the files go; empty when the run begins.
    out: Path
    # For lists and configuration; not measured.
    work: Path
    tools: Path
    callarchive: str
    concurrency: int
    certificate: Path
    # Indexes of the recordings that the others fetch.
    indexes: range
    # What callarchive is told; the benchmark's own server when nothing is said.
    base: str = ""
    user: str = corpora.USER
    media: str = field(init=False)

    def __post_init__(self):
        self.base = self.base or f"{self.address}/{self.corpus.name}/v1"
        self.media = f"{self.base}/users/{self.user}/media/"

    @property
    def encrypted(self):
        return self.address.startswith("https:")

    def names(self):
        return [self.corpus.media_name(index) for index in self.indexes]

    def write(self, name, text):
        path = self.work / name
        path.write_text(text)
        path.chmod(0o600)
        return str(path)


class Contestant:
    """A way to fetch a job's files; `door` is where the server is asked, None for the case's own."""

    label = ""
    door = None
    # Times in a row that it is run and measured as one.
    repeat = 1

    def available(self):
        return True

    def prepare(self, job):
        """Before each run, not measured."""

    def command(self, job):
        """The program with its arguments, and what to add to the environment."""
        raise NotImplementedError

    def expected(self, job):
        """How many files of how many bytes are in `out` afterwards."""
        return len(job.indexes), job.corpus.total(job.indexes)


class Callarchive(Contestant):
    """The product, all on: listing, hash, gate, catalog, manifest, durable commits."""

    def __init__(self, label="callarchive", options=(), environment=None):
        self.label = label
        self.options = list(options)
        self.environment = environment or {}

    def command(self, job):
        command = [job.callarchive, "sync", "--quiet", "--user-id", job.user]
        command += ["--base-url", job.base, "--concurrency", str(job.concurrency)]
        if job.encrypted:
            command += ["--cacert", str(job.certificate)]
        environment = {"CALLARCHIVE_TOKEN": server.TOKEN, "CALLARCHIVE_SECRET": server.SECRET}
        return command + self.options + [str(job.out)], environment | self.environment

    def expected(self, job):
        if job.corpus.state != "complete":
            return 0, 0
        return job.corpus.count, job.corpus.total()


class OnPrepared(Callarchive):
    """A sync into an archive that a run before has made; `copied` for each run, else used as it is."""

    def __init__(self, label, bench, prepared, options=(), copied=False):
        super().__init__(label)
        self.bench = bench
        self.prepared = Path(prepared)
        self.prepare_options = list(options)
        self.copied = copied
        self.ready = False

    def prepare(self, job):
        if not self.ready:
            self.prepared.mkdir(parents=True, exist_ok=True)
            self.bench.prepare_archive(self, job, self.prepared, self.prepare_options)
            self.ready = True
        if self.copied:
            job.out.rmdir()
            shutil.copytree(self.prepared, job.out)
        else:
            job.out = self.prepared


class Limit(Contestant):
    """The C reference, see limit.c."""

    def __init__(self, label, *options, door=None):
        self.label = label
        self.options = list(options)
        self.door = door

    def files(self, job):
        return [(job.media + name, name) for name in job.names()]

    def command(self, job):
        urls = job.write("urls", "".join(f"{url}\t{name}\n" for url, name in self.files(job)))
        command = [str(job.tools / "limit"), "--list", urls, "--out", str(job.out)]
        command += ["--sums", str(job.work / "sums"), "--concurrency", str(job.concurrency)]
        if job.encrypted:
            command += ["--cacert", str(job.certificate)]
        environment = {"BENCH_TOKEN": server.TOKEN, "BENCH_SECRET": server.SECRET}
        return command + self.options, environment


class ListingAlone(Limit):
    """The listing's pages fetched one after the other, not read: the floor of a walk."""

    def files(self, job):
        head = f"{job.base}/users/{job.user}/recordings"
        return [
            (f"{head}?page={page}&size={corpora.PAGE_SIZE}", f"{page}.json")
            for page in range(job.corpus.pages())
        ]

    def expected(self, job):
        return job.corpus.pages(), None


class Curl(Contestant):
    label = "curl + openssl"

    def available(self):
        return shutil.which("curl") and shutil.which("openssl")

    def command(self, job):
        lines = ["parallel", f"parallel-max = {job.concurrency}", "no-progress-meter", "fail"]
        lines.append(f'user = "{server.TOKEN}:{server.SECRET}"')
        if job.encrypted:
            lines.append(f'cacert = "{job.certificate}"')
        for name in job.names():
            lines += [f'url = "{job.media}{name}"', f'output = "{job.out / name}"']
        config = job.write("curl.conf", "\n".join(lines) + "\n")
        script = (
            'curl --disable --config "$1" && cd "$2" && '
            'find . -name "*.wav" -print0 | xargs -0 openssl dgst -sha256 >"$3"'
        )
        return ["sh", "-c", script, "sh", config, str(job.out), str(job.work / "sums")], {}


class Aria2(Contestant):
    label = "aria2c"

    def available(self):
        return shutil.which("aria2c")

    def command(self, job):
        lines = [f"http-user={server.TOKEN}", f"http-passwd={server.SECRET}", "quiet=true"]
        lines += [f"max-concurrent-downloads={job.concurrency}", "max-connection-per-server=1"]
        lines += ["split=1", "file-allocation=none", "auto-file-renaming=false", f"dir={job.out}"]
        if job.encrypted:
            lines.append(f"ca-certificate={job.certificate}")
        config = job.write("aria2.conf", "\n".join(lines) + "\n")
        urls = job.write("urls", "".join(f"{job.media}{n}\n  out={n}\n" for n in job.names()))
        return ["aria2c", f"--conf-path={config}", "-i", urls], {}


class Rclone(Contestant):
    label = "rclone"

    def available(self):
        return shutil.which("rclone")

    def command(self, job):
        url = job.media.replace("://", f"://{server.TOKEN}:{server.SECRET}@")
        config = job.write("rclone.conf", f"[bench]\ntype = http\nurl = {url}\n")
        names = job.write("names", "".join(f"{name}\n" for name in job.names()))
        command = ["rclone", "copy", "--config", config, "--files-from-raw", names, "--no-traverse"]
        command += ["--transfers", str(job.concurrency), "--checkers", str(job.concurrency)]
        if job.encrypted:
            command += ["--ca-cert", str(job.certificate)]
        return command + ["--log-level", "ERROR", "bench:", str(job.out)], {}


class Wget2(Contestant):
    label = "wget2"

    def available(self):
        return shutil.which("wget2")

    def command(self, job):
        lines = [f"http-user={server.TOKEN}", f"http-password={server.SECRET}", "quiet=on"]
        lines += [f"max-threads={job.concurrency}", "robots=off", f"directory-prefix={job.out}"]
        lines += ["no-clobber=on", "progress=none", "auth-no-challenge=on"]
        if job.encrypted:
            lines.append(f"ca-certificate={job.certificate}")
        config = job.write("wget2rc", "\n".join(lines) + "\n")
        urls = job.write("urls", "".join(f"{job.media}{name}\n" for name in job.names()))
        return ["wget2", "--no-config", f"--config={config}", "-i", urls], {}


class Lftp(Contestant):
    label = "lftp"

    def available(self):
        return shutil.which("lftp")

    def command(self, job):
        lines = ["set cmd:fail-exit yes", "set xfer:use-temp-file no", "set net:max-retries 2"]
        lines.append(f"set ssl:ca-file {job.certificate}")
        lines.append(f"open -u {server.TOKEN},{server.SECRET} {job.media}")
        lines.append(f"mirror --parallel={job.concurrency} --no-perms . {job.out}")
        return ["lftp", "-f", job.write("lftp.script", "\n".join(lines) + "\n")], {}


class Program(Contestant):
    """A program that only starts and ends, many times in a row."""

    repeat = 100

    def __init__(self, label, *command):
        self.label = label
        self.words = list(command)

    def command(self, job):
        words = [job.callarchive if word == "{callarchive}" else word for word in self.words]
        return words, {}

    def expected(self, job):
        return 0, 0


LIMITS = [
    Limit("limit, 1 thread", "--threads", "1"),
    Limit("limit, 2 threads", "--threads", "2"),
    Limit("limit, 16 blocking", "--mode", "blocking", "--threads", "16"),
]
PEERS = [Curl(), Aria2(), Rclone(), Wget2(), Lftp()]


def environment_for(extra):
    """The caller's environment without what would steer the tools, plus `extra`."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().endswith("_PROXY")
        and not name.startswith(("CALLARCHIVE_", "BANDWIDTH_", "BENCH_", "RCLONE_"))
    }
    return kept | extra
