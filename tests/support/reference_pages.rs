//! The manual pages that are about no command: chat-config(5) and chat-xmpp(7).

use clap_mangen::roff::{Roff, bold, roman};

use super::roff::{joined, list, prose, section};

/// A page; its sections follow NAME.
struct Page {
    name: &'static str,
    number: u8,
    group: &'static str,
    about: &'static str,
    sections: Vec<Roff>,
    see_also: &'static [&'static str],
}

/// File name and text of each.
pub(crate) fn reference_pages(version: &str, date: &str) -> Vec<(String, String)> {
    [config(), xmpp()].map(|page| (format!("{}.{}", page.name, page.number), text(page, version, date))).into()
}

/// What the file of chat-config(5) looks like.
pub(crate) const CONFIG_EXAMPLE: &str = r#"default = "juliet@chat.example"

[account."juliet@chat.example"]

[account."ops@chat.example"]
host = "10.0.0.5"
ca_file = "/etc/ssl/office-ca.pem"
password_command = "pass show chat/ops"
"#;

fn text(page: Page, version: &str, date: &str) -> String {
    let mut title = Roff::new();
    let (upper, number) = (page.name.to_uppercase().replace('-', "\\-"), page.number.to_string());
    let heading = [&upper, &number, date, &format!("chat {version}"), page.group];
    title.control("TH", heading).control("nh", []).control("ad", ["l"]);
    let mut name = section("NAME");
    name.text([roman(format!("{} - {}", page.name, page.about))]);
    let mut see_also = section("SEE ALSO");
    for (index, other) in page.see_also.iter().enumerate() {
        let (other, number) = other.split_once('(').expect("name(number)");
        let end = if index + 1 < page.see_also.len() { "," } else { "" };
        see_also.text([bold(other), roman(format!("({number}{end}"))]);
    }
    let all = [title, name].into_iter().chain(page.sections).chain([see_also]);
    joined(&all.map(|part| part.render()).collect::<Vec<_>>())
}

fn terms(title: &str, items: &[(&str, &str)]) -> Roff {
    list(section(title), items.iter().map(|(term, meaning)| (vec![bold(*term)], (*meaning).to_owned())))
}

fn config() -> Page {
    let mut example = section("EXAMPLES");
    example.control("RS", ["4"]).control("EX", []);
    for line in CONFIG_EXAMPLE.lines() {
        example.text([roman(line)]);
    }
    example.control("EE", []).control("RE", []);
    Page {
        name: "chat-config",
        number: 5,
        group: "File Formats",
        about: "the accounts of chat and their settings",
        sections: vec![
            prose(
                "DESCRIPTION",
                "The file `~/.config/chat/config.toml` (or `$XDG_CONFIG_HOME/chat/config.toml`) says which accounts there \
                 are. `chat login` and `chat logout` write it, and leave your comments where they are; it is free to be \
                 edited. It is TOML, and holds no password. A mistake is named with its line, and the status is 78.",
            ),
            terms(
                "SETTINGS",
                &[
                    (
                        "default = \"JID\"",
                        "The account that is used without `-u`. Where there is only one it is the default.",
                    ),
                    ("[account.\"JID\"]", "An account. All that follows belongs to it, and all of it may be missing."),
                    (
                        "host = \"HOST[:PORT]\"",
                        "The server, where DNS does not name it; as with `-H`, `xmpps:HOST` or port 5223 mean TLS from \
                         the first byte. The certificate is checked against the domain of the account all the same.",
                    ),
                    (
                        "proxy = \"PROXY\"",
                        "The proxy that connections go through, as with `-X`: `socks5://[USER@]HOST:PORT` or \
                         `http://[USER@]HOST:PORT` (HTTP CONNECT). It resolves the names; DNS is not asked, so where the \
                         server is not on port 5222 or 5223 of the domain it must be named by `host`. Variables such as \
                         `ALL_PROXY` are not read: what was set for another program shall not lead chat elsewhere.",
                    ),
                    (
                        "proxy_password_file = \"FILE\"",
                        "A file of mode 0600; its first line is the password of the proxy. Under systemd the credential \
                         proxy-password comes first.",
                    ),
                    (
                        "proxy_password_command = \"COMMAND\"",
                        "A shell command; the first line that it prints is the password of the proxy.",
                    ),
                    ("ca_file = \"FILE\"", "Certificate authorities (PEM) to trust beside those of the system."),
                    (
                        "certificate_file = \"FILE\"",
                        "A client certificate and its key (PEM, mode 0600), by which the account is proved instead of a \
                         password; as with `-K`.",
                    ),
                    (
                        "password_command = \"COMMAND\"",
                        "A shell command; the first line that it prints is the password.",
                    ),
                    ("password_file = \"FILE\"", "A file of mode 0600; its first line is the password."),
                ],
            ),
            example,
        ],
        see_also: &["chat(1)", "chat-login(1)", "chat-accounts(1)"],
    }
}

