# shellcheck shell=bash
# Sourced by puppet/bin/backup and restore: the machines that have something to keep, and how to run a command on one.

# Reads [--cluster FILE] FILE [COMMAND...] into cluster, file and command; 1 when it is something else.
read_arguments() {
    cluster=$root/puppet/data/cluster.yaml
    if [ "${1:-}" = --cluster ]; then
        [ -e "${2:-}" ] || return 1
        cluster=$2
        shift 2
    elif [ ! -e "$cluster" ]; then
        cluster=
    fi
    [ -n "${1:-}" ] || return 1
    file=$(realpath -- "$1") || return 1
    shift
    command=("$@")
}

by_vagrant() {
    if [ -n "$cluster" ]; then command=(vagrant ssh MACHINE -- -T sudo); else command=(vagrant ssh -- -T sudo); fi
}

# A machine that is everything needs no name. In a cluster: the database, the node with the files, the other nodes.
machines() {
    [ -n "$cluster" ] || { echo all; return; }
    ruby -ryaml -e 'cluster = YAML.load_file(ARGV[0]); of = ->(role) { cluster["machines"].select { |_, each| each["role"] == role }.keys }
        puts of["database"], cluster["files"], of["node"] - [cluster["files"]]' "$cluster"
}

on() {  # MACHINE PROGRAM...
    local machine=$1 word words=()
    shift
    for word in "${command[@]}"; do
        [ "$word" != MACHINE ] || word=$machine
        words+=("$word")
    done
    "${words[@]}" "$@"
}
