# shellcheck shell=bash
# ppp has a /usr/sbin/chat: whichever comes first, and goes first, `chat` is ours, and nothing of others is touched.

is_ours() { [ "$(readlink -f "$("$@" sh -c 'command -v chat')")" = /usr/bin/chat ]; }
there_is_no_link() { [ ! -e /usr/local/bin/chat ] && [ ! -L /usr/local/bin/chat ]; }
the_admins_own_is_there() { [ "$(cat /usr/local/bin/chat)" = "the administrator's" ]; }

chat_is_ours_for_everybody() {  # WHEN
    check "$1: chat is ours for root" is_ours env PATH="$root_path"
    check "$1: chat is ours for people" is_ours env PATH=/usr/local/bin:/usr/bin:/bin
    check "$1: chat is ours in cron" is_ours env PATH=/usr/bin:/bin
    if [ ! -e /usr/sbin/chat ] || prints /usr/local/bin sudo printenv PATH; then
        check "$1: chat is ours under sudo" is_ours sudo
    else
        skip "$1: chat is ours under sudo" "the path that sudo of this release sets leaves /usr/local out (README.Debian)"
    fi
    check "$1: man chat is ours" prints unread man chat
}

ppp_after_chat() {
    check "ppp, whose chat is for modems, is installed beside it" apt install ppp
    chat_is_ours_for_everybody "ppp after chat"
    check "ppp's own file is untouched" is_silent dpkg -V ppp
    check "man 8 chat is ppp's" prints modem man 8 chat
    check "whoever meant ppp's chat is told where it is" complains /usr/sbin/chat chat -v ABORT BUSY
    check "an older version takes its place" go_back
    check "and is upgraded" apt upgrade
    chat_is_ours_for_everybody "after an upgrade"
    check "ppp goes" apt purge ppp
    check "and with it the link in /usr/local/bin" there_is_no_link
    chat_is_ours_for_everybody "ppp gone"
}

chat_after_ppp() {
    check "chat goes" apt remove chat
    check "ppp comes" apt install ppp
    check "chat installs when ppp was there first" apt install chat
    chat_is_ours_for_everybody "chat after ppp"
    check "chat goes, and ppp stays" apt remove chat
    check "the link goes with it" there_is_no_link
    check "and chat is ppp's again" test "$(PATH=$root_path; hash -r; command -v chat)" = /usr/sbin/chat
}

a_chat_of_the_administrators() {
    echo "the administrator's" >/usr/local/bin/chat
    check "chat installs beside the administrator's own" apt install chat
    check "which stays" the_admins_own_is_there
    check "ppp is installed again" apt install --reinstall ppp
    check "the administrator's own still stays" the_admins_own_is_there
    check "chat and ppp go" apt purge chat ppp
    check "and the administrator's own is still there" the_admins_own_is_there
    rm /usr/local/bin/chat
}
