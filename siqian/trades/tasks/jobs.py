"""Timed work on tasks."""

from datetime import datetime

from siqian.kernel.permits import OFFICE

from . import actions

# Tasks that climb in one commit; after a night without a worker the next second goes on with the rest.
TOGETHER, ROUNDS = 500, 4


def climb_what_is_late(*, at: datetime) -> int:
    """One overdue job for every module: so many late tasks climb, each one level; gives how many."""
    climbed = 0
    for _ in range(ROUNDS):
        count = actions.climb(most=TOGETHER, by=OFFICE, at=at)
        climbed += count
        if count < TOGETHER:
            break
    return climbed


def warn_before_it_is_late(*, at: datetime) -> int:
    """Remind the owners of what falls due before long; gives how many clocks were looked at."""
    looked = 0
    for _ in range(ROUNDS):
        count = actions.warn(most=TOGETHER, by=OFFICE, at=at)
        looked += count
        if count < TOGETHER:
            break
    return looked
