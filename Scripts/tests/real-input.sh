#!/usr/bin/env bash
# Real input: callarchive against nginx, with listing pages as the provider writes them and audio files
# made by other people's programs (espeak-ng, sox, ffmpeg).
#
# Usage: Scripts/tests/real-input.sh
#   CALLARCHIVE=PROGRAM    the program to test, else .build/release/callarchive
#
# What nginx serves is compared byte for byte with what is archived, the manifest's audio fields with what
# ffprobe and soxi say, SHA256SUMS with sha256sum; then a second night, and a page in place of audio.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
need nginx openssl espeak-ng sox soxi ffmpeg ffprobe jq sha256sum
[[ -x .build/venv/bin/python ]] || stop "there is no .build/venv; run Scripts/setup.sh --test first"
need_programs

media=$work/media
pages=$work/pages
archive=$work/archive
mkdir -p "$media" "$pages" "$work/nginx"

# --- Audio ----------------------------------------------------------------------------------------

say "making speech in every shape a recording may have"
speak() {
    espeak-ng -v "$1" -w "$2" "$3"
}
speak en-us "$work/caller.wav" "Hello, my order from last Tuesday has not arrived, can you tell me where it is?"
speak en-gb "$work/agent.wav" "Good morning. Let me have a look. It left our house on Friday."

sox -V1 -G "$work/caller.wav" -r 8000 -c 1 -b 16 -e signed "$media/c-1-1.wav"
sox -V1 -G "$work/agent.wav" -r 8000 -c 1 -e mu-law "$media/c-1-2.wav"
sox -V1 -G "$work/agent.wav" -r 8000 -c 1 -e a-law "$media/c-2-1.wav"
sox -V1 -G -M "$work/caller.wav" "$work/agent.wav" -r 8000 -c 2 -b 16 -e signed "$media/c-3-1.wav"
sox -V1 -G "$work/caller.wav" -r 44100 -c 1 -b 16 -e signed "$media/c-4-1.wav"
sox -V1 -G "$work/agent.wav" -r 8000 -c 1 -e gsm-full-rate "$media/c-5-1.wav"
sox -V1 -G "$work/caller.wav" -r 16000 -c 2 -b 24 -e signed "$media/c-6-1.wav"
sox -V1 -G "$work/agent.wav" -r 8000 -c 1 -b 8 -e unsigned "$media/greeting of 8 bits.wav"
convert() {
    ffmpeg -nostdin -v error -y -i "$@"
}
# A LIST chunk before the samples; an RF64 header; sizes left open, as a pipe has them.
convert "$work/caller.wav" -ar 8000 -c:a pcm_s16le -metadata title="Order" "$media/c-7-1.wav"
convert "$work/agent.wav" -ar 8000 -c:a pcm_s16le -rf64 always "$media/c-8-1.wav"
convert "$work/agent.wav" -ar 8000 -c:a pcm_s16le -f wav pipe:1 >"$media/c-9-1.wav"
sox -V1 -G "$work/caller.wav" -r 8000 -c 1 -b 16 -e signed "$media/c-10-1.wav"
if ffmpeg -v error -encoders | grep libmp3lame >/dev/null; then
    convert "$work/caller.wav" -ar 8000 -c:a libmp3lame -b:a 16k "$media/c-11-1.mp3"
else
    skip "an MP3 recording: this ffmpeg has no libmp3lame"
fi
say "$(find "$media" -type f | wc -l) files, $(du -sb "$media" | cut -f 1) bytes"

# --- The provider ---------------------------------------------------------------------------------

token=t-real
secret='s-real:with a colon, 100%'
printf '%s:%s\n' "$token" "$(openssl passwd -apr1 -stdin <<<"$secret")" >"$work/nginx/htpasswd"

