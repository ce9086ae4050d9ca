# shellcheck shell=bash disable=SC2016  # what is in single quotes is expanded by the person's shell
# The Secret Services beside GNOME's, KeePassXC's and that of KDE's Wallet; uses log_in and find of places.sh.

# Of a key that is quick to derive: KeePassXC derives it anew whenever it saves, a second of a whole processor if not told otherwise.
make_database() {
    as romeo 'twice() { printf "opensesame\nopensesame\n"; }
        twice | keepassxc-cli db-create --quiet --decryption-time 100 --set-password plain.kdbx
        echo opensesame | keepassxc-cli export --quiet plain.kdbx | python3 /srv/tests/expose >exposed.xml
        twice | keepassxc-cli import --quiet --decryption-time 100 --set-password exposed.xml secrets.kdbx
        mkdir -p .config/keepassxc
        printf "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\n[FdoSecrets]\nEnabled=true\nConfirmAccessItem=false\nConfirmDeleteItem=false\n" >.config/keepassxc/keepassxc.ini'
}
# As in its settings, and as when the person has once let these programs in for good.
switch_kwallet_on() {
    as romeo 'mkdir -p .config && cat >.config/kwalletrc <<END
[Wallet]
Enabled=true
First Use=false
Prompt on Open=false
Leave Open=true
[Auto Allow]
kdewallet=desktop,chat,secret-tool
[org.freedesktop.secrets]
apiEnabled=true
END'
}

# Of the key exchanges of KDE's Wallet 5.103 every fiftieth fails (see src/credentials/keyring.rs).
send_often='for n in $(seq 100); do chat send juliet@chat.example "$n" || exit; done'
with_wallet() { as romeo "/srv/tests/with-wallet $1 '$2'"; }
keeps_and_forgets() {  # NAME WALLET
    check "$1 keeps a password" with_wallet "$2" "$log_in && chat accounts -v | grep Secret.Service"
    check "and gives it again in another session" with_wallet "$2" "chat send juliet@chat.example hello"
    check "other programs find it" prints "secret of romeo" with_wallet "$2" "$find"
    check "it is forgotten" with_wallet "$2" "chat logout romeo@chat.example && ! $find"
}

asked_often() { with_wallet kwallet "$log_in && $send_often"; }

in_wallets() {
    check "there is a database of KeePassXC" make_database
    keeps_and_forgets KeePassXC keepassxc
    check "KWallet's Secret Service is switched on" switch_kwallet_on
    check "the desktop makes a wallet" with_wallet new-kwallet true
    keeps_and_forgets KWallet kwallet
    check "and gives a password a hundred times, though it often misunderstands" asked_often
}
