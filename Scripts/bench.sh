#!/usr/bin/env bash
# Measures callarchive against libcurl's own limit in C and against what a user would take instead.
#
# Usage: Scripts/bench.sh [--rounds N] [--only NAME]… [--concurrency N] [--workers N] [--out FOLDER]
#                         [--impatient] [--check] [CASE…]
#   CASE           small typical large latency typical-tls latency-h2 pages-10k pages-100k
#                  nothing-new-10k nothing-new-100k resume paced limit-rate many durable durable-typical
#                  startup; only when named: pages-1m nothing-new-1m paced-1 paced-20 paced-200; `all`
#   --rounds N     5 when nothing is said; all tools in turn in each round
#   --only NAME    only tools with NAME in their name, as often as you like: --only callarchive --only limit
#   --concurrency  transfers at once, 16
#   --workers      nginx's processes, 2
#   --out FOLDER   where the files are written, .build/bench/out
#   --impatient    doesn't wait, when files of a benchmark before were removed less than 5 minutes ago
#   --check        compares with Scripts/bench/thresholds.json; fails when something got worse
#   CALLARCHIVE=PROGRAM     the program to measure, else .build/release/callarchive, built when needed
#   CATAPULT_SIMULATOR=PROGRAM    for the cases named paced
#
# Installs what is missing, makes the corpora once (.build/bench/corpora, about 1 GiB), serves them by
# nginx on loopback, prints a table for each case and keeps all figures in .build/bench/results.
# Nothing else should run on the machine meanwhile, nor have removed many files just before: for five
# minutes ext4 is slow at making new ones in their place.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

for argument in "$@"; do
    case $argument in
    -h | --help)
        usage "${BASH_SOURCE[0]}"
        exit 0
        ;;
    esac
done

bash Scripts/setup.sh --bench
if [[ -z ${CALLARCHIVE-} ]]; then
    bash Scripts/build.sh release
    CALLARCHIVE=$repository/.build/release/callarchive
fi
simulator=${CATAPULT_SIMULATOR:-$repository/.build/release/catapult-simulator}
[[ -x $CALLARCHIVE ]] || stop "there is no program $CALLARCHIVE"

tools=.build/bench/bin
mkdir -p "$tools"
# compile SOURCE TARGET [OPTION…]: when the target is older than its source.
compile() {
    local source=Scripts/bench/$1 target=$tools/$2
    shift 2
    if [[ ! $target -nt $source ]]; then
        say "compiling $source"
        gcc -std=gnu11 -O2 -Wall -Wextra -Werror -o "$target" "$source" "$@"
    fi
}
read -ra libraries < <(pkg-config --cflags --libs libcurl libcrypto)
compile limit.c limit "${libraries[@]}" -pthread
compile measure.c measure
compile delay.c delay
compile nosync.c nosync.so -shared -fPIC

# Python's compiled files belong to the build, not beside the sources.
export PYTHONPYCACHEPREFIX=$repository/.build/bench/pycache
exec python3 Scripts/bench/bench.py --callarchive "$CALLARCHIVE" \
    --simulator "$simulator" "$@"
