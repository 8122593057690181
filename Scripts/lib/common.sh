# shellcheck shell=bash
# What the scripts share: words on the screen, the toolchain's place, root rights, free ports.
# Sourced, never run. It goes to the repository's top folder and sets `repository`.

script=$(basename "$0" .sh)
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$repository" || exit 1

# say WORDS: one line of progress.
say() {
    printf '%s: %s\n' "$script" "$*"
}

# stop WORDS: ends the script with a plain word.
stop() {
    printf '%s: %s\n' "$script" "$*" >&2
    exit 1
}

# usage FILE: the comment at the file's top, for --help.
usage() {
    sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p;}' "$1"
}

# swift_version: the toolchain's number, as 6.3.1; nothing when it doesn't tell.
swift_version() {
    swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' || true
}

# find_swift: puts the toolchain on PATH, or stops.
find_swift() {
    if ! command -v swift >/dev/null && [[ -x /opt/swift/usr/bin/swift ]]; then
        PATH=/opt/swift/usr/bin:$PATH
        export PATH
    fi
    command -v swift >/dev/null ||
        stop "there is no swift on PATH nor in /opt/swift/usr/bin; get it from https://www.swift.org/install/linux/"
}

# use_swift: find_swift, and stops unless it can build the package.
# The least version is the one that Package.swift names in its first line.
use_swift() {
    local least have
    find_swift
    least=$(sed -n '1s/.*swift-tools-version: *\([0-9.]*\).*/\1/p' Package.swift)
    have=$(swift_version)
    [[ -n $have ]] ||
        stop "'swift --version' tells no version: $(swift --version 2>&1 | head -n 1)"
    [[ $(printf '%s\n' "$least" "$have" | sort -V | head -n 1) == "$least" ]] ||
        stop "swift is $have, the package needs $least or later; get it from https://www.swift.org/install/linux/"
}

# as_root COMMAND…: runs it as root, through sudo when that is needed.
as_root() {
    if [[ $(id -u) == 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        stop "needs root for: $* (and there is no sudo here)"
    fi
}

# free_port: a TCP port of 127.0.0.1 that nothing listens on.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
