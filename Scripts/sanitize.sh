#!/usr/bin/env bash
# Runs the Swift tests under ThreadSanitizer and under AddressSanitizer.
#
# Usage: Scripts/sanitize.sh [thread|address]…     (both when nothing is said)
#   FILTER=REGEX    only tests that match, as `swift test --filter` takes it
#
# Each has a build of its own, in .build/thread and .build/address; the first takes some minutes. With
# thread, Locked is a pthread mutex, whose ordering the sanitizer sees (-DTSAN). A finding fails the run: the
# first is shown, all stand in .build/sanitize-NAME.log.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

names=("$@")
[[ ${#names[@]} -gt 0 ]] || names=(thread address)
for name in "${names[@]}"; do
    case $name in
    thread | address) ;;
    -h | --help)
        usage "${BASH_SOURCE[0]}"
        exit 0
        ;;
    *) stop "unknown sanitizer '$name'; see Scripts/sanitize.sh --help" ;;
    esac
done
use_swift
mkdir -p .build

# A report is a failure by itself, not only where it ends the program.
export TSAN_OPTIONS="halt_on_error=0 exitcode=66 ${TSAN_OPTIONS-}"
# Leaks are not what this looks for: Swift's runtime keeps its caches to the end.
export ASAN_OPTIONS="detect_leaks=0 ${ASAN_OPTIONS-}"

failed=()
for name in "${names[@]}"; do
    log=.build/sanitize-$name.log
    # XCTest's own runner does not start under a sanitizer, and there is nothing for it to run.
    options=(--sanitize "$name" --scratch-path ".build/$name" --disable-xctest)
    [[ $name != thread ]] || options+=(-Xswiftc -DTSAN)
    [[ -z ${FILTER-} ]] || options+=(--filter "$FILTER")
    began=$SECONDS
    status=0
    say "swift test ${options[*]}"
    swift test "${options[@]}" >"$log" 2>&1 || status=$?
    reports=$(grep -cE '(WARNING: Thread|ERROR: Address)Sanitizer' "$log" || true)
    tests=$(grep -o 'Test run with .*' "$log" | tail -n 1 || true)
    if [[ $status == 0 && $reports == 0 ]]; then
        printf 'ok: %s: %s; %d s\n' "$name" "${tests:-no test ran}" $((SECONDS - began))
    else
        failed+=("$name")
        printf 'FAILED: %s, status %s, %s reports; all is in %s\n' "$name" "$status" "$reports" "$log"
        grep -m 1 -A 40 -E '(WARNING: Thread|ERROR: Address)Sanitizer' "$log" ||
            grep -E 'error:|✘' "$log" | head -n 20 || tail -n 20 "$log"
    fi
done
printf '%d passed, %d failed\n' $((${#names[@]} - ${#failed[@]})) "${#failed[@]}"
exit $((${#failed[@]} > 0))
