#!/usr/bin/env bash
# Tests that Scripts/check-layers.py finds each breach it is there for, and nothing else.
#
# Usage: Scripts/tests/layers.sh
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=Scripts/lib/checks.sh
source Scripts/lib/checks.sh

tree=$work/tree

# A small tree without a breach.
plant() {
    rm -rf "$tree"
    mkdir -p "$tree"/Sources/{Platform,Transfer,CallArchive/Catalog,CallArchive/Providers/Catapult} \
        "$tree"/Sources/{CallArchiveCommands,callarchive,CLibCurl}
    echo 'short' >"$tree/README.md"
    echo 'package import CLibCrypto' >"$tree/Sources/Platform/Digest.swift"
    printf '%s\n' 'import CLibCurl' 'import Platform' >"$tree/Sources/Transfer/Lane.swift"
    printf '%s\n' '// never try! nor fatalError( here' 'import CSQLite' \
        'let text = "// not a comment"' >"$tree/Sources/CallArchive/Catalog/Catalog.swift"
    echo 'let name = "X-RateLimit-Reset"' \
        >"$tree/Sources/CallArchive/Providers/Catapult/Pace.swift"
    echo 'import CallArchiveCommands' >"$tree/Sources/callarchive/main.swift"
}

# breach TEXT FILE LINE WORDS: a tree with that line in that file is refused with those words.
breach() {
    plant
    mkdir -p "$(dirname "$tree/$2")"
    printf '%s\n' "$3" >>"$tree/$2"
    if Scripts/check-layers.py "$tree" >"$work/found" 2>&1; then
        not_ok "$1 is found" "$(cat "$work/found")"
    else
        contains "$1 is found" "$work/found" "$4"
    fi
}

plant
check "a tree in order is left in peace" Scripts/check-layers.py "$tree"
breach "an import upwards" Sources/Transfer/Up.swift 'import CallArchive' \
    'Up.swift:1: Transfer may not import CallArchive'
breach "an import with attributes" Sources/Platform/Up.swift '@preconcurrency internal import Transfer' \
    'may not import Transfer'
breach "an import of one declaration" Sources/Platform/Up.swift 'import struct Transfer.Request' \
    'may not import Transfer'
breach "SQL outside the catalog" Sources/CallArchive/Sync.swift 'import CSQLite' 'is for CallArchive/Catalog/'
breach "Foundation" Sources/Platform/Text.swift 'import Foundation' 'imports Foundation'
breach "a system module in the shell" Sources/callarchive/main.swift 'import Glibc' 'one line of main'
breach "try!" Sources/Platform/Rash.swift 'let value = try! read()' 'Rash.swift:1: try!'
breach "fatalError" Sources/Platform/Rash.swift 'fatalError("no")' 'fatalError'
breach "fatalError behind a string with slashes" Sources/Platform/Rash.swift \
    'let url = "http://host"; fatalError(url)' 'fatalError'
# The word is put together, so that it isn't found in this file.
breach "unfinished work" Sources/Platform/Later.swift "// TO""DO: later" 'unfinished'
breach "a provider's header elsewhere" Sources/CallArchive/Pace.swift 'let name = "x-ratelimit-reset"' \
    "provider's words"
breach "a provider's link elsewhere" Sources/CallArchive/Walk.swift 'let next = "rel=\"next\""' \
    "provider's words"
breach "Swift in a C target" Sources/CLibCurl/Shim.swift 'let one = 1' 'a C library only'
breach "an unknown target" Sources/Misc/Misc.swift 'let one = 1' 'without a place in the layers'
breach "a stray file at the top" NOTES.txt 'notes' "doesn't belong at the top level"
breach "a file too long" Sources/Platform/Long.swift "$(seq 401)" '401 lines'
breach "a script that can't be run" Scripts/new.sh '#!/bin/sh' "can't be executed"
breach "a README too long" README.md "$(seq 251)" '252 lines'
finish
