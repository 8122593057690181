#!/usr/bin/env bash
# Every exit status that an operator's scripts may rely on, with the text that goes with it.
#
# Usage: Scripts/tests/exit-statuses.sh
#   CALLARCHIVE=PROGRAM, CATAPULT_SIMULATOR=PROGRAM    else those of .build/release
#
# The storage cases need root, for a small tmpfs of their own; without it they are skipped.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
# shellcheck source=Scripts/lib/simulator.sh
source Scripts/lib/simulator.sh
need curl jq openssl sha256sum
need_programs

export CATAPULT_SIMULATOR_TOKEN=t-status CATAPULT_SIMULATOR_SECRET=s-status
export CALLARCHIVE_TOKEN=t-status CALLARCHIVE_SECRET=s-status
mounted=$work/small

# shellcheck disable=SC2317  # called at the end, by checks.sh
clean_up_more() {
    if mountpoint -q "$mounted" 2>/dev/null; then
        umount "$mounted"
    fi
}

# show: what the last run printed.
show() {
    cat "$work/out" "$work/err" | sed -n '1,12s/^/    /p'
}

# ends TEXT STATUS PATTERN ARGUMENT…: runs callarchive with the arguments; a line on stderr matches.
# `status` is what it was.
ends() {
    local text=$1 want=$2 pattern=$3
    shift 3
    status=0
    timeout --kill-after=5 60 "$callarchive" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    equal "$text: status $want" "$status" "$want"
    show
    [[ -z $pattern ]] || contains "$text: says so" "$work/err" "$pattern"
}

# sync ARCHIVE [OPTION…]: the arguments of a sync against the simulator, in `arguments`.
sync() {
    local archive=$1
    shift
    arguments=(sync --user-id u-simulated --base-url "$base" "$@" "$archive")
}

mkdir "$work/provider" "$work/slow" "$work/encrypted"
start_simulator "$simulator" "$work/provider" --count 40 --size 100K
processes+=("$simulator_process")
provider=$base

# --- 2: usage and configuration -------------------------------------------------------------------

say "2: usage and configuration"
sync "$work/none"
ends "an unknown option" 2 '^error: .*--concurency' "${arguments[@]}" --concurency 4
contains "an unknown option: the nearest one is named" "$work/err" -- '--concurrency'
ends "an unknown command" 2 '^error: .*sink' sink
ends "a value out of range" 2 '^error: .*page-size' "${arguments[@]}" --page-size 1001
ends "a user id is missing" 2 '^error: .*user' sync --base-url "$base" "$work/none"
unset CALLARCHIVE_TOKEN CALLARCHIVE_SECRET
home=$HOME
export HOME=$work
ends "credentials are missing" 2 '^error: .*' "${arguments[@]}"
contains "credentials are missing: the way to give them is named" "$work/err" 'CALLARCHIVE_TOKEN'
printf '{"token": "t-status", "secret": "s-status"}\n' >"$work/credentials.json"
chmod 0644 "$work/credentials.json"
ends "a credentials file that others can read" 2 '^error: .*credentials.json' \
    "${arguments[@]}" --credentials-file "$work/credentials.json"
chmod 0600 "$work/credentials.json"
sync "$work/by-file" --credentials-file "$work/credentials.json"
ends "the same when they can't" 0 '' "${arguments[@]}"
export HOME=$home CALLARCHIVE_TOKEN=t-status CALLARCHIVE_SECRET=s-status
check "none of these made an archive" test ! -e "$work/none"

# --- 0, 9, 3 --------------------------------------------------------------------------------------

say "0, 9 and 3: how far a run came"
sync "$work/budget" --max-files 5
ends "a budget is reached" 9 '' "${arguments[@]}"
equal "a budget is reached: that many are archived" \
    "$(jq .summary.archived "$work/budget/manifest.json")" 5
sync "$work/budget"
ends "the rest" 0 '' "${arguments[@]}"
sync "$work/failing"
control POST faults '"media:r-000007:html-200"'
ends "a recording that is a page" 3 '' "${arguments[@]}"
control DELETE faults
ends "the same when it is audio again" 0 '' "${arguments[@]}"
sync "$work/gone"
control POST recordings/remove-media '["r-000009"]'
ends "a media that the provider has no more" 0 '' "${arguments[@]}"
equal "a media that the provider has no more: told as gone" \
    "$(jq -r '.recordings[] | select(.id == "r-000009") | .status' "$work/gone/manifest.json")" gone
ends "another user's archive" 2 '^error: .*' sync --user-id u-other --base-url "$base" "$work/gone"

# --- 4: refused -----------------------------------------------------------------------------------

say "4: credentials or account refused"
sync "$work/refused"
CALLARCHIVE_SECRET=s-wrong
ends "a wrong secret" 4 '^error: .*' "${arguments[@]}"
contains "a wrong secret: a hint" "$work/err" '^ *hint: '
equal "a wrong secret: it isn't shown" "$(grep -cF s-wrong "$work/err")" 0
CALLARCHIVE_SECRET=s-status
ends "another account" 4 '^error: .*' sync --user-id u-other --base-url "$base" "$work/refused"

