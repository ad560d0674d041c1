# Runs tests as an ordinary user, also if root starts them. Scripts source this file after lib.sh.
#
# Root may do things that users may not, and this would hide faults. So if root starts the tests, a
# system user for tests gets a copy of the tree. In a separate mount namespace, the copy is
# mounted over the tree, so every path that the build recorded stays valid.
tester=keyctl-tests
tester_home=/var/lib/keyctl-tests
copy=

# make_copy: copies the tree with its build, and gives the copy to the tester.
make_copy() {
    [ "$(id -u)" -eq 0 ] || return 0
    id "$tester" >/dev/null 2>&1 ||
        useradd --system --home-dir "$tester_home" --shell /usr/sbin/nologin "$tester"
    install -d -o "$tester" -g "$tester" -m 700 "$tester_home"
    copy=$(mktemp -d /var/tmp/keyctl-tests.XXXXXX)
    chmod 755 "$copy"
    mkdir "$copy/shared"
    # A separate /tmp: SwiftPM keeps lock files in /tmp, and the tester cannot open those of root.
    install -d -o "$tester" -g "$tester" -m 700 "$copy/tmp"
    renew_copy
    make_stick
}

# renew_copy: copies the tree again after a build.
renew_copy() {
    [ -n "$copy" ] || return 0
    rm -rf "$copy/tree"
    cp -a "$root" "$copy/tree"
    chown -R "$tester:$tester" "$copy/tree"
}

# make_stick: mounts a writable exFAT file system, if the machine can.
make_stick() {
    local device
    mkdir "$copy/stick"
    truncate -s 64M "$copy/stick.image"
    if mkfs.exfat "$copy/stick.image" >/dev/null 2>&1 &&
        device=$(losetup -f --show "$copy/stick.image" 2>/dev/null) &&
        mount.exfat-fuse -o "uid=$(id -u "$tester"),umask=022,allow_other" "$device" \
            "$copy/stick" >/dev/null 2>&1; then
        return 0
    fi
    rmdir "$copy/stick"
    echo "this machine mounts no exFAT: outputs on such a file system are not tested" >&2
}

remove_copy() {
    [ -n "$copy" ] || return 0
    local device
    umount "$copy/stick" 2>/dev/null || true
    for device in $(losetup -j "$copy/stick.image" 2>/dev/null | cut -d: -f1); do
        losetup -d "$device" || true
    done
    rm -rf "$copy"
    copy=
}

# unprivileged UMASK COMMAND…: runs a command in the tree, without capabilities and without a way to
# gain any.
unprivileged() {
    local mask=$1
    shift
    if [ -z "$copy" ]; then
        (umask "$mask" && exec setpriv --no-new-privs "$@")
        return
    fi
    unshare --mount --net bash -euc '
        copy=$1 root=$2 tester=$3 home=$4 mask=$5
        shift 5
        shared=$(dirname "$root")/shared
        has_shared=
        [ ! -d "$shared" ] || { has_shared=1; mount --bind "$shared" "$copy/shared"; }
        # Hides a folder above the tree that the tester may not enter with one that it may enter.
        above=$root
        folders=
        while above=$(dirname "$above") && [ "$above" != / ]; do folders="$above
$folders"; done
        printf %s "$folders" | while IFS= read -r folder; do
            if ! setpriv --reuid "$tester" --clear-groups test -x "$folder"; then
                mount -t tmpfs -o mode=755 tmpfs "$folder"
                break
            fi
        done
        mount --bind "$copy/tmp" /tmp
        # A mount above may hide the path to the tree, so make the path again.
        mkdir -p "$root" ${has_shared:+"$shared"}
        [ -z "$has_shared" ] || mount --bind "$copy/shared" "$shared"
        mount --bind "$copy/tree" "$root"
        ip link set lo up  # loopback, and no other network
        cd "$root"
        umask "$mask"
        stick=
        [ ! -d "$copy/stick" ] || stick=$copy/stick
        exec setpriv --reuid "$tester" --regid "$tester" --clear-groups --no-new-privs \
            --bounding-set=-all --inh-caps=-all \
            env -i HOME="$home" USER="$tester" PATH="$PATH" LC_ALL=C.UTF-8 \
            ${stick:+KEYCTL_TEST_EXFAT="$stick"} ${SCRIPTS:+SCRIPTS="$SCRIPTS"} "$@"
    ' unprivileged "$copy" "$root" "$tester" "$tester_home" "$mask" "$@"
}
