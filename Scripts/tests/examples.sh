#!/usr/bin/env bash
# The worked examples of Scripts/examples, each run as its own words say, with real programs: sox as a
# program for --exec, a consumer with wave and pandas, jq one-liners.
#
# Usage: Scripts/tests/examples.sh
#   CALLARCHIVE=PROGRAM, CATAPULT_SIMULATOR=PROGRAM    else those of .build/release
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
# shellcheck source=Scripts/lib/simulator.sh
source Scripts/lib/simulator.sh
need curl jq sox soxi sha256sum
need_programs
export LC_ALL=C

export CATAPULT_SIMULATOR_TOKEN=t-example CATAPULT_SIMULATOR_SECRET=s-example
export CALLARCHIVE_TOKEN=t-example CALLARCHIVE_SECRET=s-example
export CALLARCHIVE_USER_ID=u-simulated CALLARCHIVE_MIN_FREE=0
archive=$work/archive
python=$repository/.build/venv/bin/python
"$python" -c 'import pandas' 2>/dev/null || stop "there is no pandas; run Scripts/setup.sh --test first"

mkdir "$work/provider" "$work/bin"
# The examples call it by its name.
ln -s "$(realpath "$callarchive")" "$work/bin/callarchive"
PATH=$work/bin:$PATH
start_simulator "$simulator" "$work/provider" --count 8 --size 160K \
    --audio 'pcm=3,mulaw=2,stereo' --epoch 1760000000000
processes+=("$simulator_process")
export CALLARCHIVE_BASE_URL=$base

# --- Loudness and silence, by --exec --------------------------------------------------------------