# Writes nginx.conf for a port. The page of a listing is chosen by its query, as the provider's opaque
# next links want it, and has its Link header beside it.
write_configuration() {
    local port=$1 user=''
    [[ $(id -u) != 0 ]] || user='user root;'
    cat >"$work/nginx/nginx.conf" <<CONF
$user
daemon off;
pid $work/nginx/nginx.pid;
worker_processes 1;
events { worker_connections 256; }
http {
    client_body_temp_path $work/nginx/body;
    proxy_temp_path $work/nginx/proxy;
    fastcgi_temp_path $work/nginx/fastcgi;
    uwsgi_temp_path $work/nginx/uwsgi;
    scgi_temp_path $work/nginx/scgi;
    types { audio/wav wav; audio/mpeg mp3; }
    log_format plain '\$status \$request_method \$request_uri range="\$http_range" bytes=\$body_bytes_sent';
    access_log $work/nginx/access.log plain;
    map \$arg_sortkey \$page { default 1; "k2%2C0017" 2; "k3%2C0009" 3; }
    map \$page \$link {
        1 '<http://127.0.0.1:$port/v1/users/u-real/recordings?size=5>; rel="first", <http://127.0.0.1:$port/v1/users/u-real/recordings?size=5&sortKey=k2%2C0017>; rel="next"';
        2 '<http://127.0.0.1:$port/v1/users/u-real/recordings?size=5>; rel="first previous", <http://127.0.0.1:$port/v1/users/u-real/recordings?size=5&sortKey=k3%2C0009>; title="a, b; c"; rel=next';
        default '<http://127.0.0.1:$port/v1/users/u-real/recordings?size=5>; rel="first"';
    }
    server {
        listen 127.0.0.1:$port;
        auth_basic "Catapult";
        auth_basic_user_file $work/nginx/htpasswd;
        location ~ ^/v1/users/u-real/recordings/?\$ {
            add_header Link \$link;
            default_type application/json;
            root $pages;
            try_files /real-\$page.json =404;
        }
        location ~ ^/v1/users/u-page/recordings/?\$ {
            default_type application/json;
            root $pages;
            try_files /page.json =404;
        }
        location /v1/users/u-real/media/ { alias $media/; }
        location = /v1/users/u-page/media/maintenance.wav {
            default_type audio/wav;
            return 200 "<!DOCTYPE html><html><body>We are back at six.</body></html>";
        }
        error_page 404 /not-found.json;
        location = /not-found.json {
            internal;
            default_type application/json;
            return 404 '{"category":"not-found","code":"media-not-found","details":[]}';
        }
    }
}
CONF
}

answers() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Starts nginx on a port found free; another program may be quicker to take it, so more than once.
start_nginx() {
    local attempt process
    PATH=$PATH:/usr/sbin
    for attempt in 1 2 3 4 5; do
        port=$(free_port)
        write_configuration "$port"
        nginx -p "$work/nginx" -e "$work/nginx/error.log" -c "$work/nginx/nginx.conf" &
        process=$!
        for _ in {1..100}; do
            kill -0 "$process" 2>/dev/null || break
            if answers "$port"; then
                processes+=("$process")
                return
            fi
            sleep 0.05
        done
        end_process "$process"
    done
    cat "$work/nginx/error.log" >&2
    stop "nginx doesn't start ($attempt attempts)"
}

start_nginx
base=http://127.0.0.1:$port/v1
say "nginx serves $base"

# write_pages SAVING: the listing, with the recording c-10-1 `saving` or `complete`. Each end time is the
# start plus what soxi says of the file.
write_pages() {
    python3 - "$media" "$pages" "$base" "$1" <<'PYTHON'
import datetime
import json
import pathlib
import subprocess
import sys
import urllib.parse

media, pages, base, saving = sys.argv[1:]
START = datetime.datetime(2013, 2, 8, 13, 15, 47, 587000)


def text(time):
    return time.isoformat(timespec="milliseconds") + "Z"


def seconds(path):
    if path.name == "c-9-1.wav":
        return (path.stat().st_size - 78) / 16000
    return float(subprocess.check_output(["soxi", "-D", path]))


def row(identifier, minutes, name=None, state="complete", lost=False):
    start = START + datetime.timedelta(minutes=minutes)
    result = {}
    if state != "recording":
        length = 3 if lost or not name else seconds(pathlib.Path(media, name))
        result["endTime"] = text(start + datetime.timedelta(seconds=length))
    result["id"] = identifier
    if name and state == "complete":
        result["media"] = f"{base}/users/u-real/media/{urllib.parse.quote(name)}"
    result["call"] = f"{base}/users/u-real/calls/c-{identifier}"
    result["startTime"] = text(start)
    result["state"] = state
    return result


def write(name, rows):
    # The provider's own layout: one member a line.
    pathlib.Path(pages, name).write_text(json.dumps(rows, indent=4) + "\n")


first = [
    row("rec-pcm", 0, "c-1-1.wav"),
    row("rec-ulaw", 41, "c-1-2.wav"),
    row("rec-alaw", 80, "c-2-1.wav"),
    row("rec-stereo", 60 * 11, "c-3-1.wav"),
    row("rec-44100", 60 * 24, "c-4-1.wav"),
]
second = [
    first[-1],
    row("rec-gsm", 60 * 25, "c-5-1.wav"),
    row("rec-24bit", 60 * 26, "c-6-1.wav"),
    row("rec-8bit", 60 * 27, "greeting of 8 bits.wav"),
    row("rec-list", 60 * 28, "c-7-1.wav"),
]
third = [
    row("rec-rf64", 60 * 29, "c-8-1.wav"),
    row("rec-open", 60 * 30, "c-9-1.wav"),
    row("rec-saving", 60 * 31, "c-10-1.wav", state=saving),
    row("rec-active", 60 * 32, state="recording"),
    row("rec-error", 60 * 33, state="error"),
    row("rec-gone", 60 * 34, "c-99-1.wav", lost=True),
]
if pathlib.Path(media, "c-11-1.mp3").exists():
    third.append(row("rec-mp3", 60 * 35, "c-11-1.mp3"))
write("real-1.json", first)
write("real-2.json", second)
write("real-3.json", third)

page = dict(first[0], media=f"{base}/users/u-page/media/maintenance.wav")
write("page.json", [page])
PYTHON
}

