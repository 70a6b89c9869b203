"""The roster of one epoch, held in memory: who holds which post, in which hours, who is away and who stands in. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from siqian.kernel.clock import local

from .rules import Seat, Shift, prefixes


class PersonLine(NamedTuple):
    code: str
    name: str
    name_en: str
    look: int


class PostLine(NamedTuple):
    """area, area_en, path: of the area that the post covers; unit: whose people sit there, if a unit's."""

    code: str
    name: str
    name_en: str
    area: str
    area_en: str
    path: str
    unit: str


class Held(NamedTuple):
    """A post as one person holds it, from one day to another."""

    post: str
    duty: str
    level: int
    path: str
    person: str
    since: date
    until: date | None
    unit: str
    shifts: tuple[Shift, ...]

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class Absence(NamedTuple):
    person: str
    stand_in: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Roster:
    """Everything at once; questions take the instant that is meant, past or future."""

    persons: Mapping[str, PersonLine]
    posts: Mapping[str, PostLine]
    by_path: Mapping[str, list[Held]]
    by_post: Mapping[str, list[Held]]
    by_person: Mapping[str, list[Held]]
    absences: Mapping[str, list[Absence]]
    stands_in: Mapping[str, list[Absence]]
    # Found again for each text: filled as places are asked for.
    called: dict[str, list[tuple[str, Held]]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, persons: Iterable[PersonLine], posts: Iterable[PostLine], held: Iterable[Held], absences: Iterable[Absence]) -> "Roster":
        by_path, by_post, by_person = _grouped(held, lambda row: row.path, lambda row: row.post, lambda row: row.person)
        away, stands_in = _grouped(absences, lambda row: row.person, lambda row: row.stand_in)
        return cls({row.code: row for row in persons}, {row.code: row for row in posts}, by_path, by_post, by_person, away, stands_in)

    def covering(self, path: str, at: datetime, *, duties: Collection[str] = ()) -> list[Seat]:
        """Seats whose area holds this path, from the district down. duties: only these, when there are any."""
        return self._seats((row for row in self._over(path) if not duties or row.duty in duties), at)

    def named_over(self, path: str, at: datetime, text: str) -> set[str]:
        """Whoever has a seat whose area holds this path, or stands in on one, and is named in a text."""
        day = local(at).date()
        found: set[str] = set()
        for row in [row for prefix in prefixes(path) for name, row in self._called(prefix) if name in text]:
            if row.holds_on(day):
                found |= {code for code in (row.person, self._stand_in(row.person, at)) if self._named(code, text)}
        return found

    def on_posts(self, codes: Iterable[str], at: datetime) -> list[Seat]:
        return self._seats((row for code in codes for row in self.by_post.get(code, ())), at)

    def everybody(self, at: datetime) -> list[Seat]:
        return self._seats((row for rows in self.by_post.values() for row in rows), at)

    def filled_by(self, person: str, at: datetime) -> list[Seat]:
        """The seats that somebody holds, and those that are stood in for."""
        absent = [row.person for row in self.stands_in.get(person, ()) if row.since <= at < row.until]
        return self._seats((row for code in (person, *absent) for row in self.by_person.get(code, ())), at)

    def name(self, person: str) -> str:
        return self.persons[person].name if person in self.persons else ""

    def _seats(self, held: Iterable[Held], at: datetime) -> list[Seat]:
        day = local(at).date()
        return [
            Seat(row.post, row.duty, row.level, row.path, row.person, row.shifts, self._away(row.person, at), row.unit)
            for row in held
            if row.holds_on(day)
        ]

    def _over(self, path: str) -> Iterable[Held]:
        return (row for prefix in prefixes(path) for row in self.by_path.get(prefix, ()))

    def _called(self, path: str) -> list[tuple[str, Held]]:
        """Names by which a text may speak of a seat there: its holder's, and whoever stands in at any time."""
        known = self.called.get(path)
        if known is None:
            known = self.called[path] = [
                (name, row)
                for row in self.by_path.get(path, ())
                for code in (row.person, *(away.stand_in for away in self.absences.get(row.person, ())))
                if len(name := self.name(code)) > 1
            ]
        return known

    def _named(self, person: str, text: str) -> bool:
        return len(name := self.name(person)) > 1 and name in text

    def _stand_in(self, person: str, at: datetime) -> str:
        away = self._away(person, at) if person in self.absences else None
        return away[1] if away else ""

    def _away(self, person: str, at: datetime) -> tuple[datetime, str] | None:
        for row in reversed(self.absences.get(person, ())):
            if row.since <= at < row.until:
                alone = any(other.since <= at < other.until for other in self.absences.get(row.stand_in, ()))
                return row.until, "" if alone else row.stand_in
        return None


def _grouped(rows, *keys):  # type: ignore[no-untyped-def]
    """The same rows, by each of these keys."""
    found: tuple[dict[str, list], ...] = tuple({} for _ in keys)  # type: ignore[type-arg]
    for row in rows:
        for groups, key in zip(found, keys, strict=True):
            groups.setdefault(key(row), []).append(row)
    return found
