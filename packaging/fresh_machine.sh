#!/bin/sh
# The README's commands and the packages on a machine that has nothing: fresh_machine.sh [OPTION ...]
#   --suite NAME    what is installed (default bookworm; also jammy, noble with their --mirror)
#   --mirror URL    where from (default: the first that this machine's apt has for it)
#   --work DIR      scratch folder, some 6 GB (default: a new one beneath $TMPDIR)
#   --only NAME     one of demo, user, package, docker (default: all)
#   --keep          leave the machines there to look at
# Run as root, in a git clone; what is committed is what is tested. It debootstraps a minimal system
# and for each of these begins with a new copy of it:
#   demo      as root: bootstrap.sh demo prints the README's table
#   user      as a plain user with sudo: bootstrap.sh demo, bootstrap.sh test
#   package   bootstrap.sh package; on another copy, without compilers: install, run, remove
#   docker    the RUN lines of the Dockerfile, stage by stage
# Needs debootstrap. Not part of CI: it downloads a system and takes tens of minutes.
set -eu
suite=bookworm
mirror=
work=
only=
keep=no
while [ $# -gt 0 ]; do
    case $1 in
    --suite) suite=$2; shift 2 ;;
    --mirror) mirror=$2; shift 2 ;;
    --work) work=$2; shift 2 ;;
    --only) only=$2; shift 2 ;;
    --keep) keep=yes; shift ;;
    *) sed -n '2,14s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
done
say() { echo "== $*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "run it as root: it makes chroots"
command -v debootstrap >/dev/null || fail "install debootstrap"
cd "$(dirname "$0")/.."
source=$(pwd)
# shellcheck disable=SC2016 # apt fills these in
[ -n "$mirror" ] || mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' |
    awk -v suite="$suite" '$2 == suite { print $1; exit }')
[ -n "$mirror" ] || fail "this machine's apt has no $suite: name a --mirror"
[ -n "$work" ] || work=$(mktemp -d "${TMPDIR:-/tmp}/lmeval-fresh-XXXXXX")
mkdir -p "$work"
chmod 755 "$work" # a plain user comes through here
work=$(cd "$work" && pwd)

