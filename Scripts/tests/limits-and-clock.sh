#!/usr/bin/env bash
# Few descriptors, little memory, and a wall clock that is wrong or set in the middle of a run.
#
# Usage: Scripts/tests/limits-and-clock.sh
#   CALLARCHIVE=PROGRAM, CATAPULT_SIMULATOR=PROGRAM    else those of .build/release
#
# A limit of resident memory takes a control group, which takes root; without it the peak is looked at.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
# shellcheck source=Scripts/lib/simulator.sh
source Scripts/lib/simulator.sh
need curl jq sha256sum cc
need_programs
export LC_ALL=C

# shellcheck disable=SC2317  # called at the end, by checks.sh
clean_up_more() {
    [[ -z ${group-} ]] || rmdir "$group"
}

# shellcheck source=Scripts/lib/archives.sh
source Scripts/lib/archives.sh
small=$base

# --- Descriptors ----------------------------------------------------------------------------------

before=(bash -c 'ulimit -n 64 && exec "$@"' limited)
for concurrency in 4 16 256; do
    well "64 descriptors, $concurrency at once" "$work/few-$concurrency" --concurrency "$concurrency"
    if [[ $concurrency == 256 ]]; then
        contains "64 descriptors, $concurrency at once: fewer, and why" "$work/err" \
            '^warning: [0-9]+ downloads at once, not 256: .*ulimit -n'
    fi
done
before=(bash -c 'ulimit -Sn 64 && exec "$@"' limited)
well "64 descriptors, but more where they are asked for" "$work/soft" --concurrency 64
equal "64 descriptors, but more where they are asked for: nothing to say" "$(grep -c warning "$work/err")" 0
before=(bash -c 'ulimit -n 20 && exec "$@"' limited)
sync "$work/too-few" --concurrency 1 --retries 1
ends "20 descriptors" 6 '^error: .*'
contains "20 descriptors: what to do" "$work/err" 'hint: .*ulimit -n'
before=()
again "enough descriptors" "$work/too-few"

# --- Memory ---------------------------------------------------------------------------------------

# More of it than memory: a page of a thousand rows, and files that together are larger than what there is.
mkdir "$work/many"
start_simulator "$simulator" "$work/many" --count 1500 --size 60K-90K
processes+=("$simulator_process")

# many TEXT ARCHIVE [OPTION…]: all of the many are archived.
many() {
    local text=$1
    shift
    sync "$@"
    ends "$text" 0 ''
    equal "$text: all are archived" "$(jq .summary.archived "$1/manifest.json")" 1500
    check "$text: sha256sum -c finds nothing wrong" env -C "$1" sha256sum --check --strict --quiet SHA256SUMS
}

# large_pages TEXT: a page as large as one may be, and a larger one.
large_pages() {
    control POST faults '["recordings:0:huge@16000000:first=1", "recordings:0:huge@300000000"]'
    many "$1, a page of 16 MB" "$work/memory-page"
    sync "$work/memory-larger" --retries 1
    ends "$1, a page of 300 MB" 5 'exceeds 16 MiB'
    control DELETE faults
}

before=(bash -c 'ulimit -v 65536 && exec "$@"' limited)
many "64 MB of address space" "$work/space"
many "64 MB of address space, nothing to do" "$work/space"
before=()
group=/sys/fs/cgroup/memory/callarchive-test.$$
if mkdir "$group" 2>/dev/null && echo 64M 2>/dev/null >"$group/memory.limit_in_bytes"; then
    # shellcheck disable=SC2016  # the inner shell expands it
    before=(bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group")
    for concurrency in 16 256; do
        many "64 MB of memory, $concurrency at once" "$work/memory-$concurrency" --concurrency "$concurrency"
    done
    large_pages "64 MB of memory"
    equal "64 MB of memory: nothing was killed for it" \
        "$(sed -n 's/^oom_kill //p' "$group/memory.oom_control")" 0
    before=()
else
    rmdir "$group" 2>/dev/null || true
    group=
    for concurrency in 16 256; do
        before=(/usr/bin/env python3 -c '
import os, resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)' "$work/peak")
        many "little memory, $concurrency at once" "$work/memory-$concurrency" --concurrency "$concurrency"
        check "little memory, $concurrency at once: at most $(cat "$work/peak") KiB" \
            test "$(cat "$work/peak")" -le 65536
    done
    large_pages "little memory"
    check "little memory, a page of 300 MB: at most $(cat "$work/peak") KiB" \
        test "$(cat "$work/peak")" -le 65536
    before=()
fi
base=$small

# --- The clock ------------------------------------------------------------------------------------

cc -O1 -shared -fPIC -o "$work/clock.so" Scripts/lib/clock.c

# at SECONDS [LOOKS]: runs have a clock so far ahead (or behind), from their N-th look at it on.
at() {
    before=(env "LD_PRELOAD=$work/clock.so" "CLOCK_OFFSET=$1" "CLOCK_JUMPS_AT=${2-0}")
}

year=31536000
names=
for offset in $((10 * year)) $((-10 * year)) $((-60 * year)); do
    archive=$work/clock$offset
    text="a clock that is $offset s wrong"
    at "$offset"
    # A pause is the server's to say, by its own clock.
    control POST faults '["media:r-000003:status@503:first=1:retry-after=date", "media:r-000004:status@429:first=1"]'
    sync "$archive" --max-files 5
    ends "$text" 9 ''
    contains "$text: it was the program's" "$archive/manifest.json" \
        "\"generatedAt\": *\"$(date -u -d "@$(($(date +%s) + offset))" +%Y)"
    right "$text" "$archive"
    control DELETE faults
    before=()
    # Set right: nothing is done again, the rest is fetched.
    control DELETE log
    again "$text" "$archive"
    equal "$text, afterwards: what was archived is not fetched again" \
        "$(control GET stats | jq '[.media[].requests] | add')" $((count - 5))
    equal "$text, afterwards: each is handed out once, in order" \
        "$("$callarchive" export --after 0 "$archive" | jq -s -c 'map(.sequence) == [range(1; 13)]')" true
    at "$offset"
    well "$text again" "$archive"
    equal "$text again: nothing new" "$(control GET stats | jq '[.media[].requests] | add')" $((count - 5))
    # Names come from the provider's times alone.
    found=$(cd "$archive" && find recordings -type f | sort)
    [[ -z $names ]] || equal "$text: the same names" "$found" "$names"
    names=$found
done
for jump in $((10 * year)) -86400; do
    for look in 5 20 60; do
        at "$jump" "$look"
        well "a clock that is set by $jump s after $look looks" "$work/jump$jump-$look"
    done
done
before=()

finish
