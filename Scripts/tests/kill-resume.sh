#!/usr/bin/env bash
# Kills callarchive (SIGKILL) in the middle, five times, then lets it end: nothing whole is fetched again,
# every file is byte-exact, nothing is left over. Then a single 256 MiB file, cut at 60 % by the
# provider and once more by a kill: the rest alone is fetched.
#
# Usage: Scripts/tests/kill-resume.sh
#   CALLARCHIVE=PROGRAM, CATAPULT_SIMULATOR=PROGRAM    else those of .build/release
#   RANDOM_SEED=N    the moments of a run before, which prints its seed
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
# shellcheck source=Scripts/lib/simulator.sh
source Scripts/lib/simulator.sh
need curl jq sha256sum
need_programs
# One order for sort and join.
export LC_ALL=C

export CATAPULT_SIMULATOR_TOKEN=t-kill CATAPULT_SIMULATOR_SECRET=s-kill
export CALLARCHIVE_TOKEN=t-kill CALLARCHIVE_SECRET=s-kill
archive=$work/archive
mkdir "$work/reference" "$work/provider"
RANDOM=${RANDOM_SEED:=$RANDOM}
say "the moments of the kills come from RANDOM_SEED=$RANDOM_SEED"

# start NAME OPTION…: a simulator of its own folder, ended with the script.
start() {
    local folder=$work/$1
    shift
    start_simulator "$simulator" "$folder" "$@"
    processes+=("$simulator_process")
}

# begin: callarchive in the background, its process in `run`.
begin() {
    "$callarchive" sync --user-id u-simulated --base-url "$base" "$archive" \
        >"$work/sync.out" 2>"$work/sync.err" </dev/null &
    run=$!
    processes+=("$run")
}

# complete TEXT: a run to its end, which must be a good one.
complete() {
    local status=0
    begin
    wait "$run" || status=$?
    sed 's/^/    /' "$work/sync.err"
    equal "$1" "$status" 0
}

manifest() {
    jq -r "$1" "$archive/manifest.json"
}

# --- What is expected -----------------------------------------------------------------------------

# The same recordings from a provider that isn't slow, fetched by curl.
shape=(--count 2000 --size 8K-96K --audio 'pcm=4,mulaw=2,stereo' --epoch 1760000000000)
start reference "${shape[@]}"
say "fetching what the 2,000 files must be"
printf 'user = "t-kill:s-kill"\n' >"$work/curl.conf"
expected=$work/expected
mkdir "$expected"
printf '%s\n' parallel 'parallel-max = 16' no-progress-meter fail 'user = "t-kill:s-kill"' >"$work/fetch.conf"
for page in 0 1; do
    curl --silent --show-error --fail --noproxy '*' --config "$work/curl.conf" \
        "$base/users/u-simulated/recordings?page=$page&size=1000" |
        jq -r --arg folder "$expected" \
            '.[] | "url = \"\(.media)\"\noutput = \"\($folder)/\(.media | sub(".*/"; ""))\""' \
            >>"$work/fetch.conf"
