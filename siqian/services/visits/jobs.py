"""Timed work on visits."""

from datetime import datetime

from siqian.kernel.permits import OFFICE

from . import actions, queries


def remind(*, at: datetime) -> int:
    """Put every visit whose day is near among its post's work; gives how many. Safe to run as often as one likes."""
    return sum(actions.remind(visit=visit, by=OFFICE, at=at) for visit in queries.unrecorded(at=at))
