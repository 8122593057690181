#!/usr/bin/env bash
# Builds callarchive and its simulator; a warning of any kind fails the build.
#
# Usage: Scripts/build.sh [debug|release]     (debug when nothing is said)
#   debug      with the tests, into .build/debug
#   release    the Swift runtime linked in, into .build/release; checked to need no Swift library
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

configuration=${1:-debug}
case $configuration in
debug) options=(--build-tests) ;;
release) options=(-c release --static-swift-stdlib) ;;
-h | --help)
    usage "${BASH_SOURCE[0]}"
    exit 0
    ;;
*) stop "unknown argument '$configuration'; see Scripts/build.sh --help" ;;
esac

use_swift
for library in libcurl sqlite3 libcrypto libssl; do
    pkg-config --exists "$library" 2>/dev/null ||
        stop "the headers of $library are missing; run Scripts/setup.sh first"
done

log=.build/build-$configuration.log
mkdir -p .build
say "swift build ${options[*]}"
began=$SECONDS
if ! swift build "${options[@]}" >"$log" 2>&1; then
    # The compiler tells each error once for each file of the module.
    grep -E '^([^ ]+: )?error:' "$log" | sort -u | head -n 30 >&2 || tail -n 40 "$log" >&2
    stop "the $configuration build failed; all of its words are in $log"
fi

# The toolchain's own static library uses mktemp, which the linker warns of; nothing of ours does.
if grep 'warning:' "$log" | grep -v "the use of .mktemp. is dangerous" >&2; then
    stop "the $configuration build has warnings (above)"
fi

if [[ $configuration == release ]]; then
    for program in callarchive catapult-simulator; do
        needed=$(readelf -d ".build/release/$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
        [[ -n $needed ]] || stop "readelf doesn't tell what .build/release/$program is linked against"
        if grep -E '^lib(_?Foundation|swift|dispatch|BlocksRuntime)' <<<"$needed" >&2; then
            stop ".build/release/$program needs libraries of the Swift toolchain (above)"
        fi
    done
    say "release: $(stat -c %s .build/release/callarchive) bytes," \
        "needs $(readelf -d .build/release/callarchive | grep -c NEEDED) system libraries, none of Swift's"
fi
say "$configuration build done in $((SECONDS - began)) s"
