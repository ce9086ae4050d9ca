"""A line of known length: a TCP relay that hands every byte on half a round trip later, in either direction.

The handshake of a real line takes a round trip before the first byte can leave, but the relay is reached at once; so it
begins to read from the client only after that time. Bandwidth is not limited and nothing is lost.
"""

import asyncio
import os
import sys
import threading
from collections import deque
from contextlib import suppress


class Wire:
    """`with Wire(host, port, round_trip) as wire`: what connects to 127.0.0.1, `wire.port` is far from host."""

    def __init__(self, host, port, round_trip):
        self.target = (host, port)
        self.round_trip = round_trip
        self.talk = []  # of the last connection: ("up" or "down", number of bytes), merged while the direction stays
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.relay, daemon=True)

    def __enter__(self):
        self.thread.start()
        starting = self.loop.create_server(lambda: ClientEnd(self), "127.0.0.1", 0)
        self.server = asyncio.run_coroutine_threadsafe(starting, self.loop).result()
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self.stop(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def relay(self):
        # Bytes that are late for want of a processor would count as a longer line. On Linux this is for this thread.
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), -15)
        self.loop.run_forever()

    async def stop(self):
        self.server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def record(self, direction, count):
        if self.talk and self.talk[-1][0] == direction:
            count += self.talk.pop()[1]
        self.talk.append((direction, count))


class End(asyncio.Protocol):
    """One end of the line. What it receives, its peer sends half a round trip later; b"" stands for the end."""

    def __init__(self, wire, direction):
        self.wire = wire
        self.direction = direction
        self.under_way = deque()
        self.peer = None
        self.ended = False

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.wire.record(self.direction, len(data))
        self.put_on_the_way(data)

    def eof_received(self):
        self.put_on_the_way(b"")
        return True  # the other direction stays open

    def connection_lost(self, error):
        self.put_on_the_way(b"")

    def put_on_the_way(self, data):
        if not self.ended:
            self.ended = not data
            self.under_way.append(data)
            self.wire.loop.call_later(self.wire.round_trip / 2, self.arrive)

    def arrive(self):
        data = self.under_way.popleft()
        far = self.peer.transport
        if data:
            far.write(data)
        elif self.peer.ended:
            far.close()
            self.transport.close()
        elif not far.is_closing():
            far.write_eof()


class ClientEnd(End):
    """The end that the client connects to; it makes the connection to the server."""

    def __init__(self, wire):
        super().__init__(wire, "up")

    def connection_made(self, transport):
        super().connection_made(transport)
        self.wire.loop.call_soon(transport.pause_reading)  # at once, Python before 3.12 would undo it
        self.wire.talk = []
        self.connecting = self.wire.loop.create_task(self.connect())

    async def connect(self):
        self.peer = End(self.wire, "down")
        self.peer.peer = self
        try:
            handshake = asyncio.sleep(self.wire.round_trip)
            server = self.wire.loop.create_connection(lambda: self.peer, *self.wire.target)
            await asyncio.gather(handshake, server)
        except OSError as error:
            print(f"wire: {self.wire.target[0]} port {self.wire.target[1]}: {error}", file=sys.stderr)
            self.transport.abort()
        else:
            self.transport.resume_reading()
