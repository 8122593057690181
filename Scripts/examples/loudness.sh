#!/usr/bin/env bash
# Measures one recording with sox: how loud it is, and how much of it is silence.
#
# Usage: callarchive sync --exec Scripts/examples/loudness.sh …
#   which runs: loudness.sh FILE, with the manifest's entry on standard input
#   LOUDNESS_FOLDER=FOLDER    where the results go (else: loudness, in the current folder)
#
# One result a recording, FOLDER/{sequence}.json: id, sequence, file, seconds, peakDB and rmsDB (null
# when there is no sound at all), soundSeconds (louder than -50 dB; pauses from half a second on are
# left out) and silence, the share of the rest. A recording may be offered twice, after a kill: the
# result is written under another name and renamed, so the second time does no harm. It needs sox and
# jq. Any trouble is an exit status other than 0: callarchive logs the last lines and comes again.
set -euo pipefail

file=${1:?usage: loudness.sh FILE <ENTRY}
folder=${LOUDNESS_FOLDER:-loudness}
entry=$(cat)
sequence=$(jq -er .sequence <<<"$entry")

# measure STATS NAME: the overall value of a line of sox's `stats`, or null; -inf is no number.
measure() {
    awk -v name="$2" '
        index($0, name) == 1 { value = substr($0, length(name) + 1); split(value, columns, " ") }
        END { print columns[1] ~ /^-?[0-9.]+$/ ? columns[1] : "null" }' <<<"$1"
}

# The path is absolute, so it can't be taken for an option.
seconds=$(soxi -D "$file")
stats=$(sox "$file" -n stats 2>&1)
# Of all channels together; sox has nothing to say when everything was silence.
sound=$(sox "$file" -n remix - silence 1 0.1 -50d -1 0.5 -50d stats 2>&1 || true)

mkdir -p "$folder"
jq --argjson seconds "$seconds" \
    --argjson peak "$(measure "$stats" 'Pk lev dB')" --argjson rms "$(measure "$stats" 'RMS lev dB')" \
    --argjson sound "$(measure "$sound" 'Length s')" '
    ([$sound // 0, $seconds] | min) as $heard
    | {id, sequence, file, seconds: $seconds, peakDB: $peak, rmsDB: $rms, soundSeconds: $heard,
       silence: (if $seconds > 0 then 1 - $heard / $seconds else null end)}' \
    <<<"$entry" >"$folder/.$sequence.$$"
mv "$folder/.$sequence.$$" "$folder/$sequence.json"
