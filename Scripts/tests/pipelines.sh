#!/usr/bin/env bash
# What pipelines rely on: events by their schema and in their order, export --after exactly once, csv by
# RFC 4180, and --exec with real programs, kills and interruptions.
#
# Usage: Scripts/tests/pipelines.sh
#   CALLARCHIVE=PROGRAM, CATAPULT_SIMULATOR=PROGRAM    else those of .build/release
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
# shellcheck source=Scripts/lib/simulator.sh
source Scripts/lib/simulator.sh
need curl jq strace
need_programs
export LC_ALL=C

export CATAPULT_SIMULATOR_TOKEN=t-pipe CATAPULT_SIMULATOR_SECRET=s-pipe
export CALLARCHIVE_TOKEN=t-pipe CALLARCHIVE_SECRET=s-pipe
export CALLARCHIVE_USER_ID=u-simulated CALLARCHIVE_MIN_FREE=0
python=$repository/.build/venv/bin/python
schema=$repository/Sources/CallArchive/CallArchive.docc/Resources/event.schema.json

# start OPTION…: another simulated provider in the place of the one before.
start() {
    [[ -z ${simulator_process-} ]] || end_process "$simulator_process"
    mkdir -p "$work/provider"
    start_simulator "$simulator" "$work/provider" --epoch 1760000000000 "$@"
    processes+=("$simulator_process")
    export CALLARCHIVE_BASE_URL=$base
}

# sync ARCHIVE [OPTION…]: its status in `status`, its events in $work/out.
sync() {
    local archive=$1
    shift
    status=0
    timeout --kill-after=5 120 "$callarchive" sync "$@" "$archive" >"$work/out" 2>"$work/err" </dev/null ||
        status=$?
}

# valid TEXT: what the last run wrote is right by the schema and by itself.
valid() {
    check "$1: each event is valid" "$python" Scripts/validate-json.py --lines "$schema" "$work/out"
}

# has TEXT EVENT: at least one such line.
has() {
    # shellcheck disable=SC2016  # jq's own name
    check "$1: there is $2" jq -se --arg event "$2" 'any(.[]; .event == $event)' "$work/out"
}

# program NAME TEXT: an executable script, its path in `program`.
program() {
    program=$work/$1
    printf '#!/bin/sh\n%s\n' "$2" >"$program"
    chmod +x "$program"
}

# --- Events ---------------------------------------------------------------------------------------

say "events by their schema"
start --count 30 --size 8K-64K
archive=$work/events
program flaky "case \$1 in *r-000007*) echo 'no such codec' >&2; exit 4 ;; esac"
control POST faults '["media:r-000003:status@503:first=2", "media:r-000004:html-200", "media:r-000005:status@404",
    "media:r-000006:status@429:first=1"]' >/dev/null
sync "$archive" --json --exec "$program" --page-size 10
equal "a run with all kinds of trouble: status" "$status" 3
valid "a run with all kinds of trouble"
for event in runStarted pageListed recordingArchived recordingFailed retrying paced recordingHandedOver \
    handoverFailed runFinished; do
    has "a run with all kinds of trouble" "$event"
done
check "a handover's failure has its last words" jq -se \
    'any(.[]; .event == "handoverFailed" and .message == "it ended with status 4: no such codec")' "$work/out"
control DELETE faults >/dev/null
sync "$archive" --json
valid "a run without --exec"
sync "$archive" --json --since 2001-01-01 --until 2001-01-02
valid "a run with nothing to do"
control POST credentials/revoke >/dev/null
sync "$archive" --json
equal "a refused run: status" "$status" 4
valid "a refused run"
control POST credentials/restore >/dev/null
sync "$work/provider/simulator.url" --json
equal "a run that can't begin: status" "$status" 6
valid "a run that can't begin"
sync "$archive" --json --exec /no/such/program
equal "--exec that is not there: status" "$status" 2
valid "--exec that is not there"
contains "--exec that is not there: says so" "$work/err" "cannot run '/no/such/program' \(--exec\): there is no such file"
cat >"$work/several.json" <<CONFIG
{"archives": {
    "one": {"user-id": "u-simulated", "archive": "$work/one"},
    "two": {"user-id": "u-simulated", "archive": "$work/events"}}}
CONFIG
status=0
"$callarchive" sync --json --all --config "$work/several.json" >"$work/out" 2>"$work/err" || status=$?
equal "two archives of a configuration file: status" "$status" 0
valid "two archives of a configuration file"
has "two archives of a configuration file" allFinished
# A line that is none of ours is found out.
jq -c 'if .event == "runFinished" then del(.exitStatus) else . end' "$work/out" >"$work/wrong"
check "the validator finds what is wrong" bash -c \
    "! '$python' Scripts/validate-json.py --lines '$schema' '$work/wrong' 2>/dev/null"

