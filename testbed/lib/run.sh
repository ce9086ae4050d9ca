# Sourced by testbed/machine: `machine run`, a machine for the time of one command.
# shellcheck shell=bash source=common.sh
#
# However we end, also by KILL, the kernel closes our end of a pipe; the process that waits at the other end then removes
# the machine. There is no other way out, so this one is always tested.

run() {  # NAME OPTIONS -- COMMAND...
    local name=$1 options=() code=0
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
    [ $# -ge 2 ] || wrong
    shift
    # shellcheck disable=SC2016  # expanded by that process
    exec {alive_while_open}> >(exec setsid bash -c 'trap "" INT TERM HUP; cat; exec "$0" down "$1"' "$0" "$name" >&2)
    remover=$!
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    trap leave EXIT
    up "$name" "${options[@]}" >/dev/null
    # In the background, because bash runs no trap before a foreground command has ended.
    inside "$name" "$@" <&0 {alive_while_open}>&- &
    wait $! || code=$?
    exit "$code"
}

# The remover needs the locks that a signal may have found us holding. bash must not report the command's end as news.
leave() {
    exec {alive_while_open}>&- 2>/dev/null
    unlock "machine-$name"; unlock lan; unlock base
    wait "$remover"
}
