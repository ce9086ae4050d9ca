# shellcheck shell=bash
# From the signed repository, over an older version, and what is in it.

keyring=/usr/share/keyrings/chat-archive-keyring.gpg

# What the previous version was, for an upgrade: this package under an older number.
previous() {
    local tree
    tree=$(mktemp -d)
    dpkg-deb --raw-extract "$deb" "$tree"
    sed -i 's/^Version: .*/Version: 0.0.9-1/' "$tree/DEBIAN/control"
    dpkg-deb --root-owner-group -Zgzip --build "$tree" /tmp/previous.deb && rm -r "$tree"
}
go_back() { dpkg -i --force-downgrade /tmp/previous.deb && version_is 0.0.9-1; }

# A copy of the repository, unlike the original or like it.
takes_copy() {  # SED-COMMAND
    local copy
    copy=$(mktemp -d)
    chmod 755 "$copy"
    cp -r /srv/repo "$copy/repo" && mkdir -p "$copy/lists/partial"
    sed -i "$1" "$copy"/repo/dists/stable/{In,}Release
    echo "deb [signed-by=$keyring] file:$copy/repo stable main" >"$copy/list"
    apt --error-on=any -o Dir::Etc::SourceList="$copy/list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$copy/lists" update
}
# apt before 2.1 has no --error-on=any; it says so itself.
says_no_to_copy() { ! takes_copy "$@"; }

# Over http, as published: apt asks for an index by its hash, and gets it.
asks_by_hash() {
    local asked lists server
    asked=$(mktemp) lists=$(mktemp -d)
    python3 -m http.server --bind 127.0.0.1 --directory /srv/repo 8001 >/dev/null 2>"$asked" & server=$!
    timeout 60 bash -c 'until (: </dev/tcp/127.0.0.1/8001) 2>/dev/null; do sleep 0.1; done' || return
    echo "deb [signed-by=$keyring] http://127.0.0.1:8001 stable main" >"$lists/list"
    mkdir -p "$lists/lists/partial" && chmod -R a+rX "$lists"
    apt -o Dir::Etc::SourceList="$lists/list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$lists/lists" update
    kill "$server"
    cat "$asked"
    grep 'GET .*/by-hash/.* 200' "$asked" && ! grep -E 'GET .*/(by-hash/.* 404|Packages)' "$asked"
}

add_repository() {
    install -m 644 /srv/repo/chat-archive-keyring.gpg "$keyring"
    echo "deb [signed-by=$keyring] file:/srv/repo stable main" >/etc/apt/sources.list.d/chat.list
    check "apt knows the signed repository" apt update
    check "it takes a copy that is alike" takes_copy ''
    check "but none that was changed after it was signed" says_no_to_copy 's/^Label: chat/Label: cat/'
}

install_and_upgrade() {
    check "the repository is asked for its indexes by their hashes" asks_by_hash
    check "apt installs chat" apt install chat
    check "the older version can be had" previous
    check "and is installed" go_back
    check "apt upgrades it from the repository" apt upgrade
    check "to the version of the repository" version_is "$(dpkg-deb --field "$deb" Version)"
}

# The pages lead to each other, and to nothing that is not in the package.
links_lead_somewhere() {
    cd /usr/share/doc/chat || return
    local page link found='' lost=0
    while IFS=: read -r page link; do
        found+=" $link"
        case $link in *://*) ;; *) [ -e "$(dirname "$page")/$link" ] || { echo "$page: $link is not there"; lost=1; } ;; esac
    done < <(find . -name '*.md' -exec grep -oHE '\]\([^)#]+' {} + | sed 's/:](/:/')
    [ "$lost" = 0 ] && grep -F ' passwords.md' <<<"$found" && grep -F ' examples/README.md' <<<"$found"
}
what_readme_debian_names() {
    local names name
    mapfile -t names < <(sed -n '/^What else/,/^Old/s/^    \([^ ][^ ]*\)  .*/\1/p' /usr/share/doc/chat/README.Debian)
    for name in "${names[@]}"; do
        echo "$name" && [ -e "/usr/share/doc/chat/$name" ] || return
    done
    [ "${#names[@]}" -gt 0 ]
}

look_at_contents() {
    local version
    version=$(dpkg-query --showformat '${Version}' --show chat)
    check "chat --version names the version of the package" prints "chat ${version%-*}" chat --version
    check "chat --help has the commands" prints unread chat --help
    check "man chat is there" prints 'EXIT STATUS' man chat
    check "man chat send is the page of the command" prints CHAT-SEND man chat send
    check "apropos finds it" bash -c 'mandb -q && apropos -e chat'
    # shellcheck disable=SC2016  # expanded by that shell
    check "the JSON Schema is where man chat-unread says" bash -c 'man chat-unread | grep -oE "/usr/share/chat/[a-z0-9.-]+json" | xargs python3 -m json.tool'
    check "dpkg -V sees the files as packed" is_silent dpkg -V chat
    check "the examples are there, and can be run" test -x /usr/share/doc/chat/examples/chat-cron -a -r /usr/share/doc/chat/examples/icinga2.conf
    check "its pages lead to what is there" links_lead_somewhere
    check "so does README.Debian" what_readme_debian_names
    check "the licences of the libraries are there" bash -c 'zgrep -q "^rustls " /usr/share/doc/chat/THIRD-PARTY.gz'
    check "with the text of the Mozilla Public License" bash -c 'zgrep -q "^Mozilla Public License Version 2.0" /usr/share/doc/chat/THIRD-PARTY.gz'
    check "its own smoke test passes (autopkgtest)" /srv/source/debian/tests/smoke
}
