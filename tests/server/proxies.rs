//! The way through a proxy: real ones on the server's machine, microsocks and tinyproxy.

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Once;
use std::thread;
use std::time::{Duration, Instant};

use crate::account::{Account, Ended, address, ca_file, setting};

/// Only there the name of the server is known. The user is “me”, the password “s3cret”.
const SCRIPT: &str = r#"
set -eu
command -v microsocks >/dev/null && command -v tinyproxy >/dev/null ||
    DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends microsocks tinyproxy-bin >/dev/null
grep -q 'proxied[.]example' /etc/hosts || echo 127.0.0.1 proxied.example >> /etc/hosts
run() { systemctl -q is-active proxy-$1 || systemd-run --quiet --collect --unit proxy-$1 $2; }
run 1081 'microsocks -p 1081'
run 1082 'microsocks -p 1082 -u me -P s3cret'
for port in 3128 3129 3130; do
    printf 'Port %s\nTimeout 60\nConnectPort 5222\nConnectPort 1\n' $port > /run/proxy-$port.conf
    # The third one leads to messages only.
    [ $port = 3130 ] || echo ConnectPort 5443 >> /run/proxy-$port.conf
    # The second one wants to know who asks.
    [ $port != 3129 ] || echo BasicAuth me s3cret >> /run/proxy-$port.conf
    run $port "tinyproxy -d -c /run/proxy-$port.conf"
done
"#;

/// Once for all tests; returns when all of them listen.
fn proxies() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let machine = concat!(env!("CARGO_MANIFEST_DIR"), "/testbed/machine");
        let mut command = Command::new(machine);
        command.args(["exec", &setting("CHAT_TEST_MACHINE"), "bash", "-s"]).stdin(Stdio::piped());
        let mut child = command.spawn().expect("testbed/machine runs");
        child.stdin.take().expect("a pipe").write_all(SCRIPT.as_bytes()).expect("bash reads it");
        assert!(child.wait().expect("it ends").success(), "the proxies could not be started");
        let limit = Instant::now() + Duration::from_secs(60);
        for port in [1081, 1082, 3128, 3129, 3130] {
            while TcpStream::connect((address(), port)).is_err() {
                assert!(Instant::now() < limit, "nothing listens on {port}");
                thread::yield_now();
            }
        }
    });
}

/// `chat send -v` through `proxy` to the server at `host`, with this password for the proxy.
fn send(proxy: &str, host: &str, password: Option<&str>, text: &str) -> (Account, Ended) {
    send_with(&[], proxy, host, password, text)
}

/// The same, with more options.
fn send_with(options: &[&str], proxy: &str, host: &str, password: Option<&str>, text: &str) -> (Account, Ended) {
    let (alice, bob) = (Account::new(), Account::new());
    let file = alice.password_file().with_file_name("proxy-password");
    let folder = alice.password_file().with_file_name(".config/chat");
    fs::create_dir_all(&folder).expect("a folder");
    let mut config = format!(
        "[account.\"{}\"]\nhost = \"{host}\"\nca_file = \"{}\"\npassword_file = \"{}\"\nproxy = \"{proxy}\"\n",
        alice.jid,
        ca_file(),
        alice.password_file().display()
    );
    if let Some(password) = password {
        // As private as the other.
        fs::copy(alice.password_file(), &file).expect("a file");
        fs::write(&file, password).expect("a file");
        config = format!("{config}proxy_password_file = \"{}\"\n", file.display());
    }
    fs::write(folder.join("config.toml"), config).expect("a file");
    let mut command = alice.bare(&["send", "-v", "-t", "60"]);
    let output = command.args(options).args([&bob.jid, text]).output().expect("chat runs");
    (bob, Ended::from(output))
}

fn at(port: u16, scheme: &str) -> String {
    format!("{scheme}{}:{port}", address())
}

#[test]
fn a_message_goes_through_each_kind_of_proxy_which_resolves_the_name() {
    proxies();
    for (proxy, password) in [
        (at(1081, "socks5://"), None),
        (at(1082, "socks5://me@"), Some("s3cret")),
        (at(3128, "http://"), None),
        (at(3129, "http://me@"), Some("s3cret")),
    ] {
        let (bob, ended) = send(&proxy, "proxied.example", password, "hi");
        let ended = ended.expect_status(0);
        assert!(ended.err.contains(&format!("5222 through the proxy {proxy}")), "{}", ended.err);
        assert_eq!(bob.unread(&["-T"]), ["1"], "{proxy}");
    }
}

