"""The verbs by which patrols and sensors follow the map: a point goes with its house to the keeper who is there now, its clock goes on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from siqian.kernel import epochs, journal, store
from siqian.kernel.journal import office_verb
from siqian.kernel.permits import Actor
from siqian.town.people import queries as people, rules as duty
from siqian.town.places import queries as places
from siqian.trades.tasks import actions as tasks

from . import planned
from .events import RoundLaid, RoundWalked
from .models import Gateway, Incident, Publicity, Record, Round, Sensor


@office_verb
def follow_map(*, buildings: Sequence[str], by: Actor, at: datetime) -> int:
    """Sensors stand behind the fence of the grid where their building lies now; points of rounds that nobody walked yet go to its keeper.

    Gives how many points went. Records round.laid of a round that comes into being, round.walked of one of which nothing is left.
    """
    # This process may remember the old map for another second.
    epochs.forget()
    there = {code: place for code in buildings if (place := places.at_building(code)) is not None}
    for code, place in there.items():
        now = {"path": place.path, "grid": place.fence}
        Sensor.objects.filter(building=code, ended=None).exclude(**now).update(**now)
    going = Round.objects.filter(ended=None, missed=None, due__gt=at).select_related("order").order_by("id")
    return sum(_go_along(row, there, by=by, at=at) for row in going if any(point["building"] in there for point in row.points))


@office_verb
def follow_areas(*, paths: Mapping[str, str], by: Actor, at: datetime) -> None:
    """What is of an area that lies elsewhere now, or ended, is of where it lies, or of what took it in."""
    for old, new in paths.items():
        for table in (Publicity, Round, Gateway, Sensor, Incident):
            table.objects.filter(path=old).update(path=new)


def _go_along(row: Round, there: Mapping[str, places.Place], *, by: Actor, at: datetime) -> int:
    store.lock("rounds", row.post, row.day.isoformat())
    done = set(Record.objects.filter(round=row).values_list("point", flat=True))
    own = people.post_line(row.post)[2]
    by_post: dict[str, list[dict[str, Any]]] = {}
    for point in row.points:
        place = there.get(point["building"])
        if place is None or point["code"] in done or (own and place.path.startswith(own)):
            continue
        owner = next((one for one in people.Watch(place.path, at=at).of_duty("keeper") if one.post != row.post), None)
        if owner is not None:
            by_post.setdefault(owner.post, []).append(point)
    went = [point for post, points in by_post.items() for point in points if _given(row, post, points, by=by, at=at)]
    kept = [point for point in row.points if point not in went]
    if went:
        Round.objects.filter(id=row.id).update(points=kept)
    if went and all(point["code"] in done for point in kept):
        Round.objects.filter(id=row.id).update(ended=at)
        tasks.stop(about=f"round:{row.id}", what="round", by=by, at=at)
        journal.record(RoundWalked(f"round:{row.id}", row.post), by=by, at=at)
    return len(went)


def _given(row: Round, post: str, points: list[dict[str, Any]], *, by: Actor, at: datetime) -> bool:
    """Whether points went onto the other keeper's round of that day and plan; one that is over takes nothing any more."""
    other = Round.objects.filter(post=post, day=row.day, plan=row.plan).first()
    if other is not None:
        if other.ended is None and other.missed is None:
            known = {point["code"] for point in other.points}
            Round.objects.filter(id=other.id).update(points=[*other.points, *(one for one in points if one["code"] not in known)])
            return True
        return False
    path = people.post_line(post)[2]
    made = Round.objects.create(order=row.order, plan=row.plan, day=row.day, post=post, path=path, points=points, due=row.due)
    plan = planned.plans().get(row.plan)
    card = people.card_of(post, at=at)
    tasks.open_clocks(
        about=f"round:{made.id}",
        dues={"round": row.due},
        owner=duty.Owner(post, card.person if card else ""),
        path=path,
        title=row.order.title if row.order else plan.zh if plan else row.plan,
        place=places.names(path)[-1],
        said_by="",
        fresh=True,
        by=by,
        at=at,
    )
    journal.record(RoundLaid(f"round:{made.id}", post, len(points)), first=True, by=by, at=at)
    return True
