"""Alarms into incidents: those of one kind, one area and one time are one, with one owner, one clock and one notice.

Whoever gathers holds the others off the kind and area until the transaction ends: of two workers one opens, the other joins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from siqian.kernel import store
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor
from siqian.kernel.said import said
from siqian.town.people import queries as people, rules as duty
from siqian.town.places import queries as places
from siqian.trades.notices import actions as notices
from siqian.trades.tasks import actions as tasks

from . import catalogued
from .events import IncidentGrew, IncidentOpened, IncidentReopened
from .models import Alarm, Incident, IncidentStep, Merging, Sensor
from .rules import incidents as rules
from .rules.alarms import DESKS, IncidentKind, area_of

OPENED = said("{kind}报警：{place}，{n}个传感器")
AGAIN = said("{kind}又报警了：{place}，{n}个传感器，原来的事件重新打开")
SILENT = said("{minutes}分钟一条读数也没有收到，查网关和网络")


@dataclass(frozen=True)
class Raise:
    """A rule that has begun to hold at a sensor."""

    sensor: int
    rule: str
    since: datetime
    value: float | None


@office_verb
def gather(*, raises: Sequence[Raise], sensors: Mapping[int, Sensor], by: Actor, at: datetime) -> None:
    """Let alarms join the incidents that are open, or open some. Records incident.opened, incident.grew or incident.reopened."""
    if not raises:
        return
    standing = Alarm.objects.filter(sensor_id__among=sorted({one.sensor for one in raises}), ended=None)
    known = set(standing.values_list("sensor_id", "rule"))
    groups: dict[tuple[str, str], list[Raise]] = {}
    for one in raises:
        if (one.sensor, one.rule) in known:
            continue
        known.add((one.sensor, one.rule))
        kind = catalogued.incidents()[catalogued.rules()[one.rule].incident]
        groups.setdefault((kind.code, area_of(sensors[one.sensor].path, kind.level)), []).append(one)
    # In one order, so that two workers never wait for each other in a ring.
    for (code, path), many in sorted(groups.items()):
        row = _incident(catalogued.incidents()[code], path, sensors[many[0].sensor], many, by=by, at=at)
        alarms = [Alarm(incident=row, sensor_id=one.sensor, rule=one.rule, value=one.value, since=one.since, came=at) for one in many]
        Alarm.objects.bulk_create(alarms)


@office_verb
def tell_of_silence(*, since: datetime, by: Actor, at: datetime) -> bool:
    """Open one incident for the whole district when nothing at all is heard any more; says whether it is new."""
    district = places.district()
    kind = catalogued.incidents().get("line")
    if district is None or kind is None:
        return False
    store.lock("incident", kind.code, district.path)
    if Incident.objects.filter(kind=kind.code, state__in=("open", "going")).exists():
        return False
    row = _opened(kind, district.path, (district.words, district.fence, district.path), since, by=by, at=at)
    values = {"minutes": str(round((at - since) / timedelta(minutes=1)))}
    notices.tell(to=f"post:{row.post}", about=f"incident:{row.id}", text=SILENT, values=values, by=by, at=at)
    return True


def _incident(kind: IncidentKind, path: str, first: Sensor, many: Sequence[Raise], *, by: Actor, at: datetime) -> Incident:
    store.lock("incident", kind.code, path)
    here = Incident.objects.filter(kind=kind.code, path=path)
    lately = at - timedelta(minutes=kind.window)
    going = here.filter(state__in=("open", "going"), last__gte=lately).order_by("-id").first() or _merged(kind, path, lately)
    if going is not None:
        Incident.objects.filter(id=going.id).update(alarms=F("alarms") + len(many), last=max(at, going.last), offered=None)
        record(IncidentGrew(f"incident:{going.id}", len(many)), by=by, at=at)
        return going
    values = {"kind": kind.zh, "kind_en": kind.en, "place": first.place, "place_en": places.in_english(first.place), "n": str(len(many))}
    over = here.filter(state__in=("over", "false"), closed__gte=at - rules.AGAIN).order_by("-id").first()
    if over is not None:
        _reopen(kind, over, first.path, len(many), by=by, at=at)
        notices.tell(to=f"post:{over.post}", about=f"incident:{over.id}", text=AGAIN, values=values, by=by, at=at)
        return over
    row = _opened(kind, path, (first.place, first.grid, first.path), min(one.since for one in many), alarms=len(many), by=by, at=at)
    notices.tell(to=f"post:{row.post}", about=f"incident:{row.id}", text=OPENED, values=values, by=by, at=at)
    return row


def _merged(kind: IncidentKind, path: str, lately: datetime) -> Incident | None:
    """The incident that goes on for the one of this kind and area which was closed into it, as long as alarms come to it."""
    merging = Merging.objects.filter(incident__kind=kind.code, incident__path=path, parted=None).order_by("-id").first()
    while merging is not None and merging.into.state == "merged":
        merging = Merging.objects.filter(incident=merging.into, parted=None).first()
    into = merging.into if merging is not None else None
    return into if into is not None and into.state in ("open", "going") and into.last >= lately else None


def _opened(
    kind: IncidentKind, path: str, where: tuple[str, int, str], since: datetime, *, alarms: int = 0, by: Actor, at: datetime
) -> Incident:
    """where: the place in words, the grid behind whose fence the steps stand, the path of the place itself."""
    place, grid, spot = where
    owner = owner_of(kind, path, spot, at)
    columns = {"kind": kind.code, "path": path, "place": place, "grid": grid, "gravity": kind.gravity, "alarms": alarms}
    row = Incident.objects.create(**columns, post=owner.post, since=since, opened=at, last=at)
    _clocks(kind, row, owner, by=by, at=at)
    record(IncidentOpened(f"incident:{row.id}", kind.code, path, owner.post), first=True, by=by, at=at)
    return row


def _reopen(kind: IncidentKind, row: Incident, spot: str, count: int, *, by: Actor, at: datetime) -> None:
    """The same incident again, owned by whoever is on duty there now."""
    owner = owner_of(kind, row.path, spot, at)
    changes = {"state": "open", "closed": None, "offered": None, "last": at, "post": owner.post}
    Incident.objects.filter(id=row.id).update(**changes, alarms=F("alarms") + count)
    row.post = owner.post
    IncidentStep.objects.create(incident=row, verb="reopen", by=by.ref, grid=row.grid, at=at)
    _clocks(kind, row, owner, by=by, at=at)
    record(IncidentReopened(f"incident:{row.id}", owner.post), by=by, at=at)


def _clocks(kind: IncidentKind, row: Incident, owner: duty.Owner, *, by: Actor, at: datetime) -> None:
    dues = {"acknowledge": at + timedelta(minutes=kind.acknowledge), "over": at + timedelta(minutes=kind.over)}
    what = {"about": f"incident:{row.id}", "dues": dues, "owner": owner, "path": row.path, "title": kind.zh, "place": row.place}
    tasks.open_clocks(**what, said_by="", urgent=kind.gravity == 1, by=by, at=at)


def owner_of(kind: IncidentKind, path: str, spot: str, at: datetime) -> duty.Owner:
    """The post on duty by the catalogue's word: the keeper's, or the desk of the kind's level; LookupError in a district without desks."""
    if kind.duty == "desk" and (desk := people.desk_from(path, DESKS[kind.level], at=at)) is not None:
        return desk
    return people.owner_at(spot, at=at)
