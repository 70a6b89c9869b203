"""What sensors there are, which readings are taken, which are kept aside and why. Pure.

A sensor tells of a thing (water, smoke, a lamp), never of a person: what looks like one in a reading is refused by its name.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from siqian.kernel.permits import Permit, Refusal
from siqian.kernel.said import said

READERS = ("keeper", "secretary", "desk", "dispatcher", "leader", "inspector", "office")
PERMITS = (
    Permit("office", "register", "area"),
    Permit("office", "take", "area"),
    Permit("gateway", "take", "area"),
    *(Permit(role, "read", "area") for role in READERS),
)
# A clock that jumped says a time that has not come; what is older than a day tells of no alarm any more.
AHEAD, LATE = timedelta(minutes=5), timedelta(hours=24)
# How long readings are kept.
KEPT = timedelta(days=31)
MOST_TOGETHER = 1_000
# What lies outside is no time of a reading.
FIRST_YEAR, LAST_YEAR = 2000, 2100
FIELDS = frozenset({"sensor", "quantity", "value", "at", "id"})

HEADINGS = {
    "code": ("code", "编码", "传感器编码"),
    "kind": ("kind", "类别"),
    "name": ("name", "名称"),
    "name_en": ("name_en", "英文名"),
    "building": ("building", "楼栋编码"),
    "lon": ("lon", "经度"),
    "lat": ("lat", "纬度"),
    "until": ("until", "截止日期"),
}
NEEDED = ("code", "kind", "name")
CODE = re.compile(r"[\w:.\-]{1,40}", re.ASCII)

UNKNOWN = said("没有编号是“{code}”的传感器，先登记（siqian import sensors）再发")
RETIRED = said("“{code}”已经停用了，不再收它的读数")
NOT_HERE = said("“{code}”不在这个网关管的地方，换它自己的网关发")
NO_QUANTITY = said("“{code}”量的是{has}，没有“{quantity}”")
NO_NUMBER = said("读数不是一个数，写成数字再发")
NOT_A_THING = said("这里只收东西的读数，不收“{more}”。去掉这一栏再发；说人的话不从传感器进来")
OUT_OF_RANGE = said("读数{value}不在{low}到{high}{unit}之间，先留在一边不算。检查探头和单位，修好再发新的")
TOO_EARLY = said("时间比现在晚{minutes}分钟，先留在一边不算。把设备或网关的时钟校准，再发新的")
TOO_LATE = said("是{hours}小时以前量的，先留在一边不算。超过24小时的读数不再报警，查网关为什么迟了")
NOT_READABLE = said("读不懂这一条，写成{{sensor, quantity, value, at, id}}，时间带时区")
MOST = said("一次最多{most}条读数，分几次发")


class Quantity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is measured: unit, and what a sound instrument can show."""

    code: str
    zh: str
    en: str
    unit: str
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"“{self.code}”的low要比high小")


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of sensor. interval: minutes between two readings, as expected."""

    code: str
    zh: str
    en: str
    interval: int
    quantities: tuple[Quantity, ...]

    def __post_init__(self) -> None:
        codes = [quantity.code for quantity in self.quantities]
        if not codes or len(codes) != len(set(codes)):
            raise ValueError("quantities至少写一种量，编码不重复")
        if not 0 < self.interval <= 24 * 60:
            raise ValueError("interval写1到1440分钟")

    def quantity(self, code: str) -> Quantity | None:
        return next((one for one in self.quantities if one.code == code), None)


@dataclass(frozen=True)
class Sent:
    """A reading as it came in. row: its place in the batch, from 1; more: fields that a reading does not have."""

    row: int
    sensor: str
    quantity: str
    value: float
    at: datetime
    id: str = ""
    more: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What it is known by, however often it is sent."""
        return f"id:{self.id}" if self.id else f"{self.quantity}@{self.at.timestamp():.3f}"


@dataclass(frozen=True)
class Answer:
    """What became of a reading: taken | known | held (kept aside, not counted) | refused, and why."""

    row: int
    outcome: str
    why: Refusal | None = None


class Raw(msgspec.Struct):
    """A reading on the wire."""

    sensor: str
    quantity: str
    value: float
    at: datetime
    id: str = ""


