#!/usr/bin/env bash
# Runs all tests: installs what is missing, builds, then the Swift tests and Scripts/tests/*.sh.
#
# Usage: Scripts/test.sh [NAME…]
#   NAME    only these: `swift`, or a script of Scripts/tests without its .sh
#
# Goes on after a failure, so that one run shows them all. The last line tells the totals; the
# status is 0 only when nothing failed. Details stay in .build/tests.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

names=("$@")
case ${1-} in
-h | --help)
    usage "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac
if [[ ${#names[@]} == 0 ]]; then
    names=(swift)
    for file in Scripts/tests/*.sh; do
        names+=("$(basename "$file" .sh)")
    done
fi

passed=0
failed=0
skipped=0
troubled=()

# A hang must not keep anybody waiting for ever.
longest=1500

run_swift_tests() {
    local log=.build/tests/swift.log status=0 total broken
    say "Swift tests"
    timeout --kill-after=10 "$longest" swift test --skip-build --disable-xctest >"$log" 2>&1 || status=$?
    total=$(sed -n 's/.*Test run with \([0-9]*\) tests\{0,1\}.*/\1/p' "$log" | tail -n 1)
    # A parameterised test reports its cases below it; the one line with its name counts.
    broken=$(grep -cE '^✘ Test .* failed after' "$log" || true)
    if [[ $status != 0 ]]; then
        [[ $broken -gt 0 ]] || broken=1
        grep -E '✘|error:' "$log" | head -n 40 || tail -n 40 "$log"
        say "Swift tests failed (status $status); all of their words are in $log"
        troubled+=(swift)
    fi
    total=${total:-$broken}
    say "Swift tests: $((total - broken)) passed, $broken failed"
    passed=$((passed + total - broken))
    failed=$((failed + broken))
}

# run_script NAME: counts by the script's own closing line.
run_script() {
    local name=$1 log=.build/tests/$1.log status=0 closing began=$SECONDS
    [[ -f Scripts/tests/$name.sh ]] || stop "there is no Scripts/tests/$name.sh"
    say "Scripts/tests/$name.sh"
    timeout --kill-after=10 "$longest" bash "Scripts/tests/$name.sh" >"$log" 2>&1 || status=$?
    closing=$(tail -n 1 "$log")
    if [[ $closing =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
        skipped=$((skipped + BASH_REMATCH[3]))
    else
        closing="ended without a closing line, status $status"
        failed=$((failed + 1))
        status=1
    fi
    grep '^skipped: ' "$log" || true
    if [[ $status != 0 ]]; then
        grep -A 30 '^FAILED: ' "$log" || tail -n 30 "$log"
        say "$name: all of its words are in $log"
        troubled+=("$name")
    fi
    say "$name: $closing, $((SECONDS - began)) s"
}

SECONDS=0
bash Scripts/setup.sh --test
# The servers are on loopback: a proxy of the shell's has nothing to do with them.
export no_proxy='*' NO_PROXY='*'
use_swift
mkdir -p .build/tests
bash Scripts/build.sh debug
for name in "${names[@]}"; do
    if [[ $name == swift ]]; then
        run_swift_tests
    fi
done
if [[ ${names[*]} != swift ]]; then
    bash Scripts/build.sh release
fi
for name in "${names[@]}"; do
    if [[ $name != swift ]]; then
        run_script "$name"
    fi
done

say "$passed passed, $failed failed, $skipped skipped in $SECONDS s${troubled[*]:+; failed: ${troubled[*]}}"
exit $((failed > 0))
