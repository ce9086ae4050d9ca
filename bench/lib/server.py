"""The server that is sent to: a machine of the test bed, made the chat server by the project's Puppet code."""

import secrets
from pathlib import Path

from lib.run import run

REPOSITORY = Path(__file__).resolve().parents[2]
MACHINE = REPOSITORY / "testbed/machine"
PROVISION = REPOSITORY / "testbed/provision"
TESTS = REPOSITORY / "tests/server"


def machines_that_are_up():
    lines = (line.split("\t") for line in run([MACHINE, "list"]).output.splitlines())
    return [name for name, _address, state in lines if state == "up"]


class Server:
    """`with Server("bench")`: a machine that is up is used as it is; else it is made, and removed at the end."""

    software = "ejabberd"
    domain = "chat.example"
    authority = REPOSITORY / "pki/ca.pem"
    password = "pw"  # of the accounts that are registered
    registers, changes = "accounts.rb", "ejabberd/variant.rb"

    def __init__(self, machine, suite="bookworm"):
        self.machine, self.suite = machine, suite
        self.made = False

    def __enter__(self):
        if self.machine not in machines_that_are_up():
            self.made = True
            try:
                print(f"starting the server on the machine {self.machine}, about two minutes", flush=True)
                run([MACHINE, "up", self.machine, "--suite", self.suite], limit=600)
                self.provision()
            except BaseException:
                self.__exit__()
                raise
        self.address = run([MACHINE, "address", self.machine]).output.strip()
        self.version = self.inside("dpkg-query", "--show", "--showformat=${Version}", self.software)
        return self

    def __exit__(self, *_):
        if self.made:
            run([MACHINE, "down", self.machine])

    def provision(self):
        run([PROVISION, self.machine, "--settings", TESTS / "settings.yaml"], limit=600)

    def become(self, variant):
        """Changes the server's settings, and starts it anew."""
        self.script(self.changes, variant)

    def script(self, file, *arguments):
        """Runs a script of the tests in the machine."""
        interpreter = ["ruby", "-"] if file.endswith(".rb") else ["sh", "-s"]
        with (TESTS / file).open() as text:
            run([MACHINE, "exec", self.machine, *interpreter, *arguments], limit=120, stdin=text)

    @property
    def gives_tokens(self):
        """SASL2 and FAST, with XEP-0440: they came with ejabberd 24.10."""
        return self.software == "ejabberd" and tuple(map(int, self.version.split("-")[0].split(".")[:2])) >= (24, 10)

    def inside(self, *command):
        return run([MACHINE, "exec", self.machine, *command]).output

    def accounts(self, count):
        """Makes fresh accounts, whose archives are empty, and returns their addresses."""
        prefix = f"bench-{secrets.token_hex(4)}-"
        self.script(self.registers, prefix, str(count))
        return [f"{prefix}{number}@{self.domain}" for number in range(1, count + 1)]


class Prosody(Server):
    """The same with Prosody, which the tests set up."""

    software = "prosody"
    registers, changes = "prosody/accounts", "prosody/variant"

    def provision(self):
        run([TESTS / "prosody/provision", self.machine], limit=600)
