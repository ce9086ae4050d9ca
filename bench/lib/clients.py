"""The programs that are compared, and how each is told to do the same thing.

A home is a folder with the password; whatever a program wants to remember it keeps there, and nowhere else.
"""

import os
import re
from pathlib import Path

from lib.run import run

TEXT = "The backup of Monday night is done: 41 GiB in 52 minutes."
STARTTLS, DIRECT_TLS = "STARTTLS", "direct TLS"


class Client:
    def __init__(self, program, server):
        self.program = str(program)
        self.server = server
        self.note = None

    def environment(self, home):
        return {"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"}

    def first_number(self, text):
        return re.search(r"\d+(\.\d+)+\S*", text)[0]


class Chat(Client):
    """This project's program."""

    name = "chat"

    def __init__(self, program, server):
        super().__init__(program, server)
        self.version = self.first_number(run([self.program, "--version"]).output)

    def furnish(self, home, _account):
        write_secret(home / "password", self.server.password)

    def connection(self, home, account, security, port):
        scheme = "xmpps" if security == DIRECT_TLS else "xmpp"
        where = ["-H", f"{scheme}:127.0.0.1:{port}", "-C", str(self.server.authority)]
        return ["-u", account, "-p", str(home / "password"), *where]

    def send(self, home, account, to, security, port):
        return [self.program, "send", *self.connection(home, account, security, port), to, TEXT]

    def unread(self, home, account, security, port):
        return [self.program, "unread", *self.connection(home, account, security, port)]


class GoSendxmpp(Client):
    """The fastest of the others (Go). It does not wait until the server has taken the message."""

    name = "go-sendxmpp"

    def __init__(self, program, server, version, options=()):
        super().__init__(program, server)
        self.version = version
        self.options = options

    def environment(self, home):
        return super().environment(home) | {"SSL_CERT_FILE": str(self.server.authority)}

    def furnish(self, home, account):
        write_secret(home / "config", f"username: {account}\npassword: {self.server.password}")
        (home / "text").write_text(TEXT + "\n")

    def send(self, home, _account, to, security, port):
        tls = ["--tls"] if security == DIRECT_TLS else []
        files = ["-f", str(home / "config"), "-m", str(home / "text")]
        return [self.program, *self.options, *tls, *files, "-j", f"127.0.0.1:{port}", to]


def write_secret(path: Path, text):
    path.touch(mode=0o600)
    path.write_text(text + "\n")
