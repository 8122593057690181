# shellcheck shell=bash
# What the scripts under Scripts/tests share: checks that are counted, a work folder, processes
# that are ended again. Sourced after common.sh, never run.
#
# A test script ends with `finish`. It prints 'ok: …', 'FAILED: …' and 'skipped: …' lines and, last of
# all, 'N passed, N failed, N skipped', also when it stops half-way.

passed=0
failed=0
skipped=0
finished=no
processes=()

mkdir -p "${repository:?source common.sh first}/.build/tests"
work=$(mktemp -d "$repository/.build/tests/${script:?}.XXXXXX")

ok() {
    passed=$((passed + 1))
    printf 'ok: %s\n' "$*"
}

# not_ok TEXT [DETAILS]: DETAILS are shown below it.
not_ok() {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$1"
    if [[ -n ${2-} ]]; then
        printf '%s\n' "$2" | head -n 30 | sed 's/^/    /'
    fi
}

skip() {
    skipped=$((skipped + 1))
    printf 'skipped: %s\n' "$*"
}

# check TEXT COMMAND…: ok when the command succeeds; what it printed is shown when not.
check() {
    local text=$1 output
    shift
    if output=$("$@" 2>&1); then
        ok "$text"
    else
        not_ok "$text" "$output"
    fi
}

# equal TEXT HAVE WANT
equal() {
    if [[ $2 == "$3" ]]; then
        ok "$1"
    else
        not_ok "$1" "is '$2', should be '$3'"
    fi
}

# contains TEXT FILE PATTERN: ok when a line of the file matches the extended regular expression.
contains() {
    if grep -Eq -- "$3" "$2"; then
        ok "$1"
    else
        not_ok "$1" "no line matches '$3' in:
$(cat "$2")"
    fi
}

# finish: the closing line and the exit status.
finish() {
    finished=yes
    exit $((failed > 0))
}

# start_listener FILE COMMAND…: a helper that prints its URL first, which goes to `url`; FILE has its words.
start_listener() {
    local file=$1
    shift
    "$@" >"$file.url" 2>"$file.err" &
    processes+=("$!")
    for _ in {1..200}; do
        [[ ! -s $file.url ]] || break
        sleep 0.05
    done
    url=$(<"$file.url")
    [[ -n $url ]] || stop "$* doesn't start: $(<"$file.err")"
}

end_process() {
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

clean_up() {
    local status=$? process
    trap - EXIT
    # A simulator may have been started and not entered yet.
    for process in "${processes[@]-}" "${simulator_process-}"; do
        [[ -z $process ]] || end_process "$process"
    done
    if declare -F clean_up_more >/dev/null; then
        clean_up_more || true
    fi
    if [[ $finished == no ]]; then
        not_ok "$script stopped half-way, with status $status"
        status=1
    fi
    if [[ $status == 0 && -z ${KEEP_WORK-} ]]; then
        rm -rf "$work"
    else
        printf '%s: what it worked on is kept in %s\n' "$script" "$work"
    fi
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# need_programs: the built programs, or a plain word.
need_programs() {
    callarchive=${CALLARCHIVE:-$repository/.build/release/callarchive}
    simulator=${CATAPULT_SIMULATOR:-$repository/.build/release/catapult-simulator}
    local program
    for program in "$callarchive" "$simulator"; do
        [[ -x $program ]] || stop "there is no $program; run Scripts/build.sh release first"
    done
    # The tests' own account comes from the environment, nothing else of the caller's does.
    local name
    for name in $(compgen -e | grep -E '^(CALLARCHIVE|BANDWIDTH|CATAPULT)_' || true); do
        unset "$name"
    done
    unset CREDENTIALS_DIRECTORY http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
}

# need COMMAND…: each is on PATH, or a plain word.
need() {
    local command
    for command in "$@"; do
        command -v "$command" >/dev/null || [[ -x /usr/sbin/$command ]] ||
            stop "there is no '$command'; run Scripts/setup.sh --test first"
    done
}
