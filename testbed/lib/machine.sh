# Sourced by testbed/machine: one machine's life.
# shellcheck shell=bash source=common.sh

machines=$work/machines
boot_limit=600   # seconds

check_name() {
    [[ "$1" =~ ^[a-z][a-z0-9-]{0,30}$ ]] || die "not a name for a machine: '$1' (lower-case letters, digits, -)"
}

# The machine's PID 1, as the host numbers it. systemd puts itself into init.scope first thing, SysV init stays in payload.
init_of() {  # NAME
    local process payload=$cgroups/machine-$1/machine/payload
    while read -r process; do
        if grep -qsE '^NSpid:.*[^0-9]1$' "/proc/$process/status"; then
            echo "$process"
            return
        fi
    done < <(cat "$payload/init.scope/cgroup.procs" "$payload/cgroup.procs" 2>/dev/null)
    return 1
}

# Becomes a command in the machine, as root with a clean environment.
enter() {  # NAME COMMAND...
    local init
    init=$(init_of "$1") || die "$1 is not up"
    shift
    umask 022
    exec nsenter --target "$init" --mount --uts --ipc --net --pid --cgroup --root --wd -- env -i \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM="${TERM:-dumb}" \
        HOME=/root USER=root LOGNAME=root SHELL=/bin/bash "$@"
}

inside() { (enter "$@"); }

create() {  # NAME SUITE INIT BIND...
    local name=$1 suite=$2 init=$3 folder=$machines/$1 base number
    shift 3
    remove "$name"
    find_base "$suite" "$init"
    lock lan
    lan_up
    number=$(free_number)
    mkdir -p "$machines"
    chmod 0700 "$machines"   # it holds what the machines keep secret
    mkdir -p "$folder"/{upper/etc,scratch,archives}
    echo "$number" >"$folder/number"
    unlock lan
    echo "$base" >"$folder/base"
    ln -s "$cache/base/$base" "$folder/lower"
    printf '%s\n' "$@" | sed '/^$/d' >"$folder/binds"
    mkdir -p "$cache/archives"
    cp -al "$cache/archives/." "$folder/archives"
    settings "$name" "$folder/upper/etc"
    spawn "machine-$name/keeper" "$folder/console" env name="$name" folder="$folder" net="$(lan_net)" \
        number="$number" lan_process="$(lan_process)" group="$cgroups/machine-$name" \
        unshare --mount --net -- "$testbed/lib/keeper" network
}

settings() {  # NAME ETC
    tr -d - </proc/sys/kernel/random/uuid >"$2/machine-id"   # known beforehand, so that no boot is a "first boot"
    echo "$1" >"$2/hostname"
    printf '127.0.0.1 localhost\n::1 localhost\n%s %s\n' "$(address "$1")" "$1" >"$2/hosts"
    echo "nameserver $(uplink_net).3" >"$2/resolv.conf"
}

free_number() {
    local number
    for number in {10..250}; do
        grep -qsxF "$number" "$machines"/*/number || { echo "$number"; return; }
    done
    die "no free address left; remove machines with: testbed/machine down"
}

address() { echo "$(lan_net).$(cat "$machines/$1/number")"; }

# Waits until everything is started; "degraded" (a unit of systemd failed) is told but is up.
wait_until_up() {  # NAME [INIT BEFORE]
    local limit=$((SECONDS + boot_limit)) init state
    while [ "$SECONDS" -lt "$limit" ]; do
        alive "machine-$1" || die "$1 has ended: $(tail -n 5 "$machines/$1/console")"
        if init=$(init_of "$1") && [ "$init" != "${2:-}" ]; then
            state=$(inside "$1" sh -c "$state_of" 2>/dev/null || :)
            case $state in
                running) return ;;
                degraded) say "$1: $(inside "$1" systemctl --failed --plain --no-legend | tr -s ' ')"; return ;;
            esac
        fi
        sleep 0.1
    done
    die "$1 was not up after $boot_limit s; its console: $machines/$1/console"
}

# shellcheck disable=SC2016  # expanded in the machine
state_of='if [ -e /run/systemd/system ]; then timeout 5 systemctl is-system-running; elif [ -e /run/booted ]; then echo running; fi'

# Ends and removes the machine, whatever state it is in. Packages it downloaded are kept for the next one.
remove() {  # NAME
    end "machine-$1"
    if [ -d "$machines/$1/archives" ]; then
        find "$machines/$1/archives" -maxdepth 1 -name '*.deb' -exec ln -f -t "$cache/archives" {} +
    fi
    rm -rf "${machines:?}/$1"
    lock lan
    rmdir "$machines" 2>/dev/null || :
    [ -d "$machines" ] || lan_down
    unlock lan
}
