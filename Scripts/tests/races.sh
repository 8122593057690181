#!/usr/bin/env bash
# The engine's tests under ThreadSanitizer: transfers, downloads, commits, catalog, syncs over sockets.
#
# Usage: Scripts/tests/races.sh
#
# `Scripts/sanitize.sh` runs all tests, and under AddressSanitizer too; that takes longer than a test of
# every change may.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh

engine='^TransferTests\.|^PlatformTests\.|^CallArchiveTests\.(Download|Fault|Resume|Recovery|Sync|Commit|Handover|Reconciler|Catalog|Verify|EventOrder)|^CallArchiveCommandsTests\.(Console|RunPings)'
status=0
FILTER=$engine bash Scripts/sanitize.sh thread >"$work/words" 2>&1 || status=$?
equal "no report and no failure under ThreadSanitizer" "$status" 0
contains "the tests were run" "$work/words" '^ok: thread: Test run with [1-9][0-9]+ tests'
[[ $failed == 0 ]] || cat "$work/words"
finish
