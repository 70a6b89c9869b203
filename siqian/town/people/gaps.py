"""Gaps in duty: in which hours somebody has to be there and nobody is. Pure: the roster in, stretches of time out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from siqian.kernel.clock import local

from .roster import Absence, Held, Roster
from .rules import prefixes

Span = tuple[datetime, datetime]


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """In which hours somebody of a duty has to be there: the fields are told in hours.yaml."""

    code: str
    zh: str
    en: str
    days: tuple[int, ...]
    begin: str
    end: str


@dataclass(frozen=True)
class Gap:
    """A stretch in which a post is needed and nobody sits there. covered: the desk of its community takes what comes in meanwhile."""

    post: str
    path: str
    since: datetime
    until: datetime
    covered: bool


def gaps(roster: Roster, hours: Mapping[str, Hours], since: datetime, until: datetime, *, within: str = "/") -> list[Gap]:
    """Every gap of keepers and of communities' desks in a time, the earliest first; within: an area path."""
    found: list[Gap] = []
    desks: dict[str, list[Span]] = {}
    needed = {duty: _needed(hours[duty], since, until) for duty in ("desk", "keeper")}
    for path, rows in roster.by_path.items():
        if path.startswith(within):
            for post, held in _by_post(rows, level=2, duty="desk").items():
                there = _present(held, roster, since, until)
                desks[path] = union([*desks.get(path, ()), *there])
                found += [Gap(post, path, *span, False) for span in minus(needed["desk"], there)]
    for path, rows in roster.by_path.items():
        if not path.startswith(within):
            continue
        for post, held in _by_post(rows, level=4, duty="keeper").items():
            alone = minus(needed["keeper"], _present(held, roster, since, until))
            if alone:
                desk = next((desks[above] for above in reversed(prefixes(path)) if above in desks), [])
                bare = minus(alone, desk)
                found += [Gap(post, path, *span, False) for span in bare]
                found += [Gap(post, path, *span, True) for span in minus(alone, bare)]
    return sorted(found, key=lambda gap: (gap.since, gap.covered, gap.post))


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif begin < end:
            found.append((begin, end))
    return found


def minus(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """What of some stretches lies in none of the others; both without overlaps and in order."""
    found, at = [], 0
    for begin, end in spans:
        while at and others[at - 1][1] > begin:
            at -= 1
        while at < len(others) and others[at][1] <= begin:
            at += 1
        here = at
        while here < len(others) and others[here][0] < end:
            if begin < others[here][0]:
                found.append((begin, others[here][0]))
            begin = max(begin, others[here][1])
            here += 1
        if begin < end:
            found.append((begin, end))
    return found


def _by_post(rows: Iterable[Held], *, level: int, duty: str) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for row in rows:
        if row.duty == duty and row.level == level:
            found.setdefault(row.post, []).append(row)
    return found


def _needed(hours: Hours, since: datetime, until: datetime) -> list[Span]:
    begin, end = _minutes(hours.begin), _minutes(hours.end)
    days = (day for day in _days(since, until) if day.isoweekday() in hours.days)
    return union(_cut((day + begin, day + end), since, until) for day in days)


def _present(held: Sequence[Held], roster: Roster, since: datetime, until: datetime) -> list[Span]:
    """When somebody sits on a post: the holder, or while they are away whoever stands in and is not away as well."""
    found: list[Span] = []
    for row in held:
        there = union(_cut(span, since, until) for span in shifts_of(row, since, until))
        away = union(span for absence in roster.absences.get(row.person, ()) for span in _uncovered(absence, roster))
        found += minus(there, away) if away else there
    return union(found)


def shifts_of(row: Held, since: datetime, until: datetime) -> Iterator[Span]:
    """The hours of one holding that begin on the days between two instants, or on the day before."""
    for day in _days(since - timedelta(days=1), until):
        if row.since <= day.date() and (row.until is None or day.date() <= row.until):
            for shift in row.shifts:
                if shift.weekday == day.weekday():
                    yield day + timedelta(minutes=shift.start), day + timedelta(minutes=shift.end)


def _uncovered(absence: Absence, roster: Roster) -> list[Span]:
    whole = (absence.since, absence.until)
    if not absence.stand_in:
        return [whole]
    theirs = union((other.since, other.until) for other in roster.absences.get(absence.stand_in, ()))
    return minus([whole], minus([whole], theirs))


def _days(since: datetime, until: datetime) -> Iterator[datetime]:
    day = local(since).replace(hour=0, minute=0, second=0, microsecond=0)
    while day < until:
        yield day
        day += timedelta(days=1)


def _cut(span: Span, since: datetime, until: datetime) -> Span:
    return max(span[0], since), min(span[1], until)


def _minutes(written: str) -> timedelta:
    hour, _, minute = written.partition(":")
    return timedelta(hours=int(hour), minutes=int(minute))
