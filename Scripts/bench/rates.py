"""What a running program writes by the second, and how many threads it has at most."""

import threading
import time
from pathlib import Path

INTERVAL = 0.05


class Watch:
    """Looks at the one child of the process it is told of, until the program has ended."""

    def __init__(self):
        self.samples = []
        self.threads = 0
        self.ended = threading.Event()
        self.thread = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ended.set()
        if self.thread:
            self.thread.join()

    def begin(self, process):
        self.thread = threading.Thread(target=self.look, args=(process,), daemon=True)
        self.thread.start()

    def look(self, process):
        child = None
        while not self.ended.wait(INTERVAL):
            try:
                if child is None:
                    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
                    child = found[0] if found else None
                    continue
                fields = dict(
                    line.split(": ") for line in Path(f"/proc/{child}/io").read_text().splitlines()
                )
                status = Path(f"/proc/{child}/status").read_text()
            except (OSError, ValueError):
                return
            self.samples.append((time.monotonic(), int(fields["wchar"])))
            threads = int(status.split("Threads:", 1)[1].split()[0])
            self.threads = max(self.threads, threads)

    def busiest_second(self):
        """Bytes written in the second in which most were, by the time it really took."""
        if not self.samples or self.samples[-1][0] - self.samples[0][0] < 1.0:
            raise RuntimeError("was not watched for a second: does this kernel have /proc/PID/task/PID/children?")
        most = 0.0
        first = 0
        for moment, written in self.samples:
            while moment - self.samples[first][0] > 1.0 + INTERVAL:
                first += 1
            began, before = self.samples[first]
            if moment - began >= 1.0:
                most = max(most, (written - before) / (moment - began))
        return most
