#!/bin/sh
# Does it work on a machine that has nothing? Run by hand, as root:
#   packaging/fresh_machine.sh [SUITE]        a minimal Debian (default bookworm) or Ubuntu
#   MIRROR=URL    where packages come from (default: this machine's own first source)
#   ROOT=DIR      where it is built; kept afterwards (default: a temporary folder)
# What is committed is copied in. README's two commands are run, the first as root, the second by a
# user with sudo; the Debian packages are made, checked, installed, used, removed.
set -eu
cd "$(dirname "$0")/.."
suite=${1:-bookworm}
sources() { cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null; }
mirror=${MIRROR:-$(sources | awk '/^deb / { for (i = 2; i <= NF; i++) if ($i ~ /^http/) { print $i; exit } }
                                 /^URIs:/ { print $2; exit }')}
root=${ROOT:-}
if [ -z "$root" ]; then
    root=$(mktemp -d)
    trap 'leave; rm -rf "$root"' EXIT
else
    trap 'leave' EXIT
fi
leave() { for at in proc dev; do ! mountpoint -q "$root/$at" || umount -R "$root/$at"; done; }
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"; }
by_user() { inside su -l person -c "$1"; }
say() { echo "== $*"; }
expect() { grep -q "$1" "$2" || { cat "$2"; echo "FAILED: no \"$1\""; exit 1; }; }
[ "$(id -u)" = 0 ] || { echo "run it as root: it makes a chroot" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "apt-get install debootstrap" >&2; exit 2; }

say "a minimal $suite from $mirror"
debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1 || { tail -20 "$root.log"; exit 1; }
rm -f "$root.log"
chmod 755 "$root" # mktemp's is closed to the user that is made below
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --make-rslave "$root/dev"
cp /etc/resolv.conf "$root/etc/resolv.conf"
[ ! -d /etc/apt/apt.conf.d ] || cp -n /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/"
# A machine whose mirror speaks TLS trusts it somehow; so does its copy.
[ ! -f /etc/ssl/certs/ca-certificates.crt ] || {
    mkdir -p "$root/etc/ssl/certs"
    cp -n /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
}
mkdir -p "$root/root/lmeval"
git archive HEAD | tar -x -C "$root/root/lmeval"

say "./bootstrap.sh demo, as root"
inside sh -c 'cd /root/lmeval && ./bootstrap.sh demo' >"$root/demo.log" 2>&1 || { tail -40 "$root/demo.log"; exit 1; }
expect '^|hellaswag|' "$root/demo.log"

say "./bootstrap.sh test, by a user with sudo"
inside sh -c 'apt-get install -y -qq sudo >/dev/null 2>&1 && useradd -m -s /bin/bash person &&
    echo "person ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/person &&
    cp -r /root/lmeval /home/person/lmeval && rm -rf /home/person/lmeval/build && chown -R person: /home/person/lmeval'
by_user 'cd lmeval && ./bootstrap.sh test' >"$root/test.log" 2>&1 || { tail -60 "$root/test.log"; exit 1; }
expect '100% tests passed' "$root/test.log"
grep 'tests passed' "$root/test.log"

say "packages: made, checked, installed, used, removed"
inside sh -c 'apt-get install -y -qq --no-install-recommends lintian >/dev/null 2>&1'
by_user 'cd lmeval && packaging/deb.sh' >"$root/deb.log" 2>&1 || { tail -40 "$root/deb.log"; exit 1; }
grep -E '\.deb$|\.gz$' "$root/deb.log"
inside sh -c 'find / -xdev -name "*lmeval*" -not -path "/proc/*" -not -path "/root/*" -not -path "/home/*" | sort >/before
    dpkg -i /home/person/lmeval/packages/*.deb >/dev/null'
by_user 'cd /tmp && lmeval --task hellaswag --limit 3 --demo --quiet --output-path /tmp/out && man -w lmeval-run 2>/dev/null || true' >"$root/run.log" 2>&1
expect '^|hellaswag|' "$root/run.log"
inside sh -c 'printf "#include <lmeval/lmeval.h>\nint main(void) { lme_arena_free(lme_arena_new()); return 0; }\n" >/tmp/a.c &&
    cc /tmp/a.c $(pkg-config --cflags --libs lmeval 2>/dev/null || echo -llmeval) -o /tmp/a && /tmp/a'
inside sh -c 'dpkg -P lmeval liblmeval-dev liblmeval0 >/dev/null && rm -rf /tmp/out /tmp/a /tmp/a.c
    find / -xdev -name "*lmeval*" -not -path "/proc/*" -not -path "/root/*" -not -path "/home/*" | sort | diff /before -' ||
    { echo "FAILED: files stay behind"; exit 1; }
say "done"
