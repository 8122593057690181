"""A provider that is simulated, an archive, and what must be true of it after anything."""

import base64
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import time
import urllib.request
from pathlib import Path

ACCOUNT = "u-simulated"
TOKEN = "t-crash"
SECRET = "s-crash"
LONGEST_RUN = 60
OUR_BUG = 70
# The archive's own words for "something with the local storage".
STORAGE = 6


class Broken(Exception):
    """A promise that was not kept; its text says which."""


def require(condition, words):
    if not condition:
        raise Broken(words)


class Provider:
    """One catapult-simulator, and the bytes that each of its recordings has."""

    def __init__(self, program, folder, *options):
        folder.mkdir(parents=True, exist_ok=True)
        environment = dict(
            os.environ, CATAPULT_SIMULATOR_TOKEN=TOKEN, CATAPULT_SIMULATOR_SECRET=SECRET
        )
        with open(folder / "simulator.err", "wb") as errors:
            self.process = subprocess.Popen(
                [str(program), "--epoch", "1760000000000", *options],
                stdout=subprocess.PIPE, stderr=errors, env=environment,
            )
        self.base = self.process.stdout.readline().decode().strip()
        require(self.base, "the simulator doesn't start")
        self.origin = "/".join(self.base.split("/")[:3])
        # Whatever proxy the caller has is not for loopback.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        pair = base64.b64encode(f"{TOKEN}:{SECRET}".encode()).decode()
        self.headers = {"Authorization": f"Basic {pair}"}
        self.learn()

    def learn(self):
        """Fetches everything once, so that wrong bytes are known when they are seen."""
        # By id: the media's name, the SHA-256 of its bytes, and how many there are.
        self.media = {}
        self.sums = {}
        self.sizes = {}
        for page in range(100):
            rows = json.loads(
                self.get(f"{self.base}/users/{ACCOUNT}/recordings?page={page}&size=1000")
            )
            for row in rows:
                body = self.get(row["media"])
                self.media[row["id"]] = row["media"].rsplit("/", 1)[-1]
                self.sums[row["id"]] = hashlib.sha256(body).hexdigest()
                self.sizes[row["id"]] = len(body)
            if len(rows) < 1000:
                break
        self.forget()

    def change(self, id, size):
        """Another size for that recording's media."""
        self.get(f"{self.origin}/_control/recordings", "POST", {"id": id, "size": size})
        self.learn()

    def get(self, url, method="GET", value=None):
        data = None if value is None else json.dumps(value).encode()
        request = urllib.request.Request(url, data, headers=self.headers, method=method)
        with self.opener.open(request, timeout=30) as answer:
            return answer.read()

    def forget(self):
        """Counts start anew."""
        self.get(f"{self.origin}/_control/log", "DELETE")

    def counts(self):
        """By id: requests, bytes, whole bodies so far; waits until they rest."""
        last = None
        for _ in range(100):
            now = json.loads(self.get(f"{self.origin}/_control/stats"))["media"]
            if now == last:
                break
            last = now
            time.sleep(0.01)
        empty = {"requests": 0, "bytes": 0, "wholeBodies": 0}
        return {id: last.get(name, last.get(id, empty)) for id, name in self.media.items()}

    def end(self):
        self.process.terminate()
        self.process.wait()


class Run:
    """How one run of the program ended."""

    def __init__(self, status, errors, seconds):
        self.status = status
        self.errors = errors
        self.seconds = seconds

    @property
    def was_killed(self):
        return self.status in (-9, 137)


