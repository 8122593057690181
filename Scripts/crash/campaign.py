"""Runs the crash campaigns and prints their table; called by Scripts/crash-campaign.sh."""

import argparse
import concurrent.futures
import multiprocessing
import random
import sys
import tempfile
import time
from pathlib import Path

import inject
import kills
import powerloss
import torn
from harness import Broken, Provider

REPOSITORY = Path(__file__).resolve().parent.parent.parent
NAMES = ("inject", "kills", "torn", "power")
# A mix: a few small ones, and one whose part is journalled as soon as it is begun.
SMALL = ("--count", "6", "--size", "3K-40K", "--per-call", "2")
LARGE_ONE = ("r-000003", 320 * 1024)
MANY = ("--count", "400", "--size", "4K-96K", "--latency", "0.02")


def sampler(options, seed):
    """A function that picks so many of a sequence; all of it without --quick."""
    def chosen(every, count):
        every = list(every)
        if not options.quick or len(every) <= count:
            return every
        return sorted(random.Random(seed).sample(every, count), key=every.index)
    return chosen


def work_on(name, index, workers, options, work):
    """One worker's share of one campaign, with a provider of its own."""
    chance = random.Random(f"{options.seed} {name} {index}")
    chosen = sampler(options, options.seed)
    folder = work / f"provider-{name}-{index}"
    provider = None
    try:
        shape = MANY if name == "kills" else SMALL
        provider = Provider(options.simulator, folder, *shape)
        if name != "kills":
            provider.change(*LARGE_ONE)
        share = (index, workers)
        program = options.callarchive
        if name == "inject":
            results = inject.campaigns(
                program, provider, work, share,
                lambda every, fault: chosen(every, 16 if fault == "signal=SIGKILL" else 7))
        elif name == "kills":
            count = 20 if options.quick else options.kills
            results = kills.campaign(
                program, provider, work, index, chance,
                count // workers + (index < count % workers))
        elif name == "torn":
            results = torn.campaign(
                program, provider, work, share, chance, options.quick)
        else:
            results = powerloss.campaign(
                program, provider, work, share, chance, lambda every: chosen(every, 8))
        return [result.summary() for result in results]
    except Broken as error:
        print(f"FAILED: {name}: its beginning: {error}", flush=True)
        return [{
            "name": name, "cases": 1, "failures": [("its beginning", str(error))], "note": "",
            "seconds": 0.0}]
    finally:
        if provider is not None:
            provider.end()


def merge(summaries):
    """The workers' shares of each campaign as one."""
    merged = {}
    for summary in summaries:
        one = merged.setdefault(summary["name"], {**summary, "cases": 0, "failures": [],
                                                  "seconds": 0.0, "note": {}})
        one["cases"] += summary["cases"]
        one["failures"] += summary["failures"]
        one["seconds"] = max(one["seconds"], summary["seconds"])
        for words, count in (summary["note"] or {}).items():
            one["note"][words] = one["note"].get(words, 0) + count
    return list(merged.values())


def table(summaries):
    rows = [("campaign", "cases", "passed", "seconds", "")]
    for one in summaries:
        note = ", ".join(f"{count} {words}" for words, count in one["note"].items() if count)
        rows.append((one["name"], str(one["cases"]), str(one["cases"] - len(one["failures"])),
                     f"{one['seconds']:.0f}", note))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [row[column].rjust(widths[column]) for column in (1, 2, 3)]
        lines.append("  ".join([*cells, row[4]]).rstrip())
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="Scripts/crash-campaign.sh")
    parser.add_argument("names", nargs="*", metavar="CAMPAIGN", choices=[*NAMES, []])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--kills", type=int, default=240)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--callarchive", type=Path, required=True)
    parser.add_argument("--simulator", type=Path, required=True)
    options = parser.parse_args()
    names = options.names or NAMES
    folder = REPOSITORY / ".build" / "crash"
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder))
    print(f"crash-campaign: --seed {options.seed} chooses the same places again", flush=True)
    began = time.monotonic()
    summaries = []
    # Processes, not threads: each starts, stops and waits for children of its own.
    with concurrent.futures.ProcessPoolExecutor(
        options.workers, mp_context=multiprocessing.get_context("spawn")
    ) as pool:
        tasks = [
            pool.submit(work_on, name, index, options.workers, options, work)
            for name in names for index in range(options.workers)
        ]
        for task in tasks:
            summaries += task.result()
    summaries = merge(summaries)
    print(table(summaries))
    failed = sum(len(one["failures"]) for one in summaries)
    total = sum(one["cases"] for one in summaries)
    print(f"{total - failed} passed, {failed} failed in {time.monotonic() - began:.0f} s")
    if failed:
        print(f"what the failed ones left lies in {work / 'failed'}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
