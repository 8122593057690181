#!/usr/bin/env bash
# Proxies that the environment names: whole URLs for http, tunnels for https; what the proxy gets to see.
#
# Usage: Scripts/tests/proxies.sh
#   CALLARCHIVE=PROGRAM, CATAPULT_SIMULATOR=PROGRAM    else those of .build/release
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
# shellcheck source=Scripts/lib/simulator.sh
source Scripts/lib/simulator.sh
need curl jq openssl python3 sha256sum
need_programs

export CATAPULT_SIMULATOR_TOKEN=t-proxy CATAPULT_SIMULATOR_SECRET=s-proxy
export CALLARCHIVE_TOKEN=t-proxy CALLARCHIVE_SECRET=s-proxy
unset no_proxy NO_PROXY http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY

asked=$work/asked
start_listener "$work/proxy" python3 Scripts/lib/forward-proxy.py "$asked"
proxy=$url

# run TEXT STATUS NAME=VALUE… -- [OPTION…]: a sync of `base` into a new archive, with that environment.
tried=0
run() {
    local text=$1 want=$2 status=0 settings=()
    shift 2
    while [[ $1 != -- ]]; do
        settings+=("$1")
        shift
    done
    shift
    tried=$((tried + 1))
    archive=$work/archive-$tried
    : >"$asked"
    env "${settings[@]}" timeout --kill-after=5 60 "$callarchive" sync --user-id u-simulated --base-url "$base" \
        --min-free 0 --retries 1 "$@" "$archive" >"$work/out" 2>"$work/err" </dev/null || status=$?
    equal "$text: status $want" "$status" "$want"
    sed -n '1,6s/^/    /p' "$work/err"
    [[ $want != 0 ]] || check "$text: the checksums agree" \
        sh -c "cd '$archive' && sha256sum --quiet -c SHA256SUMS && [ \$(wc -l <SHA256SUMS) = 7 ]"
}

# seen TEXT FILTER WANT: what jq makes of all that the proxy was asked.
seen() {
    equal "$1" "$(jq -s -c "$2" "$asked")" "$3"
}

# --- http: the proxy is asked for whole URLs ------------------------------------------------------

mkdir -p "$work/plain" "$work/tls"
start_simulator "$simulator" "$work/plain" --count 7 --size 20K
processes+=("$simulator_process")
for name in http_proxy all_proxy ALL_PROXY; do
    run "http, $name" 0 "$name=$proxy" --
    seen "http, $name: all requests come by it" length 8
    seen "http, $name: each with our name and the credentials, once" \
        'map([.fields[] | select(. == "user-agent" or . == "authorization")]) | unique' \
        '[["authorization","user-agent"]]'
    seen "http, $name: each with its whole URL" \
        "map(select(.target | startswith(\"$base/users/u-simulated/\"))) | length" 8
done
run "http, HTTP_PROXY, which libcurl doesn't heed" 0 "HTTP_PROXY=$proxy" --
seen "http, HTTP_PROXY: none comes by it" length 0
run "http, no_proxy" 0 "http_proxy=$proxy" no_proxy=127.0.0.1 --
seen "http, no_proxy: none comes by it" length 0
run "http, a proxy of nobody" 5 http_proxy=http://127.0.0.1:1 --
contains "a proxy of nobody: says where it could not connect" "$work/err" '127\.0\.0\.1'

# --- https: a tunnel, of which the proxy knows host and port --------------------------------------

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=proxied \
    -addext 'subjectAltName=IP:127.0.0.1' -keyout "$work/server.key" -out "$work/server.pem" 2>/dev/null
start_simulator "$simulator" "$work/tls" --count 7 --size 20K \
    --tls-cert "$work/server.pem" --tls-key "$work/server.key"
processes+=("$simulator_process")
host=$(sed -E 's|https://([^/]*)/.*|\1|' <<<"$base")
for name in https_proxy HTTPS_PROXY all_proxy; do
    run "https, $name" 0 "$name=$proxy" -- --cacert "$work/server.pem"
    seen "https, $name: tunnels alone" 'map([.method, .target]) | unique' "[[\"CONNECT\",\"$host\"]]"
    seen "https, $name: no credentials, but whose program it is" \
        'map([(.fields | any(test("authorization"))), ([.fields[] | select(. == "user-agent")] | length),
            (.userAgent | test("^callarchive/[0-9]"))]) | unique' '[[false,1,true]]'
done
finish
