"""A week's roster on its way in, as values: its cells, how it is read, what would change, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from siqian.kernel import catalogue
from siqian.kernel.permits import Actor, NotFound
from siqian.town.people import queries as people
from siqian.town.places import queries as places

from . import rules, weekly
from .models import Sheet

SHOWN = 8


@dataclass(frozen=True)
class Change:
    """What a row of the sheet would make of somebody's week: hours before and after, by weekday; new: they did not hold the post."""

    row: int
    person: str
    name: str
    post: str
    before: tuple[tuple[int, int, int], ...]
    after: tuple[tuple[int, int, int], ...]
    new: bool

    @property
    def same(self) -> bool:
        return self.before == self.after and not self.new


@dataclass(frozen=True)
class SheetView:
    """A sheet as its owner sees it. head: the first rows; columns: of each its name; words: what each means, None: not said yet."""

    id: int
    name: str
    path: str
    head: list[list[str]]
    header: int
    columns: Mapping[int, str]
    words: tuple[tuple[str, str, bool], ...]
    rows: int
    changes: tuple[Change, ...]
    outcome: weekly.Outcome

    @property
    def same(self) -> int:
        return sum(change.same for change in self.changes)


@cache
def words() -> Mapping[str, weekly.Word]:
    """What the words of a roster mean; the district's own stand above ours."""
    own = catalogue.overlay("rosters")
    return catalogue.load(Path(__file__).parent / "catalogue", weekly.Word, files="hours*.yaml", overlay=own).latest.rows


def sheet(number: int, *, seen_by: Actor) -> SheetView:
    """One's own sheet; NotFound when there is none."""
    row = Sheet.objects.filter(id=number, by=seen_by.ref).first()
    if row is None:
        raise NotFound(rules.NO_SHEET)
    found, reading = outcome(row), reading_of(row)
    said = weekly.distinct(row.cells, row.header, reading.columns)
    meant = tuple((word, _written(reading.words.get(word)), word in reading.words) for word in said)
    changes = tuple(_change(entry) for entry in found.entries)
    head = row.cells[: max(SHOWN, row.header + 4)]
    return SheetView(row.id, row.name, row.path, head, row.header, reading.columns, meant, len(row.cells), changes, found)


def outcome(row: Sheet) -> weekly.Outcome:
    """What a sheet would bring, by how it is read now."""
    return weekly.read(row.cells, reading_of(row), known(row.path))


def reading_of(row: Sheet) -> weekly.Reading:
    columns = {int(at): name for at, name in row.columns.items()}
    return weekly.Reading(row.header, columns, {word: (hours[0], hours[1]) if hours else None for word, hours in row.words.items()})


def known(path: str) -> weekly.Known:
    """Who and what there is in an area: everybody who holds a post there, every post by code, name and the name of its area."""
    names: dict[str, list[str]] = {}
    posts: dict[str, list[str]] = {}
    held: dict[str, list[str]] = {}
    for post, where in people.posts_of(tuple(people.duties().values()), within=path).items():
        called = {post, people.post_line(post)[0]}
        area = places.names(where)[-1:]
        called |= {area[0], where.strip("/").rsplit("/", 1)[-1]} if area and people.duty_of(post) == "keeper" else set()
        for name in called:
            posts.setdefault(name, []).append(post)
        for person in people.holders(post):
            held.setdefault(person, []).append(post)
            if person not in names.setdefault(people.person_name(person), []):
                names[people.person_name(person)].append(person)
    return weekly.Known(names, frozenset(held), posts, held)


def _change(entry: weekly.Entry) -> Change:
    before, holds = people.hours_on(entry.post, entry.person)
    after = tuple(sorted(entry.shifts))
    return Change(entry.row, entry.person, people.person_name(entry.person), people.post_line(entry.post)[0], before, after, not holds)


def _written(hours: tuple[int, int] | None) -> str:
    if hours is None:
        return ""
    begin, end = hours[0], hours[1] - 1440 if hours[1] > 1440 else hours[1]
    return f"{begin // 60:02d}:{begin % 60:02d}-{end // 60:02d}:{end % 60:02d}"