done
curl --noproxy '*' --config "$work/fetch.conf"
end_process "$simulator_process"
equal "2,000 files are expected" "$(find "$expected" -type f | wc -l)" 2000
total=$(find "$expected" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%d", sum }')
(cd "$expected" && sha256sum ./*) | sed 's|  \./| |' | sort >"$work/sums.expected"

# --- Five kills -----------------------------------------------------------------------------------

start provider "${shape[@]}" --latency 0.03

# The media that the archive has whole at this moment: by their final names, and by parts that lie whole in
# partial/.
whole_now() {
    # A kill can come before there is any folder.
    { find "$archive/recordings" -type f -print0 2>/dev/null || true; } |
        xargs -0r sha256sum | cut -d ' ' -f 1 | sort |
        join - "$work/sums.expected" | cut -d ' ' -f 2 | sort >"$work/final.$1"
    { find "$archive/.callarchive/partial" -type f -print0 2>/dev/null || true; } |
        xargs -0r sha256sum | cut -d ' ' -f 1 | sort |
        join - "$work/sums.expected" | cut -d ' ' -f 2 | sort >"$work/parts.$1"
}

# counts NAME: what each media has cost so far, as `media requests bytes`, sorted.
counts() {
    control GET stats | jq -r '.media | to_entries[] | "\(.key) \(.value.requests) \(.value.bytes)"' |
        LC_ALL=C sort >"$work/counts.$1"
}

for kill in 1 2 3 4 5; do
    begin
    pause=$(printf '0.%03d' $((150 + RANDOM % 450)))
    sleep "$pause"
    if kill -KILL "$run" 2>/dev/null; then
        wait "$run" 2>/dev/null || true
        counts "$kill"
        whole_now "$kill"
        ok "kill $kill after $pause s: $(wc -l <"$work/final.$kill") archived," \
            "$(find "$archive/.callarchive/partial" -type f 2>/dev/null | wc -l) in partial," \
            "$(wc -l <"$work/parts.$kill") of them whole"
    else
        not_ok "kill $kill came too late: the run had ended" "$(cat "$work/sync.err")"
        wait "$run" || true
        counts "$kill"
        whole_now "$kill"
    fi
done
say "the last run, to the end"
complete "the run after five kills ends well"
counts 6

equal "all are archived" "$(manifest .summary.archived)" 2000
equal "each file is what the provider has" \
    "$(find "$archive/recordings" -type f -print0 | xargs -0 sha256sum | cut -d ' ' -f 1 | sort |
        comm -3 - <(cut -d ' ' -f 1 "$work/sums.expected" | sort) | wc -l)" 0
# By its own name, too: not one recording's bytes under another's.
manifest '.recordings[] | "\(.sha256) \(.media | sub(".*/"; ""))"' | sort >"$work/sums.archived"
check "each recording has its own bytes" diff "$work/sums.expected" "$work/sums.archived"
check "sha256sum -c finds nothing wrong" env -C "$archive" sha256sum --check --strict --quiet SHA256SUMS
equal "nothing is left in partial" "$(find "$archive/.callarchive/partial" -type f)" ''
equal "nothing lies there that isn't known" \
    "$(find "$archive" -type f ! -path "$archive/recordings/*" ! -name 'catalog.sqlite*' ! -name lock \
        ! -name manifest.json ! -name SHA256SUMS)" ''

again=0
refetched=0
for kill in 1 2 3 4 5; do
    # What lay under its final name was asked for no more, ever after.
    again=$((again + $(join "$work/final.$kill" "$work/counts.$kill" |
        join - "$work/counts.6" | awk '$4 > $2' | tee -a "$work/again" | wc -l)))
    # A part that was whole cost no second whole body; a question about its end is allowed.
    refetched=$((refetched + $(join "$work/parts.$kill" "$work/counts.$kill" |
        join - "$work/counts.6" | awk '$5 - $3 > 4096' | tee -a "$work/refetched" | wc -l)))
done
equal "no file was asked for again that was archived" "$again" 0
equal "no part was fetched again that was whole" "$refetched" 0
served=$(awk '{ sum += $3 } END { printf "%d", sum }' "$work/counts.6")
# In flight when a kill comes: 16 transfers, of which the kernel's buffers are lost.
check "bytes served: $served of $total, and at most 80 files in flight more" \
    test "$served" -le $((total + 5 * 16 * 98304))

# --- One large file, cut --------------------------------------------------------------------------

size=$((256 * 1024 * 1024))
# What one request costs more than its part of the file.
# A killed run is believed up to its last checkpoint, at most 4 MiB back.
little=$((6 << 20))

# large NAME FAULT: a provider with one file of 256 MiB and that fault at its first request.
large() {
    end_process "$simulator_process"
    archive=$work/$1
    start provider --count 1 --size "$size" --fault "$2"
    say "$1: fetching what the file must be"
    large_sum=$(
        curl --silent --show-error --fail --noproxy '*' --config "$work/curl.conf" \
            "$(curl --silent --noproxy '*' --config "$work/curl.conf" \
                "$base/users/u-simulated/recordings" | jq -r '.[0].media')" | sha256sum | cut -d ' ' -f 1
    )
    control DELETE log
}

# rest TEXT BYTES: what the file cost, by the answers that have ended.
rest() {
    local bytes
    bytes=$(control GET stats | jq '[.media[].bytes] | add')
    check "$1: $bytes bytes served, of a file of $size" \
        test "$bytes" -ge "$2" -a "$bytes" -le $(($2 + little))
    equal "$1: no answer carried all of it" \
        "$(control GET stats | jq '[.media[].wholeBodies] | add')" 0
    equal "$1: it is what the provider has" \
        "$(find "$archive/recordings" -type f -exec sha256sum {} + | cut -d ' ' -f 1)" "$large_sum"
    equal "$1: nothing is left in partial" "$(find "$archive/.callarchive/partial" -type f)" ''
}

# The reference's own request is the first; the cut is for the one after it.
large cut 'media:*:cut@0.6:nth=2'
complete "a file that is cut at 60 % is archived by the same run"
rest "cut by the provider" "$size"

large stalled 'media:*:stall@0.6:seconds=3600:nth=2'
begin
before=
for _ in {1..60}; do
    sleep 0.5
    now=$(find "$archive/.callarchive/partial" -type f -printf '%s %b\n' 2>/dev/null || true)
    [[ -z $now || $now != "$before" ]] || break
    before=$now
done
check "the run is in the middle of the file" kill -KILL "$run"
wait "$run" 2>/dev/null || true
complete "a file at 60 % when the run was killed is archived by the next one"
# The answer that stalls has not ended: what is counted is the second one, with the remaining 40 %.
rest "cut by a kill" $((size - size * 6 / 10 - 1))

finish
