"""Reads of the register of sensors and of readings. Values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from siqian.kernel.permits import Actor, Grant, NotFound, Refusal, Thing, may

from . import catalogued
from .models import Alarm, Gateway, Reading, Sensor
from .registering import mark
from .rules import sensors as rules
from .rules.sensors import Kind, Quantity

NO_SENSOR = Refusal("没有这个传感器，或者不归您看")
CURVE = timedelta(hours=24)
# A curve is drawn from so many readings at most.
POINTS = 2_000


@dataclass(frozen=True)
class SensorLine:
    """A sensor as it is now. state: alarm | quiet | well | off; last: (quantity, value, when) of each that was heard."""

    id: int
    code: str
    kind: Kind
    name: str
    name_en: str
    building: str
    place: str
    path: str
    lon: float
    lat: float
    since: datetime
    ended: datetime | None
    heard: datetime
    state: str
    false_alarms: int
    last: tuple[tuple[Quantity, float, datetime], ...]


@dataclass(frozen=True)
class Curve:
    """One quantity's readings: (when, value) in order; level: where an alarm begins, if a rule says so; words of the rule."""

    quantity: Quantity
    points: tuple[tuple[datetime, float], ...]
    level: float | None = None


@dataclass(frozen=True)
class HeldLine:
    """A reading that was kept aside, and why."""

    quantity: str
    value: float
    at: datetime
    came: datetime
    why: str


@dataclass(frozen=True)
class AlarmLine:
    """An alarm: which rule, at which sensor, since when, of which incident; ended: when it was over."""

    id: int
    rule: str
    rule_en: str
    sensor: str
    sensor_name: str
    sensor_name_en: str
    place: str
    value: float | None
    unit: str
    since: datetime
    came: datetime
    ended: datetime | None
    incident: int


def sensor_list(
    *, seen_by: Actor, kind: str = "", state: str = "", words: str = "", path: str = "", page: int = 1, most: int = 50
) -> list[SensorLine]:
    """Sensors below the actor's areas, those that want somebody first; one more than `most` when there is another page."""
    rows = _narrowed(seen_by, kind, words, path)
    if state:
        rows = rows.filter(**STATES[state])
    rows = rows.order_by("-alarmed", "-quiet", "kind", "code")
    return [_line(row) for row in rows[(page - 1) * most : page * most + 1]]


def sensor_counts(*, seen_by: Actor, kind: str = "", words: str = "", path: str = "") -> dict[str, int]:
    """How many are in each state: as many as the list shows."""
    rows = _narrowed(seen_by, kind, words, path)
    return {state: rows.filter(**which).count() for state, which in STATES.items()}


def sensor(code: str, *, seen_by: Actor) -> SensorLine:
    """One sensor; NotFound when there is none or it is not for this actor."""
    row = _with_alarms(Sensor.objects.filter(code=code)).first()
    if row is None or row.kind not in catalogued.kinds() or may(seen_by, "read", Thing("sensor", f"sensor:{row.id}", area=row.path)):
        raise NotFound(NO_SENSOR)
    return _line(row)


def curves(ids: Sequence[int], *, since: datetime, until: datetime) -> dict[int, list[Curve]]:
    """What these sensors showed from one instant to another, a curve for each quantity; readings kept aside are left out."""
    kinds = dict(Sensor.objects.filter(id__among=list(ids)).values_list("id", "kind"))
    rows = Reading.objects.filter(sensor_id__among=list(ids), at__gte=since, at__lte=until, held="").order_by("at", "id")
    points: dict[tuple[int, str], list[tuple[datetime, float]]] = {}
    for id_, quantity, at, value in rows.values_list("sensor_id", "quantity", "at", "value")[: POINTS * max(1, len(ids))]:
        points.setdefault((id_, quantity), []).append((at, value))
    found: dict[int, list[Curve]] = {}
    for id_, kind in kinds.items():
        for quantity in catalogued.kinds()[kind].quantities if kind in catalogued.kinds() else ():
            line = tuple(points.get((id_, quantity.code), ()))
            found.setdefault(id_, []).append(Curve(quantity, line, _level(kind, quantity.code)))
    return found


