"""A matter's life: its states, its clocks, when two tellings are one matter. Pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from siqian.kernel.clock import local
from siqian.kernel.deadline import Term
from siqian.kernel.permits import Refusal, Thing
from siqian.spine.remit.rules import UNSURE, Item, Kind, Legal

from . import cases, course, joint, parts, petition, proxy, teaching
from .flow import ARCHIVABLE, BESIDE, ENDED, MATTER, OPEN, OWED, PERMITS, READERS, REQUEST, RUNNING

__all__ = [
    "ARCHIVABLE",
    "BESIDE",
    "ENDED",
    "MATTER",
    "OPEN",
    "OWED",
    "PERMITS",
    "READERS",
    "REQUEST",
    "RUNNING",
    "cases",
    "course",
    "joint",
    "parts",
    "petition",
    "proxy",
    "teaching",
]

NO_SUCH = Refusal("没有这件事，或者不归您看。核对一下编号")
OVER = Refusal("这件事已经办结了。没办好就点“没办好”，换个人重办")
UNSPOKEN = Refusal("还没有联系过说事的人。先打个电话或留句话，再办结")
ABOUT_THEM = Refusal("这件事说的就是这个人或这个单位，按回避规定交给别的岗位", field="post")
ABOUT_UNIT = Refusal("这件事说的就是这个单位，按回避规定判给别的单位", field="unit")
ARCHIVED = Refusal("这件事已经归档，只能看，不能再改。有新情况就另外说一件")
NOT_CLOSED = Refusal("这件事还没办结，或已经评过了，不用回访")
NOT_SUPERVISED = Refusal("这件事没有在等督办意见")
TELLER_HELD = Refusal("举报人是谁只有值班台能看。要问什么，在这里留言，TA看得到")
# Those above whoever handles a matter.
DESKS = ("desk", "dispatcher")
EMPTY = Refusal("还没写内容", field="text")
NO_HOLDER = Refusal("没写交给哪个岗位，补上")
NO_REASON = Refusal("写一句为什么转，接的人要看", field="why")
STILL_UNSURE = Refusal("先定是哪一类事，从两个猜测里选，或在清单里找", field="item")

ACCEPT = Term.minutes(15)
ASSIGN = Term.minutes(5)
RATE = timedelta(days=7)
# So many times not settled: a higher desk owes a decision.
SUPERVISED_FROM = 2
# How a person speaks to the teller; asking where it is once in so long is enough.
CONTACTS = ("phone", "visit", "message")
URGE_AGAIN = timedelta(minutes=10)
# Whose desk a late matter climbs to, level by level: 2 the community's, 1 the street's, 0 the district's area level.
CLIMBS_TO = {"check": (1, 0), "rule": (0,), "review": (0,), "supervise": (0,)}
# Who was called to a joint action answers to the street; a leader to nobody below, so the street hears of it, then the district.
CLIMBS_TO |= {"confirm": (1, 0), "arrive": (1, 0), "lead": (1, 0), "meet": (1, 0)}
CLIMBS_TO |= {"inform": (1, 0), "opinion": (1, 0), "reexamine": (0,), "recheck": (0,), "approve": (0,)}
UPWARDS = (2, 1, 0)
# So long after its last step, when nothing can be asked about it any more, a matter goes to the archive.
ARCHIVE_AFTER = timedelta(days=60)
# The same words by the same person within this time are one tap too many.
ONE_TAP = timedelta(seconds=10)
# Nothing waits in a telephone for longer than this; a clock that says so is wrong.
KEPT_BY_A_TELEPHONE = timedelta(days=31)
TWIN_WINDOW = timedelta(days=3)
# Same item in the same building for certain, and words that overlap this much: one matter. Less than that is asked.
SURE, LIKELY = 0.34, 0.12
NOISE = re.compile(r"[\s，。！？、,.!?:：；;“”\"'（）()的了呢吗啊吧我们你们]+")


class Row(Protocol):
    """The part of a matter that permits look at."""

    id: int
    path: str
    post: str
    unit: str
    against: list[str]
    joint: list[str]


def thing(row: Row) -> Thing:
    """What permits need to know of a matter."""
    return Thing(
        "matter",
        ref=f"matter:{row.id}",
        area=row.path,
        posts=frozenset({row.post}),
        unit=row.unit,
        against=frozenset(row.against),
        joint=frozenset(row.joint),
    )


# What comes by file was told some time ago: no emergency service is alarmed for it.
BYGONE = frozenset({"file"})

# Told in confidence: never offered to a neighbour as "is it this one?", never joined by another teller.
CONFIDING_WORDS = re.compile(r"举报|检举|揭发|告发|别说是我|保密")
CONFIDING_DUTIES = frozenset({"child-harm", "school-harm", "home-violence", "self-harm", "fraud", "assault"})


def discreet(text: str, kind: Kind, duties: Iterable[str], against: Collection[str] = ()) -> bool:
    """Whether neighbours must not learn that this was told at all."""
    confided = kind.confided or CONFIDING_WORDS.search(text) is not None
    return confided or bool(CONFIDING_DUTIES & set(duties)) or bool(against)


@dataclass(frozen=True)
class Candidate:
    """An open matter that a new telling may belong to."""

    id: int
    item: str
    building: str
    text: str
    received: datetime


@dataclass(frozen=True)
class Twins:
    """sure: joined at once (undoable); likely: offered to the teller, the nearest first."""

    sure: int | None = None
    likely: tuple[int, ...] = ()


def twins(text: str, item: str, building: str, at: datetime, candidates: Iterable[Candidate]) -> Twins:
    """Which open matters of the same grid this telling may be about."""
    scored = []
    for candidate in candidates:
        if candidate.item != item or at - candidate.received > TWIN_WINDOW:
            continue
        if building and candidate.building and building != candidate.building:
            continue
        likeness = alike(text, candidate.text)
        placed = bool(building) and building == candidate.building
        # What nobody could tell yet is no common ground: of two such only words that overlap can make one.
        if likeness >= LIKELY or (placed and item != UNSURE):
            scored.append((likeness, placed, candidate.id))
    scored.sort(reverse=True)
    if scored and scored[0][0] >= SURE and scored[0][1]:
        return Twins(sure=scored[0][2])
    return Twins(likely=tuple(id_ for _, _, id_ in scored[:3]))


def alike(one: str, other: str) -> float:
    """How much two texts share, 0 to 1: Jaccard over pairs of letters, noise removed. Equal texts are 1."""
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return float(one.strip() == other.strip())
    return len(first & second) / len(first | second)


def number(id_: int, received: datetime) -> str:
    """What people call a matter by: month, day and its running number, as in 0715-0382."""
    return f"{local(received):%m%d}-{id_:04d}"


def id_of(number: str) -> int | None:
    match = re.fullmatch(r"(\d{4})-(\d{4,12})", number.strip())
    return int(match[2]) if match else None


def sealed_under(receipt_mark: str) -> str:
    """Whose key seals a teller's name and telephone: one key a telling, destroyed when that person is to be forgotten."""
    return f"teller:{receipt_mark[:32]}"


