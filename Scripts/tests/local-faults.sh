#!/usr/bin/env bash
# What can be wrong with the machine that holds the archive: a full or read-only disk, permissions, links
# planted in the archive, parts and files altered behind its back, closed outputs, no locale, no environment.
# Each with its exit status, its words, and what lies there afterwards.
#
# Usage: Scripts/tests/local-faults.sh
#   CALLARCHIVE=PROGRAM, CATAPULT_SIMULATOR=PROGRAM    else those of .build/release
#
# The cases with a disk of their own, and one of sealed folders, need root to mount them; else they are skipped.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
# shellcheck source=Scripts/lib/simulator.sh
source Scripts/lib/simulator.sh
need curl jq sha256sum
need_programs
export LC_ALL=C

mounted=$work/disk

# shellcheck disable=SC2317  # called at the end, by checks.sh
clean_up_more() {
    if mountpoint -q "$mounted" 2>/dev/null; then
        umount "$mounted"
    fi
    [[ -z ${other-} ]] || rm -rf "$other"
}

# shellcheck source=Scripts/lib/archives.sh
source Scripts/lib/archives.sh

# --- A disk of its own ----------------------------------------------------------------------------

mkdir "$mounted"
if [[ $(id -u) != 0 ]]; then
    skip "a full disk and a read-only one: they take root, to mount a small tmpfs"
elif ! mount -t tmpfs -o size=640k,mode=0755 callarchive-test "$mounted" 2>"$work/mount.err"; then
    skip "a full disk and a read-only one: $(cat "$work/mount.err")"
else
    sync "$mounted/archive"
    ends "a disk that fills up" 6 '^error: .*|caused by: .*(No space|full)'
    contains "a disk that fills up: a hint" "$work/err" '^ *hint: .*room|^ *hint: .*space'
    right "a disk that fills up" "$mounted/archive"
    sync "$mounted/archive"
    ends "a disk that is still full" 6 '^error: '
    right "a disk that is still full" "$mounted/archive"
    mount -o remount,size=64m "$mounted"
    again "a disk that was full" "$mounted/archive"
    mount -o remount,ro "$mounted"
    sync "$mounted/archive"
    ends "a read-only disk" 6 '[Rr]ead-only'
    sync "$mounted/new"
    ends "a new archive on a read-only disk" 6 '[Rr]ead-only'
    mount -o remount,rw "$mounted"
    again "a disk that was read-only" "$mounted/archive"
    # Inodes run out where bytes do not.
    umount "$mounted"
    mount -t tmpfs -o size=64m,nr_inodes=14,mode=0755 callarchive-test "$mounted"
    sync "$mounted/archive"
    ends "a disk without inodes" 6 '^error: '
    right "a disk without inodes" "$mounted/archive"
    mount -o remount,nr_inodes=1000 "$mounted"
    again "a disk that had no inodes" "$mounted/archive"
    umount "$mounted"
fi

# --- Permissions ----------------------------------------------------------------------------------

# Root may write everywhere: as root the cases run as somebody else.
well "an archive" "$work/plain"
if [[ $(id -u) == 0 ]] && ! command -v setpriv >/dev/null; then
    skip "permissions: root may do everything, and there is no setpriv to be somebody else"
else
    # Somebody else must be able to come there, which a build folder may not allow.
    other=$(mktemp -d)
    chmod 0755 "$other"
    cp -a "$work/plain" "$other/archive"
    trusted=$callarchive
    if [[ $(id -u) == 0 ]]; then
        cp "$callarchive" "$other/callarchive"
        callarchive=$other/callarchive
        before=(setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent)
        chown -R 65534:65534 "$other"
    fi
    if ! "${before[@]}" "$callarchive" --version >/dev/null 2>&1; then
        skip "permissions: another user can't run $callarchive"
    else
        for place in . recordings .callarchive .callarchive/partial; do
            # Something to do, so that each place is needed.
            find "$other/archive/recordings" -name '*r-000004*' -delete
            chmod 0500 "$other/archive/$place"
            [[ $place != recordings ]] || find "$other/archive/recordings" -type d -exec chmod 0500 {} +
            sync "$other/archive"
            if [[ $place == . ]]; then
                # Only the manifest's new version needs to write there.
                ends "no permission to write in the archive's folder" 6 'Permission denied'
            else
                ends "no permission to write in $place" 6 'Permission denied|readonly|read-only|unable to open'
            fi
            right "no permission to write in $place" "$other/archive"
            find "$other/archive" -type d -exec chmod 0700 {} +
            again "permission in $place" "$other/archive"
        done
        chmod 0000 "$other/archive"
        sync "$other/archive"
        ends "no permission to enter the archive" 6 'Permission denied'
        contains "no permission to enter the archive: a hint" "$work/err" 'hint: .*permission'
        chmod 0700 "$other/archive"
        chmod 0500 "$other"
        sync "$other/new"
        ends "no permission to make the archive" 6 'Permission denied'
        chmod 0755 "$other"
        chmod 0400 "$other/archive/.callarchive/catalog.sqlite"
        sync "$other/archive"
        ends "no permission to write the catalog" 6 '^error: .*catalog'
        chmod 0600 "$other/archive/.callarchive/catalog.sqlite"
        again "permission to write the catalog" "$other/archive"
    fi
    before=()
    callarchive=$trusted