# --- Order: told, and handed over, after it is durable --------------------------------------------

say "the order of syncs, events and processes, by strace"
program touch "exit 0"
archive=$work/order
status=0
strace -f -y -qq -s 20000 -e trace=renameat2,fsync,fdatasync,syncfs,write,execve -o "$work/trace" \
    "$callarchive" sync --json --exec "$program" --concurrency 4 "$archive" >"$work/out" 2>"$work/err" || status=$?
equal "a traced run: status" "$status" 0
valid "a traced run"
cat >"$work/order.py" <<'CHECK'
import re, sys

trace, program, expected = sys.argv[1], sys.argv[2], int(sys.argv[3])
# When each call began and ended, as line numbers.
calls, open_calls = [], {}
for number, line in enumerate(open(trace, encoding="utf-8", errors="replace")):
    process, rest = line.split(None, 1)
    if match := re.match(r"<\.\.\. (\w+) resumed>", rest):
        start, text = open_calls.pop(process)
        calls.append((start, number, text + rest))
    elif "<unfinished ...>" in rest:
        open_calls[process] = (number, rest)
    else:
        calls.append((number, number, rest))

def ends(pattern):
    return [(end, text) for _, end, text in calls if re.match(pattern, text) and " = -1 " not in text]

renames = {}
for end, text in ends(r"renameat2\("):
    for name in re.findall(r'"([^"]*\.wav)"', text):
        renames[name] = end
syncs = sorted(end for end, _ in ends(r"(syncfs|fsync|fdatasync)\("))
folders = sorted(end for end, text in ends(r"(syncfs|fsync)\(") if "catalog.sqlite" not in text)
logs = sorted(end for end, _ in ends(r"(fsync|fdatasync)\([^)]*catalog\.sqlite-wal"))

def next_after(moments, moment):
    return next((one for one in moments if one > moment), None)

def check(name, moment, what):
    renamed = renames[name]
    assert any(one < renamed for one in syncs), f"{name}: its bytes were not synced before its name"
    folder = next_after(folders, renamed)
    assert folder and folder < moment, f"{name}: {what} before its name was durable"
    log = next_after(logs, folder)
    assert log and log < moment, f"{name}: {what} before the catalog was durable"

told = ran = 0
for start, _, text in calls:
    if text.startswith("write(1<"):
        for name in re.findall(r'recordingArchived.*?\\"file\\":\\"recordings/[^"\\]*/([^"\\/]*)\\"', text):
            check(name, start, "it was told")
            told += 1
    if text.startswith(f'execve("{program}"'):
        check(re.search(r'/([^"/]*\.wav)"', text).group(1), start, "its program started")
        ran += 1
assert told == ran == expected, f"{told} were told and {ran} handed over of {expected}"
CHECK
check "each file and the catalog are durable before it is told and before its program starts" \
    "$python" "$work/order.py" "$work/trace" "$program" 30
# The check itself finds what it is to find.
grep -v 'fdatasync.*catalog.sqlite-wal' "$work/trace" >"$work/trace.wrong"
check "without syncs of the catalog that would be found out" bash -c \
    "! '$python' '$work/order.py' '$work/trace.wrong' '$program' 30 2>/dev/null"

# --- A page of new recordings ---------------------------------------------------------------------

start --count 2000 --size 200-300
status=0
strace -f -qq -e trace=openat -o "$work/trace" \
    "$callarchive" sync "$work/page" >"$work/out" 2>"$work/err" || status=$?
equal "two pages of new recordings: status" "$status" 0
equal "two pages of new recordings: SQLite needs no temporary file" \
    "$(grep -c etilqs_ "$work/trace" || true)" 0

# --- Details that are slow ------------------------------------------------------------------------

say "a list of calls that never comes"
start --count 5 --size 4K --fault 'calls:stall-before-headers@600'
archive=$work/calls
"$callarchive" sync --with-calls --stall-timeout 10m "$archive" >"$work/out" 2>"$work/err" </dev/null &
run=$!
processes+=("$run")
for _ in {1..300}; do
    [[ ! -s $archive/manifest.json ]] || break
    sleep 0.1
done
check "the manifest doesn't wait for it" jq -e '.summary.archived == 5' "$archive/manifest.json"
check "while the run does" kill -0 "$run"
kill -TERM "$run"
status=0
wait "$run" || status=$?
equal "SIGTERM ends that: status" "$status" 143

# --- export --after -------------------------------------------------------------------------------

say "export --after, while syncs are on"
start --count 600 --size 4K-16K --latency 0.02
archive=$work/followed
: >"$work/seen"

