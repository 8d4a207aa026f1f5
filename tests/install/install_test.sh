#!/bin/sh
# An installed tree works by itself, wherever it is moved to: install_test.sh BUILD SOURCE CC CXX
#   programs find their tasks; the library exports what the headers declare and nothing else; the
#   example of docs/library.md builds against it in C and C++, by pkg-config and by CMake, and runs
set -eu
build=$(cd "$1" && pwd)
source=$(cd "$2" && pwd)
cc=$3
cxx=$4
work=$(mktemp -d "${TMPDIR:-/tmp}/lmeval-install-XXXXXX")
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
unset LMEVAL_SHARE LMEVAL_DATA_DIR LMEVAL_BASE_URL OPENAI_BASE_URL
cd "$work"
fail() { echo "FAILED: $*"; exit 1; }

cmake --install "$build" --prefix "$work/first" >install.log || { cat install.log; exit 1; }
mv first moved
tree=$work/moved
PATH=$tree/bin:$PATH
libdir=$(dirname "$(find "$tree" -name 'liblmeval.so')")
LD_LIBRARY_PATH=$libdir
export PATH LD_LIBRARY_PATH XDG_CACHE_HOME="$work/cache"

lmeval --task hellaswag --limit 3 --demo --quiet --output-path out >table 2>err ||
    { cat err; fail "the installed program does not run"; }
grep -q '^|hellaswag' table || fail "no table"
case $(lmeval list tasks | wc -l) in ?|??) fail "the installed tasks are not found" ;; esac

lmeval help task-format | grep -q '^Task files$' || fail "the installed pages are not found"
for page in lmeval.1 lmeval-run.1 lmeval-compare.1; do
    gzip -dc "$tree/share/man/man1/$page.gz" | grep -q '^\.SH NAME$' || fail "no manual page $page"
done
for file in bash-completion/completions/lmeval zsh/vendor-completions/_lmeval fish/vendor_completions.d/lmeval.fish; do
    grep -q 'min-recovery' "$tree/share/$file" || fail "no completions $file"
done

# What the headers declare, and what the library exports.
sed 's/^ *//; s/;$//' "$build/lmeval.exports" | grep '^lme_' | sort -u >declared
nm -D --defined-only "$libdir/liblmeval.so" | awk '{ print $3 }' | sort -u >exported
diff declared exported >difference || { cat difference; fail "declared (<) and exported (>) differ"; }
objdump -p "$libdir/liblmeval.so" | grep -q 'SONAME *liblmeval.so.0$' || fail "soname"

PKG_CONFIG_PATH=$libdir/pkgconfig
export PKG_CONFIG_PATH
flags=$(pkg-config --cflags --libs lmeval)
# shellcheck disable=SC2086 # flags are words
$cc -std=c11 -Wall -Wextra -Werror "$source/docs/examples/embed.c" $flags -o embed_c
# shellcheck disable=SC2046 # flags are words
$cc -std=c11 "$source/docs/examples/embed.c" $(pkg-config --cflags lmeval) -L "$libdir" -l:liblmeval.a \
    $(pkg-config --libs $(pkg-config --print-requires-private lmeval)) -lstdc++ -lm -lpthread -o embed_static
sed 's/= {0}/= {}/' "$source/docs/examples/embed.c" >embed.cc
# shellcheck disable=SC2086 # C's compound literals are an extension of C++
$cxx -std=c++20 "$work/embed.cc" $flags -o embed_cxx
mkdir package
cp "$source/docs/examples/embed.c" package/
cat >package/CMakeLists.txt <<'C'
cmake_minimum_required(VERSION 3.18)
project(embed C)
find_package(lmeval 0.1 REQUIRED)
add_executable(embed embed.c)
target_link_libraries(embed PRIVATE lmeval::lmeval)
C
cmake -S package -B package/build -DCMAKE_PREFIX_PATH="$tree" -DCMAKE_C_COMPILER="$cc" >cmake.log 2>&1 &&
    cmake --build package/build >>cmake.log 2>&1 || { cat cmake.log; fail "the CMake package"; }

lmeval-refserver --port-file port >server.log 2>&1 &
server=$!
tries=0
until [ -s port ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || { cat server.log; fail "no server"; }
    sleep 0.05
done
url=http://127.0.0.1:$(cat port)
for embed in ./embed_c ./embed_static ./embed_cxx package/build/embed; do
    $embed "$source/tasks/kitchen_safety.yaml" "$url" >said 2>&1 || { cat said; fail "$embed"; }
    grep -Eq '^kitchen_safety acc: 0\.[0-9]{4} \+- 0\.[0-9]{4} over 44 documents$' said ||
        { cat said; fail "$embed says something else"; }
    ! $embed "$source/tasks/no_such.yaml" "$url" 2>said || fail "$embed takes a file that is not there"
    grep -q 'no_such.yaml' said || { cat said; fail "$embed does not say which file"; }
done
