#!/usr/bin/env bash
# Installs callarchive below a folder, or takes it away again.
#
# Usage: Scripts/install.sh [--prefix FOLDER] [--uninstall]
#   --prefix FOLDER    where to (/usr/local when nothing is said)
#   --uninstall        removes what an installation there has put, and folders that are empty then
#   CALLARCHIVE=PROGRAM    the program to install, else that of .build/release, built when missing
#   DESTDIR=FOLDER         put it below this folder, for packages
#
# The program, its manual page, completions for bash, zsh and fish, systemd units (where systemd
# looks for them with /usr and /usr/local) and an example of a configuration. No service is started;
# archives and configuration files are never touched.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

prefix=/usr/local
uninstall=no
while [[ $# -gt 0 ]]; do
    case $1 in
    --prefix)
        prefix=${2-}
        shift
        ;;
    --prefix=*) prefix=${1#*=} ;;
    --uninstall) uninstall=yes ;;
    -h | --help)
        usage "${BASH_SOURCE[0]}"
        exit 0
        ;;
    *) stop "unknown argument '$1'; see Scripts/install.sh --help" ;;
    esac
    shift || stop "--prefix needs a folder"
done
[[ $prefix == /* ]] || stop "--prefix needs a folder that begins with '/', not '$prefix'"
[[ ! $prefix =~ [\"\'\\[:cntrl:]] ]] ||
    stop "--prefix needs a folder without quotes and backslashes: systemd takes none"
prefix=${prefix%/}
root=${DESTDIR-}

# Where the system looks for its packages' files differs from where it looks for the owner's own.
zsh_folder=$prefix/share/zsh/site-functions
[[ $prefix != /usr ]] || zsh_folder=$prefix/share/zsh/vendor-completions
documents=$prefix/share/doc/callarchive

units=()
for unit in Scripts/packaging/*.service Scripts/packaging/*.timer; do
    [[ ! -f $unit ]] || units+=("$unit")
done

# Every file that an installation makes.
files=(
    "$prefix/bin/callarchive"
    "$prefix/share/man/man1/callarchive.1"
    "$prefix/share/bash-completion/completions/callarchive"
    "$zsh_folder/_callarchive"
    "$prefix/share/fish/vendor_completions.d/callarchive.fish"
    "$documents/examples/callarchive.json5"
)
for unit in "${units[@]}"; do
    files+=("$prefix/lib/systemd/system/$(basename "$unit")")
done

if [[ $uninstall == yes ]]; then
    removed=0
    for file in "${files[@]}"; do
        if [[ -e $root$file || -L $root$file ]]; then
            rm -f "$root$file" || stop "cannot remove $root$file; run this as the user that installed it"
            removed=$((removed + 1))
        fi
    done
    rmdir "$root$documents/examples" "$root$documents" 2>/dev/null || true
    # Folders that the installation may have made, from the inside; those in use stay, and so do the
    # system's own, empty or not.
    for file in "${files[@]}"; do
        [[ $prefix != /usr && $prefix != /usr/local ]] || break
        folder=$(dirname "$file")
        while [[ $folder == "$prefix"/* ]]; do
            [[ ! -d $root$folder ]] || rmdir "$root$folder" 2>/dev/null || break
            folder=$(dirname "$folder")
        done
    done
    # A prefix right below the root, as /opt, was hardly made by an installation.
    if [[ $removed -gt 0 && $prefix == /*/* && $prefix != /usr/local && -d $root$prefix ]]; then
        rmdir "$root$prefix" 2>/dev/null || true
    fi
    say "$removed files removed from $root$prefix"
    exit 0
fi

program=${CALLARCHIVE:-.build/release/callarchive}
if [[ ! -x $program && -z ${CALLARCHIVE-} ]]; then
    bash Scripts/build.sh release
fi
[[ -x $program ]] || stop "there is no $program"
version=$("$program" --version) || stop "$program does not run here"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# put MODE SOURCE TARGET
put() {
    install -D -m "$1" "$2" "$root$3" ||
        stop "cannot write $root$3; run this as root, or give a --prefix of your own"
}

cp "$program" "$scratch/callarchive"
if command -v strip >/dev/null; then
    strip --strip-unneeded --remove-section=.comment --remove-section=.note "$scratch/callarchive"
fi
"$program" help --man >"$scratch/callarchive.1"
for shell in bash zsh fish; do
    "$program" help --completions "$shell" >"$scratch/$shell"
done
put 0755 "$scratch/callarchive" "${files[0]}"
put 0644 "$scratch/callarchive.1" "${files[1]}"
put 0644 "$scratch/bash" "${files[2]}"
put 0644 "$scratch/zsh" "${files[3]}"
put 0644 "$scratch/fish" "${files[4]}"
put 0644 Scripts/packaging/callarchive.json5 "${files[5]}"
# As systemd reads a path: '%' stands for something, blanks part words.
path=${prefix//%/%%}/bin/callarchive
[[ ! $path =~ [^A-Za-z0-9%/._+~@-] ]] || path="\"$path\""
for unit in "${units[@]}"; do
    text=$(<"$unit")
    printf '%s\n' "${text//"/usr/bin/callarchive"/"$path"}" >"$scratch/unit"
    put 0644 "$scratch/unit" "$prefix/lib/systemd/system/$(basename "$unit")"
done
say "$version is in $root$prefix/bin/callarchive"
if [[ -z $root && :$PATH: != *:"$prefix/bin":* ]]; then
    say "$prefix/bin is not on PATH"
fi
