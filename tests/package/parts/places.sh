# shellcheck shell=bash disable=SC2016  # what is in single quotes is expanded by the person's shell
# Where passwords are: see docs/passwords.md. Romeo's is “secret of romeo”, and in his file .secrets/password.

log_in='chat login -p - romeo@chat.example <.secrets/password'
find='secret-tool lookup service chat username romeo@chat.example'
in_session() { as romeo "export XDG_RUNTIME_DIR=\$HOME/run; mkdir -p -m 700 run; dbus-run-session -- sh -c '$1'"; }

on_a_desktop() {
    local unlocked='printf opensesame | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 &&'
    local locked='gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1;'
    check "gnome-keyring keeps a password" in_session "$unlocked $log_in && chat accounts -v | grep Secret.Service"
    check "and gives it again in another session" in_session "$unlocked chat send juliet@chat.example hello"
    check "other programs find it" prints "secret of romeo" in_session "$unlocked $find"
    check "Linux 3.13 is enough for it" in_session "$unlocked python3 /srv/tests/in-2014 chat send juliet@chat.example hello"
    check "a locked one is named, with what unlocks it" complains "it is locked: unlock it in" in_session "$locked chat unread"
    check "and unlocked as that says" in_session "$locked printf opensesame | gnome-keyring-daemon --replace --unlock >/dev/null 2>&1; chat unread"
    check "it is forgotten" in_session "$unlocked chat logout romeo@chat.example && ! $find"
}

over_ssh() {
    local ssh='ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o LogLevel=ERROR localhost'
    check "sshd runs" service ssh restart
    check "Romeo has a key" as romeo 'mkdir -p -m 700 .ssh && ssh-keygen -q -t ed25519 -N "" -f .ssh/id_ed25519 && cp .ssh/id_ed25519.pub .ssh/authorized_keys'
    check "over ssh the kernel keeps a password" as romeo "$ssh '$log_in && chat accounts -v' | grep 'kernel keyring'"
    check "until the next time" as romeo "$ssh chat send juliet@chat.example hello"
    check "and forgets it" as romeo "$ssh 'chat logout romeo@chat.example'"
}

waits_for() {  # FILE
    local limit=$((SECONDS + 150))
    until [ -s "$1" ]; do
        [ "$SECONDS" -lt "$limit" ] || return 1
        sleep 0.5
    done
}
cron_has_done_it() { waits_for /home/romeo/cron.status && grep -x 'status 0' /home/romeo/cron.status; }

in_cron() {
    check "a file is named once" as romeo 'install -m 600 /dev/stdin .chat-password <.secrets/password && chat login -p .chat-password romeo@chat.example'
    check "cron runs" service cron restart
    echo '* * * * * romeo chat send juliet@chat.example "from cron" 2>>cron.error; echo "status $?" >>cron.status' >/etc/cron.d/chat-test
    check "cron sends" cron_has_done_it
    rm /etc/cron.d/chat-test
    check "which a file that others can read would not do" ends_with 78 as romeo 'chmod 644 .chat-password; chat unread'
    as romeo 'chat logout romeo@chat.example'
}

# The unit of contrib/, as it is but for the addresses, after a service that failed.
failure_is_told() {
    sed 's/ops@chat.example/romeo@chat.example/; s/oncall@chat.example/juliet@chat.example/' \
        "/srv/contrib/chat-failure@.service" >"/etc/systemd/system/chat-failure@.service"
    printf '[Unit]\nOnFailure=chat-failure@%%n.service\n[Service]\nExecStart=/bin/sh -c "echo the disk is full; exit 3"\n' \
        >/etc/systemd/system/failing.service
    systemctl daemon-reload && systemctl start failing.service
    local limit=$((SECONDS + 60))
    until as juliet 'chat unread -p .secrets/password -u juliet@chat.example' | grep 'the disk is full'; do
        [ "$SECONDS" -lt "$limit" ] || { journalctl --no-pager -n 20 -u 'chat-failure@*'; return 1; }
        sleep 0.5
    done
}

in_a_service() {
    install -m 600 /home/romeo/.secrets/password /etc/chat-password
    check "a service of systemd sends by its credential" systemd-run --wait --quiet --pipe -p DynamicUser=yes \
        -p LoadCredential=chat-password:/etc/chat-password -p StateDirectory=chat -p Environment=HOME=/var/lib/chat chat send -u romeo@chat.example juliet@chat.example hello
    check "contrib/chat-failure@.service tells of a service that failed" failure_is_told
}

in_a_container() {
    install -m 400 -o romeo /home/romeo/.secrets/password /srv/container-secret
    check "a container sends by a file that is mounted" as romeo 'bwrap --unshare-all --share-net --die-with-parent --clearenv \
        --setenv PATH /usr/bin --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 --symlink usr/bin /bin \
        --ro-bind /etc /etc --proc /proc --dev /dev --tmpfs /tmp --setenv HOME /tmp \
        --ro-bind /srv/container-secret /run/secrets/chat \
        chat send -u romeo@chat.example -p /run/secrets/chat juliet@chat.example hello'
}
