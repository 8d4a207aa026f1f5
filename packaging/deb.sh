#!/bin/sh
# Makes the Debian packages and a tarball: packaging/deb.sh [FOLDER]   (default: packages/)
# With lintian installed, it has the last word.
set -eu
cd "$(dirname "$0")/.."
mkdir -p "${1:-packages}"
folder=$(cd "${1:-packages}" && pwd)
build=${BUILD:-build-deb}
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr -DLMEVAL_TESTS=OFF >"$build.log" &&
    cmake --build "$build" >>"$build.log" &&
    (umask 022 && cd "$build" && cpack -G DEB -B "$folder" && cpack -G TGZ -B "$folder") >>"$build.log" ||
    { cat "$build.log"; exit 1; }
rm -rf "$folder/_CPack_Packages" "$build.log"
ls "$folder"
if command -v lintian >/dev/null; then
    lintian --fail-on error,warning --allow-root --suppress-tags-from-file packaging/lintian "$folder"/*.deb
else
    echo "lintian is not here: the packages were not checked"
fi
