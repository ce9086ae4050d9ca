# shellcheck shell=bash disable=SC2016  # what is in single quotes is expanded by the person's shell
# The examples of contrib/ with real programs. Romeo's account is the one that they send from; it is Juliet who is told.

# In time Juliet has read TEXT; she is asked again and again, as the programs take theirs.
juliet_reads() {  # TEXT [SECONDS]
    local limit=$((SECONDS + ${2:-120}))
    until as juliet 'chat unread -m' | tee /dev/stderr | grep -F -- "$1" >/dev/null; do
        [ "$SECONDS" -lt "$limit" ] || return 1
        sleep 0.5
    done
}

# The line of contrib/README.md that begins so, as it is there, without what is said about it.
example() { sed -n "s/^    \($1.*\)/\1/p" /srv/contrib/README.md | sed 's/  *# .*//' | head -n 1; }

by_cron() {
    check "cron runs" service cron restart
    echo '* * * * * romeo /usr/local/bin/chat-cron juliet@chat.example sh -c "echo the disk is full; exit 3"' >/etc/cron.d/chat-test
    check "a job of cron that fails is told of" juliet_reads "the disk is full" 180
    rm /etc/cron.d/chat-test
}

# Icinga's daemon is the user nagios. Its host is down, and says something that no shell may see.
icinga_has_an_account() {
    install -o nagios -m 600 /home/romeo/.secrets/password /etc/icinga2/chat-password
    su nagios -s /bin/sh -c 'chat login -p /etc/icinga2/chat-password romeo@chat.example'
}
icinga_watches() {
    install -m 644 /srv/contrib/icinga2.conf /etc/icinga2/conf.d/chat.conf
    sed -i '/^include_recursive "conf.d"/d' /etc/icinga2/icinga2.conf
    cat >>/etc/icinga2/icinga2.conf <<'END'
include "conf.d/chat.conf"
object User "oncall" { email = "juliet@chat.example" }
object Host "www" {
  check_command = "dummy"
  max_check_attempts = 1
  check_interval = 2s
  vars.dummy_state = 2
  vars.dummy_text = "no route $$(touch /tmp/taken) `touch /tmp/taken`"
  vars.tell_by_chat = true
}
object Service "disk" {
  host_name = "www"
  check_command = "dummy"
  max_check_attempts = 1
  check_interval = 2s
  vars.dummy_state = 1
  vars.dummy_text = "nearly full"
}
END
    icinga2 daemon --validate && service icinga2 restart
}
by_icinga() {
    check "Icinga's daemon has an account" icinga_has_an_account
    check "Icinga takes contrib/icinga2.conf" icinga_watches
    check "a host that is down is told of, with what its plugin said" juliet_reads 'no route $(touch /tmp/taken) `touch /tmp/taken`'
    check "which no shell has seen" test ! -e /tmp/taken
    service icinga2 stop
}

alertmanager_runs() {
    cat >/etc/prometheus/alertmanager.yml <<'END'
route: { receiver: chat, group_wait: 1s, group_interval: 2s }
receivers:
  - name: chat
    webhook_configs: [{ url: 'http://127.0.0.1:9095/' }]
END
    service prometheus-alertmanager restart
    as romeo "socat TCP-LISTEN:9095,bind=127.0.0.1,reuseaddr,fork,max-children=9 EXEC:'alertmanager-hook juliet@chat.example' </dev/null >>hook.log 2>&1 &"
    listens 9095 && listens 9093
}
alert() { amtool --alertmanager.url=http://127.0.0.1:9093 alert add "$1" instance=www --annotation=summary="$2"; }
hook_answers() { printf 'POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}' | socat -t 60 - TCP:127.0.0.1:9095 | grep "^HTTP/1.1 $1"; }
by_alertmanager() {
    check "Alertmanager and the receiver run" alertmanager_runs
    check "there is an alert" alert DiskFull "4 % are left"
    check "an alert is told of" juliet_reads "FIRING DiskFull www: 4 % are left"
    check "what is no alert is not taken for one that was told" hook_answers 503
    check "Romeo loses his password" as romeo 'mv .chat-password elsewhere'
    check "what cannot be told is answered so that it is tried again" alert_fails_at_first
    check "and when the password is back it is told" juliet_reads "FIRING Later www: once more"
}
# Alertmanager notes each try that failed.
alert_fails_at_first() {
    alert Later "once more"
    local limit=$((SECONDS + 60))
    until grep 'cannot read .*chat-password' /home/romeo/hook.log; do
        [ "$SECONDS" -lt "$limit" ] || { cat /home/romeo/hook.log; return 1; }
        sleep 0.5
    done
    as romeo 'mv elsewhere .chat-password'
}

# smartd itself wants a disk that has SMART. What it calls then is a script of its package, and that calls what -M exec names.
smartd_warns() {  # PROGRAM MESSAGE
    as romeo "CHAT_TO=juliet@chat.example SMARTD_MAILER=/usr/local/bin/$1 SMARTD_ADDRESS=root SMARTD_FAILTYPE=EmailTest \
        SMARTD_PREVCNT=0 SMARTD_DEVICE=/dev/sda SMARTD_DEVICEINFO='a disk' SMARTD_MESSAGE='$2' /usr/share/smartmontools/smartd_warning.sh"
}
by_smartd() {
    check "smartd's script calls smartd-warn" smartd_warns smartd-warn "TEST EMAIL from smartd for device: /dev/sda"
    check "and Juliet is told" juliet_reads "TEST EMAIL from smartd for device: /dev/sda"
    check "it takes chat-mail for a mailer, too" smartd_warns chat-mail "Device: /dev/sda, FAILED SMART self-check"
    check "and Juliet is told by it" juliet_reads "Device: /dev/sda, FAILED SMART self-check"
}
