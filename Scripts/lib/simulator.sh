# shellcheck shell=bash
# Starts the simulated provider for a script. Sourced after common.sh, never run.

# start_simulator PROGRAM FOLDER [OPTION…]: sets `base` (its URL) and `simulator_process`.
# Its first line goes to FOLDER/simulator.url, its trouble to FOLDER/simulator.err.
start_simulator() {
    local program=$1 folder=$2
    shift 2
    rm -f "$folder/simulator.url"
    "$program" "$@" >"$folder/simulator.url" 2>"$folder/simulator.err" &
    simulator_process=$!
    base=
    for _ in {1..200}; do
        base=$(head -n 1 "$folder/simulator.url" 2>/dev/null || true)
        [[ -z $base ]] || return 0
        kill -0 "$simulator_process" 2>/dev/null || break
        sleep 0.05
    done
    kill "$simulator_process" 2>/dev/null || true
    cat "$folder/simulator.err" >&2
    stop "the simulator doesn't start; its words stand above"
}

# control METHOD PATH [JSON]: asks the simulator's control path, which is on its origin.
control() {
    curl --silent --show-error --fail --noproxy '*' --request "$1" ${3+--data "$3"} \
        "$(sed -E 's|^(https?://[^/]*).*|\1|' <<<"$base")/_control/$2"
}
