"""Measures the measure: a talk whose number of round trips is known, over the same kind of line."""

import socket
import threading
import time

from lib.wire import Wire

EXCHANGES = 5
ROUND_TRIPS = EXCHANGES + 1  # with the handshake


def measured(round_trip):
    """How many round trips the talk of `ROUND_TRIPS` seems to take on this machine, now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, args=[server], daemon=True).start()
        with Wire(*server.getsockname(), round_trip) as wire:
            start = time.perf_counter()
            with socket.create_connection(("127.0.0.1", wire.port), timeout=60) as client:
                for _ in range(EXCHANGES):
                    client.sendall(b"?")
                    client.recv(1)
            return (time.perf_counter() - start) / round_trip


def answer(server):
    client, _ = server.accept()
    with client:
        while question := client.recv(1):
            client.sendall(question)
