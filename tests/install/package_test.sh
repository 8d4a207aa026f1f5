#!/bin/sh
# The packages hold what policy and a person want, and what is in them runs: package_test.sh BUILD
set -eu
build=$(cd "$1" && pwd)
for tool in cpack dpkg-deb dpkg-shlibdeps file; do
    command -v "$tool" >/dev/null || { echo "SKIPPED: $tool is not here (./bootstrap.sh package installs it)"; exit 77; }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/lmeval-package-XXXXXX")
trap 'rm -rf "$work"' EXIT
unset LMEVAL_SHARE LMEVAL_DATA_DIR LMEVAL_BASE_URL OPENAI_BASE_URL
LC_ALL=C
XDG_CACHE_HOME=$work/cache
SOURCE_DATE_EPOCH=0
export LC_ALL XDG_CACHE_HOME SOURCE_DATE_EPOCH
cd "$work"
fail() { echo "FAILED: $*"; exit 1; }

for kind in DEB TGZ; do
    cpack --config "$build/CPackConfig.cmake" -G "$kind" -B "$work/made" >cpack.log 2>&1 ||
        { cat cpack.log; fail "cpack -G $kind"; }
done

for package in lmeval liblmeval0 liblmeval-dev; do
    file=$(echo made/"$package"_*.deb)
    [ -f "$file" ] || fail "no package $package"
    dpkg-deb -x "$file" system
    dpkg-deb -f "$file" Depends >depends
    doc=system/usr/share/doc/$package
    grep -q 'common-licenses/Apache-2.0' "$doc/copyright" || fail "copyright of $package"
    gzip -dc "$doc/changelog.gz" | grep -q 'Thu, 01 Jan 1970 00:00:00' || fail "change log of $package"
    case $package in
    lmeval) grep -q 'libc6 .*libcurl4' depends || { cat depends; fail "what $package needs"; } ;;
    liblmeval-dev) grep -q '^liblmeval0 (= .*libcurl4-openssl-dev' depends || { cat depends; fail "what $package needs"; } ;;
    esac
done
dpkg-deb -e made/liblmeval0_*.deb control
grep -Eq '^liblmeval 0 liblmeval0 \(= [0-9.]+\)$' control/shlibs || fail "shlibs"
grep -q 'activate-noawait ldconfig' control/triggers || fail "triggers"

for command in lmeval lmeval-run lmeval-compare lmeval-refserver; do
    gzip -dc "system/usr/share/man/man1/$command.1.gz" | grep -q '^\.SH NAME' || fail "page of $command"
done
[ -s system/usr/share/bash-completion/completions/lmeval ] || fail "completions"

mkdir tarball
tar -xzf made/lmeval-*.tar.gz -C tarball --strip-components=1
for tree in system/usr tarball; do
    "$tree/bin/lmeval" --task hellaswag --limit 2 --demo --quiet >table 2>err ||
        { cat err; fail "the program of $tree"; }
    grep -q '^|hellaswag' table || { cat table; fail "table of $tree"; }
done
