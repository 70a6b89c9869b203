"""What anybody may know of a matter that was told in public: how it stands and what happened, without names and without words of people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from siqian.kernel import store
from siqian.trades.tasks import queries as tasks

from . import rules
from .models import Matter, Step, Telling


@dataclass(frozen=True)
class Face:
    """How a matter stands. over: nobody works on it now (it may be reopened); said: the words of its closing, as they were written."""

    id: int
    state: str
    over: bool
    item: str
    unit: str
    discreet: bool
    updated: datetime
    expected: datetime | None
    said: str = ""


@dataclass(frozen=True)
class Turn:
    """One step of a matter's course."""

    id: int
    matter: int
    kind: str
    text: str
    by: str
    at: datetime


def faces(ids: Collection[int]) -> dict[int, Face]:
    """How matters stand, by their id."""
    with store.reading_all():
        rows = list(Matter.objects.filter(id__among=list(ids)))
        moved = dict(Step.objects.filter(matter__among=list(ids), public=True).values_list("matter").annotate(Max("at")))
        closings = Step.objects.filter(matter__among=list(ids), kind="closed").order_by("id").values_list("matter", "text")
        said = dict(closings)
    clocks = tasks.clocks_of([f"matter:{row.id}" for row in rows])
    found = {}
    for row in rows:
        over = row.state not in rules.OPEN
        due = next((clock.due for clock in reversed(clocks.get(f"matter:{row.id}", [])) if clock.what == "settle"), None)
        updated = row.closed if over and row.closed else moved.get(row.id, row.received)
        words = said.get(row.id, "") if row.closed else ""
        found[row.id] = Face(row.id, row.ended or row.state, over, row.item, row.unit, row.discreet, updated, due, words)
    return found


def turns(
    matters: Collection[int], kinds: Collection[str], *, since: datetime | None = None, until: datetime | None = None, most: int = 1000
) -> list[Turn]:
    """What happened to these matters, the oldest first: public steps of these kinds."""
    with store.reading_all():
        found = Step.objects.filter(matter__among=list(matters), public=True, kind__in=list(kinds)).order_by("id")
        if since:
            found = found.filter(at__gte=since)
        if until:
            found = found.filter(at__lte=until)
        return [Turn(row.id, row.matter_id, row.kind, row.text, row.by, row.at) for row in found[:most]]


def told_by(channel: str, matter: int) -> tuple[int, ...]:
    """Which tellings of a matter came by a channel, by their ids."""
    with store.reading_all():
        return tuple(Telling.objects.filter(matter=matter, channel=channel).order_by("id").values_list("id", flat=True))


def numbers_told(tellings: Collection[int]) -> dict[int, str]:
    """The number of the matter that each of these tellings belongs to now."""
    with store.reading_all():
        found = Telling.objects.filter(id__among=list(tellings)).values_list("id", "matter", "matter__received")
        return {id_: rules.number(matter, received) for id_, matter, received in found}
