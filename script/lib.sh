# What the scripts share. Sourced, not run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() { printf '\033[31mError:\033[0m %s\n' "$*" >&2; exit 1; }

# install_packages NAME…: the Debian packages that are missing, when this user may install them.
install_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local apt=(apt-get)
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || die "these packages are missing; install them: sudo apt-get install ${missing[*]}"
        apt=(sudo -n apt-get)
    fi
    say "Installing ${missing[*]}"
    DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null 2>&1 && return 0
    "${apt[@]}" update >/dev/null
    DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
}

# What it takes to build and to run.
build_packages=(libsqlite3-dev libpq-dev pkg-config zlib1g-dev git gzip tar unzip curl ca-certificates util-linux)
# What the tests start besides.
test_packages=(postgresql-15 python3 openssl jq procps)

# The tool that fuzzes the API from its description, in a virtual environment of its own. Without it that test is skipped.
install_schemathesis() {
    local venv=$root/.build/schemathesis
    if [ ! -x "$venv/bin/schemathesis" ]; then
        say "Installing schemathesis"
        python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5 ||
            die "schemathesis could not be installed from PyPI: the tests fuzz the API with it"
    fi
    PATH=$PATH:$venv/bin
}

require_toolchain() {
    command -v swift >/dev/null || die "Swift 6.2 or later is needed: see https://www.swift.org/install/linux/"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -1)
    [ "$(printf '%s\n6.2\n' "$version" | sort -V | head -1)" = 6.2 ] ||
        die "Swift $version is too old: 6.2 or later is needed, see https://www.swift.org/install/linux/"
}
