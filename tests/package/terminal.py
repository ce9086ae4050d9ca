"""A person at a terminal of their own, for the tests that type."""

import pexpect

PROMPT = "done with status (\\d+)>"


class Person:
    """Who types into a shell. What they keep in the kernel is in a namespace of their own: nobody else has it, and it goes with them."""

    def __init__(self, name, password, log=None):
        self.password = password
        self.shell = pexpect.spawn(f"su - {name}", encoding="utf-8", timeout=120, dimensions=(50, 200))
        self.shell.logfile_read = log
        self.quietly("PS1='done with status $''?>'; PS2=; export HISTFILE=/dev/null TERM=vt100")

    def quietly(self, line):
        """Types what is no part of the test; it must work."""
        status = self.status_of(line)
        if status:
            raise AssertionError(f"{line} ended with {status}: {self.shell.before}")

    def keeps_secrets_alone(self):
        self.quietly("exec unshare --user --map-current-user bash --norc -i -c 'PS1=\"$0\" exec bash --norc -i' \"$PS1\"")

    def status_of(self, line, stop=None):
        """Types the line, and the password where it is asked for; a pager is left, and STOP, a text on the screen, ends it by Ctrl-C."""
        self.shell.sendline(line)
        ends = [PROMPT, "Password of [^ ]+: *", r"\(END\)", stop or "\x00"]
        while True:
            found = self.shell.expect(ends)
            if found == 0:
                return int(self.shell.match.group(1))
            if found == 1:
                self.shell.sendline(self.password)
            elif found == 2:
                self.shell.send("q")
            else:
                self.shell.send("\x03")
