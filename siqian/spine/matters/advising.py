"""Beside a reply that is being written: what it leaves open, and how the like was settled before. Advice; nothing of it is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from siqian.kernel import store
from siqian.kernel.permits import Actor, may
from siqian.spine.learn import queries as learn
from siqian.spine.remit import queries as remit
from siqian.town.people.rules import prefixes

from . import rules
from .models import Matter, Step
from .queries import seen
from .seeing import visible

LATELY, MOST, LOOKED_AT = timedelta(days=365), 3, 30


@dataclass(frozen=True)
class Settled:
    """A matter of the same item that was settled in the same community, and in which words."""

    number: str
    title: str
    place: str
    closed: datetime
    rating: str
    words: str


@dataclass(frozen=True)
class Advice:
    hints: tuple[learn.Hint, ...]
    settled: tuple[Settled, ...]


def advice(number: str, reply: str, *, seen_by: Actor, at: datetime) -> Advice:
    """What a reply to all who told of a matter leaves open, and the like that was settled before; raises NotFound as the page does."""
    view = seen(number, seen_by=seen_by, at=at)
    before = settled_alike(view.line.id, view.line.item, view.line.path, seen_by=seen_by, at=at)
    asks = [ask.bare for ask in learn.asks(view.tellings[0].text)] if view.tellings else []
    return Advice(tuple(learn.advise(asks, reply, others=[(one.number, one.words) for one in before])), before)


def settled_alike(matter: int, item: str, path: str, *, seen_by: Actor, at: datetime) -> tuple[Settled, ...]:
    """The best rated of the latest matters of this item that were settled in the same community within a year."""
    if item == remit.unsure().code:
        return ()
    community = prefixes(path)[:3][-1]
    with store.reading(seen_by):
        alike = Matter.objects.filter(path__startswith=community, item=item, state__in=DONE, discreet=False, closed__gte=at - LATELY)
        newest = visible(alike, seen_by).exclude(id=matter).order_by("-closed")[:LOOKED_AT]
        rows = [row for row in newest if may(seen_by, "read", rules.thing(row)) is None]
        words = dict(Step.objects.filter(matter__in=rows, kind="closed", public=True).order_by("id").values_list("matter", "text"))
    rows.sort(key=lambda row: ORDER.get(row.rating, 2))
    found = [row for row in rows if words.get(row.id)][:MOST]
    return tuple(Settled(rules.number(row.id, row.received), row.title, row.place, row.closed, row.rating, words[row.id]) for row in found)


DONE = ("closed", "settled")
# Who told of it said that it is done; then nobody said anything; then the rest.
ORDER = {"good": 0, "told_ok": 0, "": 1, "lapsed": 1}