# --- The first night ------------------------------------------------------------------------------

# sync USER ARCHIVE NAME: one run; its status in `status`, its words in $work/NAME.out and .err.
sync() {
    status=0
    CALLARCHIVE_TOKEN=$token CALLARCHIVE_SECRET=$secret \
        "$callarchive" sync --user-id "$1" --base-url "$base" "$2" \
        >"$work/$3.out" 2>"$work/$3.err" </dev/null || status=$?
    sed 's/^/    /' "$work/$3.err"
}

manifest() {
    jq -r "$1" "$archive/manifest.json"
}

# requests PATTERN: how many lines of nginx's log match.
requests() {
    grep -cE "$1" "$work/nginx/access.log" || true
}

say "the first night"
write_pages saving
sync u-real "$archive" first
equal "the first run's status" "$status" 0
equal "the first run prints nothing on stdout" "$(cat "$work/first.out")" ''
check "the first run prints its summary on stderr" test -s "$work/first.err"
if [[ ! -f $archive/manifest.json ]]; then
    not_ok "there is a manifest"
    finish
fi

expected=$(find "$media" -type f ! -name 'c-10-1.wav' | wc -l)
equal "every complete recording is archived" "$(manifest .summary.archived)" "$expected"
equal "the listing is complete" "$(manifest .listing.complete)" true
equal "its pages are counted" "$(manifest .listing.pages)" 3
equal "a recording without audio yet waits" \
    "$(manifest '[.recordings[] | select(.status == "waiting") | .id] | sort | join(" ")')" \
    'rec-active rec-saving'
equal "one the provider lost is unavailable" \
    "$(manifest '.recordings[] | select(.status == "unavailable") | .id')" rec-error
equal "one whose media is not found is gone" \
    "$(manifest '.recordings[] | select(.status == "gone") | .id')" rec-gone
equal "the entries stand in order of time" \
    "$(manifest '[.recordings[].startTime] | . == sort')" true
equal "the file is named by time and id" \
    "$(manifest '.recordings[] | select(.id == "rec-pcm") | .file')" \
    recordings/2013/02/08/20130208T131547Z_rec-pcm.wav

say "each file against what nginx served, ffprobe and soxi"
probe() {
    ffprobe -v error -of json -show_entries stream=codec_name,channels,sample_rate,duration "$1" |
        jq -r '.streams[0] | [.codec_name, .channels, .sample_rate, .duration] | @tsv'
}

# near A B LIMIT: true when they differ by at most LIMIT.
# shellcheck disable=SC2317  # reached through check
near() {
    awk -v a="$1" -v b="$2" -v limit="$3" 'BEGIN { d = a - b; exit !((d < 0 ? -d : d) <= limit + 1e-9) }'
}

while IFS=$'\t' read -r id name file bytes container encoding channels rate duration; do
    served=$media/$name
    check "$id: byte for byte as served" cmp "$served" "$archive/$file"
    equal "$id: its size" "$bytes" "$(stat -c %s "$served")"
    IFS=$'\t' read -r codec probed_channels probed_rate probed_duration < <(probe "$archive/$file")
    equal "$id: encoding, channels and rate as ffprobe says" "$encoding $channels $rate" \
        "$codec $probed_channels $probed_rate"
    case $name in
    *.mp3)
        equal "$id: kept as what it is" "$container ${file##*.}" 'mp3 mp3'
        # An MP3 doesn't say its length: no word of it is right too, a wrong one is not.
        if [[ $duration != null ]]; then
            check "$id: about $probed_duration s long" near "$duration" "$probed_duration" 0.15
        fi
        ;;
    *)
        equal "$id: a WAV by its name and its manifest" "$container ${file##*.}" 'wav wav'
        check "$id: $probed_duration s long, to 1 ms (manifest: $duration)" \
            near "$duration" "$probed_duration" 0.001
        # soxi can read neither RF64 nor sizes left open.
        if [[ $id != rec-rf64 && $id != rec-open ]]; then
            equal "$id: channels and rate as soxi says" "$channels $rate" \
                "$(soxi -c "$archive/$file") $(soxi -r "$archive/$file")"
        fi
        # It counts GSM in whole blocks, whatever the fact chunk says.
        if [[ $id != rec-rf64 && $id != rec-open && $id != rec-gsm ]]; then
            check "$id: length as soxi says" near "$duration" "$(soxi -D "$archive/$file")" 0.001
        fi
        ;;
    esac
