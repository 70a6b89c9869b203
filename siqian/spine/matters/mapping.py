"""What a map and a board ask across matters: what is open by area and one by one, what people speak of, how it went hour by hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncHour

from siqian.kernel import store
from siqian.kernel.permits import Actor, may
from siqian.trades.tasks import queries as tasks

from . import rules, summonses
from .models import Matter
from .seeing import visible

# Whoever is told of a matter twice, as its parts tell, waits once.
WHOLE = Q(whole=None)


@dataclass(frozen=True)
class OpenHere:
    """Open matters of one area and one state: how many, how many people told of them, how many are late."""

    path: str
    state: str
    count: int
    people: int
    late: int


@dataclass(frozen=True)
class OpenPoint:
    """An open matter on the map. lon, lat: where it was told to be; None where only its area is known."""

    id: int
    number: str
    state: str
    title: str
    place: str
    path: str
    received: datetime
    urgent: bool
    late: bool
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Longest:
    """Who waits longest, without a name: where, about what, since when, whose unit has it. Nothing told in confidence."""

    number: str
    item: str
    unit: str
    path: str
    received: datetime


@dataclass(frozen=True)
class Order:
    """A joint action that runs, as a wall shows it: how many units were called, confirmed, are there, have done their part."""

    number: str
    title: str
    path: str
    meets: datetime
    called: int
    confirmed: int
    there: int
    done: int


def open_by_area(*, seen_by: Actor, at: datetime, within: str = "/") -> list[OpenHere]:
    """What is open within the actor's reach below a path, by area and state; one statement over what is open."""
    late = Count("id", filter=Q(id__in=tasks.late_matters(at)))
    people = Sum("tellings", filter=WHOLE, default=0)
    with store.reading(seen_by):
        rows = _open(seen_by, within).values_list("path", "state").annotate(n=Count("id"), people=people, late=late)
        return [OpenHere(*row) for row in rows.order_by("path", "state")]


def open_points(*, seen_by: Actor, at: datetime, within: str = "/", most: int = 1000) -> list[OpenPoint]:
    """Open matters below a path that the actor may read, late ones first, then the oldest; at most so many."""
    late = tasks.late_matters(at)
    with store.reading(seen_by):
        rows = list(_open(seen_by, within).annotate(late=Q(id__in=late)).order_by("-late", "received", "id")[:most])
    return [_point(row) for row in rows if may(seen_by, "read", rules.thing(row)) is None]


def told_by_area(*, since: datetime, until: datetime, seen_by: Actor, within: str = "/") -> list[tuple[str, str, int]]:
    """(area path, item, people who told) of what came in a time, within the actor's reach."""
    with store.reading(seen_by):
        rows = visible(Matter.objects.filter(WHOLE, received__gte=since, received__lt=until), seen_by)
        rows = rows if within == "/" else rows.filter(path__startswith=within)
        return [(path, item, people) for path, item, people in rows.values_list("path", "item").annotate(people=Sum("tellings"))]


def told_by_hour(*, since: datetime, seen_by: Actor) -> list[tuple[str, datetime, int]]:
    """(item, hour, people who told) of what came since then, within the actor's reach."""
    with store.reading(seen_by):
        rows = visible(Matter.objects.filter(WHOLE, received__gte=since), seen_by)
        found = rows.annotate(hour=TruncHour("received")).values_list("item", "hour").annotate(people=Sum("tellings"))
        return [(item, hour, people) for item, hour, people in found]


def told_by_item(*, spans: Sequence[tuple[datetime, datetime]], seen_by: Actor) -> dict[str, int]:
    """How many people told of each item within any of these times, within the actor's reach; one statement."""
    when = reduce(or_, (Q(received__gte=since, received__lt=until) for since, until in spans))
    with store.reading(seen_by):
        rows = visible(Matter.objects.filter(WHOLE & when), seen_by)
        return dict(rows.values_list("item").annotate(people=Sum("tellings")))


def hours(*, seen_by: Actor, at: datetime, count: int = 24) -> list[tuple[datetime, int, int]]:
    """(hour, received, closed) for the hours up to now."""
    begin = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=count - 1)
    with store.reading(seen_by):
        came = _by_hour(visible(Matter.objects.all(), seen_by), "received", begin)
        done = _by_hour(visible(Matter.objects.all(), seen_by), "closed", begin)
    return [(hour, came.get(hour, 0), done.get(hour, 0)) for hour in (begin + timedelta(hours=step) for step in range(count))]


def states(*, seen_by: Actor) -> dict[str, int]:
    """How many matters stand in each state."""
    with store.reading(seen_by):
        return dict(visible(Matter.objects.all(), seen_by).values_list("state").annotate(count=Count("id")))


def orders(*, seen_by: Actor, at: datetime, most: int = 2) -> list[Order]:
    """Joint actions that run within the actor's reach, the nearest hour first; none about what was told in confidence."""
    views = summonses.joint_actions(seen_by=seen_by, at=at, most=most * 4)
    with store.reading(seen_by):
        kept = set(Matter.objects.filter(id__in=[view.matter for view in views], discreet=False).values_list("id", flat=True))
    return [_order(view) for view in views if view.matter in kept][:most]


def walked(*, since: datetime, seen_by: Actor) -> dict[str, int]:
    """Of all that came since then: heard, understood, with an owner, answered, settled."""
    answered = Count("id", filter=Q(id__in=tasks.answered_matters(since)))
    with store.reading(seen_by):
        rows = visible(Matter.objects.filter(WHOLE, received__gte=since), seen_by)
        found = rows.aggregate(
            heard=Count("id"),
            understood=Count("id", filter=Q(unsure=False)),
            owned=Count("id", filter=~Q(state="received")),
            answered=answered,
            settled=Count("id", filter=Q(closed__isnull=False)),
        )
    return {name: int(count) for name, count in found.items()}


def longest_open(*, seen_by: Actor) -> Longest | None:
    """The oldest open matter within the actor's reach that stands in no long ledger and was not told in confidence."""
    with store.reading(seen_by):
        rows = _open(seen_by, "/").filter(discreet=False).exclude(state="shelved").order_by("received", "id")
        row = rows.first()
    return Longest(rules.number(row.id, row.received), row.item, row.unit, row.path, row.received) if row else None


def _order(view: summonses.JointView) -> Order:
    parts = [part for part in view.parts if part.state != "excused"]
    confirmed, done = sum(part.confirmed is not None for part in parts), sum(bool(part.did) for part in parts)
    return Order(view.number, view.title, view.path, view.meets, len(parts), confirmed, view.there, done)


def _by_hour(rows: QuerySet[Matter], column: str, begin: datetime) -> dict[datetime, int]:
    found = rows.filter(**{f"{column}__gte": begin}).annotate(hour=TruncHour(column)).values_list("hour").annotate(count=Count("id"))
    return dict(found)


def _open(seen_by: Actor, within: str) -> QuerySet[Matter]:
    rows = visible(Matter.objects.filter(state__in=rules.OPEN), seen_by)
    return rows if within == "/" else rows.filter(path__startswith=within)


def _point(row: Matter) -> OpenPoint:
    late = bool(row.late)  # type: ignore[attr-defined]
    number = rules.number(row.id, row.received)
    return OpenPoint(row.id, number, row.state, row.title, row.place, row.path, row.received, row.urgent, late, row.lon, row.lat)
