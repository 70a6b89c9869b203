"""Timed work on hot topics: every minute what is new, every night all of it anew."""

from datetime import datetime

from siqian.kernel import clock
from siqian.kernel.permits import OFFICE

from . import actions, grouping, queries, rules

# The worker has other work: what is left after so many seconds is done a minute later.
LONGEST = 10.0


def follow(*, at: datetime, longest: float = LONGEST) -> int:
    """Give what was told its topics; gives how many tellings were new."""
    begun, found = clock.ticks(), 0
    while (count := actions.assign(by=OFFICE, at=at)) and clock.ticks() - begun < longest:
        found += count
    return found + count


def regroup(*, at: datetime) -> bool:
    """Once a day, after two at night. A worker that stood still until noon does it then."""
    day = rules.due_night(at)
    if day is None or queries.is_grouped(day):
        return False
    follow(at=at)
    return actions.regroup(plan=grouping.grouped(day, at=at), by=OFFICE, at=at)
