# Shared by the scripts: the root of the tree, and the packages to install. Scripts source this file.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# install_missing PACKAGE…: installs the Debian packages that are missing, and prints their names.
install_missing() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    echo "installing: ${missing[*]}" >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
}

# install_sshd: installs the OpenSSH server for a test that starts its own server. Keeps Debian from
# starting the daemon of the machine.
install_sshd() {
    [ -x /usr/sbin/sshd ] && return 0
    local policy=/usr/sbin/policy-rc.d ours=
    if [ ! -e "$policy" ]; then
        ours=1
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    install_missing openssh-server
    [ -z "$ours" ] || as_root rm "$policy"
}

build_packages=(libssl-dev libargon2-dev libsqlite3-dev libp11-kit-dev pkg-config)
test_packages=(
    strace exfat-fuse exfatprogs git iproute2 gnupg default-jre-headless
    openssl openssh-client xxd binutils bash python3 tmux age jose python3-cryptography python3-electrum
    softhsm2 opensc p11-kit p11-kit-modules pinentry-tty bsdutils
)

require_swift() {
    command -v swift >/dev/null || {
        echo "a Swift 6.3 toolchain is needed: see https://swift.org/install" >&2
        exit 1
    }
}

# build_release PRODUCT…: builds the programs that people install; prints the folder that holds them.
#
# Every run of keyctl pays for its start. The linker of the toolchain packs the relocations of a
# program that may be loaded anywhere, and libstdc++, which the runtime of Swift alone uses, is linked
# in: it is searched for in a folder that has the static library only. What security updates reach
# (libcrypto, libargon2, libsqlite3, libc) stays outside.
build_release() {
    local libraries=$root/.build/static-libraries product options
    mkdir -p "$libraries"
    ln -sf "$(clang -print-file-name=libstdc++.a)" "$libraries/libstdc++.a"
    options=(
        -c release --static-swift-stdlib -Xswiftc -use-ld=lld
        -Xswiftc -L"$libraries" -Xlinker -l:libgcc_eh.a -Xlinker --as-needed
        -Xlinker -z -Xlinker pack-relative-relocs -Xlinker --icf=safe -Xlinker -Bsymbolic
    )
    for product in "$@"; do
        swift build "${options[@]}" --product "$product" >&2 || return
    done
    swift build "${options[@]}" --show-bin-path
}
