# Sourced by the tools of testbed/: the names, the places, and the control group that ties processes to a machine.
# shellcheck shell=bash
#
# Every process of the test bed lives in a cgroup below $cgroups. That is the only record of what runs: it survives the
# death of the tool that started it, it cannot name a wrong process as a pid file can, and the kernel kills it as a whole.

testbed=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
cache=$testbed/.work                                     # bases and downloaded packages: shared, kept
work=$cache${TESTBED_INSTANCE:+/$TESTBED_INSTANCE}       # machines and their network
id=$(printf %s "$testbed${TESTBED_INSTANCE:+/$TESTBED_INSTANCE}" | sha256sum | cut -c1-6)   # two checkouts or instances never meet
cgroups=/sys/fs/cgroup/chat-testbed-$id

say() { printf '%s\n' "$*" >&2; }
die() { printf 'testbed: %s\n' "$*" >&2; exit 1; }

# Runs the calling script again in a mount namespace of its own where /sys/fs/cgroup is the cgroup v2 tree, whatever the
# host has mounted there. What we mount, nobody else sees, and it is gone with us.
own_mounts() {
    [ "$(id -u)" = 0 ] || die "needs root"
    if [ "${TESTBED_MOUNTS_OF:-}" != $$ ]; then
        TESTBED_MOUNTS_OF=$$ exec unshare --mount --propagation private -- "$0" "$@"
    fi
    [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ] || mount -t cgroup2 testbed /sys/fs/cgroup
}

need() {
    local tool
    for tool; do
        command -v "$tool" >/dev/null || die "$tool is missing; run: testbed/deps server"
    done
}

join() {  # GROUP: moves the calling (sub)shell there
    mkdir -p "$cgroups/$1"
    echo 0 >"$cgroups/$1/cgroup.procs"
}

alive() {  # GROUP
    grep -qs '^populated 1' "$cgroups/$1/cgroup.events"
}

# Kills what is in the group, however deep, and removes it. Again and again: a process may join while we are at it.
end() {  # GROUP
    local group=$cgroups/$1 limit=$((SECONDS + 20))
    while [ -d "$group" ]; do
        { echo 1 >"$group/cgroup.kill"; } 2>/dev/null || :
        find "$group" -depth -type d -exec rmdir {} + 2>/dev/null && break
        [ "$SECONDS" -lt "$limit" ] || die "processes in $group do not end"
        sleep 0.05
    done
}

# Starts a process that outlives us: own session, own cgroup, none of our open files. It writes a word to its standard
# output when it is ready; its standard error is the log.
spawn() {  # GROUP LOG COMMAND...
    local group=$1 log=$2 answers answer=
    shift 2
    exec {answers}< <(
        join "$group"
        keep_no_files
        exec setsid "$@" </dev/null 2>>"$log"
    )
    read -r -t 30 answer <&"$answers" || :
    exec {answers}<&-
    [ -n "$answer" ] || die "$group did not start: $(tail -n 5 "$log" 2>/dev/null)"
}

keep_no_files() {
    local file
    for file in /proc/"$BASHPID"/fd/*; do
        file=${file##*/}
        [ "$file" -le 2 ] || eval "exec $file>&-"
    done
}

# Takes the lock NAME and holds it until `unlock NAME`; none may be held twice.
lock() {  # NAME [WHERE]
    local path=${2:-$work}/locks/$1
    local -n file=lock_${1//[^a-z0-9]/_}
    mkdir -p "${path%/*}"
    exec {file}>"$path"
    flock --timeout 600 "$file" || die "another process holds $path"
}

unlock() {  # NAME
    local -n file=lock_${1//[^a-z0-9]/_}
    [ -z "${file:-}" ] || exec {file}>&-
    file=
}
