"""The verbs of the register: which sensors there are, and which outside systems may send their readings."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from siqian.kernel import clock, rows, store
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal, Thing, must
from siqian.kernel.said import said
from siqian.town.places import queries as places

from .events import GatewayAdmitted, GatewayEnded, SensorsRegistered
from .models import Gateway, Sensor
from .rules import sensors as rules
from .rules.sensors import SensorRow

NO_BUILDING = said("第{row}行：没有楼栋“{code}”，先导入楼栋，或写经纬度")
OUTSIDE = said("第{row}行：这个位置不在本区，经纬度是WGS-84的度，看看有没有写反")
OTHER_KIND = said("第{row}行：{code}登记过了，是另一类（{kind}）。换了设备就用新编码")
NO_AREA = Refusal("没有这个区域，写区域编码")
NO_GATEWAY = Refusal("没有这个网关")
BAD_CODE = Refusal("网关编码写1到40个字母、数字、-、.或:")


@dataclass(frozen=True)
class Brought:
    """What a list changed."""

    added: int = 0
    changed: int = 0
    ended: int = 0
    same: int = 0


def check(*, sensors: Sequence[SensorRow]) -> list[Refusal]:
    """What is wrong with these rows beside the map and the register; nothing is written."""
    known = dict(Sensor.objects.filter(code__among=[row.code for row in sensors]).values_list("code", "kind"))
    faults = rules.twice(sensors)
    for row in sensors:
        if _place(row) is None:
            faults.append(Refusal(NO_BUILDING, row=row.row, code=row.building) if row.building else Refusal(OUTSIDE, row=row.row))
        if known.get(row.code, row.kind) != row.kind:
            faults.append(Refusal(OTHER_KIND, row=row.row, code=row.code, kind=known[row.code]))
    return faults


@office_verb
def register(*, sensors: Sequence[SensorRow], by: Actor, at: datetime) -> Brought:
    """Take a list of sensors: new ones, what changed, which are out of use; a second run changes nothing. Records sensors.registered.

    Raises BadInput with the first fault; `check` tells all of them.
    """
    must(by, "register", Thing("sensor", area="/"))
    store.lock("sensors")
    if faults := check(sensors=sensors):
        raise BadInput(faults[0])
    there = {row.code: row for row in Sensor.objects.filter(code__among=[row.code for row in sensors])}
    changed, ended, added = [], 0, 0
    for row in sensors:
        columns = _columns(row, at)
        old = there.get(row.code)
        if old is None:
            rows.put(Sensor, code=row.code, kind=row.kind, since=at, heard=at, **columns)
            added += 1
        elif any(getattr(old, name) != value for name, value in columns.items()):
            ended += columns["ended"] is not None and old.ended is None
            for name, value in columns.items():
                setattr(old, name, value)
            changed.append(old)
    fields = ["name", "name_en", "building", "place", "path", "grid", "lon", "lat", "ended"]
    Sensor.objects.bulk_update(changed, fields, batch_size=200)
    if added or changed:
        record(SensorsRegistered("sensors:list", added, len(changed)), by=by, at=at)
    return Brought(added, len(changed) - ended, ended, len(sensors) - added - len(changed))


@office_verb
def admit_gateway(*, code: str, area: str, by: Actor, at: datetime) -> str:
    """Let an outside system send readings of an area; gives its token, which is shown once. Records gateway.admitted."""
    must(by, "register", Thing("sensor", area="/"))
    place = places.at_area(area)
    if not rules.CODE.fullmatch(code):
        raise BadInput(BAD_CODE)
    if place is None:
        raise BadInput(NO_AREA)
    token = clock.secret_bytes(24).hex()
    Gateway.objects.update_or_create(code=code, defaults={"path": place.path, "mark": mark(token), "since": at, "ended": None})
    record(GatewayAdmitted(f"gateway:{code}", place.path), by=by, at=at)
    return token


@office_verb
def end_gateway(*, code: str, by: Actor, at: datetime) -> None:
    """Its token opens nothing any more. Twice is once. Records gateway.ended."""
    must(by, "register", Thing("sensor", area="/"))
    if not Gateway.objects.filter(code=code).exists():
        raise NotFound(NO_GATEWAY)
    if Gateway.objects.filter(code=code, ended=None).update(ended=at):
        record(GatewayEnded(f"gateway:{code}"), by=by, at=at)


def mark(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _place(row: SensorRow) -> places.Place | None:
    if row.building:
        return places.at_building(row.building)
    return places.at_point(row.lon, row.lat) if row.lon is not None and row.lat is not None else None


def _columns(row: SensorRow, at: datetime) -> dict[str, object]:
    place = _place(row)
    assert place is not None
    own = {"name": row.name, "name_en": row.name_en, "ended": row.until if row.until and row.until <= at else None}
    where = {"building": place.building, "place": place.words[:80], "path": place.path, "grid": place.fence}
    return own | where | {"lon": place.lon if row.building else row.lon, "lat": place.lat if row.building else row.lat}
