#!/bin/sh
# No two rooms define a function of the same name: symbols.sh BUILD_FOLDER
# Rooms are static libraries, and the linker takes the first definition that it meets: a second one
# is not an error, its callers just get the wrong function.
set -u
build=$1
twice=$(for library in "$build"/liblme_*.a; do
    nm -g --defined-only "$library" 2>/dev/null | awk '$2 ~ /^[TDRBV]$/ { print $3 }' | sort -u
done | sort | uniq -d | grep '^lme_')
[ -z "$twice" ] && exit 0
echo "defined in more than one room:"
for name in $twice; do
    nm -A -g --defined-only "$build"/liblme_*.a 2>/dev/null | grep " [TDRBV] $name\$"
done
exit 1
