#!/bin/sh
# The table of docs/quirks.md names tests that are there, and every row at least one that runs the
# program or its client: quirks_test.sh CTEST BUILD_FOLDER SOURCE_FOLDER
set -u
names=$("$1" --test-dir "$2" -N | sed -n 's/^ *Test *#[0-9]*: //p')
page=$3/docs/quirks.md
status=0
n=0
fail() {
    echo "docs/quirks.md: $*"
    status=1
}
while IFS= read -r row; do
    n=$((n + 1))
    case $row in "| $n | "*) ;; *) fail "row $n is: $row" ;; esac
    tests=$(printf '%s\n' "$row" | sed 's/ |$//; s/.*| //' | grep -o '`[^`]*`' | tr -d '`')
    [ -n "$tests" ] || fail "row $n names no test"
    for test in $tests; do
        printf '%s\n' "$names" | grep -qxF -- "$test" || fail "row $n: there is no test $test"
    done
done <<ROWS
$(grep '^| [0-9]' "$page")
ROWS
[ "$n" = 25 ] || fail "$n rows, not 25"
# and the other way round: a case made for a quirk is in the table
for test in $(printf '%s\n' "$names" | grep '^e2e/quirk'); do
    grep -qF "\`$test\`" "$page" || fail "$test is in no row"
done
exit $status
