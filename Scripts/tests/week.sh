#!/usr/bin/env bash
# A week of nights by cron: new recordings each night, an outage, a full disk, a revoked password, a machine
# that dies. For each night it prints what the mail, the metrics and the pings said, and checks them.
#
# Usage: Scripts/tests/week.sh
#   CALLARCHIVE=PROGRAM, CATAPULT_SIMULATOR=PROGRAM    else those of .build/release
#
# The full disk is a small tmpfs, which takes root; without it --min-free says that the disk is full.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
# shellcheck source=Scripts/lib/simulator.sh
source Scripts/lib/simulator.sh
need curl jq sha256sum python3
need_programs
export LC_ALL=C

disk=$work/disk
archive=$disk/archive
metrics=$work/callarchive.prom
pings=$work/pings.ndjson
promtool=$(command -v promtool || true)
[[ -n $promtool ]] || promtool=$repository/.build/tools/promtool
[[ -x $promtool ]] || skip "the metrics are not checked by promtool: it is not there"

# shellcheck disable=SC2317  # called at the end, by checks.sh
clean_up_more() {
    if mountpoint -q "$disk" 2>/dev/null; then
        umount "$disk"
    fi
}

mkdir "$disk" "$work/provider"
has_disk=no
if [[ $(id -u) == 0 ]] && mount -t tmpfs -o size=64m,mode=0755 callarchive-test "$disk" 2>/dev/null; then
    has_disk=yes
fi

CATAPULT_SIMULATOR_TOKEN=t-week CATAPULT_SIMULATOR_SECRET=s-week \
    start_simulator "$simulator" "$work/provider" --count 30 --size 20K-60K --days 20
processes+=("$simulator_process")
: >"$pings"
start_listener "$work/receiver" python3 Scripts/lib/ping-receiver.py "$pings"
receiver=$url

# All that cron's job has: a configuration, and a file with the credentials.
(umask 077 && printf '{"token": "t-week", "secret": "s-week"}\n' >"$work/credentials.json")
cat >"$work/callarchive.json5" <<WORDS
{
  archive: "$archive",
  "user-id": "u-simulated",
  "base-url": "$base",
  "credentials-file": "$work/credentials.json",
  "metrics-file": "$metrics",
  "ping-url": "$receiver?create=1",
  "min-free": "0",
  retries: 1,
  "connect-timeout": "5s",
}
WORDS

# new NIGHT COUNT DAYS SIZE: recordings that began so many days ago appear at the provider.
new() {
    control POST recordings "$(jq -nc --arg night "$1" --argjson count "$2" --argjson days "$3" \
        --argjson size "$4" '[range($count) | {
            id: "n\($night)-\($days)d-\(.)", size: $size,
            startTime: (((now - $days * 86400) * 1000 | floor) + . * 60000)}]')"
}

# sample NAME: the value of a metric, without its labels; nothing when it is absent.
sample() {
    sed -n "s/^callarchive_$1{archive=\"[^\"]*\"${2-}} //p" "$metrics"
}

# What stands in the crontab, with cron's poor environment.
crontab=(
    env -i HOME="$work" LOGNAME=nobody PATH=/usr/bin:/bin SHELL=/bin/sh
    "$callarchive" sync --config "$work/callarchive.json5"
)

# job [OPTION…]
job() {
    "${crontab[@]}" "$@"
}

