"""The only writers of patrols, sensors and incidents. Each: permit, decide, write, record."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from django.db import connection

from siqian.kernel import journal, store
from siqian.kernel.journal import office_verb, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, Refused, Thing, declare, must
from siqian.kernel.said import said
from siqian.town.people import queries as people, rules as duty
from siqian.town.places import queries as places
from siqian.trades.notices import actions as notices
from siqian.trades.tasks import actions as tasks

from . import planned, rules
from .events import PatrolRecorded, PatrolReferred, RoundLaid, RoundMissed, RoundWalked
from .gathering import tell_of_silence
from .merging import merge, part
from .models import Record, Round
from .publicizing import order as order_publicity, tell_late, withdraw as withdraw_publicity
from .registering import Brought, admit_gateway, check as check_sensors, end_gateway, register as register_sensors
from .rehousing import follow_areas, follow_map
from .responding import acknowledge, dismiss, finish, join, note, note_late, offer, refer
from .rules import incidents as incident_rules, publicity as publicity_rules, sensors as sensor_rules
from .taking import forget as forget_readings, miss as miss_sensors, take as take_readings

__all__ = [
    "Brought",
    "acknowledge",
    "admit_gateway",
    "check_sensors",
    "dismiss",
    "end_gateway",
    "finish",
    "follow_areas",
    "follow_map",
    "forget_readings",
    "join",
    "lay_rounds",
    "merge",
    "miss",
    "miss_sensors",
    "note",
    "note_late",
    "offer",
    "order_publicity",
    "part",
    "record",
    "refer",
    "register_sensors",
    "take_readings",
    "tell_of_silence",
    "withdraw_publicity",
]

declare("patrol", *rules.PERMITS)
declare("sensor", *sensor_rules.PERMITS)
declare("incident", *incident_rules.PERMITS)
declare("publicity", *publicity_rules.PERMITS)
MISSED = said("{name}的“{round}”巡查今天没走完，还差{n}处")


@office_verb
def lay_rounds(*, post: str, person: str, day: date, by: Actor, at: datetime) -> int:
    """Lay the rounds of one post for one day, each with a clock; gives how many are new. Twice is once. Records round.laid."""
    path = people.post_line(post)[2]
    must(by, "lay", Thing("patrol", area=path))
    store.lock("rounds", post, day.isoformat())
    there = set(Round.objects.filter(post=post, day=day).values_list("plan", flat=True))
    laid = 0
    for code, points in planned.rounds_of(path, day).items():
        plan = planned.plans()[code]
        due = rules.ends(plan, day)
        if code in there or due <= at:
            continue
        kept = [msgspec.structs.asdict(point) for point in points]
        row = Round.objects.create(plan=code, day=day, post=post, path=path, points=kept, due=due)
        owner, about = duty.Owner(post, person), f"round:{row.id}"
        place = places.names(path)[-1]
        tasks.open_clocks(
            about=about, dues={"round": due}, owner=owner, path=path, title=plan.zh, place=place, said_by="", fresh=True, by=by, at=at
        )
        journal.record(RoundLaid(about, post, len(points)), first=True, by=by, at=at)
        laid += 1
    return laid


@verb
def record(*, sight: rules.Sight, key: str, photos: Sequence[str] = (), then: datetime | None = None, by: Actor, at: datetime) -> int:
    """Note what was seen at a point (巡查记录); gives its id. The same key of the same account is noted once.

    photos: hashes of kept files. then: when it was done, by the telephone's clock. Records patrol.recorded; what needs somebody
    else is referred (patrol.referred), and `intake` makes it a matter; the last point of a round also records round.walked.
    """
    store.lock("patrol", by.ref, key)
    known = Record.objects.filter(account=by.ref, key=key).values_list("id", flat=True).first()
    if known is not None:
        return known
    round_, place = _where(sight, by)
    must(by, "record", Thing("patrol", area=place.path))
    if (fault := rules.sight_fault(sight, len(photos))) is not None:
        raise BadInput(fault)
    row = Record.objects.create(
        key=key,
        account=by.ref,
        round=round_,
        point=sight.point if round_ else "",
        plan=round_.plan if round_ else "",
        kind=sight.kind,
        text=sight.text.strip(),
        photos=list(photos),
        building=place.building,
        place=place.words[:80],
        path=place.path,
        grid=place.fence,
        lon=_rounded(sight.lon),
        lat=_rounded(sight.lat),
        post=_post_of(by, place.path),
        by_name=by.name,
        then=rules.done_then(then, at),
        at=at,
    )
    journal.record(PatrolRecorded(f"patrol:{row.id}", row.kind, row.post), first=True, by=by, at=at)
    if row.kind == "needs":
        journal.record(PatrolReferred(f"patrol:{row.id}", "matter"), by=by, at=at)
    if round_ is not None:
        _walk_on(round_, by=by, at=at)
    return row.id


@office_verb
def miss(*, round: int, by: Actor, at: datetime) -> None:
    """The time of a round is over and points have no record: the community's desk is told. Twice is once. Records round.missed."""
    row = _locked(round)
    if row is None or row.ended or row.missed or (row.order is not None and row.order.withdrawn):
        return
    left = _left(row)
    Round.objects.filter(id=row.id).update(missed=at)
    about = f"round:{row.id}"
    tasks.stop_all(about=about, by=by, at=at)
    journal.record(RoundMissed(about, row.post, len(left)), by=by, at=at)
    desk = people.desk_from(row.path, 2, at=at)
    if desk is not None:
        plan = planned.plans().get(row.plan)
        name = row.order.title if row.order is not None else plan.zh if plan else row.plan
        values = {"title": name, "name": people.post_line(row.post)[0], "round": name, "n": str(len(left))}
        notices.tell(to=f"post:{desk.post}", about=about, text=MISSED, values=values, by=by, at=row.due)
    if row.order is not None:
        tell_late(row.order, by=by, at=row.due)


