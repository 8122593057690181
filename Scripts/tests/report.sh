#!/usr/bin/env bash
# The report page in a browser: made from a simulated account, opened in headless Chromium.
#
# Usage: Scripts/tests/report.sh
#   CALLARCHIVE=PROGRAM    the program to test, else .build/release/callarchive
#   SHOTS=FOLDER           keep screenshots and the printed page there, to be looked at
#
# Ids that try to be markup, a player that plays from the disk and over http, filters, search, order, keys,
# paper, phone width; then 50,000 recordings, where each interaction is measured. The browser's part is
# Scripts/tests/report.py.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/simulator.sh
source Scripts/lib/simulator.sh
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
need jq curl
need_programs
python=.build/venv/bin/python
shots=${SHOTS:-$work}
mkdir -p "$shots"

export CALLARCHIVE_USER_ID=u-simulated CALLARCHIVE_TOKEN=t-simulated CALLARCHIVE_SECRET=s-simulated

sync() {
    "$callarchive" sync --base-url "$base" --request-rate none --retries 0 "$@"
}

# in_browser PART ARGUMENT…: counts what Scripts/tests/report.py says.
in_browser() {
    local line
    if ! "$python" -c 'import playwright' 2>/dev/null || ! command -v chromium >/dev/null; then
        skip "$1 in a browser: there is no chromium, or no playwright in .build/venv (Scripts/setup.sh --test)"
        return 0
    fi
    if ! "$python" Scripts/tests/report.py "$@" >"$work/browser.log" 2>"$work/browser.err"; then
        not_ok "$1 in a browser" "$(tail -n 25 "$work/browser.err")"
    fi
    while IFS= read -r line; do
        case $line in
        'ok '*) ok "${line#ok }" ;;
        'not '*) not_ok "${line#not }" ;;
        *) say "$line" ;;
        esac
    done <"$work/browser.log"
}

# --- An archive with everything in it -------------------------------------------------------------

archive="$work/calls 100% ü"
say "an archive with every kind of audio, failures, risks and ids that try to be markup"
start_simulator "$simulator" "$work" --count 60 --size 60K-300K --days 26 \
    --audio pcm=4,stereo,mulaw,alaw,gsm,mp3 --fault 'media:r-old*:html-200'
processes+=("$simulator_process")
python3 - >"$work/rows.json" <<'PY'
import json, time
day = 86_400_000
now = int(time.time() * 1000)
ids = [
    "</script><script>window.pwned=1</script>",
    "\"><img src=x onerror=window.pwned=2>'",
    "<!--<script>",
    "control\u0001\u001b[2J\u007f\u0085\nline",
    "right\u202eot-left\u2066\u200b",
    "a%41/..%2f b?c#d&e;\u00fc\u6f22\\",
    "L" * 5000,
    "{{data}}",
]
rows = [{"id": one, "state": "complete", "startTime": now - at * 3_600_000, "size": 90_044} for at, one in enumerate(ids, 1)]
rows += [{"id": f"r-old-{at}", "state": "complete", "startTime": now - (24 + at) * day} for at in range(3)]
rows += [{"id": "r-soon", "state": "saving", "startTime": now - day}]
rows += [{"id": "r-undated", "state": "complete", "omit": ["startTime"]}]
print(json.dumps(rows))
PY
control POST recordings "$(cat "$work/rows.json")"
sync --with-calls --with-transcriptions "$archive" >/dev/null 2>"$work/sync.err" || true
control POST recordings/remove-media '"r-000007"' || true
equal "the archive holds all but four" "$(jq -c '.summary | [.archived, .failed, .waiting]' "$archive/manifest.json")" '[69,3,1]'

check "the report is written" "$callarchive" report "$archive"
report=$archive/report.html
equal "for its owner alone" "$(stat -c %a "$report")" 600
check "nothing is left beside it" test -z "$(find "$archive" -maxdepth 1 -name '.*.new')"
equal "verify takes no offence at it" "$("$callarchive" verify "$archive" 2>/dev/null)" ''
equal "one script that runs, however the ids look" "$(grep -c '<script>' "$report")" 1
equal "no address of another host" "$(grep -Eo '(src|href)="?https?:' "$report" || true)" ''
contains "nothing is loaded but what lies beside it" "$report" "default-src 'none'; script-src 'sha256-"

mkdir -p "$work/www/pages"
check "it can be written elsewhere" "$callarchive" report --output "$work/www/pages/calls.html" \
    --waveforms none "$archive"
status=0
"$callarchive" report --output "$archive/manifest.json" "$archive" 2>"$work/refused.err" || status=$?
equal "but not in the place of the archive's own files" "$status" 2
check "which are as they were" jq -e .summary "$archive/manifest.json"

in_browser page "$archive" "$shots"
in_browser elsewhere "$archive" "$work/www/pages/calls.html"

say "an archive of one recording, and one of none"
for count in 0 1; do
    end_process "$simulator_process"
    start_simulator "$simulator" "$work" --count "$count" --size 60K
    processes+=("$simulator_process")
    sync "$work/of-$count" >/dev/null 2>"$work/sync.err"
    check "the report of $count is written" "$callarchive" report "$work/of-$count"
done
in_browser few "$work/of-0" "$work/of-1"
day=$(jq -r '.recordings[0].startTime[:10]' "$archive/manifest.json")
check "a report of a few days is written" "$callarchive" report --output "$work/www/pages/days.html" \
    --until "$(date -u -d "$day + 3 days" +%F)" "$archive"
in_browser days "$archive" "$work/www/pages/days.html"

# --- Fifty thousand -------------------------------------------------------------------------------

many=$work/many
say "an archive of 50,000 recordings: listed by a sync, entered as archived by hand"
end_process "$simulator_process"
start_simulator "$simulator" "$work" --count 50000 --size 4K --days 400 --no-memory-log
processes+=("$simulator_process")
sync --max-files 1 "$many" >/dev/null 2>"$work/many.err" || true
python3 - "$many/.callarchive/catalog.sqlite" <<'PY'
import sqlite3, sys
catalog = sqlite3.connect(sys.argv[1])
catalog.execute("""
    UPDATE recordings SET status = 0, file = 'recordings/2026/01/02/20260102T030405Z_' || id || '.wav',
        bytes = 44 + 16000 * (row * 7919 % 1800), container = 'wav', encoding = 'pcm_s16le', channels = 1,
        sample_rate = 8000, duration = row * 7919 % 1800, archived_at = start_key + 90000000,
        sequence = 100000 + row, error_code = NULL
    WHERE row % 97 <> 0""")
catalog.execute("""
    UPDATE recordings SET status = 5, error_code = 'http-50' || (row % 4), error_message = 'the provider answered 50' || (row % 4),
        attempts = 6, last_attempt_at = start_key + 90000000
    WHERE row % 97 = 0""")
catalog.commit()
PY
memory=$(python3 - "$callarchive" report "$many" <<'PY'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
PY
)
say "written with $memory MiB of memory at most, $(du -m "$many/report.html" | cut -f 1) MiB"
check "memory doesn't grow with the recordings" test "$memory" -lt 64
in_browser many "$many" "$shots"

finish
