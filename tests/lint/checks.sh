#!/bin/sh
# No line of an end-to-end case's check begins with "!": checks.sh SOURCE_FOLDER
# A shell that ends at the first command that fails (set -e) goes on after a "! COMMAND" whatever comes
# out, so such a line checks nothing. "not COMMAND" does (tests/e2e/run_case.sh).
set -u
if grep -nE '^[[:space:]]*!([[:space:]]|$)' "$1"/tests/e2e/*/check; then
    echo 'write "not COMMAND": nothing looks at what comes out of these'
    exit 1
fi
exit 0
