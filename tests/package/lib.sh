# shellcheck shell=bash
# Sourced by tests/package/inside: counts checks, and the words that they are made of.

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 PAGER=cat MANPAGER=cat
passed=0 failed=0 skipped=0
said=$(mktemp)
deb=$(echo "/srv/repo/pool/chat_"*"_$(dpkg --print-architecture).deb")
root_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

check() {  # NAME COMMAND...
    local name=$1
    shift
    if "$@" >"$said" 2>&1 </dev/null; then
        passed=$((passed + 1)); echo "ok $name"
    else
        failed=$((failed + 1)); echo "not ok $name"; sed 's/^/    /' "$said"
    fi
}

skip() {  # NAME WHY
    skipped=$((skipped + 1)); echo "skip $1: $2"
}

apt() { apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@"; }
# Not grep -q: it would leave before all is written, which chat rightly calls a failure.
prints() { local text=$1; shift; "$@" | grep -F -- "$text" >/dev/null; }
complains() { local text=$1; shift; { "$@" 2>&1 >/dev/null || :; } | grep -F -- "$text"; }
ends_with() { local status=0 wanted=$1; shift; "$@" || status=$?; [ "$status" = "$wanted" ]; }
is_silent() { "$@" 2>&1 | tee /dev/stderr | cmp -s - /dev/null; }
is_installed() { [ "$(dpkg-query --showformat '${db:Status-Status}' --show "$1")" = installed ]; }
version_is() { [ "$(dpkg-query --showformat '${Version}' --show chat)" = "$1" ]; }
as() { su - "$1" -c "$2"; }

# What a package may leave behind; caches are none of it, nor what the server of this test has.
file_list() {
    find /etc /usr /var /opt /root /home /srv -xdev \
        \( -path /var/cache -o -path /var/log -o -path '/var/lib/apt' -o -path /var/lib/dpkg -o -path /var/lib/systemd -o -path /var/lib/prosody \) -prune \
        -o -print | LC_ALL=C sort
    find /var/lib/dpkg/info /var/lib/dpkg/triggers -name '*chat*'
}
