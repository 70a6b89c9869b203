"""What others may know about patrols, sensors and incidents. Values only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from siqian.kernel import links, store
from siqian.kernel.permits import Actor, NotFound, Thing, may

from . import planned, rules
from .catalogued import incidents as incident_kinds, kinds as sensor_kinds, rules as alarm_rules
from .incident_lines import (
    IncidentLine,
    IncidentSpot,
    IncidentView,
    calm_incidents,
    incident,
    incident_counts,
    incident_list,
    incident_photos,
    incident_referral,
    incident_spots,
    incidents_open,
    merge_candidates,
)
from .models import Record, Round
from .publicity_lines import PublicityLine, PublicityView, publicity, publicity_list
from .sensor_lines import Curve, SensorLine, alarms_of, curves, gateway, held_of, last_heard, sensor, sensor_counts, sensor_list

__all__ = [
    "Curve",
    "IncidentLine",
    "IncidentSpot",
    "IncidentView",
    "PublicityLine",
    "PublicityView",
    "SensorLine",
    "alarm_rules",
    "alarms_of",
    "calm_incidents",
    "counted",
    "curves",
    "find",
    "gateway",
    "held_of",
    "incident",
    "incident_counts",
    "incident_kinds",
    "incident_list",
    "incident_photos",
    "incident_referral",
    "incident_spots",
    "incidents_open",
    "laid_for",
    "last_heard",
    "merge_candidates",
    "missed",
    "own",
    "plans",
    "publicity",
    "publicity_list",
    "reads",
    "record",
    "referral",
    "rounds",
    "sensor",
    "sensor_counts",
    "sensor_kinds",
    "sensor_list",
]

plans = planned.plans


@dataclass(frozen=True)
class PointLine:
    """A point of a round; done: the kind of its latest record, empty while it has none."""

    code: str
    words: str
    words_en: str
    building: str
    lon: float
    lat: float
    done: str = ""


@dataclass(frozen=True)
class RoundLine:
    id: int
    plan: rules.Plan
    day: date
    post: str
    path: str
    due: datetime
    ended: datetime | None
    missed: datetime | None
    points: tuple[PointLine, ...]

    @property
    def left(self) -> int:
        return sum(not point.done for point in self.points)


@dataclass(frozen=True)
class RecordLine:
    """A record; matter: the id of what came of it, None while nothing did."""

    id: int
    key: str
    kind: str
    plan: str
    text: str
    photos: tuple[str, ...]
    building: str
    place: str
    path: str
    lon: float | None
    lat: float | None
    post: str
    by_name: str
    then: datetime | None
    at: datetime
    matter: int | None = None


@dataclass(frozen=True)
class Referral:
    """What `intake` needs to hand a record on."""

    text: str
    photos: tuple[str, ...]
    building: str
    lon: float | None
    lat: float | None


def rounds(day: date, *, seen_by: Actor) -> list[RoundLine]:
    """The rounds of a day on the posts that the actor holds, with what was ordered before and is not done yet."""
    with store.reading(seen_by):
        own = Round.objects.filter(post__in=seen_by.posts)
        ordered = Q(order__withdrawn=None, order__isnull=False, day__lt=day, ended=None, missed=None)
        today = Q(day=day) & (Q(order=None) | Q(order__withdrawn=None))
        return _rounds(own.filter(today | ordered).order_by("due", "id"))


def own(*, since: datetime, seen_by: Actor, most: int = 60) -> list[RecordLine]:
    """The actor's own records since then, the newest first."""
    with store.reading(seen_by):
        return _lines(Record.objects.filter(account=seen_by.ref, at__gte=since).order_by("-at", "-id")[:most])


def find(
    *, seen_by: Actor, since: datetime, until: datetime, kind: str = "", plan: str = "", path: str = "", before: int = 0, most: int = 50
) -> list[RecordLine]:
    """Records below the actor's areas in a time, the newest first; before: the last id of the page before."""
    rows = _readable(seen_by, since, until, path)
    if kind:
        rows = rows.filter(kind=kind)
    if plan:
        rows = rows.filter(plan=plan)
    if before:
        rows = rows.filter(id__lt=before)
    with store.reading(seen_by):
        return _lines(rows.order_by("-id")[:most])


def counted(*, seen_by: Actor, since: datetime, until: datetime, path: str = "") -> dict[str, int]:
    """How many records of each kind: as many as `find` lists."""
    with store.reading(seen_by):
        kinds = list(_readable(seen_by, since, until, path).values_list("kind", flat=True))
    return {kind: kinds.count(kind) for kind in rules.KINDS}


