# shellcheck shell=bash
# Sourced by the scenarios beside it: checks with one line each, a machine that becomes the server, people who use it from
# outside with the `chat` of dist/.

cd "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit
export TESTBED_INSTANCE="${TESTBED_INSTANCE:-provision}"    # machines and a network of our own
scratch=$(mktemp -d)
checkout=. domain=chat.example    # whose passwords and certificates, and for which domain
passed=0 failed=0
machines=()

# However we end, also when killed, the machines go: see testbed/lib/run.sh.
trap 'leave' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
leave() {
    local name
    for name in "${machines[@]}"; do testbed/machine down "$name"; done
    rm -rf "$scratch"
}

check() {  # WHAT COMMAND...
    local what=$1
    shift
    if "$@" >"$scratch/said" 2>&1 </dev/null; then
        passed=$((passed + 1)); echo "ok $what"
    else
        failed=$((failed + 1)); echo "not ok $what"; tail -n 25 "$scratch/said" | sed 's/^/    /'
    fi
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}

start() {  # MACHINE OPTIONS-OF-MACHINE-UP...
    machines+=("$1")
    testbed/machine up "$@" >/dev/null
    chat_program
}

inside() { testbed/machine exec "$@"; }
# Settings for one machine only, as its administrator would write them; they last until they are replaced. YAML on stdin.
settings() { cat >"$scratch/settings-$1"; }  # MACHINE
provision() {  # MACHINE
    local own=()
    [ ! -e "$scratch/settings-$1" ] || own=(--settings "$scratch/settings-$1")
    testbed/provision "$1" --packages dist --checkout "$checkout" "${own[@]}"
}
changes_nothing() { provision "$1" | tee "$scratch/second" | grep -x 'provision: no changes' >/dev/null || { cat "$scratch/second"; return 1; }; }
prints() { local wanted=$1 got; shift; got=$("$@") || return; [ "$got" = "$wanted" ] || { printf 'wanted: %s\ngot:    %s\n' "$wanted" "$got"; return 1; }; }
fails_with() { local wanted=$1 got=0; shift; "$@" || got=$?; [ "$got" = "$wanted" ] || { echo "exit status $got, wanted $wanted"; return 1; }; }

eventually() {  # COMMAND...: succeeds within five minutes, which is for busy machines
    local limit=$((SECONDS + 300))
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$limit" ] || { "$@"; return; }
        sleep 0.2
    done
}

# The program from the package, as people get it; CHAT_PROGRAM names another one.
chat_program() {
    [ -n "${CHAT_PROGRAM:-}" ] && return
    dpkg-deb -x dist/chat_*.deb "$scratch/package"
    CHAT_PROGRAM=$scratch/package/usr/bin/chat
}

# chat as one of the accounts, from outside, over TLS that is checked against the installation's own authority.
chat_as() {  # MACHINE NAME COMMAND ARGUMENTS...
    local machine=$1 name=$2 command=$3 home=$scratch/home-$1-$2
    shift 3
    [ -d "$home" ] || mkdir -p "$home"
    (umask 077 && "$checkout/puppet/bin/password" "$name" >"$home/password")
    env -i HOME="$home" PATH=/usr/bin:/bin "$CHAT_PROGRAM" "$command" -u "$name@$domain" -p "$home/password" \
        -H "$(testbed/machine address "$machine")" -C "$checkout/pki/ca.pem" "$@"
}

# A message from alice to bob arrives once, and is read once. Its words are new ones, should an earlier one have come late; the limit is for
# busy machines.
exchange() {  # MACHINE WORDS
    local words="$2, $EPOCHREALTIME" patience=(-t 300)
    chat_as "$1" alice send "${patience[@]}" bob@chat.example "$words" &&
        chat_as "$1" bob unread "${patience[@]}" alice@chat.example >"$scratch/unread" && grep -c "$words\$" "$scratch/unread" | grep -x 1 >/dev/null &&
        chat_as "$1" bob unread -m "${patience[@]}" alice@chat.example >/dev/null && fails_with 1 chat_as "$1" bob unread -q "${patience[@]}"
}