# follow: what is new, after the highest number seen.
follow() {
    local last
    last=$(tail -n 1 "$work/seen" | jq -r '.sequence // 0')
    "$callarchive" export --after "${last:-0}" "$archive" >"$work/new" 2>"$work/err" || return 1
    cat "$work/new" >>"$work/seen"
}

turns=0
for kill in yes yes no; do
    "$callarchive" sync --quiet --concurrency 4 "$archive" >/dev/null 2>&1 </dev/null &
    run=$!
    processes+=("$run")
    for _ in {1..400}; do
        # Before the first run has made anything there is nothing to follow.
        follow || true
        turns=$((turns + 1))
        kill -0 "$run" 2>/dev/null || break
        [[ $kill == no || $turns -lt 12 ]] || break
    done
    [[ $kill == no ]] || { kill -KILL "$run" 2>/dev/null || true; turns=0; }
    wait "$run" 2>/dev/null || true
done
find "$archive/recordings" -name '*r-00001?.wav' -delete
sync "$archive"
follow
equal "files that were lost are fetched again: status" "$status" 0
files=$(find "$archive/recordings" -name '*.wav' | wc -l)
equal "600 files are there" "$files" 600
equal "each was seen, those fetched again twice" "$(wc -l <"$work/seen")" $((600 + 10))
check "the numbers grow from line to line" jq -se 'map(.sequence) | . == (sort | unique)' "$work/seen"
jq -c '[.id, .sequence]' "$work/seen" | sort >"$work/pairs"
equal "nothing was seen twice under one number" "$(sort -u "$work/pairs" | wc -l)" $((600 + 10))
# shellcheck disable=SC2016  # jq's own name
check "the last of each is what the archive has" jq -se --slurpfile manifest "$archive/manifest.json" '
    (group_by(.id) | map(max_by(.sequence)) | sort_by(.id)) == ($manifest[0].recordings | sort_by(.id))' "$work/seen"

# --- csv ------------------------------------------------------------------------------------------

say "csv by RFC 4180"
control POST recordings '[{"id":"a,b","state":"complete"}, {"id":"say \"x\"","state":"complete"},
    {"id":"two\r\nlines","state":"complete"}, {"id":"=1+1","state":"complete"}, {"id":"@SUM(A1)","state":"saving"},
    {"id":" blank ","state":"complete"}, {"id":"-2+3","state":"error"}, {"id":"é\t","state":"complete"}]' >/dev/null
sync "$archive" --quiet
"$callarchive" export --format csv "$archive" >"$work/export.csv"
"$callarchive" export --format json "$archive" >"$work/export.json"
check "a strict reader gets what json has, to the last byte" "$python" - "$work/export.csv" "$work/export.json" <<'CHECK'
import csv, json, re, sys

raw = open(sys.argv[1], "rb").read()
rows = list(csv.reader(raw.decode("utf-8").splitlines(keepends=True), strict=True))
rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))
header, rows = rows[0], rows[1:]
entries = json.load(open(sys.argv[2], encoding="utf-8"))
assert len(rows) == len(entries) > 600
assert raw.endswith(b"\r\n") and not raw.startswith(b"\xef\xbb\xbf")
# Outside of quotes each line ends in CRLF, and no quote stands in a plain field.
plain = re.sub(rb'"(?:[^"]|"")*"', b"", raw)
assert plain.count(b"\r\n") == len(rows) + 1 == plain.count(b"\n") == plain.count(b"\r")
assert b'"' not in plain

