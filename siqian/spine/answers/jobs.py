"""Timed work on answers."""

from datetime import datetime

from siqian.kernel.permits import OFFICE

from . import actions, queries


def remind(*, at: datetime) -> int:
    """Put every answer whose day is near onto its desk's page; gives how many. Safe to run as often as one likes."""
    return sum(actions.remind(answer=answer, by=OFFICE, at=at) for answer in queries.due(at=at))
