"""Token Status List (IETF draft-ietf-oauth-status-list): so many bits a token, least significant first, zlib over all."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .faults import Fault
from .zipped import unzip

VALID, INVALID, SUSPENDED = 0, 1, 2
# Claims of a status list token (CWT), and the one by which a token names its place in a list.
LIST, TTL, STATUS, TYPE_CWT = 65533, 65534, 65535, "application/statuslist+cwt"
MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class StatusList:
    """bits: 1, 2, 4 or 8 for each token; raw: unfolded."""

    bits: int
    raw: bytes

    @classmethod
    def of(cls, bits: Any, packed: Any) -> "StatusList":
        """From what a token carries. Fault when it is no status list."""
        if type(bits) is not int or bits not in (1, 2, 4, 8) or not isinstance(packed, bytes):
            raise Fault("status", "list")
        return cls(bits, unzip(packed, most=MOST_BYTES))

    @classmethod
    def made(cls, bits: int, size: int, statuses: Iterable[tuple[int, int]]) -> "StatusList":
        """A list of so many tokens, all valid but these (index, status)."""
        per, mask = 8 // bits, (1 << bits) - 1
        raw = bytearray((size + per - 1) // per)
        for index, status in statuses:
            if not 0 <= index < size or not 0 <= status <= mask:
                raise ValueError(f"status {status} of {index} does not fit {size} tokens of {bits} bits")
            shift = index % per * bits
            raw[index // per] = raw[index // per] & ~(mask << shift) & 0xFF | status << shift
        return cls(bits, bytes(raw))

    def packed(self) -> bytes:
        return zlib.compress(self.raw, 9)

    def __getitem__(self, index: int) -> int:
        """The status of a token. Fault when the list does not reach so far: nobody is valid by falling off its end."""
        per = 8 // self.bits
        if index < 0 or index // per >= len(self.raw):
            raise Fault("status", "index")
        return self.raw[index // per] >> index % per * self.bits & (1 << self.bits) - 1

    def __len__(self) -> int:
        return len(self.raw) * 8 // self.bits
