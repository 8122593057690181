#!/usr/bin/env bash
# Feeds the parsers what nobody would send, by libFuzzer with AddressSanitizer.
#
# Usage: Scripts/fuzz.sh SECONDS [TARGET…]
#   SECONDS    for each target; 0: only what is kept in Tests/Fuzz/Seeds, once
#   TARGET     link page audio headers config options manifest journal time; all when none is named
#
#   link      Link fields and the next page's URL        headers  Content-Range, Retry-After, dates,
#   page      a page of the listing, names from its ids           digests, X-RateLimit-Reset, heads
#   audio     WAV and MP3                                config   the configuration file
#   manifest  manifest.json, SHA256SUMS                  options  the command line
#   journal   a line of the journal                      time     ISO 8601
#
# As many targets at once as there are cores. What was learned stays in .build/fuzz/corpus and is gone on
# with; an input that breaks something is kept in .build/fuzz/findings, and the status is 1. To see one
# again: FUZZ_TARGET=NAME .build/fuzz/release/callarchive-fuzz FILE
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

all=(link page audio headers config options manifest journal time)
case ${1-} in
-h | --help)
    usage "${BASH_SOURCE[0]}"
    exit 0
    ;;
'' | *[!0-9]*) stop "how many seconds? see Scripts/fuzz.sh --help" ;;
esac
seconds=$1
shift
targets=("$@")
[[ ${#targets[@]} -gt 0 ]] || targets=("${all[@]}")
for target in "${targets[@]}"; do
    [[ " ${all[*]} " == *" $target "* ]] || stop "there is no target '$target'; they are: ${all[*]}"
done

use_swift
folder=.build/fuzz
mkdir -p "$folder"
say "building the targets"
if ! CALLARCHIVE_FUZZ=1 swift build -c release --sanitize fuzzer \
    -Xswiftc -sanitize=fuzzer,address --product callarchive-fuzz --scratch-path "$folder" >"$folder/build.log" 2>&1; then
    grep 'error:' "$folder/build.log" >&2 || tail -n 40 "$folder/build.log" >&2
    stop "the build failed; all of its words are in $folder/build.log"
fi
program=$folder/release/callarchive-fuzz

# seeds TARGET: folders with inputs to begin with.
seeds() {
    echo "Tests/Fuzz/Seeds/$1"
    [[ $1 != audio ]] || echo Tests/CallArchiveTests/Fixtures/audio
}

# feed TARGET: its words go to its log; its status is libFuzzer's.
feed() {
    local target=$1 corpus=$folder/corpus/$1 findings=$folder/findings/$1 words=() from
    mkdir -p "$corpus" "$findings"
    mapfile -t from < <(seeds "$target")
    words=(-artifact_prefix="$findings/" -timeout=10 -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1)
    [[ ! -f Tests/Fuzz/$target.dict ]] || words+=(-dict="Tests/Fuzz/$target.dict")
    if [[ $seconds == 0 ]]; then
        words+=(-runs=0)
    else
        words+=(-max_total_time="$seconds")
    fi
    # Its memory is watched by libFuzzer; Swift's own caches are no leaks.
    ASAN_OPTIONS=detect_leaks=0 FUZZ_TARGET=$target \
        nice -n 19 "$program" "${words[@]}" "$corpus" "${from[@]}" >"$folder/$target.log" 2>&1
}

failed=()
# gather TARGET PROCESS: its result as one line.
gather() {
    local status=0 log=$folder/$1.log
    wait "$2" || status=$?
    local runs coverage
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
    coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    if [[ $status == 0 ]]; then
        printf 'ok: %s: %s inputs, coverage %s\n' "$1" "${runs:-?}" "${coverage:-?}"
    else
        failed+=("$1")
        printf 'FAILED: %s, status %s, after %s inputs; its words are in %s\n' "$1" "$status" "${runs:-?}" "$log"
        grep -E 'expected otherwise|Fatal error|ERROR:|SUMMARY|Test unit written' "$log" | sed 's/^/    /' || true
    fi
}

running=()
width=$(nproc)
for target in "${targets[@]}"; do
    feed "$target" &
    running+=("$target $!")
    if [[ ${#running[@]} -ge $width ]]; then
        read -r name process <<<"${running[0]}"
        gather "$name" "$process"
        running=("${running[@]:1}")
    fi
done
for one in "${running[@]}"; do
    read -r name process <<<"$one"
    gather "$name" "$process"
done
printf '%d passed, %d failed\n' $((${#targets[@]} - ${#failed[@]})) "${#failed[@]}"
exit $((${#failed[@]} > 0))
