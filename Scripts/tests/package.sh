#!/usr/bin/env bash
# Installing: the Debian package on a bare Debian of its own, and Scripts/install.sh below a prefix.
#
# Usage: Scripts/tests/package.sh
#   CALLARCHIVE=PROGRAM    else that of .build/release
#
# The bare Debian is made by mmdebstrap, which takes root and a mirror; without them the package is
# only unpacked, run from there, and that is said.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh
need dpkg-deb dpkg-shlibdeps lintian man mandoc zsh fish gzip
need_programs
export CALLARCHIVE=$callarchive
version=$("$callarchive" --version)
number=${version#callarchive }

# --- the package ----------------------------------------------------------------------------------

say "the package"
mkdir "$work/first" "$work/second"
export SOURCE_DATE_EPOCH=1700000000
package=$(Scripts/package-deb.sh "$work/first" | tail -n 1)
check "it is made" test -s "$package"
Scripts/package-deb.sh "$work/second" >/dev/null
check "made again it is the same, byte for byte" \
    cmp "$package" "$work/second/$(basename "$package")"
equal "its version is the program's" "$(dpkg-deb -f "$package" Version)" "$number-1"

lintian --fail-on none "$package" >"$work/lintian" 2>"$work/lintian.err" || true
equal "lintian has nothing to say" "$(grep -E '^[EWI]: ' "$work/lintian" || true)" ''
for library in libc6 libcurl4 libsqlite3-0 libssl3 ca-certificates; do
    dpkg-deb -f "$package" Depends >"$work/depends"
    contains "it depends on $library" "$work/depends" "(^|, )$library( |,|$)"
done

# --- a bare tree ----------------------------------------------------------------------------------

# look_at FOLDER TEXT: the files of an installation below FOLDER do what they are for.
look_at() {
    local tree=$1 text=$2 page bash_file zsh_file fish_file
    page=$(find "$tree" -name 'callarchive.1*' -path '*man1*' -type f)
    bash_file=$(find "$tree" -path '*bash-completion/completions/callarchive' -type f)
    zsh_file=$(find "$tree" -name _callarchive -type f)
    fish_file=$(find "$tree" -name callarchive.fish -type f)
    MANWIDTH=80 man --warnings -l "$page" >"$work/page" 2>"$work/page.err" || true
    contains "$text: man shows its page" "$work/page" '^ *callarchive sync \[options\] \[ARCHIVE\]'
    equal "$text: man has no complaint" "$(cat "$work/page.err")" ''
    gzip -dcf "$page" >"$work/page.roff"
    equal "$text: nor has mandoc" "$(mandoc -T lint -W warning "$work/page.roff" 2>&1 || true)" ''
    bash --norc -c '
        source "$1"
        COMP_WORDS=(callarchive sync --concur) COMP_CWORD=2
        _callarchive
        printf "%s\n" "${COMPREPLY[@]}"' - "$bash_file" >"$work/words" 2>&1 || true
    contains "$text: bash completes" "$work/words" '^--concurrency$'
    zsh -f -c '
        fpath=("$1" $fpath)
        autoload -Uz compinit
        compinit -D -u
        print -r -- "${_comps[callarchive]}"
        autoload +X _callarchive && print loaded' - "$(dirname "$zsh_file")" >"$work/words" 2>&1 || true
    contains "$text: zsh knows whose completions they are" "$work/words" '^_callarchive$'
    contains "$text: zsh loads them" "$work/words" '^loaded$'
    # shellcheck disable=SC2016  # fish expands it
    env HOME="$work" fish --no-config -c '
        source $argv[1]
        complete --do-complete "callarchive sync --concur"' "$fish_file" >"$work/words" 2>&1 || true
    contains "$text: fish completes" "$work/words" '^--concurrency'
}

bare=$work/bare
# shellcheck disable=SC2317  # called at the end, by checks.sh
clean_up_more() {
    if mountpoint -q "$bare/proc" 2>/dev/null; then
        umount "$bare/proc"
    fi
    [[ ! -d $bare ]] || rm -rf --one-file-system "$bare"
}

# names FOLDER: all that is there but what apt, dpkg and the like keep for themselves.
names() {
    (cd "$1" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./tmp \
        -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./var/cache -o -path ./var/log \
        \) -prune -o -print | LC_ALL=C sort)
}

inside() {
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
        chroot "$bare" "$@"
}

# make_bare: a Debian with dpkg and apt, and the libraries the package needs, from its own lists.
make_bare() {
    local needs
    needs=$(dpkg-deb -f "$package" Depends | sed 's/([^)]*)//g; s/ //g')
    mmdebstrap --mode=root --variant=apt --include="$needs" \
        "$(sh -c '. /etc/os-release; echo "$VERSION_CODENAME"')" "$bare" >"$work/mmdebstrap" 2>&1 ||
        return 1
    # A Swift program reads its arguments from there.
    mount -t proc proc "$bare/proc" 2>>"$work/mmdebstrap"
}

