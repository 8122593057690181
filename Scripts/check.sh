#!/usr/bin/env bash
# The definition of done: everything a change must pass before it is taken.
#
# Usage: Scripts/check.sh
#
# In order: what is needed is installed; the scripts are shellcheck-clean and compile; the Swift
# sources are formatted; the layers hold; debug and release build without a warning and the release
# programs need no Swift library; all tests in debug (Scripts/test.sh), the Swift tests in release too.
# It stops at the first step that fails.
set -euo pipefail
# shellcheck source=Scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

case ${1-} in
'') ;;
-h | --help)
    usage "${BASH_SOURCE[0]}"
    exit 0
    ;;
*) stop "unknown argument '$1'; see Scripts/check.sh --help" ;;
esac

SECONDS=0
bash Scripts/setup.sh --test
use_swift

say "shellcheck"
find Scripts .ci -type f \( -name '*.sh' -o -path '.ci/run' \) -print0 |
    xargs -0 shellcheck -x -P SCRIPTDIR -P . || stop "shellcheck found something (above)"

say "Python scripts compile"
find Scripts -name '*.py' -print0 | xargs -0 -n 1 python3 -c '
import ast, pathlib, sys
ast.parse(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[1])' ||
    stop "a Python script doesn't compile (above)"

say "swift format lint"
swift format lint --strict -r -p Sources Tests Package.swift ||
    stop "not formatted; 'swift format -i' on the files above mends most of it"

say "layers"
python3 Scripts/check-layers.py || stop "the layers don't hold (above)"

bash Scripts/test.sh || stop "tests failed (above)"

# Apart from .build/release, whose flags differ: else each would build the other's files anew.
say "Swift tests in release"
log=.build/tests/swift-release.log
if ! swift test -c release -Xswiftc -enable-testing --scratch-path .build/release-tests \
    --disable-xctest >"$log" 2>&1; then
    grep -E '✘ Test .* recorded an issue|error:' "$log" | head -n 40 >&2 || tail -n 40 "$log" >&2
    stop "the Swift tests failed in release; all of their words are in $log"
fi
if grep 'warning:' "$log" | grep -v "the use of .mktemp. is dangerous" >&2; then
    stop "building the tests in release gave warnings (above)"
fi
say "$(grep -o 'Test run with .*' "$log" | tail -n 1)"

say "all is well, in $SECONDS s"