# told: what the night's job left behind, after it ended with `status`.
told() {
    printf '\n--- night %s: %s\n' "$night" "$1"
    sed 's/^/  mail     | /' "$work/mail"
    [[ -s $work/mail ]] || printf '  mail     | none\n'
    printf '  metrics  | exit status %s, last success %s s ago, %s archived, %s pending, %s failed, %s at risk, oldest left %s days\n' \
        "$(sample last_run_exit_status)" \
        "$(awk -v a="$(sample last_run_timestamp_seconds)" -v b="$(sample last_success_timestamp_seconds)" \
            'BEGIN { printf "%.0f", a - b }')" \
        "$(sample recordings ',status="archived"')" "$(sample recordings ',status="pending"')" \
        "$(sample recordings ',status="failed"')" "$(sample at_risk_recordings)" \
        "$(sample oldest_unarchived_retention_left_seconds | awk '{ printf "%.1f", $1 / 86400 } END { if (!NR) printf "-" }')"
    tail -n +"$((seen + 1))" "$pings" |
        jq -r '"\(.path)  \(.body | rtrimstr("\n") | gsub("\n"; " / "))"' | sed 's/^/  ping     | /'
}

# promtool_takes FILE
# shellcheck disable=SC2317  # called through check
promtool_takes() {
    "$promtool" check metrics <"$1"
}

# run_night TEXT STATUS [OPTION…]: the job of the next night, and what is true of each.
night=0
run_night() {
    local text=$1 want=$2
    shift 2
    night=$((night + 1))
    seen=$(wc -l <"$pings")
    before=$(sample last_success_timestamp_seconds 2>/dev/null || true)
    status=0
    job "$@" >"$work/out" 2>"$work/mail" </dev/null || status=$?
    told "$text"
    equal "night $night: status" "$status" "$want"
    equal "night $night: nothing on standard output" "$(cat "$work/out")" ''
    equal "night $night: the metrics tell the status" "$(sample last_run_exit_status)" "$want"
    [[ ! -x $promtool ]] || check "night $night: promtool takes the metrics" promtool_takes "$metrics"
    equal "night $night: anybody may read them" "$(stat -c %a "$metrics")" 644
    tail -n +"$((seen + 1))" "$pings" >"$work/told"
    equal "night $night: the last ping's body has the status" \
        "$(tail -n 1 "$work/told" | jq -r '.body | split("\n")[0]')" "exit status $want"
    equal "night $night: the last ping's body has the mail's last line" \
        "$(tail -n 1 "$work/told" | jq -r '.body | split("\n")[-2]')" "$(tail -n 1 "$work/mail")"
    equal "night $night: no credentials in the pings" "$(jq -r '.authorization // empty' "$work/told")" ''
    check "night $night: the pings' address is not in the mail" test -z "$(grep canary "$work/mail")"
    if [[ $want == 0 ]]; then
        equal "night $night: pings" "$(jq -r .path "$work/told" | tr '\n' ' ')" \
            '/5f1c-canary/start?create=1 /5f1c-canary?create=1 '
        equal "night $night: one line of mail" "$(wc -l <"$work/mail")" 1
        check "night $night: it is the last success" \
            test "$(sample last_success_timestamp_seconds)" != "${before:-0}"
    else
        equal "night $night: pings" "$(jq -r .path "$work/told" | tr '\n' ' ')" \
            '/5f1c-canary/start?create=1 /5f1c-canary/fail?create=1 '
        contains "night $night: the mail has an error" "$work/mail" '^error: '
        contains "night $night: and a hint" "$work/mail" '^  hint: '
        equal "night $night: the last success stays" "$(sample last_success_timestamp_seconds)" "$before"
    fi
}

run_night "the first" 0
contains "night 1: the mail counts" "$work/mail" '^callarchive: 30 archived \(.*\), 30 in all, none failed, in '

new 2 5 0.1 50000
run_night "new recordings" 0
contains "night 2: the mail counts" "$work/mail" '^callarchive: 5 archived \(.*\), 35 in all'
job --quiet >"$work/out" 2>&1 </dev/null
equal "a quiet job without trouble prints nothing at all" "$(cat "$work/out")" ''
job >"$work/out" 2>"$work/mail" </dev/null
equal "nothing new is one line too" "$(wc -l <"$work/mail")" 1

new 3 5 0.1 50000
run_night "the provider can't be reached" 5 --base-url "http://127.0.0.1:$(free_port)/v1"
contains "night 3: the mail names what can't be reached" "$work/mail" '^error: cannot reach the provider at http://127'

