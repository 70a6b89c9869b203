"""A joint action (吹哨报到) about one matter: who may call whom, what each unit owes, how both sides are judged. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians

from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Actor, Permit, Refusal, Thing
from siqian.spine.remit.rules import Item

SUMMONS = Flow(
    Move("called", "hold",   "held",      "caller"),
    Move("called", "cancel", "cancelled", "caller clock"),
    # Everybody has said how it was.
    Move("held",   "judge",  "judged",    "caller unit"),
    # Somebody did not, within the week, or the matter is over.
    Move("held",   "end",    "ended",     "clock"),
)  # fmt: skip
# A unit cannot say no: that it is "not ours" is a note for the judgement, and it reports in all the same.
SUMMONED = Flow(
    Move("called",    "confirm", "confirmed", "unit"),
    Move("called",    "arrive",  "arrived",   "unit"),
    Move("confirmed", "arrive",  "arrived",   "unit"),
    Move("called",    "miss",    "absent",    "caller clock"),
    Move("confirmed", "miss",    "absent",    "caller clock"),
    # Late, but there.
    Move("absent",    "arrive",  "arrived",   "unit"),
    Move("arrived",   "report",  "done",      "unit"),
    # It turned out to be about the unit itself.
    Move("called",    "excuse",  "excused",   "clock"),
    Move("confirmed", "excuse",  "excused",   "clock"),
    Move("absent",    "excuse",  "excused",   "clock"),
)  # fmt: skip
RUNNING = ("called", "held")
OVER = ("judged", "ended", "cancelled")
# Not there yet; there.
AWAITED, THERE = ("called", "confirmed"), ("arrived", "done")

CONFIRM = timedelta(minutes=30)
# So long after the hour whoever has not reported in counts as absent, whether or not the caller says so.
ABSENT_AFTER = timedelta(hours=2)
# Both sides are asked to judge for so long.
JUDGE = timedelta(days=7)
AHEAD = timedelta(days=30)
MOST_UNITS = 12
# Below so many calls a share says nothing about a unit.
ENOUGH = 30
# Whose desk answers for a unit that has no post of its own here, as an area level.
DESK = {"community": 2, "street": 1, "outside": 1, "district": 0}

CALLERS = ("secretary", "desk", "dispatcher", "office")
PERMITS = (
    *(Permit(role, "summon", "area") for role in CALLERS),
    # Whoever is called reads what it is about and writes to colleagues, as long as it runs.
    *(Permit("handler", verb, "joint") for verb in ("read", "note")),
)
# Of the summons itself, posts: the one that called.
SUMMONS_PERMITS = (
    Permit("staff", "lead", "owner"),
    *(Permit(role, "lead", "area") for role in ("desk", "dispatcher", "office")),
)
# Of one unit's part, unit: that unit, posts: the one that acts for it.
SUMMONED_PERMITS = (Permit("staff", "take part", "unit"), Permit("staff", "take part", "owner"))

NO_SUMMONS = Refusal("这件事没有在走的联合办理")
NO_UNIT = Refusal("这次联合办理没有叫这个单位，从名单里选", field="unit")
RUNS = Refusal("这件事已经有一次联合办理在走，办完或取消了再叫")
NOT_OPEN = Refusal("这件事已经办结，不用再叫人")
CONFIDED = Refusal("这是举报或不能让人知道的事，只有值班台和调度员能叫单位来")
NO_PURPOSE = Refusal("写清叫来做什么，至少4个字", field="purpose")
NO_PLACE = Refusal("写清在哪里集合", field="place")
NO_HOUR = Refusal("写清几点到，要在现在之后、30天之内", field="meets")
NO_UNITS = Refusal("选要叫哪些单位，最多12个", field="units")
NO_CLAUSE = Refusal("写清为什么叫“{unit}”：清单哪一条、要它办什么", field="clause")
ABOUT_UNIT = Refusal("这件事说的就是“{unit}”，按回避规定不能叫它来办", field="units")
OBJECTED = Refusal("已经写过为什么不归你们，评的时候会看")
NO_OBJECTION = Refusal("写清该归谁、依据清单哪一条，至少4个字", field="text")
TOO_EARLY = Refusal("还没到约定的时间，不能记没到")
WORDLESS = Refusal("写清楚，至少4个字", field="text")
NOBODY = Refusal("还没有单位报到，开不成。都没来就取消，写明原因")
NOT_THERE = Refusal("到场报到了才写做了什么")
NOT_HELD = Refusal("一起办过了才能评")
OWN_PART = Refusal("自己那一份不能自己评，请别人来评")
JUDGED = Refusal("已经评过了，评了不能改")
NO_SHARE = Refusal("选尽力了还是没尽力", field="share")
NO_REASON = Refusal("没到、迟到或没尽力的，写一句实际情况，至少4个字", field="words")
UNEVEN = Refusal("记着它{at}报到了。确实没到就写明，请它更正", field="came")
NO_FOUNDED = Refusal("选该叫还是不该叫", field="founded")
NO_FOUNDED_REASON = Refusal("不该叫的，写一句依据，至少4个字", field="words")


@dataclass(frozen=True)
class Call:
    """What a caller asks: units: (code, clause), in the order of the page."""

    purpose: str
    place: str
    meets: datetime | None
    units: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Verdict:
    """What the caller says of a unit: whether it came, in time, did its share (good | poor), in which words."""

    came: bool
    in_time: bool
    share: str
    words: str = ""


def summons_thing(area: str, against: Collection[str], post: str) -> Thing:
    """What permits need to know of a joint action. post: the one that called."""
    return Thing("summons", area=area, posts=frozenset({post}), against=frozenset(against))


def part_thing(area: str, against: Collection[str], unit: str, post: str) -> Thing:
    """What permits need to know of one unit's part. post: who acts for the unit."""
    return Thing("summoned", area=area, posts=frozenset({post}), unit=unit, against=frozenset(against))


