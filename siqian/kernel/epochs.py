"""Epochs: versions of tables that processes hold in memory. Who holds one compares at most once a second.

The index in memory is a hint, the row is the truth: a verb that changes the table gives it a new epoch in the same transaction.
Numbers are drawn, not counted: what a verb saw before it was undone never bears the number of a later change.
"""

from collections.abc import Callable
from typing import TypeVar

from . import clock
from .journal import in_verb
from .models import Epoch

T = TypeVar("T")
PERIOD = 1.0

_seen: dict[str, tuple[float, int]] = {}
_held: dict[str, tuple[tuple[int, ...], object]] = {}


def current(name: str) -> int:
    """The epoch of a table, at most a second old; 0 before anything was laid in."""
    seen = _seen.get(name)
    ticks = clock.ticks()
    if seen is None or ticks - seen[0] > PERIOD:
        seen = (ticks, Epoch.objects.filter(name=name).values_list("number", flat=True).first() or 0)
        _seen[name] = seen
    return seen[1]


def held(name: str, load: Callable[[], T], *, of: tuple[str, ...] = ()) -> T:
    """What `load` made, once a process, while the tables called so (`of`, else `name` itself) are as they were."""
    now = tuple(current(table) for table in of or (name,))
    kept = _held.get(name)
    if kept is None or kept[0] != now:
        kept = (now, load())
        _held[name] = kept
    return kept[1]  # type: ignore[return-value]


def bump(name: str) -> None:
    """Say that a table was changed; only inside a verb."""
    if not in_verb():
        raise RuntimeError("an epoch is bumped outside a verb")
    number = int.from_bytes(clock.secret_bytes(7)) + 1
    Epoch.objects.update_or_create(name=name, defaults={"number": number})
    forget()


def forget() -> None:
    """Let go of what this process remembers: after a change of its own, and between two tests."""
    _seen.clear()
    _held.clear()
