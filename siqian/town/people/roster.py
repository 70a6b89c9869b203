"""The roster of one epoch, held in memory: who holds which post, in which hours, who is away and who stands in. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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

    @classmethod
    def of(cls, persons: Iterable[PersonLine], posts: Iterable[PostLine], held: Iterable[Held], absences: Iterable[Absence]) -> "Roster":
        by_path, by_post, by_person = _grouped(held, lambda row: row.path, lambda row: row.post, lambda row: row.person)
        away, stands_in = _grouped(absences, lambda row: row.person, lambda row: row.stand_in)
        return cls({row.code: row for row in persons}, {row.code: row for row in posts}, by_path, by_post, by_person, away, stands_in)

    def covering(self, path: str, at: datetime) -> list[Seat]:
        """Seats whose area holds this path, from the district down."""
        return self._seats((row for prefix in prefixes(path) for row in self.by_path.get(prefix, ())), at)

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
            if row.since <= day and (row.until is None or day <= row.until)
        ]

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
