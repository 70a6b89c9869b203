"""The weeks of a roster: who sits on which post in which hours, leave and stand-ins reckoned in. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .gaps import Span, minus, shifts_of, union
from .roster import Absence, Held, Roster


@dataclass(frozen=True)
class Stint:
    """A stretch in which somebody sits on a post; stands_in_for: whose it is otherwise, empty when it is their own."""

    person: str
    begin: datetime
    end: datetime
    stands_in_for: str = ""


def rota(roster: Roster, path: str, since: datetime, days: int, *, alone: bool = False) -> dict[str, list[list[Stint]]]:
    """Every post at or below an area: for each day from `since` (a midnight) on, who sits there when, in order.

    alone: only the posts of the area itself.
    """
    found: dict[str, list[list[Stint]]] = {}
    for where in sorted(where for where in roster.by_path if (where == path if alone else where.startswith(path))):
        for held in roster.by_path[where]:
            row = found.setdefault(held.post, [[] for _ in range(days)])
            for stint in stints(roster, held, since, since + timedelta(days=days)):
                row[max(0, min(days - 1, (stint.begin - since) // timedelta(days=1)))].append(stint)
    for row in found.values():
        for day in row:
            day.sort(key=lambda stint: (stint.begin, stint.person))
    return found


def stints_of(roster: Roster, person: str, since: datetime, days: int) -> list[tuple[str, Stint]]:
    """(post, stint) of one person, their own and those in which they stand in."""
    until = since + timedelta(days=days)
    others = {absence.person for absence in roster.stands_in.get(person, ())}
    rows = [held for one in {person, *others} for held in roster.by_person.get(one, ())]
    return [(held.post, stint) for held in rows for stint in stints(roster, held, since, until) if stint.person == person]


def stints(roster: Roster, held: Held, since: datetime, until: datetime) -> Iterator[Stint]:
    """Who sits there in the hours of one holding between two instants: the holder, or while they are away whoever stands in."""
    absences = roster.absences.get(held.person, ())
    away = union((absence.since, absence.until) for absence in absences)
    for begin, end in shifts_of(held, since, until):
        shift = (max(begin, since), min(end, until))
        if shift[0] >= shift[1]:
            continue
        for span in minus([shift], away):
            yield Stint(held.person, *span)
        for absence in absences:
            yield from (Stint(absence.stand_in, *span, held.person) for span in _stood_in(roster, absence, shift))


def with_absences(roster: Roster, more: Iterable[Absence]) -> Roster:
    """The same roster with further absences, as it would be."""
    absences, stands_in = ({key: list(rows) for key, rows in table.items()} for table in (roster.absences, roster.stands_in))
    for absence in more:
        absences.setdefault(absence.person, []).append(absence)
        stands_in.setdefault(absence.stand_in, []).append(absence)
    return replace(roster, absences=absences, stands_in=stands_in)


def newly(before: Mapping[str, list[Span]], after: Mapping[str, list[Span]]) -> dict[str, list[Span]]:
    """Stretches of each post that are bare now and were not before."""
    return {post: fresh for post, spans in after.items() if (fresh := minus(union(spans), union(before.get(post, ()))))}


def _stood_in(roster: Roster, absence: Absence, shift: Span) -> list[Span]:
    if not absence.stand_in:
        return []
    span = (max(shift[0], absence.since), min(shift[1], absence.until))
    theirs = union((other.since, other.until) for other in roster.absences.get(absence.stand_in, ()))
    return minus([span], theirs) if span[0] < span[1] else []
