"""What one use of a program costs, through a long line and a short one."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from lib.clients import DIRECT_TLS, STARTTLS
from lib.run import Failed, instructions, peak_memory, run
from lib.wire import Wire

PORTS = {STARTTLS: 5222, DIRECT_TLS: 5223}


class Bench:
    """Lines to the server, a far and a near one for each kind of TLS, and homes for the programs' users."""

    def __init__(self, server, round_trip, runs):
        self.server, self.round_trip, self.runs = server, round_trip, runs

    def __enter__(self):
        self.sender, self.recipient, self.reader = self.server.accounts(3)
        with ExitStack() as stack:
            self.homes = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chat-bench-")))
            self.far, self.near = (self.wires(stack, round_trip) for round_trip in (self.round_trip, 0))
            self.ending = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.ending.close()

    def wires(self, stack, round_trip):
        lines = {security: Wire(self.server.address, port, round_trip) for security, port in PORTS.items()}
        return {security: stack.enter_context(line) for security, line in lines.items()}

    def fill_and_read(self, client, messages=20):
        """Gives the reader an archive that is not empty, and nothing unread."""
        for _ in range(messages):
            send = self.use(client, "send", DIRECT_TLS, fresh=False)
            send.to = self.reader
            send.once(self.near)
        self.use(client, "unread", DIRECT_TLS, fresh=True).mark_read()

    def use(self, client, action, security, fresh):
        """One of a program's uses: `action` is "send" or "unread"; with `fresh`, it remembers nothing each time."""
        return Use(self, client, action, security, fresh)


class Use:
    def __init__(self, bench, client, action, security, fresh):
        self.bench, self.client, self.action, self.security, self.fresh = bench, client, action, security, fresh
        self.account = bench.sender if action == "send" else bench.reader
        self.to = bench.recipient
        self.home = bench.homes / f"{client.name}-{client.version}-{action}"

    def furnished_home(self):
        """Empty but for the password, or as the last use of it left it."""
        if self.fresh or not self.home.exists():
            shutil.rmtree(self.home, ignore_errors=True)
            self.home.mkdir()
            self.client.furnish(self.home, self.account)
            if not self.fresh:
                self.once(self.bench.near)  # the use that leaves something to remember
        return self.home

    def command(self, wires):
        port = wires[self.security].port
        if self.action == "send":
            return self.client.send(self.home, self.account, self.to, self.security, port)
        return self.client.unread(self.home, self.account, self.security, port)

    def once(self, wires, measure=run):
        self.furnished_home()
        result = measure(self.command(wires), self.client.environment(self.home))
        if self.action == "unread" and getattr(result, "output", ""):
            raise Failed(f"there is something unread: {result.output}")
        return result

    def mark_read(self):
        self.furnished_home()
        run([*self.command(self.bench.near), "-m"], self.client.environment(self.home))

    def round_trips(self):
        """What the far line takes longer than the near one. The fastest runs count: the machine held up others."""
        pairs = [(self.once(self.bench.far).wall, self.once(self.bench.near).wall) for _ in range(self.bench.runs)]
        far, near = (min(times) for times in zip(*pairs))
        return (far - near) / self.bench.round_trip

    def talk(self):
        """Who sent how many bytes, in turns, over the far line: an "up" has waited for the "down" before it."""
        self.once(self.bench.far)
        return self.bench.far[self.security].talk

    def kilobytes(self):
        """On the line, both ways, without TCP's and IP's headers."""
        return sum(count for _direction, count in self.talk()) / 1000

    def processor(self):
        """Milliseconds, user and system."""
        return 1000 * median(self.once(self.bench.near).processor for _ in range(self.bench.runs))

    def memory(self):
        """MiB."""
        return max(self.once(self.bench.near, peak_memory) for _ in range(3))

    def instructions(self):
        """Millions."""
        return self.once(self.bench.near, instructions)


def start_up(client, runs=50):
    """Milliseconds from the start to the end of `--version`: the fastest and the usual."""
    times = [1000 * run([client.program, "--version"]).wall for _ in range(runs)]
    return min(times), median(times)
