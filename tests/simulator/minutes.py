"""Whoever counts every single minute: a table of minutes, open or not, and nothing of how the house reckons."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

import numpy as np

from siqian.kernel import clock
from siqian.kernel.deadline import OFFICE, Term, town_calendar

BEGIN = datetime(2026, 1, 1, tzinfo=clock.TOWN)
DAYS = 900
MINUTE = timedelta(minutes=1)
# Offices are open a fifth of all minutes or more; the longest holiday and the weekends beside it close them for so many.
SELDOM, CLOSED = 6, 14 * 1440


@cache
def opened() -> np.ndarray:
    """One byte a minute from BEGIN on: 1 when the district's offices are open."""
    day = np.zeros(1440, np.int8)
    for opens, closes in OFFICE:
        day[opens.hour * 60 + opens.minute : closes.hour * 60 + closes.minute] = 1
    calendar = town_calendar()
    worked = [calendar.works((BEGIN + timedelta(days=number)).date()) for number in range(DAYS)]
    return np.concatenate([day if works else np.zeros(1440, np.int8) for works in worked])


def due(start: datetime, term: Term, stops: Iterable[tuple[datetime, datetime]]) -> datetime:
    """The end of the minute in which the term's last one passed. Everything lies on whole minutes."""
    first, wanted, stops = _minute(start), term.length // MINUTE, list(stops)
    window = wanted * SELDOM + CLOSED + sum((until - since) // MINUTE for since, until in stops)
    counted = opened()[first : first + window].copy() if term.working else np.ones(window, np.int8)
    for since, until in stops:
        counted[max(0, _minute(since) - first) : max(0, _minute(until) - first)] = 0
    passed = np.cumsum(counted, dtype=np.int32)
    return start + (int(np.searchsorted(passed, wanted)) + 1) * MINUTE


def _minute(at: datetime) -> int:
    return (at - BEGIN) // MINUTE