export LOUDNESS_FOLDER=$work/loudness
status=0
callarchive sync --exec Scripts/examples/loudness.sh "$archive" >"$work/out" 2>"$work/err" || status=$?
equal "a sync with loudness.sh: status" "$status" 0
equal "each recording was measured" "$(find "$LOUDNESS_FOLDER" -name '*.json' | wc -l)" 8
equal "nothing half-written is left" "$(find "$LOUDNESS_FOLDER" -name '.*' -type f | wc -l)" 0
jq -s . "$LOUDNESS_FOLDER"/*.json >"$work/measured"
# shellcheck disable=SC2016  # jq's own names
check "the durations are those of the manifest" jq -e --slurpfile measured "$work/measured" '
    [.recordings[] | {id, file, sequence, seconds: .audio.durationSeconds}] as $known
    | $measured[0] | length == 8 and all(.[]; . as $one
        | any($known[]; .id == $one.id and .file == $one.file and .sequence == $one.sequence
            and (.seconds - $one.seconds | fabs) < 0.01))' "$archive/manifest.json"
check "they are loud, and silent for a share" jq -e \
    'all(.[]; .rmsDB < 0 and .rmsDB > -60 and .peakDB >= .rmsDB and .silence >= 0 and .silence <= 1)' "$work/measured"

# Two files of which it is known.
sox -D -n -r 8000 -c 1 -b 16 "$work/tone.wav" synth 2 sine 440 gain -6 pad 0 2
sox -D -n -r 8000 -c 1 -b 16 "$work/silence.wav" trim 0 2
echo '{"id":"tone","sequence":101,"file":"tone.wav"}' | Scripts/examples/loudness.sh "$work/tone.wav"
echo '{"id":"none","sequence":102,"file":"none.wav"}' | Scripts/examples/loudness.sh "$work/silence.wav"
check "half a tone, half silence" jq -e \
    '.seconds == 4 and (.silence - 0.5 | fabs) < 0.02 and (.peakDB + 6 | fabs) < 0.1' "$LOUDNESS_FOLDER/101.json"
check "nothing but silence" jq -e '.rmsDB == null and .silence == 1' "$LOUDNESS_FOLDER/102.json"

control POST recordings '{"id":"later-1","state":"complete","size":64000}' >/dev/null
PATH_WITHOUT_SOX=$work/bin
for tool in bash cat jq awk mkdir mv env; do ln -s "$(command -v "$tool")" "$PATH_WITHOUT_SOX/$tool"; done
status=0
PATH=$PATH_WITHOUT_SOX callarchive sync --exec Scripts/examples/loudness.sh "$archive" \
    >"$work/out" 2>"$work/err" || status=$?
equal "without sox: status" "$status" 3
contains "without sox: says so" "$work/err" "^error: --exec failed for recording 'later-1': .*soxi"
callarchive sync --exec Scripts/examples/loudness.sh "$archive" >"$work/out" 2>"$work/err" || true
equal "the next sync comes again" "$(jq -r .id "$LOUDNESS_FOLDER/9.json")" later-1

# --- A consumer that follows, with wave and pandas ------------------------------------------------

table=$work/table.csv
follow() {
    CALLARCHIVE=$callarchive "$python" Scripts/examples/follow.py "$archive" "$table" >"$work/out" 2>"$work/err" || {
        not_ok "follow.py: status" "$(cat "$work/err")"
        return 0
    }
}
follow
contains "follow.py sees all that is there" "$work/out" '^9 new, 9 in all$'
contains "it tells the days" "$work/out" '^2025-[0-9-]+ +[0-9]+ +[0-9.]+ +-[0-9.]+$'
"$python" - "$table" "$archive/manifest.json" <<'CHECK' >"$work/compared" 2>&1 || true
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
entries = {entry["id"]: entry for entry in json.load(open(sys.argv[2]))["recordings"]}
assert [int(row["sequence"]) for row in rows] == sorted(entry["sequence"] for entry in entries.values())
for row in rows:
    audio = entries[row["id"]]["audio"]
    assert abs(float(row["seconds"]) - audio["durationSeconds"]) < 0.01, row
    # wave knows PCM only; the others say why they have no level.
    assert bool(row["level"]) == (audio["encoding"] == "pcm_s16le"), row
    assert bool(row["problem"]) != bool(row["level"]), row
print("right")
CHECK
contains "its table is that of the manifest" "$work/compared" '^right$'
follow
contains "it sees nothing twice" "$work/out" '^0 new, 9 in all$'
control POST recordings '[{"id":"NA","state":"complete"},{"id":"007","state":"complete"},
    {"id":"a\rb","state":"complete"},{"id":"\"c\",\nd","state":"complete"}]' >/dev/null
callarchive sync --quiet "$archive"
follow
contains "it goes on from its cursor" "$work/out" '^4 new, 13 in all$'
# Fetched again: a new number, the old row goes.
find "$archive/recordings" -name '*later-1*' -delete
callarchive sync --quiet "$archive"
follow
contains "what was fetched again takes its row's place" "$work/out" '^1 new, 13 in all$'
follow
contains "ids that look like numbers stay as they are" "$table" '^[0-9]+,007,'
contains "and after all of it nothing is new" "$work/out" '^0 new, 13 in all$'
check "ids with line ends are in it as they are" "$python" -c '
import csv, sys
ids = [row["id"] for row in csv.DictReader(open(sys.argv[1], newline=""), strict=True)]
assert {"a\rb", "\"c\",\nd"} <= set(ids), ids' "$table"

# --- jq one-liners --------------------------------------------------------------------------------

control POST recordings '{"id":"not-yet","state":"saving"}' >/dev/null
callarchive sync --quiet "$archive"
mkdir "$work/commands"
awk -v folder="$work/commands" 'BEGIN { RS = "" } { printf "%s\n", $0 >sprintf("%s/%02d.sh", folder, NR) }' \
    Scripts/examples/jq.txt
ran=0
for command in "$work"/commands/*.sh; do
    grep -vq '^#' "$command" || continue
    ran=$((ran + 1))
    text=$(sed -n '1s/^# *//p' "$command")
    # Each sync among them has something to fetch.
    control POST recordings "{\"id\":\"one-$ran\",\"state\":\"complete\"}" >/dev/null
    status=0
    (cd "$archive" && bash -euo pipefail "$command") >"$work/out" 2>"$work/err" || status=$?
    sed -n '1,3s/^/    /p' "$work/out"
    if [[ $status == 0 && -s $work/out ]]; then
        ok "jq: $text"
    else
        not_ok "jq: $text" "status $status
$(cat "$command" "$work/out" "$work/err")"
    fi
done
equal "all one-liners were run" "$ran" "$(($(grep -c '^$' Scripts/examples/jq.txt)))"

finish
