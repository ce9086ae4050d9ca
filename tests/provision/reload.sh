# shellcheck shell=bash
# Sourced by scenarios, after lib.sh: changed settings, which ejabberd takes while people are connected, or by starting again.

# More settings for a machine, merged into those that it has had before this. YAML.
also() {  # MACHINE YAML
    local base=$scratch/base-$1
    [ -e "$base" ] || cp "$scratch/settings-$1" "$base" 2>/dev/null || echo '{}' >"$base"
    ruby -ryaml -e 'merge = ->(_, one, other) { one.is_a?(Hash) && other.is_a?(Hash) ? one.merge(other, &merge) : other }
        puts YAML.load_file(ARGV[0]).merge(YAML.load(ARGV[1]), &merge).to_yaml' "$base" "$2" | settings "$1"
}
ejabberd_of() { inside "$1" pgrep -o beam.smp; }
# Settings are taken while alice is connected, and she stays it. What is seen then, a line each, is kept.
stays_while() {  # MACHINE YAML
    local -
    set +e
    also "$@"
    export -f provision inside
    export scratch checkout
    puppet/bin/password alice | ruby tests/provision/stays.rb "$(testbed/machine address "$1")" pki/ca.pem bash -c "provision $1 >$scratch/taken 2>&1" >"$scratch/seen"
}
taken_by() { grep -q "returns: ejabberd $1" "$scratch/taken" || { tail "$scratch/taken"; return 1; }; }
reloads() { provision "$1" >"$scratch/taken" 2>&1 && taken_by "has reloaded $2\$"; }
offers() { grep -qxF "$1" "$scratch/seen"; }
not() { ! "$@"; }
restarts_for() { also "$1" "$2" && provision "$1" >"$scratch/taken" 2>&1 && taken_by 'starts again: a reload is not enough for sql_pool_size$'; }

# All listeners, and one more, as YAML.
with_port() {  # MACHINE LISTENER
    inside "$1" ruby -ryaml -rjson -e 'listeners = YAML.load_file("/etc/ejabberd/ejabberd.yml")["listen"].reject { |each| each["port"] == 5224 }
        puts JSON.generate({ "ejabberd::config_override" => { "listen" => listeners + [YAML.load(ARGV[0])] } })' "$2"
}
is_listened_on() { inside "$1" sh -c "ss -ltn | grep ':$2 '"; }

# One that validates, and cannot be opened.
tells_what_does_not_start() {  # MACHINE
    local before
    before=$(ejabberd_of "$1")
    also "$1" "$(with_port "$1" '{port: 5224, ip: 192.0.2.1, module: ejabberd_c2s}')"
    check "a listener that cannot be opened stops Puppet" stops_with "$1" 'ejabberd could not start 5224, see its log; all else goes on'
    check "the next time, too" stops_with "$1" 'ejabberd could not start 5224'
    check "the others serve" exchange "$1" "on the other ports"
    also "$1" "$(with_port "$1" '{port: 5224, ip: "::", module: ejabberd_c2s, starttls_required: true}')"
    check "where it can, a reload opens it" reloads "$1" listen
    check "really" is_listened_on "$1" 5224
    also "$1" '{}'
    check "and another closes it" reloads "$1" listen
    check "really" not is_listened_on "$1" 5224
    check "all in the same ejabberd" prints "$before" ejabberd_of "$1"
}

mechanisms='[digest-md5, PLAIN, X-OAUTH2, SCRAM-SHA-1]'
takes_settings() {  # MACHINE
    local before
    before=$(ejabberd_of "$1")
    also "$1" '{}'
    check "a module is switched on, a mechanism off, a port opened: alice stays connected" stays_while "$1" \
        "ejabberd::config_override: {modules: {mod_time: {}, mod_version: {show_os: true}}, disable_sasl_mechanisms: $mechanisms}"
    check "by a reload" taken_by 'has reloaded disable_sasl_mechanisms, modules$'
    check "her connection sees the module" offers urn:xmpp:time
    check "a new one is offered other mechanisms" offers SCRAM-SHA-256
    check "without the one that is off" not offers SCRAM-SHA-1
    check "the same ejabberd runs" prints "$before" ejabberd_of "$1"
    check "a second run changes nothing" changes_nothing "$1"
    check "what is read at a start only is taken by a restart" restarts_for "$1" 'ejabberd::config_override: {sql_pool_size: 5, modules: {mod_time: {}}}'
    check "really" not prints "$before" ejabberd_of "$1"
    check "a second run changes nothing" changes_nothing "$1"
    check "every port is open that was" prints "22 5222 5223 5443 7777" open_ports "$1" 22 5222 5223 5443 7777
}