def read(row: int, raw: object) -> Sent | Answer:
    """One reading of a broker's message, or why it is none."""
    try:
        one = msgspec.convert(raw, Raw, strict=False)
    except (msgspec.ValidationError, ValueError, TypeError):
        return Answer(row, "refused", Refusal(NOT_READABLE))
    if one.at.tzinfo is None or len(one.sensor) > 40 or len(one.quantity) > 24 or len(one.id) > 64:
        return Answer(row, "refused", Refusal(NOT_READABLE))
    more = tuple(sorted(set(raw) - FIELDS)) if isinstance(raw, dict) else ()
    return Sent(row, one.sensor, one.quantity, one.value, one.at, one.id, more)


def refused(sent: Sent, kind: Kind, code: str) -> Refusal | None:
    """Why a reading cannot even be kept aside."""
    if sent.more:
        return Refusal(NOT_A_THING, field=sent.more[0], more=sent.more[0])
    if kind.quantity(sent.quantity) is None:
        return Refusal(NO_QUANTITY, code=code, has=", ".join(one.code for one in kind.quantities), quantity=sent.quantity)
    if not math.isfinite(sent.value):
        return Refusal(NO_NUMBER)
    if not FIRST_YEAR <= sent.at.year <= LAST_YEAR:
        return Refusal(NOT_READABLE)
    return None


def held(sent: Sent, kind: Kind, at: datetime) -> tuple[str, Refusal] | None:
    """(early | late | range, why) of a reading that is kept aside and counts for nothing."""
    quantity = kind.quantity(sent.quantity)
    assert quantity is not None
    if sent.at > at + AHEAD:
        return "early", Refusal(TOO_EARLY, minutes=round((sent.at - at) / timedelta(minutes=1)))
    if sent.at < at - LATE:
        return "late", Refusal(TOO_LATE, hours=round((at - sent.at) / timedelta(hours=1)))
    if not quantity.low <= sent.value <= quantity.high:
        values = {"value": f"{sent.value:g}", "low": f"{quantity.low:g}", "high": f"{quantity.high:g}", "unit": quantity.unit}
        return "range", Refusal(OUT_OF_RANGE, **values)
    return None


HELD = {"early": said("时间没到"), "late": said("太迟"), "range": said("超出量程")}


@dataclass(frozen=True)
class SensorRow:
    """A sensor as it comes in: at a building of the register, or at a point (WGS-84)."""

    row: int
    code: str
    kind: str
    name: str
    name_en: str
    building: str
    lon: float | None
    lat: float | None
    until: datetime | None = None


def sensor_row(number: int, cells: Mapping[str, str], kinds: Mapping[str, Kind], until: datetime | None) -> SensorRow | list[Refusal]:
    """A row of the register, or every fault in it."""
    named = {kind.zh: code for code, kind in kinds.items()} | {code: code for code in kinds}
    faults = []
    if not CODE.fullmatch(cells["code"]):
        faults.append(Refusal("编码“{code}”写1到40个字母、数字、-、.或:", code=cells["code"]))
    if cells["kind"] not in named:
        faults.append(Refusal("类别“{kind}”不认识，写{kinds}之一", kind=cells["kind"], kinds="、".join(kind.zh for kind in kinds.values())))
    if not 0 < len(cells["name"]) <= 40:
        faults.append(Refusal("名称写1到40个字"))
    lon, lat = _degrees(cells.get("lon", ""), 180), _degrees(cells.get("lat", ""), 90)
    if not cells.get("building") and (lon is None or lat is None):
        faults.append(Refusal("写楼栋编码，或者写经度和纬度（WGS-84，度）"))
    if faults:
        return [Refusal("第{row}行：{what}", row=number, what=fault.why) for fault in faults]
    building = cells.get("building", "")
    place = (None, None) if building else (lon, lat)
    return SensorRow(number, cells["code"], named[cells["kind"]], cells["name"], cells.get("name_en", "")[:80], building, *place, until)


def _degrees(written: str, most: int) -> float | None:
    try:
        value = float(written)
    except ValueError:
        return None
    return round(value, 7) if math.isfinite(value) and abs(value) <= most else None


def twice(rows: Sequence[SensorRow]) -> list[Refusal]:
    """Codes that an earlier row of the file bears."""
    first: dict[str, int] = {}
    return [
        Refusal("第{row}行：{code}在第{first}行已经有了，删去一行", row=row.row, code=row.code, first=first[row.code])
        for row in rows
        if first.setdefault(row.code, row.row) != row.row
    ]


def state(ended: bool, quiet: bool, raised: Collection[str]) -> str:
    """One word for how a sensor is: off | quiet | alarm | well."""
    return "off" if ended else "alarm" if raised else "quiet" if quiet else "well"


STATES = {"alarm": said("在报警"), "quiet": said("没有读数"), "well": said("正常"), "off": said("停用")}
