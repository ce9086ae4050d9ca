"""The two ends of the measurement: who is sent to, and who sends as if nothing could go wrong.

They speak XMPP by hand, because a library would be the slowest part of the measurement.
"""

import base64
import hashlib
import hmac
import re
import secrets
import socket
import ssl
import threading
import time

from lib.run import Failed

STREAM = (
    "<?xml version='1.0'?><stream:stream to='{}' version='1.0' xml:lang='en' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>"
)
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"


class Listener:
    """`with Listener(server, account) as listener`: from then on every message to the account comes here. It collects them
    and notes when the last of it was there."""

    def __init__(self, server, account, limit=60):
        self.server, self.account = server, account
        self.bodies, self.last, self.limit = [], None, limit
        self.heard = b""

    def __enter__(self):
        self.socket = socket.create_connection((self.server.address, 5222), timeout=self.limit)
        self.say(STREAM.format(self.server.domain), rb"</stream:features>")
        self.say("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", rb"<proceed[^>]*>")
        context = ssl.create_default_context(cafile=self.server.authority)
        self.socket = context.wrap_socket(self.socket, server_hostname=self.server.domain)
        self.log_in()
        self.thread = threading.Thread(target=self.collect, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def say(self, text, until):
        """Sends `text` and reads until the pattern `until` is there; returns what matched."""
        self.socket.sendall(text.encode())
        while not (found := re.search(until, self.heard)):
            if not (data := self.socket.recv(65_536)):
                raise Failed(f"the listener was hung up on: {self.heard[-300:]}")
            self.heard += data
        self.heard = self.heard[found.end() :]
        return found

    def log_in(self):
        """By SCRAM (RFC 5802). The server's own proof is not looked at: TLS has shown who it is."""
        stream = STREAM.format(self.server.domain)
        number = self.say(stream, rb"<mechanism>SCRAM-SHA-(1|256|512)</mechanism>.*</stream:features>")[1].decode()
        kind = f"sha{number}"
        bare = f"n={self.account.split('@')[0]},r={secrets.token_hex(12)}"
        first = base64.b64encode(f"n,,{bare}".encode()).decode()
        auth = f"<auth xmlns='{SASL}' mechanism='SCRAM-SHA-{number}'>{first}</auth>"
        challenge = base64.b64decode(self.say(auth, rb"<challenge[^>]*>([^<]*)</challenge>")[1]).decode()
        parts = dict(part.split("=", 1) for part in challenge.split(","))
        password, salt = self.server.password.encode(), base64.b64decode(parts["s"])
        key = hmac.digest(hashlib.pbkdf2_hmac(kind, password, salt, int(parts["i"])), b"Client Key", kind)
        final = f"c=biws,r={parts['r']}"
        stored = hashlib.new(kind, key).digest()
        signature = hmac.digest(stored, f"{bare},{challenge},{final}".encode(), kind)
        proof = base64.b64encode(bytes(one ^ other for one, other in zip(key, signature))).decode()
        answer = base64.b64encode(f"{final},p={proof}".encode()).decode()
        self.say(f"<response xmlns='{SASL}'>{answer}</response>", rb"<success")
        self.say(stream, rb"</stream:features>")
        self.say("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", rb"</iq>")
        self.say("<presence/>", rb"<presence[^>]*>")

    def collect(self):
        while True:
            try:
                data = self.socket.recv(1 << 20)
            except OSError:
                return
            if not data:
                return
            self.heard += data
            if found := [*re.finditer(rb"<body>([^<]*)</body>", self.heard)]:
                self.bodies += [one[1].decode().strip() for one in found]
                self.heard = self.heard[found[-1].end() :]
                self.last = time.time()

    def wait_for(self, count):
        """Until so many have come, or nothing has for too long; returns how many there are."""
        heard, since = -1, time.monotonic()
        while len(self.bodies) < count and time.monotonic() - since < self.limit:
            if len(self.bodies) != heard:
                heard, since = len(self.bodies), time.monotonic()
            time.sleep(0.02)
        return len(self.bodies)


class Flood(Listener):
    """Who sends so: everything at once, without waiting for anything or looking at what comes. No client can be faster in
    one session."""

    def pour(self, to, lines):
        message = "<message to='{}' type='chat' id='f{}'><body>{}</body></message>"
        self.socket.sendall("".join(message.format(to, number, number) for number in range(1, lines + 1)).encode())
