#!/bin/sh
# The manual page of lmeval-refserver, from what its --help prints:
#   refserver_page.sh PROGRAM VERSION PAGE
set -eu
help=$("$1" --help)
printf '%s\n' "$help" | awk -v version="$2" '
    function plain(text) {
        gsub(/\\/, "\\e", text); gsub(/-/, "\\-", text); sub(/^[.\x27]/, "\\\\\\&&", text)
        return text
    }
    BEGIN {
        print ".TH LMEVAL\\-REFSERVER 1 \"\" \"lmeval " version "\" \"User Commands\""
        print ".SH NAME\nlmeval\\-refserver \\- a small language model behind the OpenAI API, for tests"
    }
    /^usage: / { print ".SH SYNOPSIS\n" plain(substr($0, 8)) "\n.SH DESCRIPTION"; next }
    /^[a-z]+:$/ { print ".SH " toupper(substr($0, 1, length($0) - 1)); next }
    /^  --/ {
        argument = substr($0, 19, 5); gsub(/ /, "", argument)
        print ".TP\n.BI " plain($1) (argument != "" ? " \" " argument "\"" : ""); print plain(substr($0, 25)); next
    }
    /^  [^ ]/ { name = $1; text = $0; sub(/^  [^ ]+ +/, "", text); print ".TP\n.B " plain(name) "\n" plain(text); next }
    NF > 0 { print plain($0) }
    END { print ".SH SEE ALSO\n.BR lmeval (1)" }' >"$3"
