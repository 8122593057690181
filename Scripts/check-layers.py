#!/usr/bin/env python3
"""Checks the house's rules that a compiler doesn't know.

Imports point down only, each layer knows what it may know, the provider's words stay with the
provider, files stay small, scripts can be run as they are, and the top folder holds what belongs there.

Usage: Scripts/check-layers.py [FOLDER]      (the repository's top folder when nothing is said)
Prints each breach as `path:line: what`, and exits with 1 when there is one.
"""

import re
import subprocess
import sys
from pathlib import Path

# What a target's Swift files may import: those of ours, and those of the system.
OURS = {
    "Platform": {"CLibCrypto", "CLinux"},
    "Transfer": {"CLibCurl", "CLibSSL", "Platform"},
    "CallArchive": {"CSQLite", "Platform", "Transfer"},
    "CallArchiveCommands": {"CallArchive", "Platform", "Transfer"},
    "callarchive": {"CallArchiveCommands"},
    "CatapultSimulator": {"CLibSSL", "CLibCrypto"},
    "catapult-simulator": {"CatapultSimulator"},
    # System libraries: no Swift in them.
    "CLibCrypto": None,
    "CLibCurl": None,
    "CLibSSL": None,
    "CLinux": None,
    "CSQLite": None,
}
SYSTEM = {"Dispatch", "FoundationEssentials", "Glibc", "Synchronization"}

# A C library's one home inside its layer.
HOMES = {"CSQLite": "CallArchive/Catalog/"}

TOP_LEVEL = {"Package.swift", "Sources", "Tests", "Scripts", "README.md"}
PROVIDER = "CallArchive/Providers/Catapult/"
SIMULATOR = ("CatapultSimulator/", "catapult-simulator/")
PROVIDER_WORDS = re.compile(r"""rel\s*=\s*\\?["']?next|X-RateLimit-Reset""", re.IGNORECASE)
IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:package|public|internal|private|fileprivate)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)"
)
FORBIDDEN = [
    (re.compile(r"\btry!"), "try!"),
    (re.compile(r"\bfatalError\s*\("), "fatalError("),
]
UNFINISHED = re.compile(r"\bTODO\b|\bFIXME\b")
LONGEST_FILE = 400
LONGEST_README = 250


def without_comments(lines):
    """The lines with their comments blanked; strings are left as they are."""
    inside = 0
    for line in lines:
        code = ""
        position = 0
        quoted = False
        while position < len(line):
            pair = line[position : position + 2]
            if inside:
                if pair == "*/":
                    inside -= 1
                elif pair == "/*":
                    inside += 1
                position += 2 if pair in ("*/", "/*") else 1
            elif not quoted and pair == "//":
                break
            elif not quoted and pair == "/*":
                inside += 1
                position += 2
            else:
                if quoted and pair == '\\"':
                    code += pair
                    position += 2
                    continue
                if line[position] == '"':
                    quoted = not quoted
                code += line[position]
                position += 1
        yield code


def check_source(path, below, breaches):
    """The rules for one Swift file; `below` is its path under Sources."""
    target = below.split("/", 1)[0]
    lines = path.read_text(encoding="utf-8").splitlines()
    if len(lines) > LONGEST_FILE:
        breaches.append(f"{path}:{LONGEST_FILE}: {len(lines)} lines, {LONGEST_FILE} is the most")
    allowed = OURS.get(target, set())
    if allowed is None:
        breaches.append(f"{path}:1: Swift in a target that is a C library only")
        allowed = set()
    for number, (line, code) in enumerate(zip(lines, without_comments(lines)), start=1):
        found = IMPORT.match(code)
        if found:
            module = found.group(1)
            home = HOMES.get(module)
            if module == "Foundation":
                breaches.append(f"{path}:{number}: imports Foundation; FoundationEssentials is enough")
            elif module not in allowed and module not in SYSTEM:
                breaches.append(f"{path}:{number}: {target} may not import {module}")
            elif module in SYSTEM and target == "callarchive":
                breaches.append(f"{path}:{number}: the shell is one line of main, without {module}")
            elif home and not below.startswith(home):
                breaches.append(f"{path}:{number}: {module} is for {home} only")
        for pattern, word in FORBIDDEN:
            if pattern.search(code):
                breaches.append(f"{path}:{number}: {word}")
        if UNFINISHED.search(line):
            breaches.append(f"{path}:{number}: unfinished")
        if PROVIDER_WORDS.search(line) and not below.startswith((PROVIDER, *SIMULATOR)):
            breaches.append(f"{path}:{number}: the provider's words belong to {PROVIDER}")


def top_level(root):
    """Names in the top folder; in a repository those that git knows of or would take."""
    if (root / ".git").exists():
        listed = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"],
            capture_output=True,
            text=True,
            check=True,
        )
        return {name.split("/", 1)[0] for name in listed.stdout.splitlines()}
    return {entry.name for entry in root.iterdir()}


def main():
    arguments = sys.argv[1:]
    if len(arguments) > 1 or any(argument.startswith("-") for argument in arguments):
        print(__doc__.strip())
        return 0 if arguments[0] in ("-h", "--help") else 2
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    sources = root / "Sources"
    if not sources.is_dir():
        print(f"check-layers: there is no folder {sources}", file=sys.stderr)
        return 2

    breaches = []
    for folder in sorted(entry.name for entry in sources.iterdir()):
        if folder not in OURS:
            breaches.append(f"{sources / folder}:1: a target without a place in the layers")
    files = sorted(sources.rglob("*.swift"))
    for path in files:
        check_source(path, path.relative_to(sources).as_posix(), breaches)
    for name in sorted(top_level(root)):
        if name not in TOP_LEVEL and not name.startswith("."):
            breaches.append(f"{root / name}:1: doesn't belong at the top level")
    readme = root / "README.md"
    if not readme.is_file():
        breaches.append(f"{readme}:1: missing")
    else:
        length = len(readme.read_text(encoding="utf-8").splitlines())
        if length > LONGEST_README:
            breaches.append(f"{readme}:{LONGEST_README}: {length} lines, {LONGEST_README} is the most")

    for path in sorted((root / "Scripts").rglob("*")):
        # README calls them by their names alone.
        if path.is_file() and path.read_bytes()[:2] == b"#!" and not path.stat().st_mode & 0o100:
            breaches.append(f"{path}:1: a script that can't be executed: chmod +x")

    for breach in breaches:
        print(breach)
    print(f"check-layers: {len(files)} files, {len(breaches)} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
