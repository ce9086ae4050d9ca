# shellcheck shell=bash
# The program on a kernel that has only what Linux 3.13 had, that of Ubuntu 14.04.

in_2014() { as romeo "/srv/tests/in-2014 $1"; }
# In a user namespace of its own, whose keyrings are nobody else's.
keeps_it_in_the_kernel() {
    as romeo 'unshare --user --map-current-user sh -c "
        export XDG_CONFIG_HOME=/tmp/romeo-2014
        /srv/tests/in-2014 chat login -p - romeo@chat.example <.secrets/password &&
        /srv/tests/in-2014 chat accounts -v | grep kernel.keyring && /srv/tests/in-2014 chat unread -T"'
}

# No vDSO of that time draws random numbers, which a filter of system calls cannot take away: glibc 2.41 uses it.
on_an_old_kernel() {
    if dpkg --compare-versions "$(dpkg-query --show --showformat '${Version}' libc6)" ge 2.41; then
        skip "chat works on an old kernel" "the glibc of this release draws random numbers without a system call"
        return
    fi
    check "the filter of an old kernel filters" complains 'Function not implemented' in_2014 'python3 -c "import os; os.getrandom(1)"'
    check "chat starts on an old kernel" in_2014 'chat --version'
    check "it logs in" in_2014 'chat login -p .secrets/password romeo@chat.example'
    check "it sends" in_2014 'chat send juliet@chat.example "from 2014"'
    check "it looks" in_2014 'chat unread'
    check "it keeps a password in the kernel" keeps_it_in_the_kernel
}
