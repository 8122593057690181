#!/usr/bin/env bash
# Makes a Debian package of callarchive.
#
# Usage: Scripts/package-deb.sh [FOLDER]      (.build/packages when nothing is said)
#   CALLARCHIVE=PROGRAM     the program to pack, else that of .build/release, built when missing
#   SOURCE_DATE_EPOCH=N     the date in the package, else the last commit's
#   DEBFULLNAME, DEBEMAIL   who answers for the package, else the last commit's author
#
# Prints the package's path as its last line. The version is the program's own. With the same
# program and date the package is the same, byte for byte. What it depends on is computed.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

case ${1-} in
-h | --help)
    usage "${BASH_SOURCE[0]}"
    exit 0
    ;;
-*) stop "unknown argument '$1'; see Scripts/package-deb.sh --help" ;;
esac
target=${1:-.build/packages}
for command in dpkg-deb dpkg-shlibdeps strip gzip; do
    command -v "$command" >/dev/null ||
        stop "there is no '$command'; install dpkg-dev and binutils"
done

program=${CALLARCHIVE:-.build/release/callarchive}
if [[ ! -x $program && -z ${CALLARCHIVE-} ]]; then
    bash Scripts/build.sh release
fi
version=$("$program" --version | sed -n 's/^callarchive \([0-9][0-9A-Za-z.+~]*\)$/\1/p')
[[ -n $version ]] || stop "$program tells no version"
revision=1
date=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || true)}
[[ $date =~ ^[0-9]+$ ]] || stop "the date is not known here; set SOURCE_DATE_EPOCH"
name=${DEBFULLNAME:-$(git log -1 --format=%an 2>/dev/null || true)}
address=${DEBEMAIL:-$(git log -1 --format=%ae 2>/dev/null || true)}
[[ -n $name && -n $address ]] || stop "nobody answers for the package; set DEBFULLNAME and DEBEMAIL"
architecture=$(dpkg --print-architecture)

umask 022
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tree=$scratch/tree
mkdir -p "$tree/DEBIAN" "$target"

DESTDIR=$tree CALLARCHIVE=$program bash Scripts/install.sh --prefix /usr >/dev/null
gzip -9n "$tree/usr/share/man/man1/callarchive.1"

documents=$tree/usr/share/doc/callarchive
install -m 0644 Scripts/packaging/copyright "$documents/copyright"
gzip -9nc Sources/CallArchive/CallArchive.docc/Changelog.md >"$documents/changelog.gz"
{
    printf 'callarchive (%s-%s) stable; urgency=medium\n\n' "$version" "$revision"
    printf '  * callarchive %s; what is new stands in changelog.gz.\n\n' "$version"
    printf ' -- %s <%s>  %s\n' "$name" "$address" "$(LC_ALL=C TZ=UTC date -R -d "@$date")"
} | gzip -9nc >"$documents/changelog.Debian.gz"

# What lintian would have said of a package that is on its way into Debian itself.
install -d "$tree/usr/share/lintian/overrides"
printf '# It was made for its own users; Debian has no bug that asks for it.\n%s\n' \
    'callarchive: initial-upload-closes-no-bugs *' >"$tree/usr/share/lintian/overrides/callarchive"

# dpkg-shlibdeps wants a source package around it.
mkdir -p "$scratch/debian"
printf 'Source: callarchive\n\nPackage: callarchive\nArchitecture: any\n' >"$scratch/debian/control"
depends=$(cd "$scratch" && dpkg-shlibdeps -O tree/usr/bin/callarchive 2>"$scratch/shlibdeps.err" |
    sed -n 's/^shlibs:Depends=//p') || true
[[ -n $depends ]] || stop "what it depends on is not known: $(cat "$scratch/shlibdeps.err")"

# Packed relocations, which no symbol tells of.
depends=$(sed -E 's/libc6 \(>= 2\.([0-2]?[0-9]|3[0-5])\)/libc6 (>= 2.36)/' <<<"$depends")

# Options of libcurl that no symbol tells of came with 7.85.
depends=$(sed -E 's/libcurl4 \(>= 7\.[0-8][0-9.]*\)/libcurl4 (>= 7.85.0)/' <<<"$depends")

units=
for unit in "$tree"/usr/lib/systemd/system/*; do
    [[ ! -f $unit ]] || units+=" $(basename "$unit")"
done
if [[ -n $units ]]; then
    # Where Debian 12 and later look for them.
    mkdir -p "$tree/lib/systemd"
    mv "$tree/usr/lib/systemd/system" "$tree/lib/systemd/system"
    rmdir -p --ignore-fail-on-non-empty "$tree/usr/lib/systemd"
    cat >"$tree/DEBIAN/postinst" <<'SCRIPT'
#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
    systemctl --system daemon-reload >/dev/null || true
fi
SCRIPT
    cat >"$tree/DEBIAN/prerm" <<SCRIPT
#!/bin/sh
set -e
if [ "\$1" = remove ] && [ -d /run/systemd/system ]; then
    deb-systemd-invoke stop$units >/dev/null || true
fi
SCRIPT
    # The owner's `systemctl enable` made links that nobody else takes away.
    cat >"$tree/DEBIAN/postrm" <<SCRIPT
#!/bin/sh
set -e
if [ "\$1" = remove ] || [ "\$1" = purge ]; then
    for unit in$units; do
        rm -f /etc/systemd/system/*.wants/"\$unit"
    done
fi
SCRIPT
    cat >>"$tree/DEBIAN/postrm" <<'SCRIPT'
if [ -d /run/systemd/system ]; then
    systemctl --system daemon-reload >/dev/null || true
fi
SCRIPT
    chmod 0755 "$tree/DEBIAN/postinst" "$tree/DEBIAN/prerm" "$tree/DEBIAN/postrm"
fi

cat >"$tree/DEBIAN/control" <<CONTROL
Package: callarchive
Version: $version-$revision
Architecture: $architecture
Maintainer: $name <$address>
Installed-Size: $(du -k --apparent-size -s "$tree" | cut -f 1)
Depends: $depends, ca-certificates
Section: comm
Priority: optional
Description: complete, verified archive of an account's call recordings
 callarchive lists the call recordings of an account at the provider
 (Bandwidth's Catapult API, version 1), downloads those that are complete,
 checks each one's bytes, and keeps them as .wav files with a JSON manifest
 and checksums.
 .
 It is made to run every night: only what is new is fetched, and a run that
 was cut, killed or out of space is continued by running it again.
CONTROL
(cd "$tree" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | LC_ALL=C sort -z |
    xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
find "$tree" -exec touch --no-dereference --date="@$date" {} +

package=$target/callarchive_$version-${revision}_$architecture.deb
SOURCE_DATE_EPOCH=$date dpkg-deb --root-owner-group -Zxz --build "$tree" "$package" >/dev/null
say "$(stat -c %s "$package") bytes, needs $depends, ca-certificates"
printf '%s\n' "$package"
