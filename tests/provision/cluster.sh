# shellcheck shell=bash
# Sourced by scenarios with several machines, after lib.sh. `nodes` are those that are to be members now.

role() { case $1 in db) echo database ;; balancer) echo balancer ;; *) echo node ;; esac; }
describe() {  # MACHINE...: cluster.yaml
    local machine
    echo "machines:"
    for machine; do echo "  $machine: {role: $(role "$machine"), address: $(testbed/machine address "$machine")}"; done
    echo "files: chat1"
}
provision() {  # MACHINE
    local own=()
    [ ! -e "$scratch/settings-$1" ] || own=(--settings "$scratch/settings-$1")
    testbed/provision "$1" --packages dist --cluster "$scratch/cluster.yaml" "${own[@]}"
}
together() {  # MACHINE...: at the same time
    local machine at=()
    for machine; do provision "$machine" >"$scratch/provision-$machine" 2>&1 & at+=($!); done
    for machine in "${at[@]}"; do wait "$machine" || { tail -n 20 "$scratch"/provision-*; return 1; }; done
}
none_changes() { local machine; for machine; do changes_nothing "$machine" || return; done; }

# Every node, or those that are named, knows all of these.
members() {  # NODE...
    local node
    for node; do
        prints "$(printf 'ejabberd@%s\n' "$@" | sort)" sh -c "testbed/machine exec $node ejabberdctl list_cluster | sort" || return
    done
}
up() { inside balancer chat-balancer status | grep -x "$1 UP [0-9]*" >/dev/null; }
all_up() { local node; for node in "${nodes[@]}"; do up "$node" || return; done; }
settled() { slowly members "${nodes[@]}" && slowly all_up; }
slowly() {  # COMMAND...: succeeds within 15 minutes
    local limit=$((SECONDS + 900))
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$limit" ] || { "$@"; return; }
        sleep 1
    done
}

# Of secrets.yaml, whose hash of accounts counts as what is in it, these are somewhere on the machine, and no other.
secrets() { ruby -ryaml -e 'all = YAML.load_file("puppet/data/secrets.yaml"); all.merge(all.delete("chat::accounts::passwords")).each { |pair| puts pair.join(" ") }'; }
secrets_on() {  # MACHINE
    local name secret code
    while read -r name secret; do
        code=0
        inside "$1" grep -rqF -f - /srv /etc /root /var/cache /var/lib/chat <<<"$secret" || code=$?
        case $code in 0) echo "$name" ;; 1) ;; *) return "$code" ;; esac
    done < <(secrets)
}
has_secrets() {  # MACHINE NAME...
    local machine=$1
    shift
    secrets_on "$machine" >"$scratch/secrets" && prints "$(printf '%s\n' "$@" | sort)" sort "$scratch/secrets"
}
