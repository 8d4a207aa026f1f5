#!/bin/sh
# From a fresh Debian 12 or Ubuntu machine to a running lmeval.
#   ./bootstrap.sh demo      packages, build, then: lmeval --task hellaswag --limit 20 --demo
#   ./bootstrap.sh test      packages, build, all tests
#   ./bootstrap.sh package   packages, build, then Debian packages and a tarball: build-package/packages
#   ./bootstrap.sh packages  only the packages that .ci/run needs beside these
# Safe to repeat: what is installed or built already is left alone. Works as root or with sudo.
#   BUILD=dir   build folder (default build; build-package for package)
set -eu
cd "$(dirname "$0")"
[ "${1:-}" != package ] || BUILD=${BUILD:-build-package}
BUILD=${BUILD:-build}

# The one list of what lmeval is built with, and the authorities that https:// servers are checked by.
build_packages="build-essential ca-certificates cmake ninja-build pkg-config libcurl4-openssl-dev libyaml-dev
libpcre2-dev libsimdjson-dev libutf8proc-dev nettle-dev libsqlite3-dev libmicrohttpd-dev libgnutls28-dev
zlib1g-dev libzstd-dev libsnappy-dev"
test_packages="libcmocka-dev openssl file python3"
package_packages="dpkg-dev file gzip"
check_packages="clang libclang-rt-dev clang-format clang-tidy cppcheck"

say() { echo "== $*"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        echo "bootstrap.sh: cannot install packages: run it as root or install sudo" >&2
        exit 2
    fi
}

install_packages() {
    missing=""
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
            missing="$missing $package"
    done
    if [ -z "$missing" ]; then
        say "packages: all are here"
        return
    fi
    command -v apt-get >/dev/null 2>&1 || {
        echo "bootstrap.sh: this machine has no apt-get; install the equivalents of:$missing" >&2
        exit 2
    }
    say "packages: installing$missing"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    # shellcheck disable=SC2086 # a list of words is meant
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $missing >/dev/null
}

build() {
    say "build: $BUILD (Release, $*)"
    cmake -S . -B "$BUILD" -G Ninja -DCMAKE_BUILD_TYPE=Release "$@" >"$BUILD.log" 2>&1 &&
        cmake --build "$BUILD" >>"$BUILD.log" 2>&1 || {
        cat "$BUILD.log" >&2
        echo "bootstrap.sh: the build failed; its output is above and in $BUILD.log" >&2
        exit 1
    }
    rm -f "$BUILD.log"
}

case "${1:-}" in
demo)
    # shellcheck disable=SC2086
    install_packages $build_packages
    build -DLMEVAL_TESTS=OFF
    say "run: lmeval --task hellaswag --limit 20 --demo"
    "$BUILD/bin/lmeval" --task hellaswag --limit 20 --demo
    ;;
test)
    # shellcheck disable=SC2086
    install_packages $build_packages $test_packages
    build -DLMEVAL_TESTS=ON
    say "tests"
    ctest --test-dir "$BUILD" --output-on-failure -j "$(nproc)"
    ;;
package)
    # shellcheck disable=SC2086
    install_packages $build_packages $package_packages
    # The flags that the distribution builds its own packages with; CMake reads no CPPFLAGS.
    flags() { DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get "$1"; }
    CFLAGS="$(flags CFLAGS) $(flags CPPFLAGS)"
    CXXFLAGS="$(flags CXXFLAGS) $(flags CPPFLAGS)"
    LDFLAGS=$(flags LDFLAGS)
    export CFLAGS CXXFLAGS LDFLAGS
    build -DLMEVAL_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr
    say "package: $BUILD/packages"
    for kind in DEB TGZ; do
        (cd "$BUILD" && LC_ALL=C cpack -G "$kind" >package.log 2>&1) || {
            cat "$BUILD/package.log" >&2
            exit 1
        }
    done
    ls "$BUILD"/packages/*.deb "$BUILD"/packages/*.tar.gz
    if command -v lintian >/dev/null 2>&1; then
        lintian --fail-on error,warning --allow-root "$BUILD"/packages/*.deb
    else
        say "lintian is not here: nothing looked at the packages"
    fi
    ;;
packages)
    # shellcheck disable=SC2086
    install_packages $build_packages $test_packages $check_packages
    ;;
*)
    sed -n '2,8s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
