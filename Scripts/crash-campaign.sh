#!/usr/bin/env bash
# Kills callarchive at every system call of a small sync, fails each of those calls, kills larger syncs at
# random moments, tears the catalog's file, and cuts the power of a simulated disk after every call.
#
# Usage: Scripts/crash-campaign.sh [--quick] [--kills N] [--workers N] [--seed N] [CAMPAIGN…]
#   CAMPAIGN       inject kills torn power; all of them when none is named
#   --quick        a sample of each, within two minutes
#   --kills N      random moments, 240
#   --workers N    so many at a time, 2
#   --seed N       the sample and the moments of a run before, which prints its seed
#   CALLARCHIVE=PROGRAM, CATAPULT_SIMULATOR=PROGRAM    else those of .build/release
#
#   inject  by `strace -e inject`, on the release program: SIGKILL before the call, or ENOSPC, EIO, EDQUOT,
#           EINTR from it, for each openat, write, pwrite64, fsync, fdatasync, syncfs, rename, unlink,
#           ftruncate and mkdir on something of the archive. strace counts the calls of each thread by
#           itself; a call that a thread doesn't come to in three runs is counted as "not come by".
#   kills   SIGKILL at random moments of a sync of 400 recordings, up to ten times an archive.
#   torn    the catalog cut, overwritten, zeroed, replaced, deleted; with its write-ahead log, too.
#   power   what a power cut leaves, by replaying the trace of a sync: see Scripts/crash/powerloss.py for
#           what it covers and what not.
#
# After each case: what has a final name is whole and right (SHA-256 against the provider's bytes); the
# manifest, when there is one, is whole; the next run ends with status 0, all archived, one file an id,
# nothing left over, sha256sum -c clean; and nothing is asked for again that was whole under its final
# name, or whole in partial/ and in the journal. A failed call gives status 6, or 0 where it does no harm.
#
# Prints a table; the status is 0 only when every case passed. What failed cases left is kept.
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

for command in strace sha256sum python3; do
    command -v "$command" >/dev/null || stop "there is no '$command'; run Scripts/setup.sh --test first"
done
callarchive=${CALLARCHIVE:-$repository/.build/release/callarchive}
simulator=${CATAPULT_SIMULATOR:-$repository/.build/release/catapult-simulator}
for program in "$callarchive" "$simulator"; do
    [[ -x $program ]] || stop "there is no $program; run Scripts/build.sh release first"
done

# Python's compiled files belong to the build, not beside the sources.
export PYTHONPYCACHEPREFIX=$repository/.build/crash/pycache
exec python3 Scripts/crash/campaign.py --callarchive "$callarchive" --simulator "$simulator" "$@"
