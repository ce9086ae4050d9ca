# Sourced by testbed/machine: the read-only root file system that the machines of a suite are laid over.
# shellcheck shell=bash source=common.sh
#
# It is built once a week at most: its name is a hash of its recipe, and the recipe holds the week, so that a machine is
# never so old that the archive no longer has the packages its lists name.

# What every machine has. The server itself (database, ejabberd, chat) is Puppet's work.
base_packages=systemd,systemd-sysv,dbus,libpam-systemd,ca-certificates,iproute2,procps,sudo,netbase,less,man-db
base_packages+=,bash-completion,lsb-release,puppet-agent,puppet-module-puppetlabs-mysql,puppet-module-puppetlabs-stdlib

# Sets `base` to the folder name of the suite's base, building it when it is not there.
find_base() {  # SUITE
    base=$1-$({ debian_sources "$1"; apt_settings; declare -f build_base; echo "$base_packages"; date -u +%G-%V; } |
        sha256sum | cut -c1-12)
    lock base "$cache"
    if [ ! -d "$cache/base/$base" ]; then
        remove_unused_bases "$1"
        build_base "$1" "$base"
    fi
    unlock base
}

# The host's own Debian sources, as one-line entries for the wanted suite. Other people's repositories are left out.
debian_sources() {  # SUITE
    local suite=$1 host
    # shellcheck disable=SC1091
    host=$(. /etc/os-release && echo "$VERSION_CODENAME")
    # shellcheck disable=SC2016  # apt expands these
    apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI) $(COMPONENT)' 'Created-By: Packages' |
        sed -nE "s/^Debian $host(-updates|-security)? ([^ ]+) (.*)/deb \2 $suite\1 \3/p" |
        if [ "$suite" = sid ]; then grep -Ev ' sid-'; else cat; fi | sort -u
}

# How the host reaches its mirror: proxies, certificates, checks it had to relax.
apt_settings() {
    apt-config dump | grep -E '^Acquire::(https?::|Check-|Retries)' || :
    [ -z "${http_proxy:-}" ] || echo "Acquire::http::Proxy \"$http_proxy\";"
    [ -z "${https_proxy:-}" ] || echo "Acquire::https::Proxy \"$https_proxy\";"
}

# Built beside its place and moved there when whole, so that an interrupted build is never taken for a base. Dies with us.
build_base() {  # SUITE NAME
    local suite=$1 new=$cache/base/new
    say "building the base for $suite (once a week; about a minute)"
    [ -n "$(debian_sources "$suite")" ] || die "apt knows no Debian source; run: apt-get update"
    rm -rf "$new"
    mkdir -p "$new"
    apt_settings >"$cache/base/apt.conf"
    debian_sources "$suite" | setpriv --pdeathsig KILL unshare --pid --fork --kill-child \
        mmdebstrap --quiet --mode=root --variant=minbase --format=directory --include="$base_packages" \
        --dpkgopt=force-unsafe-io --aptopt="$cache/base/apt.conf" \
        --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
        --aptopt='Binary::apt::APT::Keep-Downloaded-Packages "true"' \
        --setup-hook="mkdir -p \"\$1/etc/apt/trusted.gpg.d\" \"\$1/usr/local/share/ca-certificates\"
            cp -r /etc/apt/trusted.gpg.d/. \"\$1/etc/apt/trusted.gpg.d\"
            cp -r /usr/local/share/ca-certificates/. \"\$1/usr/local/share/ca-certificates\"" \
        --customize-hook="rm -f \"\$1/var/lib/man-db/auto-update\"
            chroot \"\$1\" systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer puppet.service" \
        --skip=cleanup/apt/lists \
        "$suite" "$new" - >&2 || die "building the base failed"
    mv "$new" "$cache/base/$2"
}

remove_unused_bases() {  # SUITE
    local base   # in use by no instance
    for base in "$cache/base/$1"-*; do
        [ -d "$base" ] || continue
        grep -qsxF "${base##*/}" "$cache"/{,*/}machines/*/base || rm -rf "$base"
    done
}
