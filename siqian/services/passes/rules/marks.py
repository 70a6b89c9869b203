"""The mark that a courier's phone and the gate show alike; another one every quarter of an hour. A guard compares it at a glance. Pure."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.said import said

from .life import MARK_FOR

# Drawn as shapes, said as words: neither colour nor sight alone carries it.
SHAPES = {
    "circle": said("圆"),
    "square": said("方"),
    "triangle": said("三角"),
    "star": said("星"),
    "cross": said("十字"),
    "moon": said("月牙"),
    "drop": said("水滴"),
    "leaf": said("叶子"),
}


@dataclass(frozen=True)
class Mark:
    """shape: a key of SHAPES; number: two digits; until: when the next one comes."""

    shape: str
    number: str
    until: int

    @property
    def word(self) -> str:
        return SHAPES[self.shape]


def mark_of(secret: bytes, at: datetime) -> Mark:
    """The mark of a gate's secret in this quarter of an hour."""
    length = int(MARK_FOR.total_seconds())
    quarter = int(at.timestamp()) // length
    raw = hmac.new(secret, b"XGM" + quarter.to_bytes(8, "big"), hashlib.sha256).digest()
    return Mark(tuple(SHAPES)[raw[0] % len(SHAPES)], f"{raw[1] % 100:02d}", (quarter + 1) * length)
