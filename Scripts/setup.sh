#!/usr/bin/env bash
# Installs what is missing on Debian (12 or later) to build, and says what it installs.
#
# Usage: Scripts/setup.sh [--test] [--bench]
#   --test    also what Scripts/test.sh and Scripts/check.sh use
#   --bench   also what Scripts/bench.sh uses: the other download tools and a C compiler
#
# Run it as often as you like: what is there is left alone. It needs root (or sudo) only when
# something is missing. No service is started by the packages it installs.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

packages=(libcurl4-openssl-dev libsqlite3-dev libssl-dev pkg-config)
test_packages=(
    nginx openssl curl sox libsox-fmt-all ffmpeg espeak-ng jq strace tmux procps binutils shellcheck
    systemd chromium dpkg-dev lintian man-db mandoc zsh fish mmdebstrap gcc libc6-dev
)
bench_packages=(nginx openssl curl aria2 rclone lftp wget2 gcc libc6-dev)

with_test=no
for argument in "$@"; do
    case $argument in
    --test)
        with_test=yes
        packages+=("${test_packages[@]}")
        ;;
    --bench) packages+=("${bench_packages[@]}") ;;
    -h | --help)
        usage "${BASH_SOURCE[0]}"
        exit 0
        ;;
    *) stop "unknown argument '$argument'; see Scripts/setup.sh --help" ;;
    esac
done

[[ $(uname -s) == Linux ]] || stop "this is $(uname -s); the scripts are for Linux"
command -v dpkg-query >/dev/null ||
    stop "no Debian packages on this system; install by its own means: ${packages[*]}"

find_swift

# The toolchain is linked against libraries that a small system lacks.
library() {
    /sbin/ldconfig -p | grep "$1" >/dev/null || packages+=("$2")
}
library libncurses.so.6 libncurses6
library libxml2.so.2 libxml2

# A toolchain alone cannot link: it takes the C and C++ start files and headers from the system.
compgen -G '/usr/lib/gcc/*/*/libstdc++.so' >/dev/null || packages+=(g++)
[[ -e /usr/include/stdio.h ]] || packages+=(libc6-dev)
command -v ld >/dev/null || packages+=(binutils)
command -v python3 >/dev/null || packages+=(python3)

# True when this python3 can make a virtual environment with pip in it.
has_venv() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}
if [[ $with_test == yes ]] && ! has_venv python3 && ! has_venv /usr/bin/python3; then
    packages+=(python3 python3-venv)
fi

installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

missing=()
for package in "${packages[@]}"; do
    if ! installed "$package" && [[ " ${missing[*]-} " != *" $package "* ]]; then
        missing+=("$package")
    fi
done

policy=/usr/sbin/policy-rc.d
policy_mark='# callarchive setup: services stay off while packages are installed'

# Some packages (nginx) start a service when they are installed; this policy forbids it meanwhile.
forbid_services() {
    if [[ -e $policy ]] && ! grep -q "^$policy_mark" "$policy"; then
        as_root mv "$policy" "$policy.before-setup"
    fi
    printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" | as_root tee "$policy" >/dev/null
    as_root chmod 0755 "$policy"
}

allow_services() {
    if [[ -e $policy ]] && grep -q "^$policy_mark" "$policy"; then
        as_root rm -f "$policy"
    fi
    if [[ -e $policy.before-setup ]]; then
        as_root mv "$policy.before-setup" "$policy"
    fi
}

log=.build/setup.log

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" \
        >>"$log" 2>&1
}

# known PACKAGE: true when the package lists can install it.
known() {
    apt-cache policy "$1" 2>/dev/null | grep '^  Candidate: [^(]' >/dev/null
}

install_missing() {
    local package update=no
    for package in "${missing[@]}"; do
        known "$package" || update=yes
    done
    if [[ $update == yes ]]; then
        say "the package lists don't know all of these; updating the lists"
        apt update || return 1
    fi
    if ! apt install --no-install-recommends "${missing[@]}"; then
        say "that failed; updating the package lists and trying once more"
        apt update || return 1
        apt install --no-install-recommends "${missing[@]}"
    fi
}

if [[ ${#missing[@]} -gt 0 ]]; then
    say "installing Debian packages: ${missing[*]}"
    mkdir -p .build
    : >"$log"
    trap allow_services EXIT
    forbid_services
    if ! install_missing; then
        tail -n 20 "$log" >&2
        stop "the packages could not be installed; apt's last words stand above, all of them in $log"
    fi
    if [[ " ${missing[*]} " == *" nginx "* ]]; then
        say "nginx is only used by hand here: its service stays off after a restart too"
        as_root deb-systemd-helper disable nginx.service >>"$log" 2>&1 || true
        as_root update-rc.d nginx disable >>"$log" 2>&1 || true
    fi
    allow_services
    trap - EXIT
else
    say "all Debian packages are there (${#packages[@]} looked for)"
fi

use_swift

# jsonschema checks manifests and events against their schemas, an example uses pandas; nothing else
# needs the environment.
venv=.build/venv
has_python_packages() {
    "$venv/bin/python" -c 'import jsonschema, pandas' 2>/dev/null
}

# make_environment COMMAND…: runs it on the environment's folder, which is made anew.
make_environment() {
    rm -rf "$venv"
    "$@" "$venv" >>"$log" 2>&1
}

if [[ $with_test == yes ]] && ! has_python_packages; then
    say "making the Python environment $venv with jsonschema and pandas from PyPI"
    mkdir -p .build
    python=python3
    has_venv "$python" || python=/usr/bin/python3
    make_environment "$python" -m venv || true
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --retries 1 \
        'jsonschema>=4.17,<5' 'pandas>=1.5,<4' >>"$log" 2>&1 || true
    if ! has_python_packages; then
        say "that failed (see $log); taking Debian's packages instead"
        missing=(python3-jsonschema python3-pandas python3-venv)
        if install_missing; then
            make_environment /usr/bin/python3 -m venv --system-site-packages || true
        fi
        has_python_packages || stop "jsonschema and pandas could not be installed; see $log"
    fi
fi

# playwright drives the browser of Scripts/tests/report.sh; the browser itself is Debian's.
if [[ $with_test == yes ]] && ! "$venv/bin/python" -c 'import playwright' 2>/dev/null; then
    say "adding playwright from PyPI to $venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --retries 1 \
        'playwright>=1.40,<2' >>"$log" 2>&1 ||
        say "that failed (see $log): the report page will not be tested in a browser"
fi

# promtool checks the metrics. It is taken alone out of Debian's package, whose other half is a server.
promtool=.build/tools/promtool
fetch_promtool() {
    local folder
    folder=$(mktemp -d "$repository/.build/tools/promtool.XXXXXX")
    if (cd "$folder" && apt-get -q download prometheus && dpkg-deb --fsys-tarfile prometheus_*.deb |
        tar -x --to-stdout ./usr/bin/promtool >promtool && chmod 0755 promtool) >>"$log" 2>&1; then
        mv "$folder/promtool" "$promtool"
    fi
    rm -rf "$folder"
}

if [[ $with_test == yes && ! -x $promtool ]] && ! command -v promtool >/dev/null; then
    say "fetching promtool out of Debian's package prometheus (19 MB)"
    mkdir -p .build/tools
    fetch_promtool
    [[ -x $promtool ]] || say "that failed (see $log); the metrics are not checked by it"
fi

say "ready: swift $(swift_version), $(python3 --version)"
