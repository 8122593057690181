#!/usr/bin/env bash
# Shows what callarchive does, from nothing: installs what is missing, builds, starts a simulated provider
# on loopback, archives its recordings, runs a second time, and looks at the archive.
#
# Usage: Scripts/demo.sh
#
# The archive stays in .build/demo/archive for a look; the next demo begins with a new one.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=Scripts/lib/simulator.sh
source Scripts/lib/simulator.sh

case ${1-} in
'') ;;
-h | --help)
    usage "${BASH_SOURCE[0]}"
    exit 0
    ;;
*) stop "unknown argument '$1'; see Scripts/demo.sh --help" ;;
esac

# show COMMAND…: the command as one would type it, then what it does.
show() {
    printf '\n$ %s\n' "$*"
    "$@"
}

bash Scripts/setup.sh
# The servers are on loopback: a proxy of the shell's has nothing to do with them.
export no_proxy='*' NO_PROXY='*'
bash Scripts/build.sh release

folder=.build/demo
archive=$folder/archive
rm -rf "$archive"
mkdir -p "$folder"

# Credentials go through the environment, never through arguments, where others could read them.
export CATAPULT_SIMULATOR_TOKEN=t-demo CATAPULT_SIMULATOR_SECRET=s-demo

simulator_process=
clean_up() {
    [[ -z $simulator_process ]] || kill "$simulator_process" 2>/dev/null || true
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
start_simulator .build/release/catapult-simulator "$folder" --count 120 --size 30K-300K \
    --audio pcm=6,mulaw=2,stereo,mp3 --states saving=0.03,recording=0.02,error=0.02
unset CATAPULT_SIMULATOR_TOKEN CATAPULT_SIMULATOR_SECRET
say "a simulated provider with 120 recordings answers at $base"

export CALLARCHIVE_TOKEN=t-demo CALLARCHIVE_SECRET=s-demo
sync=(.build/release/callarchive sync --user-id u-simulated --base-url "$base" "$archive")

say "the first night: everything that is complete is archived"
show "${sync[@]}" || stop "the first sync ended with status $?"
say "the second night: nothing is new, nothing is downloaded"
show "${sync[@]}" || stop "the second sync ended with status $?"

say "the archive: recordings by day, a manifest, checksums"
show ls -l "$archive"
printf '\n$ find %s/recordings -type f | sort\n' "$archive"
find "$archive/recordings" -type f -printf '%M %8s  %p\n' | sort -k 3 | sed -n '1,6p'
printf '… %s files in all\n' "$(find "$archive/recordings" -type f | wc -l)"

say "the manifest tells of every recording, archived or not"
printf '\n$ python3 -m json.tool %s/manifest.json | head -n 52\n' "$archive"
python3 -m json.tool "$archive/manifest.json" | sed -n '1,52p'
printf '…\n'

say "the checksums need no program of ours"
printf '\n$ cd %s && sha256sum --check SHA256SUMS\n' "$archive"
if (cd "$archive" && sha256sum --check --strict SHA256SUMS) >"$folder/sums" 2>&1; then
    tail -n 2 "$folder/sums"
    printf '… %s files, all as they were downloaded\n' "$(wc -l <"$archive/SHA256SUMS")"
else
    grep -v ': OK$' "$folder/sums" >&2 || true
    stop "the checksums don't agree (above)"
fi

cat <<WORDS

That was the simulated provider. For a real account:

    export CALLARCHIVE_TOKEN=…        # the API token
    export CALLARCHIVE_SECRET=…       # its secret
    .build/release/callarchive sync --user-id u-… /srv/call-archive

The same line every night keeps the archive complete; see README.md for cron and all options.
WORDS
