//! Finding the server by DNS: a name server on the machine, with SRV records for a domain that nobody serves.

use std::io::Write;
use std::process::{Command, Stdio};

use super::account::setting;

/// Prepares the name server and asks `chat` for an account of srv.example; only chat sees that name server.
const SCRIPT: &str = r"
set -eu
command -v dnsmasq >/dev/null || apt-get -q -y install dnsmasq-base >/dev/null
dnsmasq --conf-file=/dev/null --pid-file=/run/srv-test.pid --port=53 --listen-address=127.0.0.77 --bind-interfaces --no-resolv --no-hosts \
    --address=/srv.example/127.0.0.1 \
    --srv-host=_xmpp-client._tcp.srv.example,third.srv.example,5222,30,0 \
    --srv-host=_xmpp-client._tcp.srv.example,second.srv.example,6002,20,0 \
    --srv-host=_xmpps-client._tcp.srv.example,first.srv.example,6001,20,0 \
    --srv-host=_xmpp-client._tcp.none.srv.example,.,0,0,0
trap 'kill $(cat /run/srv-test.pid)' EXIT
echo 'nameserver 127.0.0.77' > /run/srv-test.conf
mount --bind /run/srv-test.conf /etc/resolv.conf
for domain in srv.example none.srv.example; do
    status=0
    echo pw | /usr/local/bin/chat-under-test send -v -t 10 -u juliet@$domain -p - romeo@$domain hi 2>&1 || status=$?
    echo status $status
done
";

fn on_the_machine(script: &str) -> String {
    let machine = concat!(env!("CARGO_MANIFEST_DIR"), "/testbed/machine");
    let name = setting("CHAT_TEST_MACHINE");
    let mut push = Command::new(machine);
    push.args(["push", &name, env!("CARGO_BIN_EXE_chat"), "/usr/local/bin/chat-under-test"]);
    assert!(push.status().expect("testbed/machine runs").success());
    let mut command = Command::new(machine);
    command.args(["exec", &name, "unshare", "--mount", "bash", "-s"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("testbed/machine runs");
    child.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("bash reads it");
    String::from_utf8(child.wait_with_output().expect("it ends").stdout).expect("UTF-8")
}

#[test]
fn servers_are_tried_in_the_order_of_their_srv_records() {
    let said = on_the_machine(SCRIPT);
    let tried: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("chat: connecting to ")).collect();
    let in_order = ["xmpps:first.srv.example:6001", "xmpp:second.srv.example:6002", "xmpp:third.srv.example:5222"];
    assert_eq!(tried, in_order, "{said}");
    assert!(said.contains("chat: none.srv.example: no address found (it says it offers no XMPP)"), "{said}");
    let statuses: Vec<&str> = said.lines().filter(|line| line.starts_with("status ")).collect();
    assert_eq!(statuses, ["status 68", "status 68"], "{said}");
}