def held_of(sensor_id: int, *, since: datetime, most: int = 20) -> list[HeldLine]:
    """Readings of a sensor that were kept aside since then, the newest first."""
    rows = Reading.objects.filter(sensor=sensor_id, came__gte=since).exclude(held="").order_by("-came", "-id")[:most]
    return [HeldLine(row.quantity, row.value, row.at, row.came, rules.HELD[row.held]) for row in rows]


def alarms_of(sensor_id: int, *, most: int = 30) -> list[AlarmLine]:
    """Alarms of one sensor, the newest first."""
    rows = Alarm.objects.filter(sensor=sensor_id).select_related("sensor").order_by("-came", "-id")
    return [alarm_line(row) for row in rows[:most]]


def alarm_line(row: Alarm) -> AlarmLine:
    rule = catalogued.rules().get(row.rule)
    kind = catalogued.kinds().get(row.sensor.kind)
    quantity = kind.quantity(rule.quantity_of(kind.code)) if rule and kind and row.value is not None else None
    zh, en = (rule.zh, rule.en) if rule else (row.rule, row.rule)
    where = (row.sensor.code, row.sensor.name, row.sensor.name_en, row.sensor.place)
    return AlarmLine(row.id, zh, en, *where, row.value, quantity.unit if quantity else "", row.since, row.came, row.ended, row.incident_id)


def gateway(token: str) -> Actor | None:
    """The outside system that a token stands for."""
    row = Gateway.objects.filter(mark=mark(token), ended=None).first()
    return Actor(f"gateway:{row.code}", row.code, grants=(Grant("gateway", row.path),)) if row else None


def last_heard() -> datetime | None:
    """When a reading of anything came last; None while there are no sensors."""
    return Sensor.objects.filter(ended=None).order_by("-heard").values_list("heard", flat=True).first()


STATES: dict[str, dict[str, object]] = {
    "alarm": {"ended": None, "alarmed": True},
    "quiet": {"ended": None, "alarmed": False, "quiet": True},
    "well": {"ended": None, "alarmed": False, "quiet": False},
    "off": {"ended__isnull": False},
}


def _narrowed(seen_by: Actor, kind: str, words: str, path: str):  # type: ignore[no-untyped-def]
    areas = [grant.area for grant in seen_by.grants if grant.role in rules.READERS and grant.area]
    below = Q(pk__in=[])
    for area in areas:
        below |= Q(path__startswith=area)
    rows = _with_alarms(Sensor.objects.filter(below, kind__in=list(catalogued.kinds())))
    if kind:
        rows = rows.filter(kind=kind)
    if path:
        rows = rows.filter(path__startswith=path)
    if words:
        rows = rows.filter(Q(code__icontains=words) | Q(name__icontains=words) | Q(place__icontains=words))
    return rows


def _with_alarms(rows):  # type: ignore[no-untyped-def]
    real = [code for code, rule in catalogued.rules().items() if not rule.missing]
    return rows.annotate(alarmed=Exists(Alarm.objects.filter(sensor=OuterRef("pk"), ended=None, rule__in=real)))


def _line(row: Sensor) -> SensorLine:
    kind = catalogued.kinds()[row.kind]
    last = tuple(
        (quantity, row.last[quantity.code][1], datetime.fromtimestamp(row.last[quantity.code][0], UTC))
        for quantity in kind.quantities
        if quantity.code in row.last
    )
    raised = ["raised"] if row.alarmed else []  # type: ignore[attr-defined]
    state = rules.state(row.ended is not None, row.quiet, raised)
    names, where = (row.name, row.name_en), (row.building, row.place, row.path, row.lon, row.lat)
    return SensorLine(row.id, row.code, kind, *names, *where, row.since, row.ended, row.heard, state, row.false_alarms, last)


def _level(kind: str, quantity: str) -> float | None:
    """Where a threshold stands for this quantity: the first that the catalogue has."""
    for rule in catalogued.rules_of(kind).values():
        if rule.threshold and rule.threshold.quantity == quantity:
            return rule.threshold.level
    return None
