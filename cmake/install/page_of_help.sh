#!/bin/sh
# A manual page around what a program says with --help: page_of_help.sh PROGRAM SUMMARY
set -eu
name=$(basename "$1")
help=$("$1" --help)
printf '.TH %s 1 "" "" "User Commands"\n.SH NAME\n%s \\- %s\n.SH DESCRIPTION\n.nf\n' "$name" "$name" "$2"
printf '%s\n' "$help" | sed 's/\\/\\e/g; s/-/\\-/g; s/^\([.'"'"']\)/\\\&\1/'
printf '.fi\n.SH SEE ALSO\n\\fBlmeval\\fR(1)\n'