done < <(manifest '.recordings[] | select(.status == "archived")
    | [.id, (.media | sub(".*/"; "") | gsub("%20"; " ")), .file, .bytes, .audio.container,
        .audio.encoding // "null", .audio.channels // "null", .audio.sampleRate // "null",
        .audio.durationSeconds // "null"] | @tsv')

say "the archive as a whole"
check "sha256sum -c finds nothing wrong" env -C "$archive" sha256sum --check --strict --quiet SHA256SUMS
equal "SHA256SUMS names each archived file" "$(wc -l <"$archive/SHA256SUMS")" "$expected"
check "SHA256SUMS is sorted by path" env LC_ALL=C sort -c -k 2 "$archive/SHA256SUMS"
equal "no other file lies there" "$(find "$archive/recordings" -type f | wc -l)" "$expected"
equal "all files are 0600" "$(find "$archive" -type f ! -perm 0600)" ''
equal "all folders are 0700" "$(find "$archive" -type d ! -perm 0700)" ''
equal "nothing is left in partial" "$(find "$archive/.callarchive/partial" -type f 2>/dev/null)" ''
equal "credentials went along from the first request on" "$(requests '^401 ')" 0
# An id that is listed twice means that rows may have moved: the head is then walked again.
equal "each page was asked for once, the first once more" \
    "$(requests '^200 GET /v1/users/u-real/recordings')" 4
equal "each media was asked for once" "$(requests ' GET /v1/users/u-real/media/')" $((expected + 1))
encoded=$(printf '%s:%s' "$token" "$secret" | base64 -w 0)
equal "the secret is nowhere in the archive" \
    "$(grep -rlaF -e "$secret" -e "$encoded" "$archive" || true)" ''
equal "the secret is in no output" "$(grep -lF -e "$secret" -e "$encoded" "$work"/*.out "$work"/*.err || true)" ''
check "the manifest is valid by its schema" .build/venv/bin/python Scripts/validate-json.py \
    Sources/CallArchive/CallArchive.docc/Resources/manifest.schema.json "$archive/manifest.json"

# --- The second night, nothing new ----------------------------------------------------------------

say "the second night, nothing new"
before=$(requests /media/)
manifest 'del(.generatedAt, .listing.completedAt)' >"$work/manifest.before"
find "$archive/recordings" -type f -printf '%p %i %T@\n' | sort >"$work/files.before"
sync u-real "$archive" second
equal "the second run's status" "$status" 0
equal "the second run asks for no media" "$(($(requests /media/) - before))" 0
manifest 'del(.generatedAt, .listing.completedAt)' >"$work/manifest.after"
check "the manifest says the same" diff "$work/manifest.before" "$work/manifest.after"
find "$archive/recordings" -type f -printf '%p %i %T@\n' | sort >"$work/files.after"
check "no file was touched" diff "$work/files.before" "$work/files.after"

# --- The third night: what was saving is complete -------------------------------------------------

say "the third night: what was saving is complete"
before=$(requests /media/)
write_pages complete
sync u-real "$archive" third
equal "the third run's status" "$status" 0
equal "one media is asked for" "$(($(requests /media/) - before))" 1
equal "it is the one that was saving" "$(grep /media/ "$work/nginx/access.log" | tail -n 1 | cut -d ' ' -f 1-3)" \
    '200 GET /v1/users/u-real/media/c-10-1.wav'
equal "it is archived" "$(manifest '.recordings[] | select(.id == "rec-saving") | .status')" archived
check "it is as served" cmp "$media/c-10-1.wav" \
    "$archive/$(manifest '.recordings[] | select(.id == "rec-saving") | .file')"
equal "it is the last in sequence" \
    "$(manifest '[.recordings[] | select(.sequence != null)] | max_by(.sequence) | .id')" rec-saving
check "sha256sum -c finds nothing wrong" env -C "$archive" sha256sum --check --strict --quiet SHA256SUMS

# --- A page in place of audio ---------------------------------------------------------------------

say "a page in place of audio"
sync u-page "$work/page-archive" page
equal "a run with a failed recording ends with status 3" "$status" 3
equal "it is told as failed" \
    "$(jq -r '.recordings[].status' "$work/page-archive/manifest.json" 2>&1)" failed
check "with its reason" jq -e '.recordings[0].error | .code and .message and (.attempts > 0)' \
    "$work/page-archive/manifest.json"
equal "nothing became a file" "$(find "$work/page-archive/recordings" -type f 2>/dev/null)" ''

finish