def climbs_to(what: str, level: int) -> int:
    """The area level of the desk that a late clock climbs to."""
    return CLIMBS_TO.get(what, UPWARDS)[level - 1]


def settle_term(item: Item, kind: Kind) -> Term:
    """How long until a matter of this kind about this item is settled."""
    term = kind.settle(item)
    return Term.working_days(term.working_days) if term.working_days else Term.hours(term.hours)


def kept_until(archived: datetime, kind: Kind) -> int:
    """The year at whose end the archive need not keep it any longer."""
    return local(archived).year + kind.keeps


def legal_day(row: Legal, received: datetime) -> date:
    """The last day that the law gives; the day of receipt is not counted."""
    days, working = row.days or row.working_days, row.working_days > 0
    length = petition.Length(code=row.code, zh=row.zh, en=row.en, days=days, clause=row.clause, source=row.source, working=working)
    return petition.last_day(petition.ends(received, length))


def respond_term(kind: Kind) -> Term:
    """How long until a person has spoken with the teller, round the clock."""
    return Term.minutes(kind.respond)


def closable(text: str, photos: Sequence[str]) -> Refusal | None:
    """A closure says what was done, so that the teller can see whether it is true."""
    if len(text.strip()) < 4:
        return Refusal("写一句做了什么，至少4个字，说事的人要看", field="text")
    return None


def contact_fault(how: str, text: str, promised: datetime | None, at: datetime) -> Refusal | None:
    """A contact says how, what was said, and promises nothing that lies behind."""
    if how not in CONTACTS:
        return Refusal("联系方式选电话、上门或留言", field="how")
    if len(text.strip()) < 2:
        return Refusal("写一句说了什么，说事的人要看", field="text")
    if promised is not None and promised <= at:
        return Refusal("答应的时间要在现在之后，改晚一些", field="promised")
    return None


def withdrawable(kind: Kind, tellings: int) -> Refusal | None:
    """A report of wrongdoing is never withdrawn, nor what neighbours still wait for."""
    if not kind.withdrawn:
        return Refusal("举报的事不能撤，查清为止。您可以补充，或不再关注")
    if tellings > 1:
        return Refusal("还有{n}位邻居在等这件事，要继续办。您不用再管它了", n=tellings - 1)
    return None


def phone_fault(phone: str) -> Refusal | None:
    digits = re.sub(r"[\s-]", "", phone)
    if not digits:
        return None
    if not digits.isdigit():
        return Refusal("手机号只能是数字，去掉其他字符", field="phone")
    if digits.startswith("0") and 10 <= len(digits) <= 12:
        return None
    if len(digits) < 11:
        return Refusal("少了{n}位。手机号是11位数字", field="phone", n=11 - len(digits))
    if len(digits) > 11 or not digits.startswith("1"):
        return Refusal("手机号是1开头的11位数字，请再看一遍", field="phone")
    return None


def text_fault(text: str) -> Refusal | None:
    """What is told has two characters at least; a whole page at most."""
    if len(NOISE.sub("", text)) < 2:
        return Refusal("还没写是什么事。一句话就行，比如“3栋楼梯灯不亮”", field="text")
    if len(text) > 5000:
        return Refusal("写了{n}字，最多5000字。把要紧的先写上，其余办的时候再补", field="text", n=len(text))
    return None


def _pairs(text: str) -> set[str]:
    clean = NOISE.sub("", text)
    return {clean[at : at + 2] for at in range(len(clean) - 1)}
