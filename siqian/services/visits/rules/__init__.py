"""A visit and what is raised on it: lawful moves, who may, what is wrong with what somebody writes. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import msgspec

from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Permit, Refusal
from siqian.kernel.said import said

PLANNERS = ("leader", "secretary", "desk", "dispatcher")
# Whose duty it can be to go.
GOING = ("leader", "secretary", "dispatcher", "handler", "desk")
VISIT = Flow(
    Move("planned", "move", "planned", "owner, leader, secretary, desk, dispatcher"),
    Move("planned", "cancel", "cancelled", "owner, leader, secretary, desk, dispatcher"),
    Move("planned", "hold", "held", "owner, secretary, desk"),
    Move("held", "raise", "held", "owner, secretary, desk"),
)
ITEM = Flow(
    Move("open", "answer", "answered", "owner, desk, dispatcher"),
    Move("open", "give", "open", "desk, dispatcher"),
)
PERMITS = (
    Permit("office", "plan", "any"),
    Permit("office", "hold", "any"),
    *(Permit(role, verb, "area") for role in PLANNERS for verb in ("plan", "move", "cancel")),
    *(Permit("staff", verb, "owner") for verb in ("move", "cancel", "hold", "raise")),
    *(Permit(role, verb, "area") for role in ("secretary", "desk") for verb in ("hold", "raise")),
    Permit("staff", "answer", "owner"),
    *(Permit(role, verb, "area") for role in ("desk", "dispatcher") for verb in ("answer", "give")),
    # What was said there, word for word: whoever goes, answers or watches over the place. Everybody reads what came of it.
    Permit("staff", "read", "owner"),
    *(Permit(role, "read", "area") for role in (*PLANNERS, "inspector", "caller")),
)
GROUPS = {
    "residents": said("住在这里的人"),
    "elders": said("老人"),
    "tenants": said("租户"),
    "merchants": said("商户"),
    "riders": said("骑手、快递员"),
    "firms": said("企业和单位"),
}
WAYS = {
    "answered": said("当场答复了"),
    "owed": said("回去办，到日子给答复"),
    "matter": said("转成一件要办的事"),
    "suggestion": said("转成一条建议"),
}
STATES = {"planned": said("排好了"), "held": said("走过了"), "cancelled": said("取消了")}
# Whose duty it can be to answer for what was promised there.
ANSWERING = ("keeper", "secretary", "desk", "handler", "dispatcher", "social_worker", "police", "leader")
REFERRED = ("matter", "suggestion")
TAKEN_BACK = said("整批撤回了")
# Where nobody came for so long, nobody is reached.
YEAR = timedelta(days=365)
LONGEST, TO_RECORD = timedelta(hours=12), timedelta(hours=24)
MOST_RAISED, MOST_HEARD, FURTHEST = 40, 5000, timedelta(days=90)
NUMBERS = re.compile(r"\d{7,}")

NO_VISIT = Refusal("没有这次走访，或者还没有公布")
NO_ITEM = Refusal("没有这一条，回去看看走访的页面")
NOT_YET = Refusal("还没到开始的时间，走完了再记", field="begun")
NO_PLACE = Refusal("读不出是哪里，写小区名加楼号，比如“松涛苑3栋”", field="place")
SEVERAL = Refusal("有几处对得上，写全一点：{names}", field="place")


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a visit is for: the fields are told in kinds.yaml."""

    code: str
    zh: str
    en: str
    hint: str
    hint_en: str
    announced: bool
    answer_days: int


@dataclass(frozen=True)
class Draft:
    """A visit as it is planned. path: the area that it is for; post: of whoever goes; along: who comes along, in words."""

    kind: str
    topic: str
    place: str
    path: str
    starts: datetime
    ends: datetime
    post: str
    along: str = ""
    building: str = ""


@dataclass(frozen=True)
class Raised:
    """Something that was said. title: how everybody reads it, without names; text: as it was said.

    way: one of WAYS; answer: what was answered there; post, due: who owes an answer and by which day; shown: everybody may read of it.
    """

    title: str
    text: str
    way: str
    answer: str = ""
    post: str = ""
    due: date | None = None
    shown: bool = True


@dataclass(frozen=True)
class Held:
    """How a visit was: when it began, how many were heard by group, where one really was (building grids), what was found."""

    begun: datetime
    heard: Mapping[str, int]
    cells: Sequence[str]
    note: str
    raised: Sequence[Raised] = field(default_factory=tuple)


@dataclass(frozen=True)
class Past:
    """A visit that took place, as another system or a paper kept it. items: what was raised, with its answer or who owes one by when."""

    kind: str
    topic: str
    place: str
    path: str
    cells: tuple[str, ...]
    starts: datetime
    ends: datetime
    post: str
    person: str
    heard: dict[str, int]
    note: str
    items: tuple[Raised, ...] = ()
    building: str = ""


