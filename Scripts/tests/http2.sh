#!/usr/bin/env bash
# HTTP/2 and TLS against nginx: a server that offers HTTP/2 is spoken to in it, and a certificate that
# nobody vouches for is refused.
#
# Usage: Scripts/tests/http2.sh
#   CALLARCHIVE=PROGRAM    else that of .build/release
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
need nginx openssl sox
callarchive=${CALLARCHIVE:-.build/release/callarchive}
[[ -x $callarchive ]] || stop "there is no program $callarchive; Scripts/build.sh release makes it"
export CALLARCHIVE_TOKEN=t-http2 CALLARCHIVE_SECRET=s-http2

site=$work/site
mkdir -p "$site/v1/users/u-h2/media"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
    -addext 'subjectAltName=DNS:localhost' -keyout "$work/key.pem" -out "$work/cert.pem" 2>"$work/openssl.log"
for number in 1 2 3 4 5; do
    sox -n -r 8000 -c 1 -b 16 "$site/v1/users/u-h2/media/c-$number.wav" synth "$number" sine 440
done

# write_site PORT: the listing, whose media URLs name the port, and nginx.conf.
write_site() {
    local number comma=''
    {
        printf '['
        for number in 1 2 3 4 5; do
            printf '%s{"id":"r-%s","state":"complete","startTime":"2026-01-0%sT10:00:00Z",' \
                "$comma" "$number" "$number"
            printf '"media":"https://localhost:%s/v1/users/u-h2/media/c-%s.wav"}' "$1" "$number"
            comma=,
        done
        printf ']\n'
    } >"$site/page.json"
    cat >"$work/nginx.conf" <<CONF
daemon off;
pid $work/nginx.pid;
error_log $work/error.log;
worker_processes 1;
events { worker_connections 64; }
http {
    client_body_temp_path $work/body;
    proxy_temp_path $work/proxy;
    fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;
    log_format plain '\$status \$server_protocol \$request_uri \$host \$remote_user';
    access_log $work/access.log plain;
    server {
        listen 127.0.0.1:$1 ssl http2;
        ssl_certificate $work/cert.pem;
        ssl_certificate_key $work/key.pem;
        root $site;
        location = /v1/users/u-h2/recordings { default_type application/json; alias $site/page.json; }
    }
}
CONF
}

# nginx as root serves as another user, who must be able to read the files.
chmod -R a+rX "$work"
for attempt in 1 2 3 4 5; do
    port=$(free_port)
    write_site "$port"
    chmod -R a+rX "$work"
    nginx -p "$work" -e "$work/error.log" -c "$work/nginx.conf" &
    server=$!
    processes+=("$server")
    sleep 1
    kill -0 "$server" 2>/dev/null && break
    say "port $port was taken, attempt $attempt"
done
kill -0 "$server" 2>/dev/null || stop "nginx didn't start: $(cat "$work/error.log")"

# run ARCHIVE OPTION…: a sync; its status in `status`, its words in run.err.
run() {
    local archive=$work/$1
    shift
    status=0
    "$callarchive" sync --user-id u-h2 --base-url "https://localhost:$port/v1" --retries 0 "$@" \
        "$archive" 2>"$work/run.err" </dev/null || status=$?
    sed 's/^/    /' "$work/run.err"
}

run good --cacert "$work/cert.pem"
equal "with the CA file: status" "$status" 0
equal "all requests in HTTP/2" "$(grep -c '^200 HTTP/2.0 ' "$work/access.log")" 6
equal "none in another" "$(grep -vc '^200 HTTP/2.0 ' "$work/access.log" || true)" 0
equal "each to its host, with whose it is" "$(grep -c ' localhost t-http2$' "$work/access.log")" 6
equal "the listing with its query" "$(grep -c ' /v1/users/u-h2/recordings?.*size=1000 ' "$work/access.log")" 1
for number in 1 2 3 4 5; do
    check "recording $number is as served" cmp \
        "$work/good/recordings/2026/01/0$number/2026010${number}T100000Z_r-$number.wav" \
        "$site/v1/users/u-h2/media/c-$number.wav"
done
run stranger
equal "a certificate that nobody vouches for: status" "$status" 5
contains "says so" "$work/run.err" 'certificate'
contains "a hint" "$work/run.err" 'hint: .*--cacert'
equal "nothing was asked of it" "$(grep -c . "$work/access.log")" 6
finish
