"""The only reader of time and of chance. Everybody else takes `at` as an argument."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

TOWN = ZoneInfo("Asia/Shanghai")
# No 0/O, 1/I/L, U: read out over the telephone without a mistake.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

_stopped: list[datetime] = []


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _stopped[-1] if _stopped else datetime.now(UTC)


def ticks() -> float:
    """Seconds that only ever go forward, to measure spans; no time of day."""
    return time.monotonic()


def local(at: datetime) -> datetime:
    """The same instant on the town's wall clock."""
    return at.astimezone(TOWN)


@contextmanager
def stopped_at(at: datetime) -> Iterator[None]:
    """Stop the town's clock, for tests and for replaying a day."""
    _stopped.append(at)
    try:
        yield
    finally:
        _stopped.pop()


def code(letters: int) -> str:
    """A code that nobody can guess, in letters that nobody mishears."""
    return "".join(secrets.choice(LETTERS) for _ in range(letters))


def secret_bytes(count: int) -> bytes:
    return secrets.token_bytes(count)


def backoff(tries: int) -> timedelta:
    """How long to wait after the n-th failure: doubling from 2 s to 1 h, with up to a quarter of jitter."""
    base = min(2.0 ** max(tries, 1), 3600.0)
    return timedelta(seconds=base * (1 + secrets.randbelow(1000) / 4000))
