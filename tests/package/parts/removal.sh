# shellcheck shell=bash
# What people have of their own stays; nothing else is left.

remember_files() { before=$(file_list); }
nothing_is_left() { diff <(echo "$before") <(file_list); }
belongs_to_people() { as "$1" 'grep -q juliet .config/chat/config.toml && ls .local/state/chat/juliet@chat.example/*'; }

remove_all() {
    check "chat goes" apt remove chat
    check "no link is left of it" there_is_no_link
    check "the settings and the state of people stay" belongs_to_people juliet
    check "chat is purged" apt purge chat
    check "and they still stay" belongs_to_people juliet
    apt autoremove --purge >/dev/null 2>&1
    rm -rf /home/{juliet,romeo}/{.config,.local}
    check "nothing else is left" nothing_is_left
}
