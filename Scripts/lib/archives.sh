# shellcheck shell=bash
# A provider of a dozen recordings, runs against it, and what must be true of the archive after each.
# Sourced after common.sh, checks.sh and simulator.sh, once the programs are known; never run.

export CATAPULT_SIMULATOR_TOKEN=t-local CATAPULT_SIMULATOR_SECRET=s-local
export CALLARCHIVE_TOKEN=t-local CALLARCHIVE_SECRET=s-local
count=12

mkdir "${work:?source checks.sh first}/provider"
start_simulator "${simulator:?need_programs first}" "$work/provider" --count "$count" --size 60K-90K --epoch 1760000000000 --validators strong
processes+=("$simulator_process")

# What each recording's bytes are, as `sha256 id`.
printf 'user = "t-local:s-local"\n' >"$work/curl.conf"
curl --silent --show-error --fail --noproxy '*' --config "$work/curl.conf" \
    "${base:?}/users/u-simulated/recordings?size=1000" | jq -r '.[] | "\(.id) \(.media)"' >"$work/media"
while read -r id url; do
    printf '%s %s\n' "$(curl --silent --show-error --fail --noproxy '*' --config "$work/curl.conf" "$url" |
        sha256sum | cut -d ' ' -f 1)" "$id"
done <"$work/media" | sort >"$work/expected"

# sync ARCHIVE [OPTION…]: a run; sets `status`, its words are in $work/out and $work/err. `before` is a
# command that it runs under, as an array.
before=()
sync() {
    local archive=$1
    shift
    status=0
    timeout --kill-after=5 60 "${before[@]}" "${callarchive:?}" sync --user-id u-simulated --base-url "$base" \
        --min-free 0 "$@" "$archive" >"$work/out" 2>"$work/err" </dev/null || status=$?
}

# ends TEXT STATUS PATTERN: how the last run did.
ends() {
    equal "$1: status $2" "$status" "$2"
    sed -n '1,6s/^/    /p' "$work/err"
    [[ -z $3 ]] || contains "$1: says so" "$work/err" "$3"
}

# files ARCHIVE: `sha256 id` of what lies under recordings/.
files() {
    { env -C "$1" find recordings -type f -exec sha256sum {} + 2>/dev/null || true; } |
        sed -E 's|  .*_([^/]*)\.wav$| \1|' | sort
}

# right TEXT ARCHIVE: what has a final name is right, whether or not it is all.
right() {
    equal "$1: no wrong file" "$(files "$2" | comm -23 - "$work/expected")" ''
}

# complete TEXT ARCHIVE: all of it is there.
complete() {
    check "$1: all is archived, byte for byte" diff <(files "$2") "$work/expected"
    check "$1: sha256sum -c finds nothing wrong" \
        env -C "$2" sha256sum --check --strict --quiet SHA256SUMS
    equal "$1: nothing is left in partial" "$(ls -A "$2/.callarchive/partial")" ''
}

# well TEXT ARCHIVE [OPTION…]: a run that must be a good one.
well() {
    local text=$1
    shift
    sync "$@"
    ends "$text" 0 ''
    complete "$text" "$1"
}

# again TEXT ARCHIVE: after the trouble is gone.
again() {
    well "$1, afterwards" "$2"
}
