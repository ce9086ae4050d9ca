# shellcheck shell=bash
# A real server on this machine, the Prosody of its own release, and two people who have accounts there and here.

listens() {  # PORT
    local limit=$((SECONDS + 60))
    until (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
        [ "$SECONDS" -lt "$limit" ] || return 1
        sleep 0.1
    done
}

falls_silent() {  # PORT
    local limit=$((SECONDS + 60))
    while (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
        [ "$SECONDS" -lt "$limit" ] || return 1
        sleep 0.1
    done
}

start_server() {
    apt install prosody lua-sec || return
    install -o prosody -m 400 -t /etc/prosody/certs /srv/pki/server.pem /srv/pki/server.key
    install -m 644 /srv/tests/prosody.cfg.lua /etc/prosody/prosody.cfg.lua
    install -m 644 /srv/pki/ca.pem /usr/local/share/ca-certificates/chat-example.crt
    update-ca-certificates
    echo "127.0.0.1 chat.example" >>/etc/hosts
    # Debian 12's script for SysV init looks for a lua5.2 to stop, and Prosody runs in lua5.4.
    service prosody stop
    [ ! -e /run/prosody/prosody.pid ] || kill "$(cat /run/prosody/prosody.pid)"
    falls_silent 5222 || return
    service prosody start
    listens 5222
}

move_in() {  # NAME
    useradd --create-home --shell /bin/bash "$1"
    prosodyctl register "$1" chat.example "secret of $1"
    as "$1" 'umask 077 && mkdir -p .secrets && cat >.secrets/password' <<<"secret of $1"
}

prepare_server() {
    check "a server of this release runs" start_server
    check "Juliet moves in" move_in juliet
    check "Romeo moves in" move_in romeo
}

# Juliet has a machine on which nothing of this is installed, the package in her home, and the README before her eyes.
five_lines() {
    install -m 644 "$deb" /home/juliet/
    echo "juliet ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/juliet
    dpkg-deb --fsys-tarfile "$deb" | tar -xO ./usr/share/doc/chat/README.md >/tmp/README.md
    check "the five lines of the README do what they say" python3 /srv/tests/five-lines /tmp/README.md
    rm /home/juliet/chat_*.deb /etc/sudoers.d/juliet
}

send_and_read() {
    check "Romeo logs in" as romeo 'chat login -p .secrets/password romeo@chat.example'
    check "Romeo sees it" prints "see you at eight" as romeo 'chat unread'
    check "and marks it read" prints "see you at eight" as romeo 'chat unread -m'
    check "after which nothing is unread" ends_with 1 as romeo 'chat unread -q'
    check "where no authority is known, what is missing is named" complains ca-certificates as romeo 'SSL_CERT_FILE=/dev/null chat unread'
    check "who is not there is told by the status" ends_with 67 as romeo 'chat send nobody@chat.example hello'
}
