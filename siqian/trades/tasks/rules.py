"""When a late task climbs, and how a list of tasks is read. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Overdue climbs to the community's desk at once, to the street after one more step, to the district after two.
HIGHEST = 3
SOON = timedelta(minutes=30)
STEPS = {"assign": timedelta(minutes=10), "accept": timedelta(minutes=15), "respond": timedelta(minutes=15), "settle": timedelta(hours=4)}
# A rating is asked for, never demanded: nobody is climbed to for it.
CLIMBING = frozenset(STEPS)


@dataclass(frozen=True)
class Climb:
    level: int
    next: datetime | None


def climb(what: str, level: int, at: datetime) -> Climb:
    """One level up, and when the next step follows."""
    higher = min(level + 1, HIGHEST)
    return Climb(higher, at + STEPS[what] if higher < HIGHEST else None)


def group(due: datetime, waits: bool, at: datetime) -> str:
    """The heading that a task stands under: first | today | others."""
    if waits:
        return "others"
    return "first" if due - at <= SOON else "today"
