"""A small MQTT 3.1.1 broker at the network's edge of a test: one subscriber, QoS 1, and what is not acknowledged comes again.

It speaks six packets of the standard (OASIS MQTT 3.1.1): CONNECT, CONNACK, SUBSCRIBE, SUBACK, PUBLISH, PUBACK, and answers PINGREQ.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CONNECT, PUBLISH, PUBACK, SUBSCRIBE, PINGREQ = 1, 3, 4, 8, 12


class Broker:
    """Listens on a port of its own; keeps each message until it is acknowledged."""

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.connected, self.subscribed, self.brought_again = 0, threading.Event(), 0
        self._kept: dict[int, bytes] = {}
        self._line: socket.socket | None = None
        self._next, self._lock = 1, threading.RLock()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def waiting(self) -> int:
        """Messages that nobody has acknowledged."""
        with self._lock:
            return len(self._kept)

    def publish(self, payload: bytes) -> None:
        with self._lock:
            number, self._next = self._next, self._next + 1
            self._kept[number] = payload
            if self.subscribed.is_set():
                self._bring(number)

    def cut(self) -> None:
        """The line breaks; what was not acknowledged is kept."""
        with self._lock:
            self.subscribed.clear()
            if self._line is not None:
                with suppress(OSError):
                    self._line.shutdown(socket.SHUT_RDWR)
                self._line.close()

    def close(self) -> None:
        self._door.close()
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with self._lock:
                self._line = line
            with suppress(OSError):
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        for kind, body in _packets(line):
            with self._lock:
                if kind == CONNECT:
                    self.connected += 1
                    line.sendall(b"\x20\x02\x01\x00" if self.connected > 1 else b"\x20\x02\x00\x00")
                elif kind == SUBSCRIBE:
                    line.sendall(b"\x90\x03" + body[:2] + b"\x01")
                    self.subscribed.set()
                    for number in sorted(self._kept):
                        self._bring(number)
                elif kind == PUBACK:
                    self._kept.pop(int.from_bytes(body[:2], "big"), None)
                elif kind == PINGREQ:
                    line.sendall(b"\xd0\x00")

    def _bring(self, number: int) -> None:
        again = self.connected > 1
        self.brought_again += again
        body = b"\x00\x05water" + number.to_bytes(2, "big") + self._kept[number]
        assert self._line is not None
        with suppress(OSError):
            self._line.sendall(bytes([0x32 | (0x08 if again else 0)]) + _length(len(body)) + body)


@contextmanager
def broker() -> Iterator[Broker]:
    made = Broker()
    try:
        yield made
    finally:
        made.close()


def _packets(line: socket.socket) -> Iterator[tuple[int, bytes]]:
    while head := _exactly(line, 1):
        length = shift = 0
        while True:
            byte = _exactly(line, 1)[0]
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        yield head[0] >> 4, _exactly(line, length)


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = line.recv(count - len(found))
        if not part:
            return b""
        found += part
    return found


def _length(count: int) -> bytes:
    out = bytearray()
    while True:
        count, byte = divmod(count, 128)
        out.append(byte | (128 if count else 0))
        if not count:
            return bytes(out)