fi

# --- What stands where the archive should ---------------------------------------------------------

echo 'a file' >"$work/file"
sync "$work/file"
ends "the archive's path is a file" 6 '^error: .*file'
equal "the archive's path is a file: it is untouched" "$(cat "$work/file")" 'a file'
sync "$work/file/below"
ends "a file on the way to the archive" 6 '^error: '
ln -s "$work/nowhere" "$work/dangling"
sync "$work/dangling"
ends "the archive's path is a link to nowhere" 6 '^error: '
check "the archive's path is a link to nowhere: nothing was made there" test ! -e "$work/nowhere"
mkfifo "$work/fifo"
sync "$work/fifo"
ends "the archive's path is a pipe" 6 '^error: '
mkdir "$work/real"
ln -s "$work/real" "$work/link"
well "the archive's path is a link to a folder" "$work/link"

# --- Planted links --------------------------------------------------------------------------------

# The place that a link leads to: nothing may come there, nothing of it may change.
outside=$work/outside
# part_name ID
part_name() {
    printf '%s' "$1" | sha256sum | cut -c 1-32 | sed 's/$/.part/'
}
day=$(cd "$work/plain" && find recordings -type f -name '*r-000004*' -printf '%h\n')

# planted TEXT PLACE STATUS PATTERN: a link at PLACE of an archive that has something left to fetch.
planted() {
    local text=$1 place=$2 want=$3 pattern=$4 archive=$work/planted
    rm -rf "$archive" "$outside"
    mkdir -p "$outside"
    echo precious >"$outside/precious"
    if [[ $place == new:* ]]; then
        place=${place#new:}
        mkdir -p "$(dirname "$archive/$place")"
    else
        cp -a "$work/plain" "$archive"
        find "$archive/recordings" -name '*r-000004*' -delete
        rm -rf "${archive:?}/$place"
    fi
    if [[ $5 == folder ]]; then
        ln -s "$outside" "$archive/$place"
    else
        ln -s "$outside/precious" "$archive/$place"
    fi
    sync "$archive"
    ends "$text" "$want" "$pattern"
    equal "$text: what it leads to is untouched" \
        "$(cd "$outside" && find . -mindepth 1 | sort | tr '\n' ' ')$(cat "$outside/precious")" './precious precious'
    rm -f "$archive/$place"
    [[ $want == 0 ]] || again "$text" "$archive"
}

planted "a link for recordings" recordings 6 'link|Not a directory' folder
planted "a link for recordings in a new archive" new:recordings 6 'link|Not a directory' folder
planted "a link for a year" recordings/2025 6 'link|Not a directory' folder
planted "a link for a month" "${day%/*}" 6 'link|Not a directory' folder
planted "a link for a day" "$day" 6 'link|Not a directory' folder
planted "a link for .callarchive" .callarchive 6 'link|Not a directory' folder
planted "a link for partial" .callarchive/partial 6 'link|Not a directory' folder
planted "a link for the lock" .callarchive/lock 6 'link' file
planted "a link for the catalog" .callarchive/catalog.sqlite 6 'link' file
for suffix in wal shm; do
    planted "a link for the catalog's $suffix" ".callarchive/catalog.sqlite-$suffix" 6 'catalog' file
done
planted "a link for the journal" .callarchive/partial/journal 0 '' file
planted "a link for a part" ".callarchive/partial/$(part_name r-000004)" 0 '' file
planted "a link for the next manifest" .callarchive/manifest.json.new 0 '' file
planted "a link for the next checksums" .callarchive/SHA256SUMS.new 0 '' file
planted "a link for the manifest" manifest.json 0 '' file
check "a link for the manifest: a file stands there now" \
    test -f "$work/planted/SHA256SUMS" -a ! -L "$work/planted/SHA256SUMS"
planted "a link for SHA256SUMS" SHA256SUMS 0 '' file
# Where a file is to come: nothing is followed, nothing overwritten.
file=$(cd "$work/plain" && find recordings -type f -name '*r-000004*')
planted "a link for a file to come" "new:$file" 3 '1 failed' file
# A link in the place of an archived file: fetched again, the link set aside.
file=$(cd "$work/plain" && find recordings -type f -name '*r-000002*')
planted "a link for an archived file" "$file" 0 'r-000002' file

# What is set aside goes nowhere else either.
cp -a "$work/plain" "$work/aside"
truncate -s 57 "$work/aside/$file"
mkdir "$work/elsewhere"
ln -s "$work/elsewhere" "$work/aside/.callarchive/damaged"
sync "$work/aside"
ends "a link for damaged" 6 'link|Not a directory'
equal "a link for damaged: nothing came there" "$(ls -A "$work/elsewhere")" ''
rm "$work/aside/.callarchive/damaged"
again "a link for damaged" "$work/aside"

# --- Parts and files altered ----------------------------------------------------------------------

# cut_short ARCHIVE: a run whose transfer of r-000005 is cut, its part is kept.
cut_short() {
    rm -rf "$1"
    control DELETE faults
    control POST faults '"media:r-000005:cut@0.7"'
    sync "$1" --retries 0
    equal "a transfer that is cut: status" "$status" 3
    control DELETE faults
    part=$1/.callarchive/partial/$(part_name r-000005)
    check "a transfer that is cut: its part is kept" test -s "$part"
}

cut_short "$work/part"
again "a part as it was left" "$work/part"
cut_short "$work/part-cut"
truncate -s -5000 "$part"
again "a part that was cut shorter" "$work/part-cut"
cut_short "$work/part-longer"
head -c 3000 /dev/zero >>"$part"
again "a part that was made longer" "$work/part-longer"
cut_short "$work/part-large"
head -c 200000 /dev/zero >>"$part"
again "a part larger than the whole" "$work/part-large"
cut_short "$work/part-gone"
rm "$part"
again "a part that is gone" "$work/part-gone"
cut_short "$work/part-edited"
printf 'EDITED' | dd of="$part" bs=1 seek=20000 conv=notrunc status=none
sync "$work/part-edited"
ends "a part that was edited" 0 ''
complete "a part that was edited" "$work/part-edited"
cut_short "$work/part-folder"
rm "$part"
mkdir "$part"
sync "$work/part-folder"
ends "a folder in a part's place" 6 'Is a directory'
right "a folder in a part's place" "$work/part-folder"
rmdir "$part"
again "a folder in a part's place" "$work/part-folder"

cp -a "$work/plain" "$work/altered"
file=$(find "$work/altered/recordings" -type f -name '*r-000006*')
rm "$file"
well "an archived file was deleted" "$work/altered"
contains "an archived file was deleted: it is named" "$work/err" 'r-000006.* missing'
truncate -s 100 "$file"
well "an archived file was cut" "$work/altered"
contains "an archived file was cut: it is named" "$work/err" 'r-000006.* has 100 bytes'
check "an archived file was cut: what was found is kept" test -n "$(ls -A "$work/altered/.callarchive/damaged")"
# The same size, other bytes: a sync looks at sizes, verify at bytes.
printf 'EDITED' | dd of="$file" bs=1 seek=20000 conv=notrunc status=none
for option in --quiet --repair; do
    status=0
    "$callarchive" verify "$option" "$work/altered" >"$work/out" 2>"$work/err" || status=$?
    equal "an archived file was edited: verify $option ends with 8" "$status" 8
done
well "an archived file was edited" "$work/altered"
rm -rf "$work/altered/recordings"
well "all archived files were deleted" "$work/altered"
rm "$work/altered/manifest.json" "$work/altered/SHA256SUMS"
well "manifest and sums were deleted" "$work/altered"
echo '{' >"$work/altered/manifest.json"
well "the manifest was edited" "$work/altered"
check "the manifest was edited: it is JSON again" jq -e '.schema' "$work/altered/manifest.json"

# --- The process's surroundings -------------------------------------------------------------------

before=(bash -c 'exec "$@" >&-' closed)
well "stdout closed" "$work/closed-out" --json
before=(bash -c 'exec "$@" 2>&-' closed)
well "stderr closed" "$work/closed-err"
before=(bash -c 'exec "$@" <&- >&- 2>&-' closed)
well "all three closed" "$work/closed-all" --json --verbose
# shellcheck disable=SC2016  # the inner shell expands it
before=(bash -c '"$@" | true; exit "${PIPESTATUS[0]}"' piped)
well "nobody reads stdout" "$work/pipe" --json
if [[ -e /dev/full ]]; then
    before=(bash -c 'exec "$@" >/dev/full' full)
    sync "$work/full" --json
    ends "stdout is full" 6 'standard output: no space'
    complete "stdout is full" "$work/full"
fi
before=(env LC_ALL=C LANG=C)
well "locale C" "$work/locale-ä"
before=(env -i CALLARCHIVE_TOKEN=t-local CALLARCHIVE_SECRET=s-local)
well "an empty environment but for the credentials" "$work/empty"
before=(env -u HOME)
well "HOME unset" "$work/homeless"
before=(env HOME=/nonexistent TMPDIR=/nonexistent)
well "HOME and TMPDIR that are not there" "$work/lost-home"
before=(env TZ=Pacific/Kiritimati)
well "the time zone furthest from UTC" "$work/zone"
equal "the time zone furthest from UTC: the same names" \
    "$(cd "$work/zone" && find recordings -type f | sort)" "$(cd "$work/plain" && find recordings -type f | sort)"
before=(bash -c 'umask 0777 && exec "$@"' masked)
sync "$work/masked"
if [[ $(id -u) == 0 ]]; then
    ends "umask 0777" 0 ''
else
    # Nobody but root can enter the folder that was made so.
    ends "umask 0777" 6 'Permission denied'
fi
before=(bash -c 'umask 0000 && exec "$@"' open)
well "umask 0000" "$work/open"
equal "umask 0000: nothing is open to others" "$(find "$work/open" -perm /077)" ''
before=()
relative=$(realpath --relative-to="$repository" "$work/relative")
well "a relative path" "$relative/a b/.."
check "a relative path: it is where it should be" test -d "$work/relative/recordings"
well "a path with blanks, quotes and a line end" "$work/it's \"odd\"
\$HOME %s"

# --- Nothing but the archive can be written -------------------------------------------------------

# As in a container whose own disk is read-only. SQLite sorts what takes more than about a MB on disk:
# the paths of 15,000 recordings take half as much again.
# shellcheck disable=SC2016  # the inner shell expands it
sealed=(unshare --mount env -u TMPDIR -u SQLITE_TMPDIR bash -c '
    for folder in /tmp /var/tmp /usr/tmp; do
        folder=$(realpath -e "$folder" 2>/dev/null) || continue
        mount --rbind "$folder" "$folder" && mount -o remount,bind,ro "$folder" || exit 99
    done
    cd /proc && exec "$@"' sealed)
if ! "${sealed[@]}" true 2>"$work/mount.err"; then
    skip "temporary folders that can't be written, for which they are mounted so: $(cat "$work/mount.err")"
elif ! mount -t tmpfs -o size=300m,mode=0755 callarchive-test "$mounted" 2>"$work/mount.err"; then
    skip "temporary folders that can't be written: $(cat "$work/mount.err")"
else
    mkdir "$work/provider-of-many"
    start_simulator "$simulator" "$work/provider-of-many" --count 15000 --size 200-300
    processes+=("$simulator_process")
    callarchive=$(realpath "$callarchive")
    before=("${sealed[@]}")
    sync "$mounted/archive" --request-rate none
    before=()
    ends "temporary folders that can't be written" 0 ''
    equal "temporary folders that can't be written: checksums of all" \
        "$(grep -c . "$mounted/archive/SHA256SUMS" || true)" 15000
    check "temporary folders that can't be written: in order" \
        sort --check --key=2 "$mounted/archive/SHA256SUMS"
    check "temporary folders that can't be written: sha256sum -c finds nothing wrong" \
        env -C "$mounted/archive" sha256sum --check --strict --quiet SHA256SUMS
    equal "temporary folders that can't be written: nothing is left in partial" \
        "$(ls -A "$mounted/archive/.callarchive/partial")" ''
fi

finish