# Which of the machine's TCP ports answer to somebody from outside: of all there are, or of those that are named.
open_ports() {  # MACHINE [PORT...]
    local machine=$1
    shift
    [ $# -gt 0 ] || set -- {1..65535}
    printf '%s\n' "$@" | perl -MSocket -MIO::Select -e '
        my ($host, @open) = inet_aton(shift);
        chomp(my @ports = <STDIN>);
        while (my @some = splice @ports, 0, 200) {
            my ($asked, %port) = IO::Select->new;
            for my $port (@some) {
                socket my $socket, PF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0 or die $!;
                connect $socket, sockaddr_in($port, $host);
                $port{$socket} = $port;
                $asked->add($socket);
            }
            # One that does not answer in 10 s is not open.
            while ($asked->count and my @answered = $asked->can_write(10)) {
                for my $socket (@answered) {
                    push @open, $port{$socket} if getpeername $socket;
                    $asked->remove($socket);
                }
            }
        }
        print join(" ", sort { $a <=> $b } @open), "\n";' "$(testbed/machine address "$machine")"
}

# Something that was never meant to be reached from outside: it listens on all addresses until the machine goes down. At once, also where
# connections to an earlier one are remembered: a machine keeps its network over a reboot.
# shellcheck disable=SC2016  # expanded by perl
something_listens() {  # MACHINE
    inside "$1" perl -MIO::Socket::INET -MPOSIX=setsid -e '
        my $socket = IO::Socket::INET->new(LocalPort => 8081, Listen => 5, ReuseAddr => 1) or die "8081: $!\n";
        exit if fork // die $!;
        setsid;
        open $_->[0], $_->[1], "/dev/null" for [*STDIN, "<"], [*STDOUT, ">"], [*STDERR, ">"];
        1 while $socket->accept'
}
has_ssh() { inside "$1" sh -c 'DEBIAN_FRONTEND=noninteractive apt-get -q update && apt-get -q install -y openssh-server && { ss -ltn | grep ":22 " || service ssh start; }'; }

# What every machine must be able to do, whatever it is made of.
is_a_chat_server() {  # MACHINE
    check "it has sshd, as machines do" has_ssh "$1"
    check "it is provisioned" provision "$1"
    check "a second run changes nothing" changes_nothing "$1"
    check "alice writes to bob over verified TLS" exchange "$1" "before the reboot"
    check "something listens on another port" something_listens "$1"
    check "only what is meant to be open is open" prints "22 5222 5223 5443 7777" open_ports "$1"
    check "ejabberd logs no error" logs_no_error "$1"
    check "it reboots" testbed/machine reboot "$1"
    check "ejabberd is back" eventually chat_as "$1" bob unread
    check "alice writes to bob again" exchange "$1" "after the reboot"
    check "something listens again" something_listens "$1"
    check "and only what is meant to be open is open" prints "22 5222 5223 5443 7777" open_ports "$1"
}

# Every feature of the compliance suite, or of the parts that are named, each a check of its own: see features.rb.
has_the_features() {  # MACHINE VERSION-OF-EJABBERD [PART...]
    local line address
    address=$(testbed/machine address "$1")
    shift
    { puppet/bin/password alice; puppet/bin/password bob; } | ruby tests/provision/features.rb "$address" pki/ca.pem "$@" >"$scratch/features" || :
    grep -v ' passed, ' "$scratch/features"
    if read -r line < <(grep ' passed, ' "$scratch/features"); then
        passed=$((passed + ${line%% *})) failed=$((failed + $(echo "$line" | cut -d' ' -f3)))
    else
        check "the features are looked at" false
    fi
}

logs_no_error() { ! inside "$1" sh -c 'grep -E "\[(error|critical)\]" /var/log/ejabberd/ejabberd.log /opt/ejabberd/logs/ejabberd.log 2>/dev/null'; }

# Who tries passwords is banned after 100 of them (mod_fail2ban); nobody else is.
try_passwords() {  # MACHINE
    local tries home=$scratch/attacker
    mkdir -p "$home"
    (umask 077 && echo wrong >"$home/password")
    for tries in {1..120}; do
        env -i HOME="$home" PATH=/usr/bin:/bin "$CHAT_PROGRAM" send -t 10 -u bob@chat.example -p "$home/password" \
            -H "$(testbed/machine address "$1")" -C pki/ca.pem alice@chat.example guess >"$scratch/answer" 2>&1 || :
        grep -q "wrong password" "$scratch/answer" || { echo "banned after $tries: $(cat "$scratch/answer")"; [ "$tries" -gt 90 ]; return; }
    done
    echo "not banned"
    return 1
}
others_are_served() {  # MACHINE
    # shellcheck disable=SC2016  # expanded in the machine
    puppet/bin/password alice | inside "$1" sh -c 'umask 077; cat > /root/password; chat send -u alice@chat.example -p /root/password bob@chat.example "still here"'
}

# Puppet fails, and the last line, the only one of its kind, says why.
stops_with() {  # MACHINE PATTERN
    ! provision "$1" >"$scratch/stopped" 2>&1 || { echo "it was taken"; return 1; }
    if [ "$(grep -c '^provision: failed' "$scratch/stopped")" = 1 ] && tail -n 1 "$scratch/stopped" | grep -E "^provision: failed \([0-9]+\): .*$2" >/dev/null; then return; fi
    tail "$scratch/stopped"
    return 1
}
goes_on() { exchange "$1" "all the same"; }  # MACHINE
