"""The benchmark's cases: who takes part in each, on what, and how it is run."""

import os
import shutil

import contestants
import corpora
import pace
import rates
import server


def download(bench, name, corpus, door="plain"):
    bench.serve(corpus)
    everybody = [contestants.Callarchive(), *contestants.LIMITS, *contestants.PEERS]
    return bench.compete(name, corpora.CORPORA[corpus], door, everybody)


def latency(bench, name, door, near):
    bench.serve("latency")
    corpus = corpora.CORPORA["latency"]
    beside = contestants.Limit("limit, not far", "--threads", "2", door=near)
    everybody = [contestants.Callarchive(), *contestants.LIMITS, beside, *contestants.PEERS]
    result = bench.compete(name, corpus, door, everybody)
    waiting = corpus.count * server.DELAY_MILLISECONDS / 1000 / bench.options.concurrency
    result["rounds"]["ideal"] = [
        {**figures, "wall": figures["wall"] + waiting}
        for figures in result["rounds"].get(beside.label, [])
    ]
    return result


def walk(bench, name, corpus):
    """A listing of which nothing is to be fetched, into a new archive and into a known one."""
    bench.serve(corpus)
    known = contestants.OnPrepared("callarchive, again", bench, bench.root / "prepared" / corpus)
    everybody = [contestants.Callarchive(), known, floor()]
    return bench.compete(name, corpora.CORPORA[corpus], "plain", everybody, fetched=False)


def nothing_new(bench, name, corpus):
    """A listing of which everything is archived."""
    bench.serve(corpus)
    known = contestants.OnPrepared("callarchive", bench, bench.root / "prepared" / corpus)
    return bench.compete(name, corpora.CORPORA[corpus], "plain", [known, floor()], fetched=False)


def floor():
    return contestants.ListingAlone("listing alone", "--concurrency", "1")


def resume(bench, name):
    bench.serve("typical")
    corpus = corpora.CORPORA["typical"]
    half = corpus.count // 2
    prepared = bench.root / "prepared" / "typical-half"
    shutil.rmtree(prepared, ignore_errors=True)
    ours = contestants.OnPrepared(
        "callarchive", bench, prepared, ["--max-files", str(half)], copied=True
    )
    rest = range(half, corpus.count)
    return bench.compete(name, corpus, "plain", [ours, *contestants.LIMITS], rest)


def durable(bench, name, corpus):
    bench.serve(corpus)
    careless = contestants.Callarchive("callarchive, not durable", environment=bench.nosync)
    everybody = [contestants.Callarchive(), careless]
    return bench.compete(name, corpora.CORPORA[corpus], "plain", everybody)


def paced(bench, name, count, *grant):
    """A provider that grants so many requests a second; the simulator, new for each run."""
    bench.serve()
    everybody = [contestants.Callarchive()]
    if name == "paced":
        told = contestants.Callarchive("callarchive, told the rate", ["--request-rate", "50/s"])
        everybody.append(told)
    corpus = corpora.Corpus(name, count, (4 * corpora.KIB,))

    def run(one, corpus, door, indexes):
        with pace.Provider(bench.simulator, bench.root / "pace", corpus, grant) as provider:
            where = {"base": provider.base, "user": provider.user}
            job = bench.job(one, corpus, door, indexes, **where)
            command, environment = one.command(job)
            measured = bench.execute(command, environment, 1)
            bench.check_files(job, one)
        bench.put_aside()
        return bench.figures(measured, 1) | provider.figures()

    return bench.compete(name, corpus, "plain", everybody, fetched=False, run=run)


def limit_rate(bench, name, corpus, mebibytes):
    """Told so many MiB/s: how much of it comes in all, and in the busiest second."""
    bench.serve(corpus)
    told = contestants.Callarchive("callarchive", ["--limit-rate", f"{mebibytes}M"])
    rate = mebibytes * corpora.MIB

    def run(one, corpus, door, indexes):
        with rates.Watch() as watch:
            figures = bench.run(one, corpus, door, indexes, began=watch.begin)
        share = corpus.total() / figures["wall"] / rate
        return figures | {"rate": share, "busiest": watch.busiest_second() / rate}

    return bench.compete(name, corpora.CORPORA[corpus], "plain", [told], run=run)


def many(bench, name):
    """256 transfers at once, 50 ms away: threads are not what carries them."""
    bench.serve("latency")
    corpus = corpora.CORPORA["latency"]

    def run(one, corpus, door, indexes):
        with rates.Watch() as watch:
            figures = bench.run(one, corpus, door, indexes, began=watch.begin)
        if watch.threads == 0:
            raise RuntimeError("was not watched: does this kernel have /proc/PID/task/PID/children?")
        # A lane for each core is right; a thread for each transfer would not be.
        return figures | {"threads": watch.threads, "beyondCores": watch.threads - (os.cpu_count() or 1)}

    wide = contestants.Callarchive("callarchive", ["--concurrency", "256"])
    narrow = contestants.Callarchive("callarchive, 16", ["--concurrency", "16"])
    return bench.compete(name, corpus, "far", [wide, narrow], run=run)


def startup(bench, name):
    bench.serve("latency")
    everybody = [
        contestants.Program("callarchive", "{callarchive}", "--version"),
        contestants.Program("/bin/true", "/bin/true"),
        contestants.Program("curl --version", "curl", "--version"),
    ]
    return bench.compete(name, corpora.CORPORA["latency"], "plain", everybody, range(0))


CASES = {
    "small": lambda bench: download(bench, "small", "small"),
    "typical": lambda bench: download(bench, "typical", "typical"),
    "large": lambda bench: download(bench, "large", "large"),
    "latency": lambda bench: latency(bench, "latency", "far", "plain"),
    "typical-tls": lambda bench: download(bench, "typical-tls", "typical", "tls"),
    "latency-h2": lambda bench: latency(bench, "latency-h2", "far-h2", "h2"),
    "pages-10k": lambda bench: walk(bench, "pages-10k", "waiting-10k"),
    "pages-100k": lambda bench: walk(bench, "pages-100k", "waiting-100k"),
    "pages-1m": lambda bench: walk(bench, "pages-1m", "waiting-1m"),
    "nothing-new-10k": lambda bench: nothing_new(bench, "nothing-new-10k", "tiny-10k"),
    "nothing-new-100k": lambda bench: nothing_new(bench, "nothing-new-100k", "tiny-100k"),
    "nothing-new-1m": lambda bench: nothing_new(bench, "nothing-new-1m", "tiny-1m"),
    "resume": lambda bench: resume(bench, "resume"),
    "paced": lambda bench: paced(bench, "paced", 2000, "--rate", "50/s"),
    "paced-1": lambda bench: paced(bench, "paced-1", 240, "--rate", "1/s"),
    "paced-20": lambda bench: paced(bench, "paced-20", 1000, "--rate", "20/s", "--reset", "none"),
    "paced-200": lambda bench: paced(
        bench, "paced-200", 8000, "--rate", "200/s", "--rate-window", "sliding", "--reset", "s"
    ),
    "limit-rate": lambda bench: limit_rate(bench, "limit-rate", "typical", 100),
    "many": lambda bench: many(bench, "many"),
    "durable": lambda bench: durable(bench, "durable", "small"),
    "durable-typical": lambda bench: durable(bench, "durable-typical", "typical"),
    "startup": lambda bench: startup(bench, "startup"),
}
# They take long, or much of the disk.
ONLY_NAMED = ("pages-1m", "nothing-new-1m", "paced-1", "paced-20", "paced-200")
