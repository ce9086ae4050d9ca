"""Runs a program and says what it cost: wall time, processor time, memory, instructions."""

import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass


class Failed(Exception):
    """A program that should have worked did not; the text says which, how, and what it printed."""


@dataclass
class Cost:
    wall: float  # seconds
    processor: float  # seconds, user and system
    output: str


def run(command, environment=None, limit=60, stdin=subprocess.DEVNULL):
    """Runs `command` to its end, which must be a success."""
    status, cost, talk = watch(command, environment, limit, stdin)
    if status:
        said = " ".join((cost.output + talk).split()) or "nothing"
        raise Failed(f"{os.path.basename(command[0])} ended with {status} and said: {said[-300:]}")
    return cost


def watch(command, environment=None, limit=60, stdin=subprocess.DEVNULL):
    """Runs `command` to its end, whatever that is; returns its status, what it cost, and its standard error."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as talk:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, env=environment, stdin=stdin, stdout=output, stderr=talk, start_new_session=True
        )
        timer = threading.Timer(limit, os.killpg, [process.pid, signal.SIGKILL])
        timer.start()
        try:
            # wait4 and not wait: it tells the usage of this child alone.
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:  # we are to end: so is the child
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            timer.cancel()
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (output, talk):
            file.seek(0)
            texts.append(file.read())
    return process.returncode, Cost(wall, usage.ru_utime + usage.ru_stime, texts[0]), texts[1]


def peak_memory(command, environment=None, limit=60):
    """The maximum resident set in MiB.

    By time(1), not by our own wait4: until a child has called exec it is a copy of this process, and the kernel counts
    that size too.
    """
    with tempfile.NamedTemporaryFile("r") as file:
        run(["/usr/bin/time", "--format=%M", f"--output={file.name}", *command], environment, limit)
        return int(file.read()) / 1024


def instructions(command, environment=None):
    """How many million instructions it executes, without the kernel's. Valgrind cannot run Go's programs."""
    with tempfile.NamedTemporaryFile("r") as file:
        counting = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={file.name}"]
        run([*counting, *command], environment)
        return int(re.search(r"Collected : (\d+)", file.read())[1]) / 1e6
