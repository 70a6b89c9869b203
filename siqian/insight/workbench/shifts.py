"""Filters that were kept and hand-overs that were written, as values; who comes next on a post."""

from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.permits import Actor, NotFound
from siqian.town.people import queries as people
from siqian.town.people.queries import Card
from siqian.trades.tasks import queries as tasks

from . import turning
from .models import HandOver, SavedFilter


@dataclass(frozen=True)
class Kept:
    """A filter of one's own."""

    id: int
    name: str
    query: str


@dataclass(frozen=True)
class Left:
    """One thing that was open when the shift ended."""

    about: str
    title: str
    place: str
    due: datetime
    note: str


@dataclass(frozen=True)
class HandOverView:
    """What one shift left to the next. why_not: why this viewer cannot take it over."""

    id: int
    post: str
    post_name: str
    by: str
    by_name: str
    next_name: str
    note: str
    items: tuple[Left, ...]
    at: datetime
    taken_name: str
    taken_at: datetime | None
    mine: bool


def filters(*, seen_by: Actor) -> list[Kept]:
    """The viewer's own, in the order in which they were kept."""
    rows = SavedFilter.objects.filter(person=seen_by.person).order_by("id") if seen_by.person else []
    return [Kept(row.id, row.name, row.query) for row in rows]


def open_on(post: str, *, seen_by: Actor, at: datetime) -> list[tasks.Line]:
    """What a post owes, what is due first on top."""
    return [line for line in tasks.todo(seen_by=seen_by, at=at) if line.post == post]


def next_on(post: str, *, at: datetime) -> Card | None:
    """Who sits on a post once whoever sits there now has gone, by the roster; None when it names nobody."""
    card = people.card_of(post, at=at)
    moment = (card.until if card.on else card.next) if card else None
    for _try in range(3):
        if moment is None:
            return None
        then = people.card_of(post, at=moment)
        if then is None or then.on:
            return then
        moment = then.next
    return None


def next_due(post: str, *, at: datetime) -> datetime | None:
    """When the next shift on a post ends, as far as the roster knows."""
    card = people.card_of(post, at=at)
    begins = (card.until if card.on else card.next) if card else None
    follower = people.card_of(post, at=begins) if begins else None
    return follower.until if follower else None


def waiting(*, seen_by: Actor) -> list[HandOverView]:
    """Hand-overs on the viewer's posts that nobody took over yet."""
    rows = HandOver.objects.filter(post__in=seen_by.posts, taken_at=None).order_by("id")
    return [_view(row, seen_by) for row in rows]


def handover(number: int, *, seen_by: Actor) -> HandOverView:
    """One of them, for those on its post. NotFound otherwise."""
    row = HandOver.objects.filter(id=number, post__in=seen_by.posts).first()
    if row is None:
        raise NotFound(turning.NO_HANDOVER)
    return _view(row, seen_by)


def lately(post: str, *, seen_by: Actor, most: int = 10) -> list[HandOverView]:
    """The newest hand-overs of a post of the viewer's."""
    rows = HandOver.objects.filter(post=post, post__in=seen_by.posts).order_by("-id")[:most]
    return [_view(row, seen_by) for row in rows]


def _view(row: HandOver, seen_by: Actor) -> HandOverView:
    items = tuple(Left(**{**item, "due": datetime.fromisoformat(item["due"])}) for item in row.items)
    mine = turning.taking_fault(seen_by, row.by, row.next) is not None
    who = (row.by, row.by_name, row.next_name)
    return HandOverView(row.id, row.post, people.post_line(row.post)[0], *who, row.note, items, row.at, row.taken_name, row.taken_at, mine)
