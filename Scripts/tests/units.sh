#!/usr/bin/env bash
# The systemd units: they are valid, they are tight, and the program lives with what they forbid and give.
#
# Usage: Scripts/tests/units.sh
#   CALLARCHIVE=PROGRAM, CATAPULT_SIMULATOR=PROGRAM    else those of .build/release
#
# No systemd runs here: the unit's environment, its filter of system calls and its view of /proc are
# made by hand. The latter takes root; without it that check is skipped.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
# shellcheck source=Scripts/lib/simulator.sh
source Scripts/lib/simulator.sh
need systemd-analyze strace jq
need_programs
export LC_ALL=C

units=Scripts/packaging
# 0 to 100: the exposure that systemd-analyze counts, times ten.
most_exposed=12

# --- The units themselves -------------------------------------------------------------------------

# The program's place is the package's, where nothing is yet.
mkdir "$work/units"
cp "$units/callarchive.timer" "$work/units/"
sed "s|^ExecStart=/usr/bin/callarchive |ExecStart=$callarchive |" "$units/callarchive.service" \
    >"$work/units/callarchive.service"
check "the service runs the program" grep -q "^ExecStart=$callarchive sync$" "$work/units/callarchive.service"
equal "systemd-analyze verify has nothing to say" \
    "$(systemd-analyze verify --man=no "$work/units/"callarchive.{service,timer} 2>&1)" ''
systemd-analyze security --offline=true --no-pager --threshold="$most_exposed" \
    "$work/units/callarchive.service" >"$work/security" 2>&1 || true
sed -n '/^✗/p; /Overall/p' "$work/security" | sed 's/^/    /'
check "systemd-analyze security: at most $most_exposed of 100" \
    systemd-analyze security --offline=true --no-pager --threshold="$most_exposed" "$work/units/callarchive.service"
check "the timer has a time" systemd-analyze calendar \
    "$(sed -n 's/^OnCalendar=//p' "$units/callarchive.timer")"
equal "no secret has a place in the service but LoadCredential" \
    "$(grep -v '^#' "$units/callarchive.service" | grep -Ei 'token|secret|password')" ''

# --- What the unit gives --------------------------------------------------------------------------

CATAPULT_SIMULATOR_TOKEN=t-units CATAPULT_SIMULATOR_SECRET=s-units \
    start_simulator "$simulator" "$work" --count 20 --size 30K --host-name localhost
processes+=("$simulator_process")
base=${base/127.0.0.1/localhost}

# As LoadCredential leaves it: read-only, in a folder of its own.
mkdir "$work/credentials" "$work/state"
printf '{"token": "t-units", "secret": "s-units"}\n' >"$work/credentials/callarchive"
chmod 0400 "$work/credentials/callarchive"
environment=(
    env -i "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin" LANG=C.UTF-8
    "CREDENTIALS_DIRECTORY=$work/credentials" "STATE_DIRECTORY=$work/state" INVOCATION_ID=5f1c
    CALLARCHIVE_USER_ID=u-simulated "CALLARCHIVE_BASE_URL=$base" CALLARCHIVE_MIN_FREE=0
)

# run ARCHIVE [COMMAND…]: as the service would, under the command; `status` is how it ended.
run() {
    local archive=$1
    shift
    status=0
    "$@" "${environment[@]}" "CALLARCHIVE_ARCHIVE=$work/state/$archive" "$callarchive" sync \
        >"$work/out" 2>"$work/err" </dev/null || status=$?
}

# good TEXT ARCHIVE: the last run was.
good() {
    equal "$1: status" "$status" 0
    equal "$1: all is archived" "$(jq .summary.archived "$work/state/$2/manifest.json" 2>/dev/null)" 20
    [[ $status == 0 ]] || cat "$work/err"
}

run archive
good "with the unit's environment and credentials" archive