/// The server's name is known beyond the proxy alone, so a file that took another way would not arrive.
#[test]
fn a_file_goes_through_each_kind_of_proxy_too() {
    proxies();
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(&vec![b'x'; 300_000]).expect("written");
    let options = ["-f", file.path().to_str().expect("UTF-8")];
    for (proxy, password) in [
        (at(1081, "socks5://"), None),
        (at(1082, "socks5://me@"), Some("s3cret")),
        (at(3128, "http://"), None),
        (at(3129, "http://me@"), Some("s3cret")),
    ] {
        let (bob, ended) = send_with(&options, &proxy, "proxied.example", password, "look");
        let ended = ended.expect_status(0);
        assert!(ended.err.contains(&format!("5443 through the proxy {proxy}")), "{}", ended.err);
        assert_eq!(bob.unread(&["-T"]), ["2"], "{proxy}");
        let url = bob.chat("unread", &["-j"]).expect_status(0).out;
        let (_, url) = url.split_once("\"url\":\"").expect("an address");
        let url = url.split('"').next().expect("its end");
        let resolve = format!("chat.example:5443:{}", address());
        let fetched = Command::new("curl").args(["-sSf", "--cacert", &ca_file(), "--resolve", &resolve, url]).output();
        assert_eq!(fetched.expect("curl runs").stdout, vec![b'x'; 300_000], "{proxy}");
    }
}

#[test]
fn a_file_that_the_proxy_does_not_let_through_is_told_and_nothing_is_sent() {
    proxies();
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "content").expect("written");
    let options = ["-f", file.path().to_str().expect("UTF-8")];
    let proxy = at(3130, "http://");
    let (bob, ended) = send_with(&options, &proxy, "proxied.example", None, "look");
    ended.expect_status(77).expect_error(&format!("the proxy {proxy} refused"));
    assert_eq!(bob.unread(&["-T"]), ["0"]);
}

#[test]
fn the_option_leads_through_a_proxy_too() {
    proxies();
    let (alice, bob) = (Account::new(), Account::new());
    alice.chat("send", &["-X", &at(1081, "socks5://"), &bob.jid, "hi"]).expect_status(0);
    let ended = alice.chat("send", &["-X", &at(1082, "socks5://me@"), &bob.jid, "hi"]);
    ended.expect_status(78).expect_error("no password for the proxy").expect_error("proxy_password_file");
    assert_eq!(bob.unread(&["-T"]), ["1"]);
}

#[test]
fn a_proxy_that_refuses_is_77_and_named() {
    proxies();
    for proxy in [at(1082, "socks5://me@"), at(3129, "http://me@")] {
        let (_, ended) = send(&proxy, "proxied.example", Some("wrong"), "hi");
        ended.expect_status(77).expect_error(&format!("the proxy {proxy} refused"));
    }
    for proxy in [at(1082, "socks5://"), at(3129, "http://")] {
        let (_, ended) = send(&proxy, "proxied.example", None, "hi");
        ended.expect_status(77).expect_error(&format!("the proxy {proxy} refused"));
    }
}

#[test]
fn it_is_said_which_hop_failed() {
    proxies();
    for proxy in [at(1081, "socks5://"), at(3128, "http://")] {
        // Nobody listens there.
        let (_, ended) = send(&proxy, "proxied.example:1", None, "hi");
        ended.expect_status(75).expect_error(&format!("xmpp:proxied.example:1 through the proxy {proxy}"));
        // No such name, for the proxy.
        let (_, ended) = send(&proxy, "nowhere.example", None, "hi");
        ended.expect_status(75).expect_error("through the proxy");
    }
    let (_, ended) = send("socks5://127.0.0.1:1", "proxied.example", None, "hi");
    ended.expect_status(75).expect_error("cannot connect to the proxy socks5://127.0.0.1:1");
    // A server of another kind, which answers in XML.
    let (_, ended) = send(&at(5222, "http://"), "proxied.example", None, "hi");
    ended.expect_status(76).expect_error("no such proxy");
}

#[test]
fn a_proxy_that_says_nothing_is_75_at_the_deadline() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = silent.local_addr().expect("an address").port();
    let alice = Account::new();
    for scheme in ["socks5", "http"] {
        let proxy = format!("{scheme}://127.0.0.1:{port}");
        let ended = alice.chat("send", &["-t", "1", "-X", &proxy, "bob@chat.example", "hi"]);
        ended.expect_status(75).expect_error("no answer within 1 s while connecting to").expect_error(&proxy);
    }
}
