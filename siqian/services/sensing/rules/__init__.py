"""Which rounds a day has, which points are on them, what a record must say. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec

from siqian.kernel.clock import TOWN, local
from siqian.kernel.permits import Permit, Refusal
from siqian.kernel.said import said

from .sensors import (
    HEADINGS as SENSOR_HEADINGS,
    MOST_TOGETHER,
    NEEDED as SENSOR_NEEDED,
    Answer,
    SensorRow,
    Sent,
    read as read_reading,
    sensor_row,
)

__all__ = ["MOST_TOGETHER", "SENSOR_HEADINGS", "SENSOR_NEEDED", "Answer", "SensorRow", "Sent", "read_reading", "sensor_row"]

KINDS = {"well": said("都好"), "fixed": said("当场处理了"), "needs": said("要交办")}
MOST_PHOTOS, MOST_WORDS = 3, 400
READERS = ("keeper", "secretary", "desk", "dispatcher", "leader", "inspector", "office")
PERMITS = (
    Permit("keeper", "record", "area"),
    Permit("office", "lay", "area"),
    *(Permit(role, "read", "area") for role in READERS),
)
# Where rounds were missed is for whoever looks after an area, not for the neighbours' keepers.
OVERSEEING = ("secretary", "desk", "dispatcher", "leader", "inspector")
# A telephone's clock may be wrong, and nothing waits in it for longer than this.
OLDEST, AHEAD = timedelta(days=31), timedelta(minutes=10)
FIRST_DAY = date(2024, 1, 1)

NO_KIND = Refusal("选一个：都好、当场处理了、要交办", field="kind")
NO_WORDS = Refusal("写一句看到了什么，要交办的别人才知道怎么办", field="text")
NO_PROOF = Refusal("当场处理了什么，写一句或拍一张", field="text")
TOO_LONG = Refusal("写短些，最多400个字", field="text")
TOO_MANY = Refusal("一条记录最多3张照片", field="photos")
NO_PLACE = Refusal("不知道是哪里。选一个点位，或让手机给出位置", field="point")
OUTSIDE = Refusal("这个位置不在本区，看看手机定位", field="lon")
NO_ROUND = Refusal("没有这一轮巡查，或者不归您走", field="round")
NO_POINT = Refusal("这一轮没有这个点位，刷新看看", field="point")
NOT_READ = Refusal("巡查给管这里的人看，先登录")
NO_AREA = Refusal("没有这个范围，写区划的编码", field="area")
BAD_DAYS = Refusal("从哪天到哪天，最多92天，后一天不早于前一天", field="since")
NO_RECORD = Refusal("没有这条巡查记录，或者不归您看")


class Spot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A point that a district names: a building of the register, or a position with words for it."""

    building: str = ""
    lon: float | None = None
    lat: float | None = None
    zh: str = ""
    en: str = ""


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One kind of round: the fields are told in rounds.yaml."""

    code: str
    zh: str
    en: str
    look: str
    look_en: str
    days: tuple[int, ...]
    months: tuple[int, ...] = ()
    each: int = 3
    until: str = "24:00"
    found: tuple[str, ...] = ()
    found_en: tuple[str, ...] = ()
    points: tuple[Spot, ...] = ()
    tells: bool = False


class Point(msgspec.Struct, frozen=True):
    """A place on a round. code: a building's, or one of the round's own."""

    code: str
    words: str
    words_en: str
    building: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Sight:
    """What a worker saw: at a point of a round, or where the telephone says that it is. lon, lat: of the record alone."""

    kind: str
    text: str = ""
    round: int | None = None
    point: str = ""
    building: str = ""
    lon: float | None = None
    lat: float | None = None


def is_due(plan: Plan, day: date) -> bool:
    return day.isoweekday() in plan.days and (not plan.months or day.month in plan.months)


def ends(plan: Plan, day: date) -> datetime:
    """When the round of a day has to be walked."""
    hour, minute = map(int, plan.until.split(":"))
    return datetime.combine(day, time(), tzinfo=TOWN) + timedelta(hours=hour, minutes=minute)


def in_turn(points: Sequence[Point], plan: Plan, day: date) -> list[Point]:
    """The points of a day: all that the district names, else so many a day, so that each comes up before one comes up twice."""
    if plan.points or len(points) <= plan.each:
        return list(points)
    weeks, rest = divmod((day - FIRST_DAY).days, 7)
    turn = weeks * len(plan.days) + sum(weekday <= rest for weekday in plan.days)
    start = turn * plan.each
    return [points[(start + step) % len(points)] for step in range(plan.each)]


def sight_fault(sight: Sight, photos: int) -> Refusal | None:
    """Why this is no record."""
    text = sight.text.strip()
    if sight.kind not in KINDS:
        return NO_KIND
    if len(text) > MOST_WORDS:
        return TOO_LONG
    if photos > MOST_PHOTOS:
        return TOO_MANY
    if sight.kind == "needs" and len(text) < 4:
        return NO_WORDS
    if sight.kind == "fixed" and not text and not photos:
        return NO_PROOF
    return None


def done_then(then: datetime | None, at: datetime) -> datetime | None:
    """When a worker did it, by the telephone's own clock, if that can be true. It is shown beside the time at which it
    came in; no clock counts by it, so that nobody gains anything by setting it back.
    """
    return then if then is not None and at - OLDEST <= then <= at + AHEAD else None


def missing(points: Collection[str], recorded: Collection[str]) -> list[str]:
    """Which points have no record yet."""
    return [code for code in points if code not in recorded]


def today(at: datetime) -> date:
    return local(at).date()