class Archive:
    """An archive folder, looked at from outside."""

    def __init__(self, path, provider, program):
        self.path = path
        self.provider = provider
        self.program = program

    def command(self, *options):
        return [
            str(self.program), "sync", "--user-id", ACCOUNT, "--base-url", self.provider.base,
            "--min-free", "0", *options, str(self.path),
        ]

    def start(self, *options, prefix=()):
        environment = {
            "PATH": os.environ.get("PATH", ""), "CALLARCHIVE_TOKEN": TOKEN,
            "CALLARCHIVE_SECRET": SECRET,
        }
        return subprocess.Popen(
            [*prefix, *self.command(*options)], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment,
        )

    def sync(self, *options, prefix=()):
        began = time.monotonic()
        process = self.start(*options, prefix=prefix)
        try:
            errors = process.communicate(timeout=LONGEST_RUN)[1]
        except subprocess.TimeoutExpired:
            process.kill()
            errors = process.communicate()[1]
            raise Broken(f"hangs for more than {LONGEST_RUN} s: {errors.decode()}") from None
        return Run(process.returncode, errors.decode(errors="replace"), time.monotonic() - began)

    # --- What lies there -----------------------------------------------------------------------

    def final_files(self):
        """By id: the paths under recordings/ with its name, each right; Broken when one isn't."""
        found = {}
        top = self.path / "recordings"
        for path in sorted(top.rglob("*")) if top.is_dir() else []:
            if path.is_dir():
                continue
            require(path.is_file() and not path.is_symlink(), f"{path} is no plain file")
            id = path.stem.split("_", 1)[-1]
            require(id in self.provider.sums, f"{path} is nobody's")
            have = hashlib.sha256(path.read_bytes()).hexdigest()
            require(
                have == self.provider.sums[id],
                f"{path} ({path.stat().st_size} bytes) is not what the provider has "
                f"({self.provider.sizes[id]})",
            )
            require(id not in found, f"two files for {id}")
            found[id] = path
        return found

    def whole_parts(self):
        """Ids whose parts lie whole in partial/ and are in the journal as such."""
        folder = self.path / ".callarchive" / "partial"
        journal = folder / "journal"
        ids = set()
        for line in journal.read_bytes().splitlines() if journal.is_file() else []:
            try:
                note = json.loads(line)
            except ValueError:
                continue
            part = folder / note.get("part", "-")
            if "sha256" not in note or not part.is_file():
                continue
            have = hashlib.sha256(part.read_bytes()).hexdigest()
            if have == note["sha256"] == self.provider.sums.get(note["id"]):
                ids.add(note["id"])
        return ids

    def check_documents(self):
        """The manifest and the checksums, when they are there, are whole and true."""
        manifest = self.path / "manifest.json"
        if manifest.exists():
            try:
                entries = json.loads(manifest.read_bytes())["recordings"]
            except (ValueError, KeyError) as error:
                raise Broken(f"the manifest is no JSON: {error}") from None
            for entry in entries:
                if entry["status"] == "archived":
                    require(
                        entry["sha256"] == self.provider.sums[entry["id"]],
                        f"the manifest has a wrong hash for {entry['id']}",
                    )
        sums = self.path / "SHA256SUMS"
        for line in sums.read_text().splitlines() if sums.exists() else []:
            require(len(line) > 66 and line[64:66] == "  ", f"SHA256SUMS has the line '{line}'")

    def check_complete(self, tidy=True):
        """Everything is archived, once, and nothing else lies there.

        Not `tidy`: SQLite's log may be there, since folding it in at the very end has failed, and
        the journal of partials, whose removal nothing makes durable: the next run removes it.
        """
        files = self.final_files()
        missing = sorted(set(self.provider.sums) - set(files))
        require(not missing, f"not archived: {missing[:5]} of {len(missing)}")
        self.check_documents()
        manifest = json.loads((self.path / "manifest.json").read_bytes())
        summary = manifest["summary"]
        require(
            summary["archived"] == len(files) == summary["listed"], f"the summary is {summary}"
        )
        partial = self.path / ".callarchive" / "partial"
        left = sorted(set(os.listdir(partial)) - (set() if tidy else {"journal"}))
        require(not left, f"left over in partial: {left}")
        allowed = {"catalog.sqlite", "lock", "partial", "damaged"}
        if not tidy:
            allowed |= {"catalog.sqlite-wal", "catalog.sqlite-shm"}
        control = sorted(
            name for name in set(os.listdir(self.path / ".callarchive")) - allowed
            # A torn catalog is kept beside the one that was rebuilt.
            if not name.startswith("catalog.sqlite.damaged-")
        )
        require(not control, f"left over in .callarchive: {control}")
        top = sorted(set(os.listdir(self.path)) ^ {
            ".callarchive", "recordings", "manifest.json", "SHA256SUMS"})
        require(not top, f"too much or too little in the archive: {top}")
        checked = subprocess.run(
            ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=self.path,
            capture_output=True, text=True, check=False,
        )
        require(checked.returncode == 0, f"sha256sum -c: {checked.stdout}{checked.stderr}")
        lines = (self.path / "SHA256SUMS").read_text().splitlines()
        require(len(lines) == len(files), f"SHA256SUMS has {len(lines)} lines")

    # --- What must follow ----------------------------------------------------------------------

    def check_now(self):
        """The promises that hold at every moment; returns the ids that are here whole."""
        files = self.final_files()
        self.check_documents()
        return set(files) | self.whole_parts()

    def finish(self, whole, before):
        """The next run ends well, and fetches none of `whole` again.

        `before` is what the provider had served when `whole` was looked at.
        """
        run = self.sync()
        require(run.status == 0, f"the next run ends with {run.status}: {run.errors}")
        self.check_complete()
        after = self.provider.counts()
        again = sorted(
            id for id in whole
            if after[id]["requests"] > before[id]["requests"]
        )
        require(not again, f"whole, but asked for again: {again}")
        return run

    def catalogued(self):
        """(file, bytes, sha256) of what the catalog says is archived, read from a copy."""
        source = self.path / ".callarchive"
        copy = self.path.with_name(self.path.name + ".catalog")
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        try:
            for name in ("catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-journal"):
                if (source / name).exists():
                    shutil.copyfile(source / name, copy / name)
            if not (copy / "catalog.sqlite").exists():
                return []
            database = sqlite3.connect(copy / "catalog.sqlite")
            try:
                return database.execute(
                    "SELECT file, bytes, lower(hex(sha256)) FROM recordings WHERE status = 0"
                ).fetchall()
            except sqlite3.DatabaseError:
                # Not even its tables are there yet, or it is torn: the next run tells.
                return []
            finally:
                database.close()
        finally:
            shutil.rmtree(copy, ignore_errors=True)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


class Campaign:
    """Counts cases, and keeps what there is to see of those that failed."""

    def __init__(self, name, work):
        self.name = name
        self.work = work
        self.cases = 0
        # What else there is to count, by its words.
        self.note = {}
        self.failures = []
        self.began = time.monotonic()
        self.seconds = 0.0

    def case(self, name, archive, body):
        self.cases += 1
        try:
            body()
        except (Broken, OSError, ValueError) as error:
            self.failures.append((name, str(error)))
            kept = self.work / "failed" / f"{self.name}-{self.cases}".replace(" ", "-")
            kept.mkdir(parents=True, exist_ok=True)
            (kept / "case.txt").write_text(f"{self.name}: {name}\n{error}\n")
            if archive is not None and archive.path.exists():
                shutil.copytree(archive.path, kept / "archive", symlinks=True, dirs_exist_ok=True)
            print(f"FAILED: {self.name}: {name}: {error}\n    kept in {kept}", flush=True)
        self.seconds = time.monotonic() - self.began

    def summary(self):
        return {
            "name": self.name, "cases": self.cases, "failures": self.failures,
            "note": self.note, "seconds": self.seconds,
        }