def draft_faults(draft: Draft, *, kinds: Mapping[str, Kind], post: bool, path: bool, at: datetime) -> list[Refusal]:
    """Everything that is wrong with a plan, each with its field; post, path: whether there is such a one."""
    found = [
        None if draft.kind in kinds else Refusal("选一种：宣传、调研、接访还是办公", field="kind"),
        _length(draft.topic, 2, 60, Refusal("写一句去做什么，2到60个字", field="topic")),
        _length(draft.place, 2, 60, Refusal("写清楚在哪里，2到60个字，居民要找得到", field="place")),
        None if path else Refusal("没有这个范围，从列表里选", field="path"),
        None if post else Refusal("没有这个岗位，从列表里选谁去", field="post"),
        None if draft.starts > at else Refusal("开始的时间已经过了，写以后的时间", field="starts"),
        None if timedelta() < draft.ends - draft.starts <= LONGEST else Refusal("结束要晚于开始，一次最多12小时", field="ends"),
    ]
    if len(draft.along) > 120:
        found.append(Refusal("同去的人最多120个字", field="along"))
    return [fault for fault in found if fault is not None]


def held_faults(held: Held, *, known: Sequence[str], at: datetime) -> list[Refusal]:
    """Everything that is wrong with a record, each with its field; known: the building grids of the visit's area."""
    found = [
        None if held.begun <= at else NOT_YET,
        _length(held.note, 4, 2000, Refusal("写几句看到什么、说了什么，4到2000个字", field="note")),
        None if held.cells else Refusal("至少勾一个真正走到的楼栋格", field="cells"),
        None if set(held.cells) <= set(known) else Refusal("有楼栋格不在这次走访的范围里，从列表里勾", field="cells"),
    ]
    if set(held.heard) - set(GROUPS) or any(not 0 <= count <= MOST_HEARD for count in held.heard.values()):
        found.append(Refusal("听了多少人，每一格写0到{most}", field="heard", most=MOST_HEARD))
    if len(held.raised) > MOST_RAISED:
        found.append(Refusal("一次最多记{most}条，其余的走完再补", field="raised", most=MOST_RAISED))
    return [fault for fault in found if fault is not None]


def raised_fault(raised: Raised, *, post: bool, today: date) -> Refusal | None:
    """The first thing that is wrong with what was raised; post: whether the one who owes the answer is there."""
    if not 2 <= len(raised.title.strip()) <= 40:
        return Refusal("写一句大家看得到的话，2到40个字，不写名字和电话", field="title")
    if NUMBERS.search(raised.title) or NUMBERS.search(raised.answer):
        return Refusal("大家看得到的话里有一长串数字，像是电话或证件号，去掉它", field="title")
    if not 4 <= len(raised.text.strip()) <= 1000:
        return Refusal("写下原话，4到1000个字", field="text")
    if raised.way not in WAYS:
        return Refusal("选一种办法：当场答复、回去办、转成一件事，还是转成建议", field="way")
    if raised.way == "answered" and not 2 <= len(raised.answer.strip()) <= 1000:
        return Refusal("当场怎么答的，写下来，2到1000个字", field="answer")
    if raised.way != "owed":
        return None
    if not post:
        return Refusal("选谁来答复，没有主的事等于没有", field="post")
    if raised.due is not None and not today <= raised.due <= today + FURTHEST:
        return Refusal("答复的日子写今天以后、90天以内", field="due")
    return None


def answer_fault(answer: str) -> Refusal | None:
    """What is wrong with an answer that everybody reads."""
    if NUMBERS.search(answer):
        return Refusal("大家看得到的话里有一长串数字，像是电话或证件号，去掉它", field="answer")
    return _length(answer, 2, 1000, Refusal("写下办成什么样，2到1000个字", field="answer"))


def why_fault(why: str) -> Refusal | None:
    return _length(why, 2, 120, Refusal("写一句为什么，2到120个字，大家看得到", field="why"))


def moved_fault(starts: datetime, ends: datetime, at: datetime) -> Refusal | None:
    """Why a visit cannot be at that time."""
    if starts <= at:
        return Refusal("开始的时间已经过了，写以后的时间", field="starts")
    if not timedelta() < ends - starts <= LONGEST:
        return Refusal("结束要晚于开始，一次最多12小时", field="ends")
    return None


def share(reached: int, whole: int) -> float:
    """How much of an area was reached; nothing to reach counts as reached."""
    return reached / whole if whole else 1.0


def _length(text: str, least: int, most: int, fault: Refusal) -> Refusal | None:
    return None if least <= len(text.strip()) <= most else fault