# --- 5: unreachable -------------------------------------------------------------------------------

say "5: provider unreachable, listing not completed"
ends "a closed port" 5 '^error: .*' \
    sync --user-id u-simulated --base-url "http://127.0.0.1:$(free_port)/v1" --retries 1 "$work/unreachable"
sync "$work/incomplete" --retries 1 --page-size 10
control POST faults '"recordings:2:malformed-json"'
ends "a listing that breaks off" 5 '^error: .*' "${arguments[@]}"
control DELETE faults
equal "a listing that breaks off: what was listed is archived" \
    "$(jq '.summary.archived >= 19 and (.listing.complete | not)' "$work/incomplete/manifest.json")" true
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/ca.pem" 2>/dev/null
start_simulator "$simulator" "$work/encrypted" --count 3 --tls-cert "$work/ca.pem" --tls-key "$work/key.pem"
processes+=("$simulator_process")
sync "$work/encrypted/archive" --retries 1
ends "a certificate of nobody" 5 '^error: .*' "${arguments[@]}"
sync "$work/encrypted/archive" --cacert "$work/ca.pem"
ends "the same with --cacert" 0 '' "${arguments[@]}"
base=$provider

# --- 6: storage -----------------------------------------------------------------------------------

say "6: local storage"
echo 'not a folder' >"$work/file"
sync "$work/file"
ends "the archive is a file" 6 '^error: .*' "${arguments[@]}"
equal "the archive is a file: it is untouched" "$(cat "$work/file")" 'not a folder'

mkdir "$mounted"
if [[ $(id -u) != 0 ]]; then
    skip "a full disk and a read-only one: they take root, to mount a small tmpfs"
elif ! mount -t tmpfs -o size=3m,mode=0755 callarchive-test "$mounted" 2>"$work/mount.err"; then
    skip "a full disk and a read-only one: $(cat "$work/mount.err")"
else
    sync "$mounted/archive" --min-free 0
    ends "a full disk" 6 '^error: .*' "${arguments[@]}"
    contains "a full disk: it is named" "$work/err" "$mounted"
    # 40 files of 100 KiB don't fit; those that have their final name are whole.
    equal "a full disk: no file is short" \
        "$(find "$mounted/archive/recordings" -type f ! -size 102400c -printf '%p %s\n' 2>/dev/null)" ''
    sync "$mounted/archive"
    ends "less than --min-free" 6 '^error: .*' "${arguments[@]}"
    mount -o remount,size=64m "$mounted"
    sync "$mounted/archive" --min-free 0
    ends "the same when there is room again" 0 '' "${arguments[@]}"
    check "the same when there is room again: all is well" \
        env -C "$mounted/archive" sha256sum --check --strict --quiet SHA256SUMS
    equal "the same when there is room again: all are archived" \
        "$(jq '.summary.archived + .summary.gone' "$mounted/archive/manifest.json")" 40
    mount -o remount,ro "$mounted"
    ends "a read-only disk" 6 '^error: .*' "${arguments[@]}"
    umount "$mounted"
fi

# --- 7: locked; 130 and 143: interrupted ----------------------------------------------------------

say "7: another run; 130 and 143: interrupted"
# About a minute for the whole of it: there is always something in the middle.
start_simulator "$simulator" "$work/slow" --count 60 --size 1M --throttle 250K
processes+=("$simulator_process")

# slowly ARCHIVE: a run in the background, in `run`, with some media under way when this returns.
slowly() {
    sync "$1"
    # A shell's background jobs ignore INT unless told otherwise.
    env --default-signal=INT "$callarchive" "${arguments[@]}" >"$work/slow.out" 2>"$work/slow.err" </dev/null &
    run=$!
    processes+=("$run")
    for _ in {1..200}; do
        [[ -z $(find "$1/.callarchive/partial" -type f -size +0 2>/dev/null) ]] || return 0
        kill -0 "$run" 2>/dev/null || break
        sleep 0.05
    done
    not_ok "the run has not begun to download" "$(cat "$work/slow.err")"
}

# interrupt SIGNAL STATUS ARCHIVE: tells the run to end, and looks at how it did.
interrupt() {
    local signal=$1 want=$2 archive=$3 began=$EPOCHREALTIME took status=0
    kill "-$signal" "$run"
    wait "$run" || status=$?
    took=$(awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f", b - a }')
    sed 's/^/    /' "$work/slow.out" "$work/slow.err"
    equal "SIG$signal: status $want" "$status" "$want"
    # 2 s are promised; a busy machine is given one more.
    check "SIG$signal: ended within $took s" awk -v took="$took" 'BEGIN { exit !(took < 3) }'
    check "SIG$signal: there is a manifest" jq -e '.recordings | length == 60' "$archive/manifest.json"
    check "SIG$signal: there are parts to go on with" \
        test -n "$(find "$archive/.callarchive/partial" -type f -size +0)"
}

slowly "$work/locked"
ends "a second run" 7 "^error: .*$run|^ +caused by: .*$run" "${arguments[@]}"
interrupt INT 130 "$work/locked"
slowly "$work/terminated"
interrupt TERM 143 "$work/terminated"

finish
