"""Timed work on posts."""

from datetime import datetime

from siqian.kernel.permits import OFFICE
from siqian.town.people import queries as people

from . import actions


def close_what_is_due(*, at: datetime) -> int:
    """Close every post whose day has come and that owes nothing; gives how many. Safe to run as often as one likes."""
    return sum(actions.close_due(post=post, by=OFFICE, at=at) for post in people.posts_due(at))
