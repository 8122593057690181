#!/usr/bin/env python3
"""Checks a manifest, or the events of sync --json, against their JSON Schema (2020-12).

Usage: validate-json.py [--lines] SCHEMA FILE
  --lines    FILE has one object a line, each to be valid by itself

A manifest is checked against itself too: its summary counts its entries, nothing stands twice. So
are events: the run begins with runStarted and ends with runFinished, whose numbers are right.
SCHEMA may refer to other *.schema.json in its folder. Exit status: 0 valid, 1 not valid, 2 wrong
use or jsonschema missing. Needs jsonschema 4 or later (Debian: python3-jsonschema; PyPI:
jsonschema).
"""
import json
import sys
from pathlib import Path

SHOWN = 20


def fail(status, message):
    print(f"validate-json: {message}", file=sys.stderr)
    sys.exit(status)


def parse(text, where):
    def refuse(word):
        raise ValueError(f"{word} is no JSON")

    def no_duplicates(pairs):
        names = [name for name, _ in pairs]
        if len(names) != len(set(names)):
            raise ValueError(f"a member stands twice among {names}")
        return dict(pairs)

    try:
        return json.loads(text, parse_constant=refuse, object_pairs_hook=no_duplicates)
    except ValueError as error:
        fail(1, f"{where} is no valid JSON: {error}")


def read(path):
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        fail(2, f"cannot read {path}: {error.strerror}")
    except UnicodeDecodeError as error:
        fail(1, f"{path} is not UTF-8: {error}")


def make_validator(path):
    """A validator that finds the schemas beside this one by their files' names."""
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        fail(2, "jsonschema 4 or later is missing; install python3-jsonschema")
    schema = parse(read(path), path)
    Draft202012Validator.check_schema(schema)
    others = {
        other.name: parse(read(other), other)
        for other in Path(path).parent.glob("*.schema.json")
        if other.name != Path(path).name
    }
    try:
        from referencing import Registry, Resource
    except ImportError:
        # jsonschema before 4.18.
        from jsonschema import RefResolver

        return Draft202012Validator(schema, resolver=RefResolver("", schema, store=others))
    registry = Registry().with_resources(
        (name, Resource.from_contents(other)) for name, other in others.items()
    )
    return Draft202012Validator(schema, registry=registry)


def manifest_contradictions(manifest):
    """What a schema can't say: the summary counts the entries, no file or sequence stands twice."""
    entries = manifest["recordings"]
    counts = {name: 0 for name in manifest["summary"]}
    counts["listed"] = len(entries)
    for entry in entries:
        counts[entry["status"]] += 1
        counts["bytes"] += entry["bytes"] or 0
    if counts != manifest["summary"]:
        yield f"the summary is {manifest['summary']}, the entries are {counts}"
    for member in ("id", "file", "sequence"):
        values = [entry[member] for entry in entries if entry[member] is not None]
        if len(values) != len(set(values)):
            yield f"a value of '{member}' stands twice"


def run_contradictions(events):
    """What a schema can't say of one run: the order, and that the last line counts the others."""
    names = [event["event"] for event in events]
    if not names or names[-1] != "runFinished" or names.count("runFinished") != 1:
        yield "the last line is not the only runFinished"
        return
    end = events[-1]
    if end["summary"] is None:
        return
    if names[0] != "runStarted" or names.count("runStarted") != 1:
        yield "the first line is not the only runStarted"
    pages = [event["page"] for event in events if event["event"] == "pageListed"]
    if pages != list(range(1, len(pages) + 1)):
        yield f"the pages are {pages}"
    archived = [event["recording"] for event in events if event["event"] == "recordingArchived"]
    sequences = [entry["sequence"] for entry in archived]
    if sequences != sorted(set(sequences)):
        yield "the sequence numbers of recordingArchived do not grow"
    counts = {
        "newlyArchived": len(archived),
        "newBytes": sum(entry["bytes"] for entry in archived),
        "handedOver": names.count("recordingHandedOver"),
        "handoversFailed": names.count("handoverFailed"),
    }
    for name, count in counts.items():
        if end[name] != count:
            yield f"{name} is {end[name]}, the lines say {count}"
    # Rows of the listing that can't be read are counted too.
    failed = sum(event.get("status") == "failed" for event in events)
    if end["newlyFailed"] < failed:
        yield f"newlyFailed is {end['newlyFailed']}, the lines say {failed}"


def event_contradictions(events):
    """The same of one run or, with allFinished at the end, of several archives' runs."""
    if not events or events[-1]["event"] != "allFinished":
        yield from run_contradictions(events)
        return
    runs = {}
    for event in events[:-1]:
        runs.setdefault(event["archiveName"], []).append(event)
    for name, run in runs.items():
        yield from (f"{name}: {text}" for text in run_contradictions(run))
    statuses = {name: run[-1].get("exitStatus") for name, run in runs.items()}
    for archive in events[-1]["archives"]:
        name = archive["archiveName"]
        if name in statuses and statuses[name] != archive["exitStatus"]:
            yield f"{name} ended with {statuses[name]}, allFinished says {archive['exitStatus']}"


def main():
    arguments = sys.argv[1:]
    by_line = arguments[:1] == ["--lines"]
    if by_line:
        arguments = arguments[1:]
    if len(arguments) != 2:
        fail(2, "usage: validate-json.py [--lines] SCHEMA FILE")
    schema, path = arguments
    validator = make_validator(schema)
    text = read(path)
    if by_line:
        values = [
            (f"line {number}: ", parse(line, f"{path}, line {number}"))
            for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1)
        ]
    else:
        values = [("", parse(text, path))]
    problems = [
        f"{where}{'/'.join(map(str, error.absolute_path)) or 'the whole'}: {error.message}"
        for where, value in values
        for error in validator.iter_errors(value)
    ]
    if not problems:
        if by_line:
            problems = list(event_contradictions([value for _, value in values]))
        else:
            problems = list(manifest_contradictions(values[0][1]))
    for problem in problems[:SHOWN]:
        print(problem, file=sys.stderr)
    if problems:
        fail(1, f"{path}: {len(problems)} problems")


main()