new 4 5 0.1 50000
new 4 2 25 3000000
if [[ $has_disk == yes ]]; then
    # 1 MB is left: the late old ones, which go first, are larger.
    mount -o "remount,size=$(($(df --output=used -B1 "$disk" | tail -n 1) + 1000000))" "$disk"
    run_night "the disk is full" 6
    contains "night 4: the mail says so" "$work/mail" '^error: .*(No space left on device|disk is full)'
    contains "night 4: and what is at risk, in one line" "$work/mail" \
        "^warning: 2 recordings are not archived and will be deleted .* 7 days: 'n4-25d-0' \(4 days left\)"
    contains "night 4: and in the summary" "$work/mail" '^callarchive: .*2 at risk'
    equal "night 4: the metrics count them" "$(sample at_risk_recordings)" 2
    check "night 4: the oldest has less than five days left" \
        awk -v left="$(sample oldest_unarchived_retention_left_seconds)" \
        'BEGIN { exit !(left > 4.9 * 86400 && left < 5 * 86400) }'
    fail_at_risk=0
    "$callarchive" status --fail-at-risk "$archive" >"$work/out" || fail_at_risk=$?
    equal "night 4: status --fail-at-risk" "$fail_at_risk" 3
    mount -o remount,size=64m "$disk"
else
    night=4
    skip "the night with a full disk: it takes root, to mount a small tmpfs"
fi

new 5 5 0.1 50000
control POST credentials/revoke
run_night "the password is revoked" 4
contains "night 5: the mail says what to check" "$work/mail" '^  hint: check .*token and secret'
check "night 5: the mail doesn't say the same of each recording" \
    test "$(grep -c '^error: recording .* answered 401' "$work/mail")" -le 5
# What the full disk kept from being committed was whole, and is taken without the provider.
check "night 5: what is archived has its bytes counted" \
    test "$(sample last_run_archived_bytes)" = "$(($(sample last_run_archived_recordings) * 50000))"
control POST credentials/restore

# The machine dies in the middle: nothing is said, by nobody. That is what the next start tells.
new 6 3 0.2 1000000
night=6
seen=$(wc -l <"$pings")
before=$(stat -c %Y.%i "$metrics")
"${crontab[@]}" --limit-rate 300K >"$work/out" 2>"$work/mail" </dev/null &
run=$!
processes+=("$run")
for _ in {1..400}; do
    [[ -z $(find "$archive/.callarchive/partial" -name '*.part' -size +20k 2>/dev/null) ]] || break
    sleep 0.02
done
sleep 0.3
kill -KILL "$run"
wait "$run" 2>/dev/null || true
told "the machine dies in the middle"
equal "night 6: no mail" "$(cat "$work/mail")" ''
equal "night 6: there was a start, and no end" \
    "$(tail -n +"$((seen + 1))" "$pings" | jq -r .path | tr '\n' ' ')" '/5f1c-canary/start?create=1 '
equal "night 6: the metrics are those of night 5" "$(stat -c %Y.%i "$metrics")" "$before"

new 7 5 0.1 50000
run_night "all is well again" 0
contains "night 7: the start tells of the night before" <(head -n 1 "$work/told" | jq -r .body) \
    '^the run before it, begun at .*, ended without a word'
equal "night 7: everything is archived" "$(jq -c '.summary | [.listed, .archived]' "$archive/manifest.json")" \
    '[60,60]'
equal "night 7: nothing is at risk" "$(sample at_risk_recordings)" 0
equal "night 7: nothing is left, so nothing has an age" "$(sample oldest_unarchived_age_seconds)" ''
check "night 7: sha256sum -c finds nothing wrong" \
    env -C "$archive" sha256sum --check --strict --quiet SHA256SUMS
equal "no run left anything beside the metrics" "$(find "$work" -maxdepth 1 -name '.callarchive*' | wc -l)" 0

finish
