"""Posts for the system administrator: each with whoever sits there and how much is open. Values only."""

from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.permits import Actor, NotYours
from siqian.kernel.said import Both
from siqian.town.people import queries as people
from siqian.town.people.queries import PostEntry
from siqian.town.places import queries as places
from siqian.town.places.queries import AreaLine
from siqian.trades.tasks import queries as tasks

from . import rules

MOST_AREAS = 12


@dataclass(frozen=True)
class Kept:
    """A post with how many things it owes; of what they are about nothing is told."""

    entry: PostEntry
    owes: int


def keeps(seen_by: Actor) -> bool:
    return people.keeps_posts(seen_by)


def kept(
    *, seen_by: Actor, at: datetime, area: str = "", words: str = "", duty: str = "", level: int | None = None, page: int = 1
) -> tuple[list[Kept], bool]:
    """(posts of an area, or of the district, and all below it; whether there are more). NotYours for whoever keeps none."""
    _must(seen_by)
    under = places.at_area(area)
    path = under.path if under else _top()
    found, more = people.posts(seen_by=seen_by, at=at, path=path, words=words, duty=duty, level=level, page=page)
    owed = tasks.owed_by([entry.code for entry in found])
    return [Kept(entry, owed.get(entry.code, 0)) for entry in found], more


def one(post: str, *, seen_by: Actor, at: datetime) -> Kept:
    _must(seen_by)
    return Kept(people.post_entry(post, seen_by=seen_by, at=at), tasks.owed_by([post]).get(post, 0))


def areas_called(words: str, *, seen_by: Actor) -> list[AreaLine]:
    """Areas in which a post may be opened, by code or part of the name, whole ones first."""
    _must(seen_by)
    low = words.strip().lower()
    found = [
        row
        for row in places.areas(rings=False)
        if low and (low in row.name.lower() or low in row.name_en.lower() or low == row.code.lower())
    ]
    return sorted(found, key=lambda row: (low not in (row.code.lower(), row.name.lower()), row.level, row.code))[:MOST_AREAS]


def taker(entry: PostEntry, *, at: datetime) -> Both:
    """Who could take over what a post owes: another of its duty, or the nearest desk; called by its name."""
    watch = people.Watch(entry.path, at=at)
    desks = [desk for level in (2, 1, 0) if (desk := watch.desk(level)) is not None]
    other = next((owner for owner in [*watch.of_duty(entry.duty), *desks] if owner.post != entry.code), None)
    return Both(*people.post_line(other.post)[:2]) if other else Both("", "")


def _must(seen_by: Actor) -> None:
    if not keeps(seen_by):
        raise NotYours(rules.FOR_SYSTEM)


def _top() -> str:
    top = places.district()
    return top.path if top else "/"
