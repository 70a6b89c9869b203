"""Reads of incidents: the list of the desk, the page of one, what `intake` needs to hand one on. Values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from os.path import commonpath

from django.db.models import Count, Max, Q

from siqian.kernel import links, store
from siqian.kernel.permits import Actor, NotFound, may
from siqian.town.people import queries as people
from siqian.trades.tasks import queries as tasks

from . import catalogued
from .models import Alarm, Incident, IncidentStep, Merging
from .responding import standing, thing
from .rules import incidents as rules
from .rules.alarms import IncidentKind
from .sensor_lines import AlarmLine, Curve, alarm_line, curves

# Of a storm the page names so many alarms, and draws so many curves.
MOST_ALARMS, MOST_CURVES = 60, 3
AROUND = timedelta(hours=2)


@dataclass(frozen=True)
class IncidentLine:
    """An incident in a list.

    raised: sensors at which a rule still holds; sensors: how many it is about; owner: (name, English) of its post;

    clock: the promise that runs out first, None when it is over.
    """

    id: int
    kind: IncidentKind
    path: str
    place: str
    gravity: int
    state: str
    post: str
    owner: tuple[str, str]
    since: datetime
    opened: datetime
    last: datetime
    closed: datetime | None
    alarms: int
    sensors: int
    raised: int
    offered: bool
    clock: tasks.Clock | None


@dataclass(frozen=True)
class StepLine:
    id: int
    verb: str
    text: str
    photos: tuple[str, ...]
    by_name: str
    at: datetime


@dataclass(frozen=True)
class IncidentView:
    """The page of one: verbs: what this actor may do now; matter: what came of its referral; curves: (sensor's name, curve) of the
    first sensors round the first alarm; into: the incident that it was closed into; taken: those that were closed into it.
    """

    line: IncidentLine
    verbs: tuple[str, ...]
    steps: tuple[StepLine, ...]
    clocks: tuple[tasks.Clock, ...]
    alarms: tuple[AlarmLine, ...]
    curves: tuple[tuple[AlarmLine, Curve], ...]
    referred: bool
    matter: int | None
    into: IncidentLine | None = None
    taken: tuple[IncidentLine, ...] = ()


@dataclass(frozen=True)
class IncidentSpot:
    """Where an incident is."""

    building: str
    place: str
    lon: float
    lat: float


@dataclass(frozen=True)
class IncidentReferral:
    """What `intake` needs to hand it on."""

    text: str
    photos: tuple[str, ...]
    building: str
    lon: float | None
    lat: float | None


def incident_list(
    *, seen_by: Actor, at: datetime, show: str = "open", kind: str = "", words: str = "", page: int = 1, most: int = 50
) -> list[IncidentLine]:
    """Incidents of the actor's areas: open ones by gravity and then the oldest first, the others the newest first."""
    rows = _readable(seen_by).filter(state__in=SHOWN[show])
    if kind:
        rows = rows.filter(kind=kind)
    if words:
        rows = rows.filter(place__icontains=words)
    rows = rows.order_by("gravity", "opened", "id") if show == "open" else rows.order_by("-opened", "-id")
    return _lines(list(rows[(page - 1) * most : page * most + 1]), at)


def incident_counts(*, seen_by: Actor) -> dict[str, int]:
    """How many each tab lists."""
    states = dict(_readable(seen_by).order_by().values_list("state").annotate(count=Count("id")))
    return {show: sum(states.get(state, 0) for state in wanted) for show, wanted in SHOWN.items()}


def incidents_open(*, seen_by: Actor) -> int:
    return _readable(seen_by).filter(state__in=SHOWN["open"]).count()


def incident(number: int, *, seen_by: Actor, at: datetime) -> IncidentView:
    """One incident; NotFound when there is none or it is not for this actor."""
    row = Incident.objects.filter(id=number, kind__in=list(catalogued.incidents())).first()
    if row is None or may(seen_by, "read", thing(row, seen_by, "read")) is not None:
        raise NotFound(rules.NO_INCIDENT)
    with store.reading(seen_by):
        steps = [_step(step) for step in IncidentStep.objects.filter(incident=row).order_by("at", "id")]
    alarms = Alarm.objects.filter(incident=row).select_related("sensor").order_by("since", "id")[:MOST_ALARMS]
    came = links.came_of(f"incident:{row.id}", "referred")
    verbs = tuple(verb for verb in rules.INCIDENT.verbs(row.state) if may(seen_by, verb, thing(row, seen_by, verb)) is None)
    verbs = tuple(verb for verb in verbs if verb != "refer" or row.referred is None)
    merged = Merging.objects.filter(Q(incident=row) | Q(into=row), parted=None).select_related("incident", "into").order_by("id")
    into = next((one for one in merged if one.incident_id == row.id), None)
    if into is None or rules.part_fault(into.at, into.into.state, at) is not None:
        verbs = tuple(verb for verb in verbs if verb != "part")
    return IncidentView(
        _lines([row], at)[0],
        verbs,
        tuple(steps),
        tuple(tasks.clocks(f"incident:{row.id}")),
        tuple(alarm_line(alarm) for alarm in alarms),
        tuple(_curves(alarms, at)),
        row.referred is not None,
        int(came[0].removeprefix("matter:")) if came else None,
        _lines([into.into], at)[0] if into else None,
        tuple(_lines([one.incident for one in merged if one.into_id == row.id], at)),
    )


def merge_candidates(number: int, *, seen_by: Actor, at: datetime, most: int = 50) -> list[IncidentLine]:
    """Open incidents into which this one may be closed by this actor, those nearest to it in the grid first."""
    row = Incident.objects.get(id=number)
    open_ = _readable(seen_by).filter(state__in=SHOWN["open"], alarms__gt=0).exclude(id=number).order_by("-last", "-id")
    owned = [one for one in open_[: most * 4] if may(seen_by, "merge", thing(one, seen_by, "merge")) is None]
    near = sorted(owned, key=lambda one: -len(commonpath([one.path, row.path])))
    return _lines(near[:most], at)


def incident_photos(number: int, *, seen_by: Actor, at: datetime) -> set[str]:
    """The pictures of its steps that this actor may see."""
    return {sha for step in incident(number, seen_by=seen_by, at=at).steps for sha in step.photos}


def incident_referral(number: int) -> IncidentReferral:
    """What an incident that needs somebody else says, for the office that hands it on."""
    with store.reading_all():
        row = Incident.objects.get(id=number)
        step = IncidentStep.objects.filter(incident=row, verb="refer").order_by("-id").first()
        photos = IncidentStep.objects.filter(incident=row).exclude(photos=[]).order_by("id").values_list("photos", flat=True)
        shown = [sha for many in photos for sha in many][: rules.MOST_PHOTOS]
    first = Alarm.objects.filter(incident=row).select_related("sensor").order_by("since", "id").first()
    kind = catalogued.incidents()[row.kind]
    text = f"{kind.zh}：{row.place}。{step.text if step else ''}"
    if first is None:
        return IncidentReferral(text, tuple(shown), "", None, None)
    return IncidentReferral(text, tuple(shown), first.sensor.building, first.sensor.lon, first.sensor.lat)


def incident_spots(ids: Sequence[int]) -> dict[int, IncidentSpot]:
    """Where each of these incidents is: the place of its first alarm."""
    found: dict[int, IncidentSpot] = {}
    for alarm in Alarm.objects.filter(incident__in=list(ids)).select_related("sensor").order_by("since", "id"):
        where = alarm.sensor
        found.setdefault(alarm.incident_id, IncidentSpot(where.building, where.place, where.lon, where.lat))
    return found


def calm_incidents(*, most: int = 200) -> list[int]:
    """Open ones of which nothing is raised any more and nobody was asked yet."""
    known = list(catalogued.incidents())
    rows = Incident.objects.filter(state__in=SHOWN["open"], offered=None, kind__in=known).annotate(
        raised=Count("pk", filter=Q(pk__in=Alarm.objects.filter(ended=None).values("incident")))
    )
    return list(rows.filter(raised=0).order_by("id").values_list("id", flat=True)[:most])


SHOWN = {"open": ("open", "going"), "over": ("over",), "false": ("false",), "merged": ("merged",)}


def _readable(seen_by: Actor):  # type: ignore[no-untyped-def]
    """Those of the actor's areas, those whose area holds one of them (a flood of the whole street), and those of their own posts."""
    wanted = Q(post__in=seen_by.posts)
    for area in (grant.area for grant in seen_by.grants if grant.role in rules.READERS and grant.area):
        codes = [code for code in area.split("/") if code]
        wanted |= Q(path__startswith=area) | Q(
            path__in=["/" + "".join(f"{code}/" for code in codes[:count]) for count in range(1, len(codes) + 1)]
        )
    return Incident.objects.filter(wanted, kind__in=list(catalogued.incidents()))


def _lines(rows: Sequence[Incident], at: datetime) -> list[IncidentLine]:
    """A fixed number of statements, however many there are."""
    counted = (
        Alarm.objects.filter(incident__in=[row.id for row in rows])
        .values_list("incident")
        .annotate(sensors=Count("sensor", distinct=True), raised=Count("sensor", filter=Q(ended=None), distinct=True), calm=Max("ended"))
    )
    counts = {id_: (sensors, raised, calm) for id_, sensors, raised, calm in counted}
    running: dict[str, tasks.Clock] = {}
    for about, clocks in tasks.clocks_of([f"incident:{row.id}" for row in rows]).items():
        going = [clock for clock in clocks if clock.stopped is None]
        if going:
            running[about] = min(going, key=lambda clock: clock.due)
    lines = []
    for row in rows:
        kind = catalogued.incidents()[row.kind]
        sensors, raised, calm = counts.get(row.id, (0, 0, None))
        state = standing(row) if not row.alarms and row.state in SHOWN["open"] else rules.Standing(raised, None if raised else calm)
        offered = row.state in SHOWN["open"] and rules.offered(state, kind.calm, at)
        times = (row.since, row.opened, row.last, row.closed)
        where = (row.path, row.place, row.gravity, row.state, row.post, people.post_line(row.post)[:2])
        lines.append(
            IncidentLine(row.id, kind, *where, *times, row.alarms, sensors, state.raised, offered, running.get(f"incident:{row.id}"))
        )
    return lines


def _step(row: IncidentStep) -> StepLine:
    return StepLine(row.id, row.verb, row.text, tuple(row.photos), row.by_name, row.at)


def _curves(alarms: Sequence[Alarm], at: datetime) -> list[tuple[AlarmLine, Curve]]:
    """The first sensors' curves, from two hours before the first alarm to two hours after the last."""
    shown = {alarm.sensor_id: alarm for alarm in reversed(alarms) if alarm.value is not None}
    first = sorted(shown.values(), key=lambda alarm: (alarm.since, alarm.id))[:MOST_CURVES]
    if not first:
        return []
    until = max((alarm.ended or at for alarm in first), default=at) + AROUND
    found = curves([alarm.sensor_id for alarm in first], since=first[0].since - AROUND, until=min(until, at))
    lines = []
    for alarm in first:
        wanted = catalogued.rules()[alarm.rule].quantity_of(alarm.sensor.kind) if alarm.rule in catalogued.rules() else ""
        lines += [(alarm_line(alarm), curve) for curve in found.get(alarm.sensor_id, ()) if curve.quantity.code == wanted]
    return lines