def text(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

for row, entry in zip(rows, entries):
    assert len(row) == len(header)
    for name, field in zip(header, row):
        value = entry
        for part in name.split("."):
            value = None if value is None else value[part]
        if isinstance(value, float):
            assert float(field) == value, (name, field, value)
        else:
            assert field == text(value), (name, field, value)
ids = [row[0] for row in rows]
for hostile in ("a,b", 'say "x"', "two\r\nlines", "=1+1", "@SUM(A1)", " blank ", "-2+3", "é\t"):
    assert hostile in ids, hostile
CHECK

# --- exec -----------------------------------------------------------------------------------------

say "--exec: what a program gets"
start --count 12 --size 4K-16K
archive=$work/given
# shellcheck disable=SC2016  # the program's own names
program look '
echo "$@" >>"$NOTES/files"
cat >>"$NOTES/entries"
env >"$NOTES/env"
n=0
while [ $n -lt 300 ]; do
    if [ -e /proc/$$/fd/$n ]; then open="$open $n"; fi
    n=$((n + 1))
done
echo "$open" >"$NOTES/fds"
output=$(readlink /proc/$$/fd/1)
echo "$output" >"$NOTES/output"
grep ^Sig /proc/self/status >"$NOTES/signals"
echo lost'
export NOTES=$work/notes
mkdir "$NOTES"
export CREDENTIALS_DIRECTORY=/run/none BANDWIDTH_API_TOKEN=t-other BANDWIDTH_API_SECRET=s-other
sync "$archive" --json --exec "$program"
unset CREDENTIALS_DIRECTORY BANDWIDTH_API_TOKEN BANDWIDTH_API_SECRET
equal "status" "$status" 0
valid "a run with a program that prints"
equal "the absolute path is its only argument" "$(sort "$NOTES/files")" "$(find "$(realpath "$archive")/recordings" -type f | sort)"
equal "standard input is the manifest's entry" "$(jq -c . "$NOTES/entries" | sort)" \
    "$(jq -c '.recordings[]' "$archive/manifest.json" | sort)"
equal "no credentials in its environment" "$(grep -E 't-pipe|s-pipe|t-other|s-other|CREDENTIALS|BANDWIDTH_API' "$NOTES/env" |
    grep -v '^CATAPULT_SIMULATOR' || true)" ''
contains "the rest of the environment is there" "$NOTES/env" '^CALLARCHIVE_USER_ID=u-simulated$'
# The shell has its script at 10; the C library keeps signals 32 and 33.
equal "no descriptor of ours" "$(sed 's/ 10$//' "$NOTES/fds")" ' 0 1 2'
equal "standard output is discarded" "$(cat "$NOTES/output")" '/dev/null'
equal "signals have their usual effect" \
    "$(grep -E '^Sig(Blk|Ign)' "$NOTES/signals" | grep -vE '0000000[01][08]0000000$' || true)" ''

say "--exec: kills"
start --count 60 --size 4K-16K
archive=$work/killed
# shellcheck disable=SC2016
program slow 'sleep 0.1; basename "$1" >>"$NOTES/taken"'
for _ in 1 2 3 4; do
    "$callarchive" sync --quiet --exec "$program" "$archive" >/dev/null 2>&1 </dev/null &
    run=$!
    sleep 0.8
    kill -KILL "$run" 2>/dev/null || true
    wait "$run" 2>/dev/null || true
done
sync "$archive" --json --exec "$program"
equal "after four kills: status" "$status" 0
equal "after four kills: each was handed over" "$(sort -u "$NOTES/taken" | wc -l)" 60
twice=$(($(wc -l <"$NOTES/taken") - 60))
check "after four kills: few were twice ($twice)" test "$twice" -le 28
sync "$archive" --json --exec "$program"
check "and then nothing is left" jq -se '.[-1] | .handedOver == 0 and .handoversLeft == 0' "$work/out"

say "--exec: an interruption"
control POST recordings '[{"id":"x-1","state":"complete"},{"id":"x-2","state":"complete"}]' >/dev/null
# shellcheck disable=SC2016
program stuck 'trap "" TERM; echo $$ >>"$NOTES/stuck"; sleep 300'
"$callarchive" sync --exec "$program" "$archive" >"$work/out" 2>"$work/err" </dev/null &
run=$!
for _ in {1..100}; do
    [[ $(grep -c . "$NOTES/stuck" 2>/dev/null) != 2 ]] || break
    sleep 0.1
done
before=$(date +%s%N)
kill -TERM "$run"
status=0
wait "$run" || status=$?
took=$((($(date +%s%N) - before) / 1000000))
equal "SIGTERM: status" "$status" 143
check "SIGTERM: the run ends within 2 s, though the programs ignore it ($took ms)" test "$took" -lt 2500
left=0
while read -r process; do
    ! kill -0 "$process" 2>/dev/null || left=$((left + 1))
done <"$NOTES/stuck"
equal "SIGTERM: none of them is left" "$left" 0
program fine "exit 0"
sync "$archive" --json --exec "$program"
check "SIGTERM: what was cut is offered again" jq -se '.[-1].handedOver == 2' "$work/out"

say "--exec: programs that can't be run"
control POST recordings '{"id":"x-3","state":"complete"}' >/dev/null
printf 'exit 0\n' >"$work/text"
chmod +x "$work/text"
sync "$archive" --exec "$work/text"
equal "no #!: status" "$status" 3
contains "no #!: says so" "$work/err" 'begins with #!'
contains "no #!: the summary too" "$work/err" '^callarchive: 1 archived .*; --exec failed for 1 recording$'
chmod -x "$work/text"
sync "$archive" --exec "$work/text"
equal "not executable: status" "$status" 2
contains "not executable: says what to do" "$work/err" '^  hint: chmod \+x'

finish
