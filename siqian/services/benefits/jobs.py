"""Timed work of benefits: every night everybody is matched against everything in force."""

from datetime import date, datetime

from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE

from . import actions

HOUR = 2
_last: list[date] = []


def match_tonight(*, at: datetime) -> int:
    """After two in the morning, once a day and worker; gives how many were found. Birthdays and dates of policies come by this way."""
    here = local(at)
    if here.hour < HOUR or here.date() in _last:
        return 0
    _last[:] = [here.date()]
    return actions.match_all(by=OFFICE, at=at)
