"""CBOR (RFC 8949) read with care: no duplicate keys, no deep nests, nothing behind the item, no more items than bytes.

Written by the core deterministic rules (section 4.2.1). own=True reads only what is written so.
"""

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .faults import Fault

DEEPEST = 16
_FLOATS = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}


class _Undefined:
    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = _Undefined()
_BREAK = object()


@dataclass(frozen=True)
class Tag:
    number: int
    value: Any


def decode(raw: bytes, *, own: bool = False) -> Any:
    """The one item in these bytes: int, bytes, str, list, dict, Tag, float, bool, None, UNDEFINED. Fault when it is not well-formed."""
    reader = _Reader(raw, own)
    value = reader.item(0)
    if value is _BREAK:
        raise Fault("cbor", "break")
    if reader.at != len(raw):
        raise Fault("cbor", "trailing")
    return value


class _Reader:
    """Walks over the bytes once."""

    __slots__ = ("at", "own", "raw")

    def __init__(self, raw: bytes, own: bool) -> None:
        self.raw, self.at, self.own = raw, 0, own

    def item(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise Fault("cbor", "too_deep")
        if self.at >= len(self.raw):
            raise Fault("cbor", "cut_off")
        head = self.raw[self.at]
        self.at += 1
        major, more = head >> 5, head & 31
        if major == 7:
            return self._simple(more)
        if more == 31:
            return self._endless(major, depth)
        count = more if more < 24 else self._number(more)
        if major < 2:
            return count if major == 0 else -1 - count
        if major < 4:
            return self._bytes(count) if major == 2 else _text(self._bytes(count))
        if major == 4:
            return self._list(count, depth)
        return self._map(count, depth) if major == 5 else Tag(count, self._inner(depth))

    def _number(self, more: int) -> int:
        if more > 27:
            raise Fault("cbor", "reserved")
        value = int.from_bytes(self._bytes(1 << (more - 24)), "big")
        if self.own and value < (24 if more == 24 else 1 << (4 << (more - 24))):
            raise Fault("cbor", "not_shortest")
        return value

    def _bytes(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self.raw):
            raise Fault("cbor", "cut_off")
        found = self.raw[self.at : end]
        self.at = end
        return found

    def _inner(self, depth: int) -> Any:
        value = self.item(depth + 1)
        if value is _BREAK:
            raise Fault("cbor", "break")
        return value

    def _list(self, count: int, depth: int) -> list[Any]:
        # Every item costs a byte at least: a count that cannot be is not begun.
        if count > len(self.raw) - self.at:
            raise Fault("cbor", "cut_off")
        return [self._inner(depth) for _ in range(count)]

    def _map(self, count: int, depth: int) -> dict[Any, Any]:
        if 2 * count > len(self.raw) - self.at:
            raise Fault("cbor", "cut_off")
        found: dict[Any, Any] = {}
        before = b""
        for _ in range(count):
            start = self.at
            key = self._inner(depth)
            if self.own:
                # What is shortest has one form only, so that the bytes can be compared as they stand.
                written = self.raw[start : self.at]
                if written <= before:
                    raise Fault("cbor", "duplicate_key" if written == before else "not_sorted")
                before = written
            self._pair(found, key, depth)
        return found

    def _pair(self, found: dict[Any, Any], key: Any, depth: int) -> None:
        if type(key) not in (int, str, bytes):
            raise Fault("cbor", "key")
        if key in found:
            raise Fault("cbor", "duplicate_key")
        found[key] = self._inner(depth)

    def _simple(self, more: int) -> Any:
        if more in _SIMPLE and not (self.own and more == 23):
            return _SIMPLE[more]
        if more == 31:
            return _BREAK
        if more not in _FLOATS or self.own:
            raise Fault("cbor", "simple")
        form, size = _FLOATS[more]
        return struct.unpack(form, self._bytes(size))[0]

    def _endless(self, major: int, depth: int) -> Any:
        if self.own or major not in (2, 3, 4, 5):
            raise Fault("cbor", "indefinite")
        if major < 4:
            return self._chunks(major, depth)
        if major == 4:
            items: list[Any] = []
            while (value := self.item(depth + 1)) is not _BREAK:
                items.append(value)
            return items
        found: dict[Any, Any] = {}
        while (key := self.item(depth + 1)) is not _BREAK:
            self._pair(found, key, depth)
        return found

    def _chunks(self, major: int, depth: int) -> bytes | str:
        kind: Callable[[], Any] = bytes if major == 2 else str
        chunks: list[Any] = []
        while True:
            definite = self.at < len(self.raw) and self.raw[self.at] & 31 != 31
            value = self.item(depth + 1)
            if value is _BREAK:
                break
            # Chunks are definite strings of the same kind.
            if type(value) is not kind or not definite:
                raise Fault("cbor", "chunk")
            chunks.append(value)
        return b"".join(chunks) if major == 2 else "".join(chunks)


_SIMPLE = {20: False, 21: True, 22: None, 23: UNDEFINED}


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Fault("cbor", "utf8") from None


def encode(value: Any) -> bytes:
    """The bytes of an item, shortest and sorted. TypeError for what CBOR has no item for."""
    if value is None or value is True or value is False:
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
    kind = type(value)
    if kind is int:
        return head(0, value) if value >= 0 else head(1, -1 - value)
    raw: bytes
    if kind is bytes:
        raw = value
        return head(2, len(raw)) + raw
    if kind is str:
        raw = value.encode()
        return head(3, len(raw)) + raw
    if kind in (list, tuple):
        return head(4, len(value)) + b"".join([encode(one) for one in value])
    if kind is dict:
        pairs = sorted((encode(key), encode(one)) for key, one in value.items())
        return head(5, len(pairs)) + b"".join([key + one for key, one in pairs])
    if kind is Tag:
        return head(6, value.number) + encode(value.value)
    if kind is float and not math.isnan(value):
        return b"\xfb" + struct.pack(">d", value)
    raise TypeError(f"no CBOR for {kind.__name__}")


def head(major: int, count: int) -> bytes:
    """The first bytes of an item: its kind and its length or value, shortest."""
    top = major << 5
    if count < 24:
        return bytes((top | count,))
    if count < 1 << 8:
        return bytes((top | 24, count))
    if count < 1 << 16:
        return bytes((top | 25,)) + count.to_bytes(2, "big")
    if count < 1 << 32:
        return bytes((top | 26,)) + count.to_bytes(4, "big")
    return bytes((top | 27,)) + count.to_bytes(8, "big")
