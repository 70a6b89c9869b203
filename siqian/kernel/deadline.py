"""Promises in working time: due = start + working time over a calendar table, moved by what suspended it.

Sources: the State Council's yearly notices on public holidays (国务院办公厅关于部分节假日安排的通知), kept in calendar.yaml.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

import yaml

from . import clock

# Office hours of the district's units; a working day is seven hours of them.
OFFICE = ((time(9), time(12)), (time(14), time(18)))
ALL_DAY = ((time(0), time.max),)
WORKING_DAY = timedelta(hours=7)


@dataclass(frozen=True)
class Term:
    """A length of promised time; `working` counts office hours on working days only."""

    length: timedelta
    working: bool = False

    @classmethod
    def minutes(cls, count: int) -> "Term":
        return cls(timedelta(minutes=count))

    @classmethod
    def hours(cls, count: int) -> "Term":
        return cls(timedelta(hours=count))

    @classmethod
    def working_days(cls, count: int) -> "Term":
        return cls(WORKING_DAY * count, working=True)


@dataclass(frozen=True)
class Pause:
    """A suspension; until None while it still lasts."""

    since: datetime
    until: datetime | None = None


class Calendar:
    """Which days are worked. holidays: days off; makeups: weekend days that are worked; years: those that are known."""

    def __init__(self, holidays: Iterable[date], makeups: Iterable[date], years: Iterable[int]) -> None:
        self.holidays, self.makeups, self.years = frozenset(holidays), frozenset(makeups), frozenset(years)

    def knows(self, day: date) -> bool:
        return day.year in self.years

    def works(self, day: date) -> bool:
        """True on a working day; in a year without a notice yet, Monday to Friday (`knows` is False then)."""
        return day in self.makeups or (day.weekday() < 5 and day not in self.holidays)

    def spans(self, start: datetime, working: bool) -> Iterator[tuple[datetime, datetime]]:
        """Stretches of promised time from `start` on, in order, without end."""
        if not working:
            yield start, datetime.max.replace(tzinfo=start.tzinfo)
            return
        day = clock.local(start).date()
        while True:
            if self.works(day):
                for opens, closes in OFFICE:
                    begin = datetime.combine(day, opens, clock.TOWN)
                    end = datetime.combine(day, closes, clock.TOWN)
                    if end > start:
                        yield max(begin, start), end
            day += timedelta(days=1)


def due(start: datetime, term: Term, pauses: Iterable[Pause] = (), *, calendar: Calendar | None = None) -> datetime | None:
    """When a promise made at `start` falls due; None while a pause has no end.

    Pauses may overlap each other and begin before `start`: time is only ever taken out once.
    """
    left = term.length
    calendar = calendar or town_calendar()
    still = _merged(pauses)
    for begin, end in calendar.spans(start, term.working):
        for piece_begin, piece_end in _without(begin, end, still):
            if left <= piece_end - piece_begin:
                return piece_begin + left
            left -= piece_end - piece_begin
        if any(pause.until is None and pause.since < end for pause in still):
            return None
    raise AssertionError("spans never end")


@lru_cache(maxsize=1)
def town_calendar() -> Calendar:
    """The calendar table that ships; an unknown year counts as plain weeks and `siqian check` says so."""
    years = yaml.safe_load((Path(__file__).parent / "calendar.yaml").read_text(encoding="utf-8"))["years"]
    holidays = [day for year in years.values() for first, last in year["rest"] for day in _days(first, last)]
    return Calendar(holidays, [day for year in years.values() for day in year["worked"]], years)


def _days(first: date, last: date) -> Iterator[date]:
    for count in range((last - first).days + 1):
        yield first + timedelta(days=count)


def _merged(pauses: Iterable[Pause]) -> list[Pause]:
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.since):
        last = merged[-1] if merged else None
        if last and (last.until is None or pause.since <= last.until):
            until = None if last.until is None or pause.until is None else max(last.until, pause.until)
            merged[-1] = Pause(last.since, until)
        else:
            merged.append(pause)
    return merged


def _without(begin: datetime, end: datetime, pauses: list[Pause]) -> Iterator[tuple[datetime, datetime]]:
    for pause in pauses:
        if pause.since >= end:
            break
        if pause.until is not None and pause.until <= begin:
            continue
        if pause.since > begin:
            yield begin, pause.since
        if pause.until is None:
            return
        begin = max(begin, pause.until)
    if begin < end:
        yield begin, end