say "a bare Debian"
if [[ $(id -u) != 0 ]]; then
    skip "installing on a bare Debian: it takes root"
elif ! command -v mmdebstrap >/dev/null; then
    skip "installing on a bare Debian: there is no mmdebstrap"
elif ! make_bare; then
    skip "installing on a bare Debian: $(tail -n 1 "$work/mmdebstrap")"
    rm -rf --one-file-system "$bare"
fi
if [[ -d $bare ]]; then
    # Where links to units that are switched on lie; other packages' are there already.
    mkdir -p "$bare/etc/systemd/system/timers.target.wants"
    names "$bare" >"$work/before"
    cp "$package" "$bare/tmp/callarchive.deb"
    check "bare: dpkg installs it" inside dpkg -i /tmp/callarchive.deb
    check "bare: apt finds nothing missing" inside apt-get check
    equal "bare: it runs" "$(inside callarchive --version)" "$version"
    equal "bare: doctor runs, and asks for what is missing" \
        "$(inside callarchive doctor --json /srv/calls | jq -r 'select(.exitStatus == 2) | .check' |
            sort | tr '\n' ' ')" 'account credentials '
    # Documents are left out of images; here they are wanted.
    look_at "$bare/usr" bare
    names "$bare" >"$work/with"
    check "bare: it has put files" test "$(comm -13 "$work/before" "$work/with" | wc -l)" -gt 5
    check "bare: dpkg finds them all as they were" inside dpkg --verify callarchive
    # As `systemctl enable` leaves it.
    ln -s /lib/systemd/system/callarchive.timer "$bare/etc/systemd/system/timers.target.wants/"
    check "bare: dpkg removes it" inside dpkg --remove callarchive
    names "$bare" >"$work/after"
    equal "bare: nothing remains, no link to its timer either" "$(diff "$work/before" "$work/after")" ''
    check "bare: installed again" inside dpkg -i /tmp/callarchive.deb
    check "bare: and purged" inside dpkg --purge callarchive
    names "$bare" >"$work/after"
    equal "bare: nothing remains then" "$(diff "$work/before" "$work/after")" ''
else
    mkdir "$work/tree"
    dpkg-deb -x "$package" "$work/tree"
    equal "unpacked: it runs" "$("$work/tree/usr/bin/callarchive" --version)" "$version"
    look_at "$work/tree/usr" unpacked
fi

# --- install.sh -----------------------------------------------------------------------------------

say "install.sh"
prefix=$work/prefix
mkdir -p "$prefix/bin" "$prefix/share/man/man1"
echo 'not ours' >"$prefix/bin/other"
# A prefix that was there stays, with all that others put into it.
(cd "$prefix" && find . | LC_ALL=C sort) >"$work/before"
check "prefix: it installs" Scripts/install.sh --prefix "$prefix"
equal "prefix: it runs" "$("$prefix/bin/callarchive" --version)" "$version"
look_at "$prefix" prefix
cp "$prefix/share/doc/callarchive/examples/callarchive.json5" "$work/example.json5"
chmod 0644 "$work/example.json5"
status=0
"$prefix/bin/callarchive" doctor --json --config "$work/example.json5" "$work/none" >"$work/out" 2>&1 ||
    status=$?
equal "prefix: the example is a configuration" \
    "$(jq -r 'select(.check == "configuration") | .level' <"$work/out" 2>/dev/null)" ok
check "prefix: again does no harm" Scripts/install.sh --prefix="$prefix"
check "prefix: it uninstalls" Scripts/install.sh --prefix "$prefix" --uninstall
(cd "$prefix" && find . | LC_ALL=C sort) >"$work/after"
equal "prefix: nothing of it remains" "$(comm -13 "$work/before" "$work/after")" ''
equal "prefix: others' files do" "$(cat "$prefix/bin/other")" 'not ours'
odd="$work/made for/it & 100%"
check "an odd prefix: it installs" Scripts/install.sh --prefix "$odd"
equal "an odd prefix: the unit starts what is there" \
    "$(sed -n 's/^ExecStart=//p' "$odd/lib/systemd/system/callarchive.service")" \
    "\"${odd//%/%%}/bin/callarchive\" sync"
check "an odd prefix: it uninstalls" Scripts/install.sh --prefix "$odd" --uninstall
check "an odd prefix: nothing remains" test ! -e "$odd"
status=0
Scripts/install.sh --prefix relative >"$work/out" 2>&1 || status=$?
equal "a relative prefix is refused" "$status" 1

finish