# The journal's descriptor is known by device and inode; the lines then have their priorities.
exec 3>"$work/journal"
environment+=("JOURNAL_STREAM=$(stat -L -c %d:%i "$work/journal")")
"${environment[@]}" "CALLARCHIVE_ARCHIVE=$work/state/archive" "$callarchive" sync 2>&3 </dev/null
"${environment[@]}" CALLARCHIVE_USER_ID=u-other "CALLARCHIVE_ARCHIVE=$work/state/archive" \
    "$callarchive" sync 2>&3 </dev/null || true
exec 3>&-
contains "the journal: the summary has its priority" "$work/journal" '^<6>callarchive: nothing new'
contains "the journal: an error has its priority" "$work/journal" '^<3>error: '
equal "the journal: no line is without" "$(grep -v '^<[3467]>' "$work/journal" || true)" ''
run archive
equal "the same variable, another stream: no priorities" "$(grep -c '^<' "$work/err")" 0

# --- What the unit forbids ------------------------------------------------------------------------

# calls SET…: the names of system calls in systemd's sets, whatever sets are in them.
calls() {
    local set name
    for set in "$@"; do
        while read -r name; do
            case $name in
            '' | '#'* | '@'"${set#@}") ;;
            @*) calls "$name" ;;
            *) printf '%s\n' "$name" ;;
            esac
        done < <(systemd-analyze syscall-filter --no-pager "$set" | tail -n +2)
    done
}
read -r -a allowed < <(sed -n 's/^SystemCallFilter=\([^~]*\)$/\1/p' "$units/callarchive.service")
read -r -a denied < <(sed -n 's/^SystemCallFilter=~\(.*\)$/\1/p' "$units/callarchive.service")
comm -23 <(calls "${allowed[@]}" | sort -u) <(calls "${denied[@]}" | sort -u) >"$work/allowed"
check "the filter lets something through" test "$(wc -l <"$work/allowed")" -gt 200

run traced strace -f -qq -o "$work/trace"
good "traced" traced
# Lines as `123 openat(AT_FDCWD, …`; what strace itself starts the program with is not the program's.
sed -nE 's/^[0-9]+ +([a-z_0-9]+)\(.*/\1/p' "$work/trace" | sort -u | grep -vx execve >"$work/used" || true
refused=$(comm -23 "$work/used" "$work/allowed" | tr '\n' ',' | sed 's/,$//')
printf '    it makes %s kinds of calls; the filter refuses: %s\n' "$(wc -l <"$work/used")" "${refused:-none}"
# What is refused fails with EPERM, as SystemCallErrorNumber has it: the run must bear that.
if [[ -n $refused ]]; then
    run refused strace -f -qq -o "$work/trace.refused" -e "trace=$refused" -e "inject=$refused:error=EPERM"
    good "with EPERM for what is refused" refused
fi
families=$(grep -ho 'socket(AF_[A-Z0-9]*' "$work/trace" | sort -u | sed 's/.*(//' | tr '\n' ' ')
printf '    it makes sockets of: %s\n' "$families"
# The resolver may ask by netlink which addresses the machine has, and does without an answer.
for family in $families; do
    [[ $family == AF_NETLINK ]] ||
        check "sockets: $family is allowed" grep -Eq "^RestrictAddressFamilies=.*\b$family\b" \
            "$units/callarchive.service"
done
# Memory that can be written and executed: none is asked for by the program (the loader's are its own).
equal "no memory is made writable and executable" \
    "$(grep -cE '(mmap|mprotect|mremap)\(.*PROT_WRITE\|PROT_EXEC' "$work/trace" || true)" 0

# ProcSubset=pid: nothing but processes in /proc.
if [[ $(id -u) != 0 ]]; then
    skip "/proc without the system's files: it takes root, to mount it"
elif ! unshare --mount --pid --fork sh -c \
    'mount -t proc -o subset=pid,hidepid=invisible proc /proc && test ! -e /proc/meminfo' 2>"$work/proc.err"; then
    skip "/proc without the system's files: $(head -n 1 "$work/proc.err")"
else
    # shellcheck disable=SC2016  # the inner shell expands it
    run proc unshare --mount --pid --fork sh -c \
        'mount -t proc -o subset=pid,hidepid=invisible proc /proc && exec "$@"' sh
    good "/proc without the system's files" proc
fi

finish