def missed(*, seen_by: Actor, since: date, until: date, path: str = "", most: int = 50) -> list[RoundLine]:
    """Rounds whose time was over before they were walked, below the areas that the actor oversees; the newest first."""
    areas = [grant.area for grant in seen_by.grants if grant.role in rules.OVERSEEING and grant.area]
    if not areas:
        return []
    rows = Round.objects.filter(_below(areas), missed__isnull=False, day__gte=since, day__lte=until, path__startswith=path or "/")
    with store.reading(seen_by):
        return _rounds(rows.order_by("-day", "path", "id")[:most])


def record(number: int, *, seen_by: Actor) -> RecordLine:
    """One record; NotFound when there is none or it is not for this actor."""
    with store.reading(seen_by):
        row = Record.objects.filter(id=number).first()
        if row is None or not _may_read(seen_by, row):
            raise NotFound(rules.NO_RECORD)
        return _lines([row])[0]


def referral(number: int) -> Referral:
    """What a record that needs somebody else says, for the office that hands it on."""
    with store.reading_all():
        row = Record.objects.select_related("round").get(id=number)
    point = next((one for one in row.round.points if one["code"] == row.point), None) if row.round else None
    # A point that is no building has its own position; the telephone's may be the pavement opposite.
    lon, lat = (point["lon"], point["lat"]) if point else (row.lon, row.lat)
    return Referral(row.text, tuple(row.photos), row.building, lon, lat)


def laid_for(day: date) -> set[str]:
    """The posts whose rounds of a day are laid."""
    return set(Round.objects.filter(day=day, order=None).values_list("post", flat=True))


def reads(actor: Actor) -> bool:
    """Whether there is anything of patrols for this actor to read."""
    return any(grant.role in rules.READERS for grant in actor.grants)


def _readable(seen_by: Actor, since: datetime, until: datetime, path: str):  # type: ignore[no-untyped-def]
    areas = [grant.area for grant in seen_by.grants if grant.role in rules.READERS and grant.area]
    if not areas:
        return Record.objects.none()
    return Record.objects.filter(_below(areas), at__gte=since, at__lt=until, path__startswith=path or "/")


def _below(areas: Collection[str]) -> Q:
    wanted = Q()
    for area in areas:
        wanted |= Q(path__startswith=area)
    return wanted


def _may_read(seen_by: Actor, row: Record) -> bool:
    return may(seen_by, "read", Thing("patrol", f"patrol:{row.id}", area=row.path)) is None


def _rounds(rows) -> list[RoundLine]:  # type: ignore[no-untyped-def]
    rows = list(rows.select_related("order"))
    done: dict[int, dict[str, str]] = {}
    for round_, point, kind in (
        Record.objects.filter(round__in=[row.id for row in rows]).order_by("id").values_list("round_id", "point", "kind")
    ):
        done.setdefault(round_ or 0, {})[point] = kind
    known = plans()
    return [
        RoundLine(
            row.id,
            _kind_of(row, known),
            row.day,
            row.post,
            row.path,
            row.due,
            row.ended,
            row.missed,
            tuple(PointLine(**point, done=done.get(row.id, {}).get(point["code"], "")) for point in row.points),
        )
        for row in rows
    ]


def _kind_of(row: Round, known: Mapping[str, rules.Plan]) -> rules.Plan:
    if row.order is not None:
        return planned.ordered(row.order.id, row.order.title, row.order.text)
    return known.get(row.plan) or _gone(row.plan)


def _gone(code: str) -> rules.Plan:
    """A round that the catalogue does not name any more."""
    return rules.Plan(code=code, zh=code, en=code, look="", look_en="", days=())


def _lines(rows) -> list[RecordLine]:  # type: ignore[no-untyped-def]
    rows = list(rows)
    return [_line(row, _matters(row)) for row in rows]


def _matters(row: Record) -> Sequence[str]:
    return links.came_of(f"patrol:{row.id}", "referred") if row.kind == "needs" else ()


def _line(row: Record, came: Sequence[str]) -> RecordLine:
    return RecordLine(
        row.id,
        row.key,
        row.kind,
        row.plan,
        row.text,
        tuple(row.photos),
        row.building,
        row.place,
        row.path,
        row.lon,
        row.lat,
        row.post,
        row.by_name,
        row.then,
        row.at,
        int(came[0].removeprefix("matter:")) if came else None,
    )
