#!/bin/sh
# Applies the diffs that a document shows to a copy of one room's sources:
#   take_diffs.sh FILE.md SOURCE_FOLDER src/ROOM COPY
# Fails when a diff does not fit the sources as they are.
set -eu
document=$1
room=$2/$3
copy=$4
rm -rf "$copy"
mkdir -p "$copy"
cp -r "$room/." "$copy"
awk '/^```diff$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$document" |
    sed "s|^\([-+]\{3\}\) [ab]/$3/|\1 |" >"$copy.diff"
patch --quiet --fuzz 0 -p0 -d "$copy" <"$copy.diff"
