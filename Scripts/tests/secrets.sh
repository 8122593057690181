#!/usr/bin/env bash
# A token and a secret that can be searched for: they must be nowhere but in the environment of the program
# itself and in the Authorization header to the API's own origin.
#
# Usage: Scripts/tests/secrets.sh
#   CALLARCHIVE=PROGRAM, CATAPULT_SIMULATOR=PROGRAM    else those of .build/release
#
# Looked through: the arguments of all processes, the environment of all others, standard output and
# error of every command at its most talkative, text and JSON, everything in the archive (manifest,
# catalog, journal, parts, lock, report), the metrics file, what pings bring, what a program of --exec
# gets, and what the servers of other origins were sent. Plain, and as Basic has it in base64.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
# shellcheck source=Scripts/lib/simulator.sh
source Scripts/lib/simulator.sh
need curl jq base64 strings
need_programs
export LC_ALL=C

token=t-CANARYtoken7f3a
secret='s-CANARYsecret91bc:@/+ä'
wrong='s-CANARYwrong44de'
# What none of these may contain: a piece of each, and Basic's text of both pairs (its middle, too, as a
# longer text would have it).
pieces=(CANARYtoken CANARYsecret CANARYwrong)
for pair in "$token:$secret" "$token:$wrong"; do
    pieces+=("$(printf '%s' "$pair" | base64 -w 0 | sed 's/=*$//')")
done
# base64 of a piece depends on where it stands: each of three places.
for piece in CANARYtoken CANARYsecret CANARYwrong; do
    for pad in '' x xx; do
        text=$(printf '%s' "$pad$piece" | base64 -w 0)
        # Characters that the neighbours have a part in are left out.
        pieces+=("$(cut -c 5- <<<"$text" | sed 's/=*$//; s/.$//')")
    done
done
printf '%s\n' "${pieces[@]}" >"$work/pieces"

CATAPULT_SIMULATOR_TOKEN=$token CATAPULT_SIMULATOR_SECRET=$secret
export CATAPULT_SIMULATOR_TOKEN CATAPULT_SIMULATOR_SECRET
mkdir "$work/provider" "$work/other"
start_simulator "$simulator" "$work/provider" --count 40 --size 150K-300K --throttle 300K --per-call 2
processes+=("$simulator_process")
own=("$simulator_process")
provider=$base
# Another origin: another port, media without credentials.
start_simulator "$simulator" "$work/other" --count 40 --size 150K-300K --open-media
processes+=("$simulator_process")
own+=("$simulator_process")
other=$base
base=$provider
unset CATAPULT_SIMULATOR_TOKEN CATAPULT_SIMULATOR_SECRET

# none TEXT FILE…: no piece is in the files.
none() {
    local text=$1 found
    shift
    found=$(grep -aFl -f "$work/pieces" -- "$@" 2>/dev/null || true)
    equal "$text" "$found" ''
}

# The pieces themselves must find what they look for, else all of this says nothing.
printf 'Authorization: Basic %s\n' "$(printf '%s' "$token:$secret" | base64 -w 0)" >"$work/probe"
check "the search finds a Basic header" grep -qaFf "$work/pieces" "$work/probe"
printf '{"a":"%s"}\n' "$(printf 'xyz%s' "$token:$secret" | base64 -w 0)" >"$work/probe"
check "the search finds it inside another base64" grep -qaFf "$work/pieces" "$work/probe"
rm "$work/probe"

