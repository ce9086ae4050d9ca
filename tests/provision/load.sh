# shellcheck shell=bash
# Sourced by scenarios, after lib.sh: six send to bob through the balancer while one reads, and everything that they see is kept.
#
# sent-N        what ended with 0, a line each; repeated-N: what ended with 75 and was sent again with the same -I
# wrong         every other end
# shown/RUN     what a run of `chat unread -m` wrote; shown/RUN.status: how it ended

load=$scratch/load
mkdir -p "$load/shown"

client() {  # NAME HOME COMMAND ARGUMENTS...
    local name=$1 home=$load/$2 command=$3
    shift 3
    nice -n 10 env -i HOME="$home" PATH=/usr/bin:/bin "$CHAT_PROGRAM" "$command" -u "$name@chat.example" -p "$home/password" -t "${patience:-60}" \
        -H "$balancer" -C pki/ca.pem "$@"
}
moves_in() {  # NAME HOME
    mkdir -p "$load/$2"
    (umask 077 && puppet/bin/password "$1" >"$load/$2/password")
}

sender() {  # NUMBER NAME
    local number=$1 name=$2 count=0 word code
    while [ ! -e "$load/stop" ]; do
        count=$((count + 1)) word=word-$$-$number-$count code=75
        while [ "$code" = 75 ]; do
            code=0
            client "$name" "sender-$number" send -I "$word" bob@chat.example "$word" 2>"$load/said-$number" || code=$?
            [ "$code" != 75 ] || echo "$word $(head -n 1 "$load/said-$number")" >>"$load/repeated-$number"
        done
        if [ "$code" = 0 ]; then echo "$word" >>"$load/sent-$number"; else echo "$word $code $(cat "$load/said-$number")" >>"$load/wrong"; fi
    done
}

read_once() {
    local run code=0
    run=$(find "$load/shown" -name '*.status' | wc -l)
    client bob reader unread -m >"$load/shown/$run" 2>"$load/shown/$run.said" || code=$?
    echo "$code" >"$load/shown/$run.status"
}
reader() { while [ ! -e "$load/stop" ]; do read_once; done; }

begin_load() {
    local number name
    balancer=$(testbed/machine address balancer)
    moves_in bob reader
    for number in {1..6}; do
        name=$([ $((number % 2)) = 0 ] && echo admin || echo alice)
        moves_in "$name" "sender-$number"
        : >"$load/sent-$number"
        sender "$number" "$name" & loads+=($!)
    done
    reader & loads+=($!)
}
loads=()
end_load() {
    touch "$load/stop"
    wait "${loads[@]}" || :
    loads=()
    read_once
    echo "  sent: $(cat "$load"/sent-* | wc -l), of them after a repetition: $(cat "$load"/repeated-* 2>/dev/null | cut -d' ' -f1 | sort -u | wc -l);" \
        "runs of unread: $(find "$load/shown" -name '*.status' | wc -l), not ended with 0: $(cat "$load"/shown/*.status | grep -cvx 0 || :)"
}

# Each of the six has sent three more.
sends_more() {
    local number now
    for number in {1..6}; do
        now=$(wc -l <"$load/sent-$number")
        slowly has_sent "$number" $((now + 3)) || return
    done
}
has_sent() { [ "$(wc -l <"$load/sent-$1")" -ge "$2" ]; }

under_load() {  # WHAT NODE
    "$@" || return
    settled && sends_more && nothing_went_wrong
}
nothing_went_wrong() { [ ! -e "$load/wrong" ] || { cat "$load/wrong"; return 1; }; }

none_lost() {
    sort "$load"/sent-* >"$load/sent"
    cat "$load"/shown/*[0-9] | grep -o 'word-[0-9]*-[0-9]*-[0-9]*$' | sort -u >"$load/seen"
    [ -s "$load/sent" ] && nothing_went_wrong && prints "" comm -23 "$load/sent" "$load/seen"
}

# What a run showed that did not end with 0 may be shown again: it could not mark it. What one showed that did may not.
none_doubled() {
    local run
    for run in $(find "$load/shown" -name '*[0-9]' -printf '%f\n' | sort -n); do
        [ "$(cat "$load/shown/$run.status")" = 0 ] && grep -o 'word-[0-9]*-[0-9]*-[0-9]*$' "$load/shown/$run"
    done | sort | uniq -d >"$load/doubled"
    prints "" cat "$load/doubled" && prints "" inside db mysql -NB ejabberd \
        -e "SELECT txt, COUNT(*) FROM archive WHERE username = 'bob' AND txt LIKE 'word-%' GROUP BY txt HAVING COUNT(*) > 1"
}

# Nothing was only delivered: each is in the archive of both.
all_archived() {
    inside db mysql -NB ejabberd -e "SELECT txt FROM archive WHERE txt LIKE 'word-%' GROUP BY txt HAVING COUNT(DISTINCT username) = 2" | sort >"$load/archived"
    [ -s "$load/sent" ] && prints "" comm -23 "$load/sent" "$load/archived"
}

every_node_served() {
    local node
    for node in "${nodes[@]}"; do
        inside "$node" grep -qc 'Opened c2s session for \(alice\|admin\)@' /var/log/ejabberd/ejabberd.log || { echo "$node did not"; return 1; }
    done
}

# While the database takes nothing into a table, nobody is told that a message was taken; and when the node dies then, the message is
# sent again, and is there once. 30 s are what chat waits for; after 60 ejabberd waits for the database no longer (docs/cluster.md).
who_locks() { inside db mysql -NBe "SELECT $1 FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(%'"; }  # SQL
table_is_locked() { prints 1 who_locks 'COUNT(*)'; }
# What a node that is dead now had asked for is not done any more: the database notices within a second that nobody waits.
nobody_waits() { prints 0 inside db mysql -NBe "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'INSERT INTO $1%'"; }  # TABLE
no_promise_before_the_row() {  # TABLE
    local word=row-$1 code=0 locks
    inside db mysql ejabberd -e "LOCK TABLES $1 READ; SELECT SLEEP(900)" >/dev/null & locks=$!
    eventually table_is_locked || return
    patience=30 client alice sender-1 send -I "$word" bob@chat.example "$word" 2>"$load/said" || code=$?
    for node in "${nodes[@]}"; do kill_ejabberd "$node"; done
    eventually nobody_waits "$1" || return
    who_locks "CONCAT('KILL ', id)" | inside db mysql
    wait "$locks" || :
    [ "$code" = 75 ] || { echo "it ended with $code"; return 1; }
    slowly client alice sender-1 send -I "$word" bob@chat.example "$word" &&
        prints "$word" inside db mysql -NB ejabberd -e "SELECT txt FROM archive WHERE username = 'bob' AND txt = '$word'" && settled
}
