#!/usr/bin/env python3
"""Checks a manifest against its JSON Schema (2020-12) and against itself.

Usage: validate-manifest.py SCHEMA MANIFEST
Exit status: 0 valid, 1 not valid, 2 wrong use or jsonschema missing.
Needs jsonschema 4 or later (Debian: python3-jsonschema; PyPI: jsonschema).
"""
import json
import sys

SHOWN = 20


def fail(status, message):
    print(f"validate-manifest: {message}", file=sys.stderr)
    sys.exit(status)


def load(path):
    def refuse(word):
        raise ValueError(f"{word} is no JSON")

    def no_duplicates(pairs):
        names = [name for name, _ in pairs]
        if len(names) != len(set(names)):
            raise ValueError(f"a member stands twice among {names}")
        return dict(pairs)

    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file, parse_constant=refuse, object_pairs_hook=no_duplicates)
    except OSError as error:
        fail(2, f"cannot read {path}: {error.strerror}")
    except ValueError as error:
        fail(1, f"{path} is no valid JSON: {error}")


def contradictions(manifest):
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


def main():
    if len(sys.argv) != 3:
        fail(2, "usage: validate-manifest.py SCHEMA MANIFEST")
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        fail(2, "jsonschema 4 or later is missing; install python3-jsonschema")
    schema, manifest = load(sys.argv[1]), load(sys.argv[2])
    Draft202012Validator.check_schema(schema)
    problems = [
        f"{'/'.join(map(str, error.absolute_path)) or 'the whole'}: {error.message}"
        for error in Draft202012Validator(schema).iter_errors(manifest)
    ]
    problems = problems or list(contradictions(manifest))
    for problem in problems[:SHOWN]:
        print(problem, file=sys.stderr)
    if problems:
        fail(1, f"{sys.argv[2]}: {len(problems)} problems")


main()