# search_processes RUN: the arguments of all processes, the environment of all but RUN and the simulators.
# shellcheck disable=SC2317  # called through check
search_processes() {
    local folder process hits=0
    for folder in /proc/[0-9]*; do
        process=${folder#/proc/}
        tr '\0' '\n' <"$folder/cmdline" >"$work/now" 2>/dev/null || continue
        ! grep -aFq -f "$work/pieces" "$work/now" || { echo "arguments of $process"; hits=1; }
        [[ " $1 ${own[*]} " != *" $process "* ]] || continue
        { tr '\0' '\n' <"$folder/environ" >"$work/now"; } 2>/dev/null || continue
        ! grep -aFq -f "$work/pieces" "$work/now" || { echo "environment of $process"; hits=1; }
    done
    rm -f "$work/now"
    return "$hits"
}

# run SECRET ARCHIVE OPTION…: a run in the background, in `run`, the secret in its environment alone.
run() {
    local secret=$1 archive=$2
    shift 2
    CALLARCHIVE_TOKEN=$token CALLARCHIVE_SECRET=$secret "$callarchive" sync --user-id u-simulated \
        --base-url "$base" --min-free 0 "$@" "$archive" >"$work/out" 2>"$work/err" </dev/null &
    run=$!
    processes+=("$run")
}

# ended STATUS TEXT
ended() {
    local status=0
    wait "$run" || status=$?
    equal "$2: status $1" "$status" "$1"
    none "$2: nothing of it on standard output" "$work/out"
    none "$2: nothing of it on standard error" "$work/err"
}

# archive TEXT ARCHIVE: none of its files has a piece in it, nor have their names.
archive() {
    mapfile -t files < <(find "$2" -type f)
    check "$1: there is something to search" test "${#files[@]}" -gt 3
    none "$1: nothing of it in the archive's files" "${files[@]}"
    equal "$1: nor in their names" "$(find "$2" | grep -aFf "$work/pieces" || true)" ''
}

# --- In the middle of a run -----------------------------------------------------------------------

run "$secret" "$work/archive" --verbose --json --log-format text
for _ in {1..200}; do
    [[ -z $(find "$work/archive/.callarchive/partial" -name '*.part' -size +50k 2>/dev/null) ]] || break
    kill -0 "$run" 2>/dev/null || break
    sleep 0.02
done
# Held there, however long the search takes.
check "a run: it is in the middle" kill -STOP "$run"
check "a run: the secret is in no arguments, and in no other process's environment" search_processes "$run"
check "a run: there are parts and a journal to search" \
    test -s "$work/archive/.callarchive/partial/journal"
archive "in the middle" "$work/archive"
# With a catalog whose log is not folded in yet.
kill -KILL "$run"
wait "$run" 2>/dev/null || true
archive "after a kill" "$work/archive"
run "$secret" "$work/archive" --verbose --json --log-format text
ended 0 "a run, text"
archive "a whole archive" "$work/archive"
run "$secret" "$work/json" --verbose --json --log-format json --progress always --max-files 4
ended 9 "a run, JSON"
archive "an archive with a rest" "$work/json"

# --- Children, pings, metrics, and the other commands -----------------------------------------------

program=$work/program
cat >"$program" <<'END'
#!/usr/bin/env bash
# Writes down all that it was given.
{
    tr '\0' '\n' <"/proc/$$/cmdline"
    tr '\0' '\n' <"/proc/$$/environ"
    cat
    ls -l "/proc/$$/fd"
} >>"${0}.seen"
END
chmod +x "$program"
start_listener "$work/receiver" python3 Scripts/lib/ping-receiver.py "$work/pings"
run "$secret" "$work/whole" --verbose --json --max-files 3 --exec "$program" --ping-url "$url" \
    --metrics-file "$work/metrics.prom" --with-calls --with-transcriptions
ended 9 "a run with all that is around"
contains "--exec: the program was given an environment to search" "$program.seen" '^PATH='
none "--exec: nothing of it in arguments, environment and input of the program" "$program.seen"
equal "--exec: nor is a variable of that kind there" \
    "$(grep -aE '^(CALLARCHIVE|BANDWIDTH)_[A-Z_]*(TOKEN|SECRET)=' "$program.seen" || true)" ''
equal "--exec: nor a descriptor of ours" "$(grep -ac "$work/whole/" <(grep -a -- '->' "$program.seen") || true)" 0
contains "--ping-url: there are pings to search" "$work/pings" '"path": "/5f1c-canary"|/5f1c-canary/'
none "--ping-url: nothing of it in a ping" "$work/pings"
equal "--ping-url: no Authorization goes there" "$(jq -r .authorization "$work/pings" | sort -u)" null
equal "--ping-url: its path is in no output and no program's environment" \
    "$(grep -aFl 5f1c-canary "$work/out" "$work/err" "$program.seen" "$work/metrics.prom" || true)" ''
contains "--metrics-file: there is one to search" "$work/metrics.prom" '^callarchive_'
none "--metrics-file: nothing of it there" "$work/metrics.prom"
archive "an archive with all that is around" "$work/whole"
for command in list 'list --json' status 'status --json' 'verify --json' 'export --format csv' 'export --format json' \
    doctor 'doctor --json' 'report --waveforms all' rebuild; do
    status=0
    read -ra words <<<"$command"
    CALLARCHIVE_TOKEN=$token CALLARCHIVE_SECRET=$secret CALLARCHIVE_USER_ID=u-simulated CALLARCHIVE_BASE_URL=$base \
        "$callarchive" "${words[@]}" --verbose "$work/whole" >"$work/out" 2>"$work/err" </dev/null || status=$?
    equal "$command: status" "$status" 0
    none "$command: nothing of it in its outputs" "$work/out" "$work/err"
done
archive "after all commands" "$work/whole"

# The other places it may come from.
mkdir "$work/systemd"
(umask 077 && printf '{"token": "%s", "secret": "%s"}\n' "$token" "$secret" >"$work/systemd/callarchive" &&
    printf 'machine 127.0.0.1 login %s password %s\n' "$token" "$secret" >"$work/netrc")
for place in "CREDENTIALS_DIRECTORY=$work/systemd" "NETRC=$work/netrc"; do
    status=0
    env "$place" "$callarchive" sync --user-id u-simulated --base-url "$base" --verbose --json --max-files 1 \
        --min-free 0 "$work/by-${place%%=*}" >"$work/out" 2>"$work/err" </dev/null || status=$?
    equal "by ${place%%=*}: status" "$status" 9
    none "by ${place%%=*}: nothing of it in the outputs" "$work/out" "$work/err"
    archive "by ${place%%=*}" "$work/by-${place%%=*}"
done

# --- Wrong ones, and answers that provoke talk ----------------------------------------------------

run "$wrong" "$work/wrong" --verbose --json
ended 4 "a wrong secret"
contains "a wrong secret: there is an error to search" "$work/err" '^error: '
none "a wrong secret: nothing of it in the archive" "$(find "$work/wrong" -type f 2>/dev/null | head -n 1)" /dev/null
control POST faults '["media:r-000003:status=500", "media:r-000004:html-200", "recordings:*:status=401:nth=2"]'
run "$secret" "$work/failing" --verbose --json --retries 1 --page-size 10 --max-files 8
wait "$run" || true
control DELETE faults
none "failing answers: nothing of it on standard output" "$work/out"
none "failing answers: nothing of it on standard error" "$work/err"
archive "failing answers" "$work/failing"
run "$secret" "$work/failing" --concurrency many
ended 2 "a wrong option"
# Given as an option by mistake: the message must not repeat it, the argument is the user's own.
status=0
"$callarchive" sync "--secret=$secret" >"$work/out" 2>"$work/err" || status=$?
equal "the secret as an option: status 2" "$status" 2
none "the secret as an option: the message doesn't repeat it" "$work/err"
status=0
CALLARCHIVE_TOKEN=$token CALLARCHIVE_SECRET=$secret "$callarchive" sync --user-id u-simulated \
    --base-url "http://$token:$secret@127.0.0.1:9/v1" "$work/none" >"$work/out" 2>"$work/err" || status=$?
equal "the secret in the base URL: status 2" "$status" 2
none "the secret in the base URL: the message doesn't repeat it" "$work/err"
(umask 077 && printf '{"token": "%s", "secret": "%s", \n' "$token" "$secret" >"$work/broken.json")
status=0
env -u CALLARCHIVE_TOKEN "$callarchive" sync --user-id u-simulated --base-url "$base" \
    --credentials-file "$work/broken.json" "$work/none" >"$work/out" 2>"$work/err" || status=$?
equal "a broken credentials file: status 2" "$status" 2
none "a broken credentials file: the message doesn't repeat it" "$work/err"
(umask 077 && printf '{"token": "%s", "secret": "%s"}\n' "$token" "$secret" >"$work/credentials.json")
status=0
"$callarchive" sync --user-id u-simulated --base-url "$base" --credentials-file "$work/credentials.json" \
    --verbose --json --max-files 1 "$work/by-file" >"$work/out" 2>"$work/err" || status=$?
equal "by a credentials file: status 9" "$status" 9
none "by a credentials file: nothing of it in the outputs" "$work/out" "$work/err"
archive "by a credentials file" "$work/by-file"

# --- Other origins --------------------------------------------------------------------------------

# asked ORIGIN: what a simulator was sent, as lines of JSON.
asked() {
    curl --silent --show-error --fail --noproxy '*' "$(sed -E 's|^(https?://[^/]*).*|\1|' <<<"$1")/_control/log" |
        jq -c '.[]' >"$work/asked"
}

# unknowing TEXT: the other origin was asked, and never told.
unknowing() {
    asked "$other"
    check "$1: the other origin was asked" test -s "$work/asked"
    equal "$1: no Authorization came there" "$(jq -r .authorization "$work/asked" | sort -u)" none
    none "$1: nothing of it in what came there" "$work/asked"
    forget
}

forget() {
    curl --silent --show-error --fail --noproxy '*' -X DELETE "http://$host/_control/log"
}

host=$(sed -E 's|^https?://([^/]*).*|\1|' <<<"$other")
asked "$provider"
check "the log tells of an Authorization when there is one" \
    test "$(jq -r .authorization "$work/asked" | grep -vc none)" -gt 0
(umask 077 && printf 'user = "%s:%s"\n' "$token" "$secret" >"$work/curl.conf")
name=$(curl --silent --show-error --fail --noproxy '*' --config "$work/curl.conf" \
    "$provider/users/u-simulated/recordings?size=1" | jq -r '.[0].media | sub(".*/"; "")')
control POST recordings "[{\"id\": \"r-000001\", \"members\": {\"media\": \"$other/users/u-simulated/media/$name\"}}]"
run "$secret" "$work/elsewhere" --verbose --json --max-files 3 --media-host "$host"
wait "$run" || true
none "media on another origin: nothing of it in the outputs" "$work/out" "$work/err"
unknowing "media on another origin"
control POST faults "[\"media:r-000002:redirect@$other/users/u-simulated/media/x.wav\"]"
run "$secret" "$work/redirected" --verbose --json --max-files 4 --retries 0 --media-host "$host"
wait "$run" || true
none "a redirect to another origin: nothing of it in the outputs" "$work/out" "$work/err"
unknowing "a redirect to another origin"
control DELETE faults
run "$secret" "$work/unnamed" --verbose --json --max-files 3
wait "$run" || true
asked "$other"
equal "an origin that --media-host doesn't name is not asked at all" "$(wc -l <"$work/asked")" 0

# Addresses that look like the API's own, or lead to it or to the other one by another spelling: none is
# shown the credentials. What is no other spelling of an origin is not asked at all.
own_host=$(sed -E 's|^https?://([^/]*).*|\1|' <<<"$provider")
own_port=${own_host##*:}
other_port=${host##*:}
path=/v1/users/u-simulated/media/$name
addresses=(
    "http://somebody:something@127.0.0.1:$other_port$path" # user info
    "http://127.0.0.1:$own_port@127.0.0.1:$other_port$path" # the API's origin as user info
    "http://127.0.0.1.:$own_port$path" "http://127.0.0.1.:$other_port$path" # trailing dot
    "http://LOCALHOST:$own_port$path" "http://LOCALHOST:$other_port$path" # upper case, another name
    "http://[::ffff:127.0.0.1]:$own_port$path" "http://[::1]:$other_port$path" # IPv6
    "http://127.1:$own_port$path" "http://0x7f000001:$other_port$path" "http://2130706433:$own_port$path" # numbers
    "http://127。0。0。1:$own_port$path" "http://①27.0.0.1:$other_port$path" # what IDN would fold
    "http://%31%32%37.0.0.1:$own_port$path" # percent signs
    "http:\\\\127.0.0.1:$other_port$path" "http:127.0.0.1:$other_port$path" "//127.0.0.1:$other_port$path" # other ways to write it
    "https://127.0.0.1:$own_port$path" "http://127.0.0.1$path" # another scheme, another port
    "file:///etc/passwd" "ftp://127.0.0.1:$other_port/x" "gopher://127.0.0.1:$other_port/x"
)
control DELETE log
for kind in media redirect; do
    control DELETE faults
    for index in "${!addresses[@]}"; do
        id=r-0000$((index + 10))
        jq -cn --arg id "$id" --arg media "${addresses[index]}" '[{id: $id, members: {media: $media}}]' >"$work/patch"
        if [[ $kind == media ]]; then
            control POST recordings "$(<"$work/patch")"
        else
            control POST recordings "[{\"id\": \"$id\", \"members\": {\"media\": \"$provider/users/u-simulated/media/$id\"}}]"
            control POST faults "$(jq -cn --arg fault "media:$id:redirect@${addresses[index]}" '[$fault]')"
        fi
    done
    forget
    status=0
    run "$secret" "$work/$kind-addresses" --verbose --json --retries 0 --connect-timeout 2s
    wait "$run" || status=$?
    check "addresses by $kind: some could not be archived, and the run says so" test "$status" = 3
    none "addresses by $kind: nothing of it in the outputs" "$work/out" "$work/err"
    asked "$other"
    equal "addresses by $kind: the other origin is not asked, however it is spelled" "$(wc -l <"$work/asked")" 0
    asked "$provider"
    equal "addresses by $kind: the API is asked under its own name only" \
        "$(jq -r '.host // empty' "$work/asked" | sort -u | grep -vFx "$own_host" || true)" ''
done

finish