fn xmpp() -> Page {
    Page {
        name: "chat-xmpp",
        number: 7,
        group: "Miscellaneous Information",
        about: "what chat speaks on the wire",
        sections: vec![
            prose(
                "DESCRIPTION",
                "chat is a client of XMPP (RFC 6120, RFC 6121, RFC 7622). It makes one session for each command, which nobody \
                 sees: it sends no presence, so it takes no message away from your other clients. This page says which \
                 parts of the protocol it uses, for whoever runs a server or wonders why something does not work.",
            ),
            terms("CONNECTION", CONNECTION),
            terms("SENDING", SENDING),
            terms("WHAT IS UNREAD", UNREAD),
            prose(
                "WHAT IS NOT THERE",
                "No end-to-end encryption: an encrypted message is shown as one that cannot be read here. No way to \
                 accept a certificate that does not verify. No stream resumption, no calls.",
            ),
        ],
        see_also: &["chat(1)", "chat-send(1)", "chat-unread(1)"],
    }
}

const CONNECTION: &[(&str, &str)] = &[
    (
        "Where",
        "The SRV records `_xmpps-client._tcp` (XEP-0368) and `_xmpp-client._tcp` by priority and weight (RFC 2782), else port \
         5222 of the domain. Addresses are tried side by side (RFC 8305).",
    ),
    (
        "Proxies",
        "SOCKS5 (RFC 1928, RFC 1929), for instance Tor, and HTTP CONNECT (RFC 9110), by `-X`. Then the proxy resolves the names.",
    ),
    (
        "TLS",
        "1.2 or 1.3, from the first byte or by STARTTLS; never without. The certificate must be for the domain of the account.",
    ),
    (
        "Login",
        "SCRAM-SHA-512, SCRAM-SHA-256 or SCRAM-SHA-1 (RFC 5802, RFC 7677), bound to the connection by `tls-exporter` (RFC \
         9266) or `tls-server-end-point` (RFC 5929) where the server says that it knows one of them (XEP-0440). PLAIN only \
         where the account was never offered better. What the server signs of its offer (XEP-0474) is checked. EXTERNAL \
         with a client certificate (XEP-0178, `-K`), ANONYMOUS for a domain alone (XEP-0175, `-u DOMAIN`).",
    ),
    (
        "Later logins",
        "The first step of the login is sent with the stream header, by what the server offered the last time. Where it has \
         SASL2 (XEP-0388) and gives tokens (XEP-0484, bound to the connection where it can), the login and the first \
         requests travel together.",
    ),
    (
        "Stronger hashes",
        "A server that stores the password only as a weaker hash than SCRAM-SHA-512 or SCRAM-SHA-256, and asks for such \
         a one (XEP-0480), is given it: by `chat login`, or by the next login that uses the password, once, which takes two \
         round trips. It has to prove before that it knows the password. Rounds below 4096 or above a million are refused. \
         Where anything about it fails, the login is done without, on a new connection.",
    ),
];

const SENDING: &[(&str, &str)] = &[
    (
        "Acknowledged",
        "By stream management (XEP-0198), and an XMPP ping (XEP-0199) as the barrier after which the server's own bounces \
         have come. Without XEP-0198 the ping alone.",
    ),
    ("-w received, displayed", "Receipts (XEP-0184) and chat markers (XEP-0333)."),
    ("-I", "Origin ids (XEP-0359), looked for in the archive (XEP-0313) before anything is sent again."),
    (
        "Rooms",
        "Entered for the time of the command (XEP-0045), without their history. A message counts when the room has shown it under \
         its id; rooms that do not exist are asked after first, and not made. An element of \
         our own (urn:x-chat-cli:by-script:0) says that no person wrote it, so that it reads nothing on the person's behalf.",
    ),
    (
        "-R, -c, -x, -a",
        "Replies (XEP-0461), corrections (XEP-0308), retractions (XEP-0424) and reactions (XEP-0444), with their words for older \
         clients marked as such (XEP-0428).",
    ),
    (
        "-f",
        "Uploads by HTTP (XEP-0363) over TLS to where the server says, with its headers as far as the standard allows them; the \
         message names the file in both ways that there are (XEP-0066, XEP-0447), with its SHA-256.",
    ),
    ("Size", "Held against what the server says that it takes (XEP-0478)."),
];

const UNREAD: &[(&str, &str)] = &[
    (
        "Messages",
        "The archive (XEP-0313) from the newest page backwards, and the offline queue, looked at without taking anything out (XEP-0013).",
    ),
    (
        "Read positions",
        "What any of your clients published (XEP-0490), in a private node of your account (XEP-0060, XEP-0163), or in the \
         private storage (XEP-0049) where the server knows no such nodes; and markers (XEP-0333) that your clients sent, which \
         in a room name the id that the room gave the message (XEP-0359).",
    ),
    (
        "Rooms",
        "Those of your bookmarks that clients join by themselves, from the archive of the room, without joining it. Bookmarks \
         are looked for in all their places: an item each (XEP-0402), else the list of older clients in its node (XEP-0048), else \
         that in the private storage (XEP-0049).",
    ),
    (
        "In a message",
        "Corrections (XEP-0308), retractions (XEP-0424), reactions (XEP-0444), files (XEP-0066, XEP-0447), invitations \
         (XEP-0249), delays (XEP-0203).",
    ),
];
