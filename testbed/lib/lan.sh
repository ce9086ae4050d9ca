# Sourced by testbed/machine: the network that all machines of this checkout share.
# shellcheck shell=bash source=common.sh
#
#   host ──veth── [ bridge "lan" ──veth── machine, machine, …
#                 [ nft masquerade ── tap0 ── slirp4netns ── the host's own connections
#
# Bridge, forwarding and masquerade are in a network namespace of their own. The uplink is user-mode (slirp4netns opens
# ordinary connections), so the host's firewall, routes and sysctls stay as they are. The host gets one interface.

lan=$work/lan
host_interface=chat-$id

lan_process() { head -n 1 "$cgroups/lan/space/cgroup.procs"; }

lan_up() {
    mkdir -p "$lan"
    alive lan/space || start_lan
    alive lan/uplink || start_uplink
    ip address replace "$(lan_net).1/24" dev "$host_interface"
    ip link set "$host_interface" up
}

start_lan() {
    local net
    end lan
    net=$(free_net)
    echo "$net" >"$lan/net"
    spawn lan/space "$lan/log" unshare --net -- "$testbed/lib/lan" "$net" "$host_interface" $$
}

start_uplink() {
    end lan/uplink
    # shellcheck disable=SC2016  # the inner shell expands
    spawn lan/uplink "$lan/log" bash -c 'exec slirp4netns "$@" --ready-fd=3 3>&1 >&2' slirp4netns \
        --configure --mtu=1400 --cidr="$(uplink_net).0/24" --disable-host-loopback "$(lan_process)" tap0
}

# 198.18.0.0/15 is set aside for testing networks (RFC 2544), so it is neither on the Internet nor in anybody's office.
free_net() {
    local number=$((16#${id:0:2})) tries
    for tries in {0..255}; do
        if ! ip -4 route show | grep "^198\.19\.$number\." >/dev/null; then
            echo "198.19.$number"
            return
        fi
        number=$(((number + 1) % 256))
    done
    die "no free network left in 198.19.0.0/16 after $tries tries"
}

lan_net() { cat "$lan/net"; }
uplink_net() { lan_net | sed 's/^198\.19/198.18/'; }

lan_down() {
    end lan
    rm -rf "$lan"
    rmdir "$cgroups" 2>/dev/null || :
}
