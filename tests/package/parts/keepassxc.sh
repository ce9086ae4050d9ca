# shellcheck shell=bash disable=SC2016  # what is in single quotes is expanded by the person's shell
# KeePassXC's Secret Service; uses log_in and find of places.sh.

make_database() {
    as romeo 'twice() { printf "opensesame\nopensesame\n"; }
        twice | keepassxc-cli db-create --quiet --set-password plain.kdbx
        echo opensesame | keepassxc-cli export --quiet plain.kdbx | python3 /srv/tests/expose >exposed.xml
        twice | keepassxc-cli import --quiet --set-password exposed.xml secrets.kdbx
        mkdir -p .config/keepassxc
        printf "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\n[FdoSecrets]\nEnabled=true\nConfirmAccessItem=false\nConfirmDeleteItem=false\n" >.config/keepassxc/keepassxc.ini'
}
with_keepassxc() { as romeo "/srv/tests/with-keepassxc '$1'"; }

in_keepassxc() {
    check "there is a database of KeePassXC" make_database
    check "KeePassXC keeps a password" with_keepassxc "$log_in && chat accounts -v | grep Secret.Service"
    check "and gives it again in another session" with_keepassxc "chat send juliet@chat.example hello"
    check "other programs find it" prints "secret of romeo" with_keepassxc "$find"
    check "it is forgotten" with_keepassxc "chat logout romeo@chat.example && ! $find"
}
