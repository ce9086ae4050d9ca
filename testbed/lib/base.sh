# Sourced by testbed/machine: the read-only root file system that the machines of a suite are laid over.
# shellcheck shell=bash source=common.sh
#
# It is built once a week at most: its name is a hash of its recipe, and the recipe holds the week, so that a machine is
# never so old that the archive no longer has the packages its lists name.

# What every machine has. The server itself (database, ejabberd, chat) is Puppet's work.
base_packages=ca-certificates,iproute2,procps,sudo,netbase,less,man-db,bash-completion,lsb-release
declare -A puppet_packages=([bullseye]=puppet)   # what is called puppet-agent since
declare -A init_packages=(
    [systemd]='systemd,systemd-sysv,dbus,libpam-systemd'
    [sysvinit]='sysvinit-core,sysv-rc,initscripts,insserv,openssl'
)

# Sets `base` to the folder name of the suite's base, building it when it is not there.
find_base() {  # SUITE INIT
    local base_packages=$base_packages,${puppet_packages[$1]:-puppet-agent}
    base=$1-$2-$({ debian_sources "$1"; apt_settings; declare -f build_base "settle_$2"; echo "$base_packages${init_packages[$2]}"
        date -u +%G-%V; } | sha256sum | cut -c1-12)
    lock base "$cache"
    if [ ! -d "$cache/base/$base" ]; then
        remove_unused_bases "$1-$2"
        build_base "$1" "$2" "$base"
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
build_base() {  # SUITE INIT NAME
    local suite=$1 init=$2 new=$cache/base/new
    say "building the base for $suite with $init (once a week; about a minute)"
    [ -n "$(debian_sources "$suite")" ] || die "apt knows no Debian source; run: apt-get update"
    rm -rf "$new"
    mkdir -p "$new"
    apt_settings >"$cache/base/apt.conf"
    debian_sources "$suite" | setpriv --pdeathsig KILL unshare --pid --fork --kill-child \
        mmdebstrap --quiet --mode=root --variant=minbase --format=directory --include="$base_packages,${init_packages[$init]}" \
        --dpkgopt=force-unsafe-io --aptopt="$cache/base/apt.conf" \
        --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
        --aptopt='Binary::apt::APT::Keep-Downloaded-Packages "true"' \
        --setup-hook="mkdir -p \"\$1/etc/apt/trusted.gpg.d\" \"\$1/usr/local/share/ca-certificates\"
            cp -r /etc/apt/trusted.gpg.d/. \"\$1/etc/apt/trusted.gpg.d\"
            cp -r /usr/local/share/ca-certificates/. \"\$1/usr/local/share/ca-certificates\"" \
        --customize-hook="rm -f \"\$1/var/lib/man-db/auto-update\"" \
        --skip=cleanup/apt/lists \
        "$suite" "$new" - >&2 || die "building the base failed"
    "settle_$init" "$new"
    mv "$new" "$cache/base/$3"
}

settle_systemd() {  # ROOT
    chroot "$1" systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer puppet.service
}

# A machine has no hardware, no disks to check and no terminals. What says that it is up: see wait_until_up.
settle_sysvinit() {  # ROOT
    local script
    sed -i -E '/^([0-9]:|T[0-9]:|[^#]*getty)/d' "$1/etc/inittab"
    printf 'up:2:wait:/bin/touch /run/booted\n' >>"$1/etc/inittab"
    for script in hwclock.sh checkroot.sh checkroot-bootclean.sh checkfs.sh mountall.sh mountall-bootclean.sh mountkernfs.sh \
        mountdevsubfs.sh mountnfs.sh mountnfs-bootclean.sh udev urandom kmod bootmisc.sh hostname.sh umountroot umountfs puppet; do
        rm -f "$1"/etc/rc?.d/[SK]??"$script"
    done
}

remove_unused_bases() {  # SUITE
    local base   # in use by no instance
    for base in "$cache/base/$1"-*; do
        [ -d "$base" ] || continue
        grep -qsxF "${base##*/}" "$cache"/{,*/}machines/*/base || rm -rf "$base"
    done
}