mounted=
unmount() {
    for place in $mounted; do umount -l "$place" || true; done
    mounted=
}
finish() {
    unmount
    [ "$keep" = yes ] || rm -rf --one-file-system "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

# machine NAME: a new copy of the base, with the network of this machine.
machine() {
    rm -rf --one-file-system "${work:?}/$1"
    cp -a "$work/base" "$work/$1"
    cp /etc/resolv.conf "$work/$1/etc/resolv.conf"
    cp /etc/hosts "$work/$1/etc/hosts"
    # Whether its clock is trusted and which proxy it takes is this machine's matter.
    apt-config dump | grep -E '^Acquire::(Check-|https?::Proxy)' >"$work/$1/etc/apt/apt.conf.d/90machine" || true
    mount -t proc proc "$work/$1/proc"
    mount --bind /dev "$work/$1/dev"
    mount --make-private "$work/$1/dev" # what is mounted on it is not for this machine
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$work/$1/dev/pts"
    mounted="$work/$1/dev/pts $work/$1/dev $work/$1/proc $mounted"
}
# inside NAME COMMAND: as root, with a plain environment.
inside() {
    place=$work/$1
    shift
    chroot "$place" env -i HOME=/root LANG=C.UTF-8 TERM=dumb \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -eu -c "$*"
}
checkout() {
    mkdir -p "$work/$1/$2"
    git -C "$source" archive HEAD | tar -x -C "$work/$1/$2"
}
# What the README says that the demo prints.
table() {
    awk '/^<!-- prints: lmeval --task hellaswag --limit 20 --demo -->/ { on = 1; next }
         on && /^```/ { if (begun) exit; begun = 1; next }
         on && begun' "$source/README.md"
}
prints_table() {
    table | while IFS= read -r line; do
        grep -qxF -- "$line" "$1" || { cat "$1"; fail "the README's line is not printed: $line"; }
    done || exit 1
}
wanted() { [ -z "$only" ] || [ "$only" = "$1" ]; }

if [ ! -e "$work/base/.complete" ]; then
    say "base: minimal $suite"
    debootstrap --variant=minbase --include=sudo "$suite" "$work/base" "$mirror" >"$work/debootstrap.log" ||
        { tail -20 "$work/debootstrap.log"; fail "debootstrap"; }
    touch "$work/base/.complete"
fi

if wanted demo; then
    say "demo, as root"
    machine demo
    checkout demo srv/lmeval
    inside demo "cd /srv/lmeval && ./bootstrap.sh demo" >"$work/demo.log" 2>&1 || { cat "$work/demo.log"; fail demo; }
    prints_table "$work/demo.log"
    inside demo "cd /srv/lmeval && ./bootstrap.sh demo" >"$work/again.log" 2>&1 || { cat "$work/again.log"; fail again; }
    grep -q 'packages: all are here' "$work/again.log" || fail "the second time installs again"
    unmount
fi

if wanted user; then
    say "demo and test, as a plain user with sudo"
    machine user
    inside user "useradd --create-home --shell /bin/sh person
        echo 'person ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/person"
    checkout user home/person/lmeval
    inside user "chown -R person: /home/person"
    inside user "cd /home/person/lmeval && sudo -H -u person ./bootstrap.sh demo" >"$work/user.log" 2>&1 ||
        { cat "$work/user.log"; fail "demo as a user"; }
    prints_table "$work/user.log"
    inside user "cd /home/person/lmeval && sudo -H -u person ./bootstrap.sh test" >"$work/test.log" 2>&1 ||
        { tail -200 "$work/test.log"; fail "test as a user"; }
    tail -5 "$work/test.log"
    unmount
fi

if wanted package; then
    say "package: made on one machine"
    machine maker
    checkout maker srv/lmeval
    inside maker "cd /srv/lmeval && ./bootstrap.sh package" >"$work/package.log" 2>&1 ||
        { cat "$work/package.log"; fail package; }
    unmount
    say "package: installed, run and removed on another"
    machine target
    cp "$work"/maker/srv/lmeval/build-package/packages/*.deb "$work/target/srv/"
    inside target "apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends /srv/lmeval_*.deb >/dev/null
        lmeval --version
        useradd --create-home person
        cd /home/person && sudo -H -u person lmeval --task hellaswag --limit 20 --demo" >"$work/target.log" 2>&1 ||
        { cat "$work/target.log"; fail "the package's program"; }
    prints_table "$work/target.log"
    inside target "DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            gcc g++ pkg-config /srv/liblmeval*.deb >/dev/null
        ldconfig -p | grep -q 'liblmeval.so.0 '
        printf '%s\n' '#include <lmeval/lmeval.h>' 'int main(void) { lme_arena_free(lme_arena_new()); }' >a.c
        gcc a.c \$(pkg-config --cflags --libs lmeval) -o a && ./a
        needs=\$(pkg-config --print-requires-private lmeval)
        gcc a.c \$(pkg-config --cflags lmeval) -l:liblmeval.a \$(pkg-config --libs \$needs) -lstdc++ -lm -o b && ./b
        DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq lmeval liblmeval0 liblmeval-dev >/dev/null
        left=\$(find / -xdev -name '*lmeval*' -not -path '/srv/*' -not -path '/home/*' -not -path '/proc/*')
        [ -z \"\$left\" ] || { echo \"left behind: \$left\"; exit 1; }" >"$work/library.log" 2>&1 ||
        { cat "$work/library.log"; fail "the library's packages"; }
    unmount
fi

if wanted docker; then
    say "docker: the steps of the Dockerfile"
    # FROM begins a new machine; COPY of the source, COPY --from and RUN are all that it has besides.
    sed -e :join -e '/\\$/N; s/\\\n *//; t join' Dockerfile >"$work/steps"
    stage=
    while read -r step rest; do
        case $step in
        FROM)
            unmount
            stage=${rest#* AS }
            [ "$stage" != "$rest" ] || stage=last
            machine "stage-$stage"
            ;;
        COPY)
            case $rest in
            --from=*)
                from=${rest#--from=}
                from=${from%% *}
                rest=${rest#* }
                mkdir -p "$work/stage-$stage${rest##* }"
                # shellcheck disable=SC2086 # the pattern is to be expanded
                cp "$work/stage-$from"${rest% *} "$work/stage-$stage${rest##* }"
                ;;
            *) checkout "stage-$stage" "${rest##* }" ;;
            esac
            ;;
        RUN)
            inside "stage-$stage" "$rest" >"$work/docker.log" 2>&1 </dev/null ||
                { cat "$work/docker.log"; fail "RUN $rest"; }
            ;;
        esac
    done <"$work/steps"
    inside "stage-$stage" "lmeval --task hellaswag --limit 20 --demo" >"$work/docker.log" 2>&1 ||
        { cat "$work/docker.log"; fail "the image's program"; }
    prints_table "$work/docker.log"
    unmount
    base=$(du -sm "$work/base" | cut -f1)
    say "docker: $(($(du -sm "$work/stage-$stage" | cut -f1) - base)) MB beside the base's $base"
fi
say "all as the README says"
