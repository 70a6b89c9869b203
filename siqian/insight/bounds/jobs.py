"""Timed work on adjustments."""

from datetime import datetime

from siqian.kernel.permits import OFFICE

from . import actions, queries


def enact_what_is_due(*, at: datetime) -> int:
    """Put every approved adjustment in force whose day has come, in order of day; gives how many. Safe to run as often as one likes."""
    return sum(actions.enact(adjustment=id_, by=OFFICE, at=at) for id_ in queries.due(at))
