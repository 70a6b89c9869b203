"""What a map may show and how strongly. Pure: values in, values out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from siqian.kernel.permits import Actor, Refusal

STAFF_ONLY = Refusal("地图给工作人员看，先登录")
NO_AREA = Refusal("没有这个范围，写区划的编码", field="area")
BAD_BOX = Refusal("范围写成“西,南,东,北”四个数（WGS-84），西小于东，南小于北", field="bbox")
LEVELS = ("block", "grid", "cell")
MODES = ("duty", "gaps", "open", "heat", "load")
# How many codes the path of an area of this level has.
DEPTH = {"community": 3, "block": 4, "grid": 5, "cell": 6}
# Who looks after duty and load: the same who have the duty sheet.
SHEETS = ("secretary", "desk", "dispatcher", "leader", "inspector")
WALLS = ("desk", "dispatcher", "leader", "inspector")
AHEAD, BACK = 14, 13
# The heat of a day is that of the week that ends with it: a day alone says too little of a few hundred doors.
WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
# Fewer people than this are not shown: they could be known again.
FEWEST = 5
PER = 10_000
# From so many people per 10,000 doors on, an area has the next step of light.
EDGES = (3, 6, 10, 15)
# From so many times the median on, a keeper carries the next step.
LOADS = (0.5, 0.8, 1.25, 2.0)
GROUPS = {
    "received": "new",
    "assigned": "new",
    "accepted": "on",
    "in_hand": "on",
    "staged": "on",
    "to_check": "on",
    "on_hold": "hold",
    "shelved": "hold",
    "returned": "back",
}
ORDER = ("new", "on", "hold", "back")


@dataclass(frozen=True)
class Ask:
    """What of the map is asked. day: ahead for gaps, back (negative) for heat; topic: a top class; area: a chosen one's code."""

    mode: str = "duty"
    level: str = "grid"
    day: int = 0
    topic: str = ""
    within: str = "/"
    area: str = ""
    words: str = ""


@dataclass(frozen=True)
class Shade:
    """One area as it is drawn and read: step is its place in the legend, cells what the table says, weight its place in it.

    tally: of an area that holds grids, how many of them stand at which step.
    """

    code: str
    name: str
    name_en: str
    path: str
    step: str
    cells: tuple[str, ...]
    weight: tuple[float, ...] = ()
    late: int = 0
    tally: tuple[tuple[str, int], ...] = ()


def asked(values: Mapping[str, str], *, modes: Collection[str] = MODES, level: str = "grid", within: str = "/") -> Ask:
    """A question from an address; whatever does not fit becomes what stands there when nothing is said."""
    mode = values.get("mode", "")
    mode = mode if mode in modes else "duty"
    chosen = values.get("level", "")
    return Ask(
        mode,
        chosen if chosen in LEVELS else level,
        bounded(values.get("day", ""), mode),
        values.get("topic", "")[:16],
        within,
        values.get("area", "")[:24],
        values.get("q", "").strip()[:40],
    )


def bounded(said: str, mode: str) -> int:
    """A day of the slider within its ends; 0, today, where it is none."""
    try:
        day = int(said)
    except ValueError:
        return 0
    least, most = {"gaps": (0, AHEAD), "heat": (-BACK, 0)}.get(mode, (0, 0))
    return min(max(day, least), most)


def modes_of(seen_by: Actor) -> tuple[str, ...]:
    """What of the map somebody is offered: load only those who look after duty."""
    return MODES if any(seen_by.has(role) for role in SHEETS) else MODES[:-1]


def home(seen_by: Actor) -> str:
    """Where somebody's map begins: their widest area, at least a whole community."""
    wide = min((grant.area for grant in seen_by.grants if grant.area), key=len, default="/")
    return above(wide, "community") or wide


def above(path: str, level: str) -> str:
    """The area of a level that a path lies in; empty when the path does not reach so deep."""
    codes = [code for code in path.split("/") if code]
    deep = DEPTH[level]
    return "/" + "/".join(codes[:deep]) + "/" if len(codes) >= deep else ""


def rate(people: int, doors: int) -> float | None:
    """People per 10,000 doors; None where there is no door."""
    return PER * people / doors if doors else None


def light(people: int, doors: int) -> str:
    """The step of an area by its rate: "0" to "4"; "few" for fewer than five people, who are not shown."""
    per = rate(people, doors)
    if not people or per is None:
        return "0"
    return "few" if people < FEWEST else str(sum(per >= edge for edge in EDGES))


def burden(share: float | None) -> str:
    """The step of a keeper's load by its share of the median; the middle one where nobody carries anything."""
    return "2" if share is None else str(sum(share >= edge for edge in LOADS))


def day_span(day: date, midnight: datetime) -> tuple[datetime, datetime]:
    begin = midnight + (day - midnight.date())
    return begin, begin + timedelta(days=1)


def worst(steps: Iterable[str]) -> str:
    """Of the duty of several grids, what has to be seen first."""
    found = set(steps)
    return next((step for step in ("none", "desk", "on", "rest") if step in found), "rest")