def call_fault(call: Call, discreet: bool, against: Collection[str], by: Actor, names: dict[str, str], at: datetime) -> Refusal | None:
    """Why this may not be called. names: every unit's, by code."""
    if discreet and not any(by.has(role) for role in ("desk", "dispatcher", "office")):
        return CONFIDED
    if len(call.purpose.strip()) < 4:
        return NO_PURPOSE
    if not call.place.strip():
        return NO_PLACE
    if call.meets is None or not at < call.meets <= at + AHEAD:
        return NO_HOUR
    codes = [code for code, _ in call.units]
    if not 0 < len(set(codes)) == len(codes) <= MOST_UNITS or any(code not in names for code in codes):
        return NO_UNITS
    for code, clause in call.units:
        if f"unit:{code}" in against:
            return Refusal(ABOUT_UNIT.template, field="units", unit=names[code])
        if len(clause.strip()) < 2:
            return Refusal(NO_CLAUSE.template, field="clause", unit=names[code])
    return None


def proposed(item: Item, lead: str, against: Collection[str]) -> list[tuple[str, str]]:
    """(unit, clause) of those that the list names for an item: who leads, then who joins; none that the matter is about."""
    codes = dict.fromkeys(code for code in (lead, item.lead, *item.joint) if code and f"unit:{code}" not in against)
    clause = " ".join(part for part in (item.code, item.zh, item.basis) if part)[:120]
    return [(code, clause) for code in codes]


def confirm_due(at: datetime, meets: datetime) -> datetime:
    """Half an hour, or until the hour itself where that is nearer."""
    return min(at + CONFIRM, meets)


def miss_fault(meets: datetime, at: datetime) -> Refusal | None:
    return TOO_EARLY if at < meets else None


def hold_fault(minutes: str, states: Sequence[str]) -> Refusal | None:
    """What was held has somebody who came, and says who does what by when."""
    if not any(state in THERE for state in states):
        return NOBODY
    return WORDLESS if len(minutes.strip()) < 4 else None


def verdict_fault(state: str, verdict: Verdict, arrived: str, hands: Collection[str], by: Actor, unit: str) -> Refusal | None:
    """Why the caller's side may not say this of a unit. hands: persons who acted for it; arrived: when it reported in, as written."""
    if state != "held":
        return NOT_HELD
    if by.person and (by.person in hands or any(grant.unit == unit for grant in by.grants)):
        return OWN_PART
    if verdict.share not in ("good", "poor"):
        return NO_SHARE
    poor = not (verdict.came and verdict.in_time) or verdict.share == "poor"
    if poor and len(verdict.words.strip()) < 4:
        return NO_REASON
    if arrived and not verdict.came and len(verdict.words.strip()) < 8:
        return Refusal(UNEVEN.template, field="words", at=arrived)
    return None


def founded_fault(state: str, founded: bool | None, words: str, caller: str, by: Actor) -> Refusal | None:
    """Why a unit's side may not say this of the call."""
    if state != "held":
        return NOT_HELD
    if by.person and by.person == caller:
        return OWN_PART
    if founded is None:
        return NO_FOUNDED
    return NO_FOUNDED_REASON if not founded and len(words.strip()) < 4 else None


def all_judged(parts: Collection[tuple[bool, bool]]) -> bool:
    """Whether both sides have said how it was: (judged by the caller, the unit has judged the call) of every unit but those excused."""
    return all(one and other for one, other in parts)


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> int:
    """How far apart two points of a town are; flat, which is a metre off in ten kilometres."""
    east = (other_lon - lon) * cos(radians(lat)) * 111_320
    return round(hypot(east, (other_lat - lat) * 110_574))
