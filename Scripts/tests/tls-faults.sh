#!/usr/bin/env bash
# TLS that goes wrong: certificates of nobody, of another host, of another time; handshakes that are cut;
# redirects to plain HTTP. Each with its exit status, its words and the requests that came.
#
# Usage: Scripts/tests/tls-faults.sh
#   CALLARCHIVE=PROGRAM, CATAPULT_SIMULATOR=PROGRAM    else those of .build/release
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
# shellcheck source=Scripts/lib/simulator.sh
source Scripts/lib/simulator.sh
need cc curl jq openssl
need_programs

export CATAPULT_SIMULATOR_TOKEN=t-tls CATAPULT_SIMULATOR_SECRET=s-tls
export CALLARCHIVE_TOKEN=t-tls CALLARCHIVE_SECRET=s-tls

# --- Certificates ---------------------------------------------------------------------------------

# certificate NAME SUBJECT-ALTERNATIVE-NAME DAYS: NAME.pem and NAME.key, signed by ca.pem.
certificate() {
    printf 'subjectAltName=%s\n' "$2" >"$work/$1.ext"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$work/$1.key" \
        -out "$work/$1.csr" 2>/dev/null
    openssl x509 -req -in "$work/$1.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days "$3" \
        -extfile "$work/$1.ext" -out "$work/$1.pem" 2>/dev/null
}

# authority NAME: NAME.pem and NAME.key.
authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$1" \
        -keyout "$work/$1.key" -out "$work/$1.pem" 2>/dev/null
}

authority ca
authority stranger
certificate right IP:127.0.0.1 30
certificate expired IP:127.0.0.1 -1
certificate other DNS:other.example 30

# serve NAME [OPTION…]: a provider with that certificate, in `base`.
serve() {
    local name=$1
    shift
    mkdir -p "$work/provider-$name"
    start_simulator "$simulator" "$work/provider-$name" --count 3 --size 20K \
        --tls-cert "$work/$name.pem" --tls-key "$work/$name.key" "$@"
    processes+=("$simulator_process")
}

# --- Runs -----------------------------------------------------------------------------------------

tried=0
before=()

# run TEXT STATUS PATTERN REQUESTS [OPTION…]: a sync into a new archive; what it says, and how many requests
# the provider at `base` had.
run() {
    local text=$1 want=$2 pattern=$3 requests=$4 status=0
    shift 4
    tried=$((tried + 1))
    curl --silent --insecure --noproxy '*' --request DELETE "${base%/v1}/_control/log"
    timeout --kill-after=5 60 "${before[@]}" "$callarchive" sync --user-id u-simulated --base-url "$base" \
        --min-free 0 --retries 1 "$@" "$work/archive-$tried" >"$work/out" 2>"$work/err" </dev/null || status=$?
    equal "$text: status $want" "$status" "$want"
    sed -n '1,6s/^/    /p' "$work/err"
    [[ -z $pattern ]] || contains "$text: says so" "$work/err" "$pattern"
    equal "$text: requests" "$(curl --silent --insecure --noproxy '*' "${base%/v1}/_control/stats" |
        jq '[.families[].requests] | add // 0')" "$requests"
    equal "$text: files" "$(find "$work/archive-$tried/recordings" -type f 2>/dev/null | wc -l)" \
        "$(jq .summary.archived "$work/archive-$tried/manifest.json" 2>/dev/null || echo 0)"
}

# fault RULE…: these alone are in force, all from the same request on.
fault() {
    curl --silent --insecure --noproxy '*' --request DELETE "${base%/v1}/_control/faults"
    jq -n -c '$ARGS.positional' --args "$@" |
        curl --silent --insecure --noproxy '*' --data @- "${base%/v1}/_control/faults"
}

trusted=(--cacert "$work/ca.pem")

serve right
right=$base
run "a certificate of an authority that is given" 0 '' 4 "${trusted[@]}"
run "a certificate of nobody" 5 "certificate" 0
contains "a certificate of nobody: what to do" "$work/err" 'hint: .*--cacert'
run "another authority" 5 "certificate" 0 --cacert "$work/stranger.pem"
run "an authority's file that is not there" 2 "hint: .*--cacert" 0 --cacert "$work/none.pem"

# The certificate is right, the clock is not.
cc -O1 -shared -fPIC -o "$work/clock.so" Scripts/lib/clock.c
for offset in 315360000 -315360000; do
    before=(env "LD_PRELOAD=$work/clock.so" "CLOCK_OFFSET=$offset")
    run "a clock that is $offset s wrong" 5 'expired|not yet valid' 0 "${trusted[@]}"
    contains "a clock that is $offset s wrong: what to do" "$work/err" 'hint: .*clock'
done
before=()

serve expired
run "a certificate that has expired" 5 'expired' 0 "${trusted[@]}"
contains "a certificate that has expired: not the authority is to blame" "$work/err" 'hint: .*clock'
expired=$base
serve other
run "a certificate of another host" 5 'certificate|no alternative' 0 "${trusted[@]}"

# --- Handshakes -----------------------------------------------------------------------------------

base=$right
# The first connection is that of the command that empties the log.
fault 'connection:cut-handshake:nth=2'
run "a handshake that is cut, once" 0 '' 4 "${trusted[@]}"
fault 'connection:cut-handshake:nth=2' 'connection:cut-handshake:nth=3'
run "a handshake that is cut as often as is tried" 5 '^error: ' 0 "${trusted[@]}"
fault 'connection:cut-handshake:nth=3'
run "a handshake that is cut, for media" 0 '' 4 "${trusted[@]}"

# --- Media on other terms -------------------------------------------------------------------------

base=$right
fault 'media:r-000002:redirect-downgrade'
run "media that redirect to plain HTTP" 3 '1 failed' 4 "${trusted[@]}"
equal "media that redirect to plain HTTP: the reason" \
    "$(jq -r '.recordings[] | select(.id == "r-000002") | .error.code' "$work/archive-$tried/manifest.json")" redirect
fault 'recordings:redirect-downgrade'
run "a listing that redirects to plain HTTP" 5 '^error: ' 1 "${trusted[@]}"
fault "media:r-000002:redirect@${expired%/v1}{path}"
run "media that redirect to a certificate that has expired" 3 '1 failed' 4 "${trusted[@]}" \
    --media-host "$(sed -E 's|https://([^/]*)/.*|\1|' <<<"$expired")"
equal "media that redirect to a certificate that has expired: the reason" \
    "$(jq -r '.recordings[] | select(.id == "r-000002") | .error.code' "$work/archive-$tried/manifest.json")" certificate
fault

finish