def _where(sight: rules.Sight, by: Actor) -> tuple[Round | None, places.Place]:
    """The round that a record belongs to, if any, and the place: of the point, of the building, or of the telephone."""
    if sight.round is not None:
        row = _locked(sight.round)
        if row is None or not any(grant.role == "keeper" and row.path.startswith(grant.area) for grant in by.grants):
            raise NotFound(rules.NO_ROUND)
        point = next((point for point in row.points if point["code"] == sight.point), None)
        if point is None:
            raise BadInput(rules.NO_POINT)
        place = places.at_building(point["building"]) if point["building"] else places.at_point(point["lon"], point["lat"])
        if place is None:
            raise Refused(rules.OUTSIDE)
        return row, place
    place = places.at_building(sight.building) if sight.building else None
    if place is None and sight.lon is not None and sight.lat is not None:
        place = places.at_point(sight.lon, sight.lat)
        if place is None:
            raise BadInput(rules.OUTSIDE)
    if place is None:
        raise BadInput(rules.NO_PLACE)
    return None, place


def _walk_on(row: Round, *, by: Actor, at: datetime) -> None:
    if row.ended is None and row.missed is None and not _left(row):
        Round.objects.filter(id=row.id).update(ended=at)
        tasks.stop(about=f"round:{row.id}", what="round", by=by, at=at)
        journal.record(RoundWalked(f"round:{row.id}", row.post), by=by, at=at)


def _left(row: Round) -> list[str]:
    recorded = set(Record.objects.filter(round=row).values_list("point", flat=True))
    return rules.missing([point["code"] for point in row.points], recorded)


def _locked(round_: int) -> Round | None:
    rows = Round.objects.select_for_update() if connection.vendor == "postgresql" else Round.objects
    return rows.filter(id=round_).first()


def _post_of(by: Actor, path: str) -> str:
    """Which of the worker's posts keeps this place: the nearest."""
    keeps = [(people.post_line(post)[2], post) for post in by.posts]
    return max((len(where), post) for where, post in keeps if where and path.startswith(where))[1]


def _rounded(degrees: float | None) -> float | None:
    # About a metre: where it was, no finer than a telephone knows.
    return None if degrees is None else round(degrees, 5)
