"""The server that is sent to: a machine of the test bed, made the chat server by the project's Puppet code."""

import secrets
from pathlib import Path

from lib.run import run

REPOSITORY = Path(__file__).resolve().parents[2]
MACHINE = REPOSITORY / "testbed/machine"
PROVISION = REPOSITORY / "testbed/provision"
ACCOUNTS = REPOSITORY / "tests/server/accounts.rb"


def machines_that_are_up():
    lines = (line.split("\t") for line in run([MACHINE, "list"]).output.splitlines())
    return [name for name, _address, state in lines if state == "up"]


class Server:
    """`with Server("bench")`: a machine that is up is used as it is; else it is made, and removed at the end."""

    domain = "chat.example"
    authority = REPOSITORY / "pki/ca.pem"
    password = "pw"  # of the accounts that accounts.rb makes

    def __init__(self, machine):
        self.machine = machine
        self.made = False

    def __enter__(self):
        if self.machine not in machines_that_are_up():
            self.made = True
            try:
                print(f"starting the server on the machine {self.machine}, about two minutes", flush=True)
                run([MACHINE, "up", self.machine], limit=600)
                run([PROVISION, self.machine, "--settings", REPOSITORY / "tests/server/settings.yaml"], limit=600)
            except BaseException:
                self.__exit__()
                raise
        self.address = run([MACHINE, "address", self.machine]).output.strip()
        self.version = self.inside("dpkg-query", "--show", "--showformat=${Version}", "ejabberd")
        return self

    def __exit__(self, *_):
        if self.made:
            run([MACHINE, "down", self.machine])

    def inside(self, *command):
        return run([MACHINE, "exec", self.machine, *command]).output

    def accounts(self, count):
        """Makes fresh accounts, whose archives are empty, and returns their addresses."""
        prefix = f"bench-{secrets.token_hex(4)}-"
        with ACCOUNTS.open() as script:
            run([MACHINE, "exec", self.machine, "ruby", "-", prefix, str(count)], stdin=script)
        return [f"{prefix}{number}@{self.domain}" for number in range(1, count + 1)]
