"""A petition (信访) as a procedure beside its matter's life: its stages, its terms, who may take which step. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypedDict

import msgspec

from siqian.kernel.clock import TOWN, local
from siqian.kernel.deadline import Calendar, town_calendar
from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Actor, Permit, Refusal
from siqian.spine.remit.rules import Kind

PETITION = Flow(
    Move("registered",   "take_up",        "taken_up",     "desk dispatcher"),
    # Settled at once, before anything was told: the answer tells it.
    Move("registered",   "answer",         "opinion",      "desk dispatcher"),
    # 不予受理: the gate's own way, asked by one and ruled by another; an appeal may overturn it.
    Move("registered",   "turn_away",      "not_taken_up", "desk dispatcher"),
    Move("taken_up",     "turn_away",      "not_taken_up", "desk dispatcher"),
    Move("not_taken_up", "overturn",       "taken_up",     "dispatcher"),
    Move("taken_up",     "prolong",        "taken_up",     "desk dispatcher"),
    Move("taken_up",     "opine",          "opinion",      "desk dispatcher"),
    Move("opinion",      "ask_review",     "in_review",    "teller"),
    Move("in_review",    "answer_review",  "reviewed",     "desk dispatcher"),
    Move("reviewed",     "ask_recheck",    "in_recheck",   "teller"),
    Move("in_recheck",   "answer_recheck", "final",        "desk dispatcher"),
    # Nobody asked in time.
    Move("opinion",      "lapse",          "final",        "clock"),
    Move("reviewed",     "lapse",          "final",        "clock"),
    # Withdrawn, or found to be no petition after all.
    Move("registered",   "drop",           "dropped",      "teller desk dispatcher"),
    Move("taken_up",     "drop",           "dropped",      "teller desk dispatcher"),
    Move("dropped",      "register",       "registered",   "desk dispatcher"),
)  # fmt: skip
# Which term runs in a stage. Those of the office are clocks; the others end by themselves.
TERM = {
    "registered": "inform",
    "taken_up": "opinion",
    "opinion": "ask_review",
    "in_review": "reexamine",
    "reviewed": "ask_recheck",
    "in_recheck": "recheck",
}
OWED = {"registered": "inform", "taken_up": "opinion", "in_review": "reexamine", "in_recheck": "recheck"}
ASKING = ("opinion", "reviewed")
RUNNING = tuple(TERM)
OVER = ("final", "not_taken_up", "dropped")
# Whose desk owes a clock: an area level below the matter's place.
DESK = {"inform": 2, "opinion": 2, "reexamine": 1, "recheck": 0}

# By these the petitioner was answered; each may be asked about one level up.
ANSWERS = ("answer", "opine", "answer_review")

LEADS = ("desk", "dispatcher")
PERMITS = (
    *(Permit(role, "petition", "area") for role in LEADS),
    Permit("office", "petition", "area"),
    Permit("teller", "petition up", "own"),
)

NO_PETITION = Refusal("这件事不是信访件，没有信访程序")
NOT_NOW = Refusal("信访程序已经走到别的一步了，刷新看看现在该做什么")
FINAL = Refusal("这件信访已经终结，同样的事实和理由不再受理。有新的事实就另外说一件")
UNSPOKEN = Refusal("先联系信访人听他说，再出具处理意见")
# When each step is open, for whoever comes too early or too late.
WHEN = {
    "take_up": Refusal("登记了、还没告知的才告知受理"),
    "opine": Refusal("告知受理以后、还没答复的才出处理意见"),
    "prolong": Refusal("受理了、还没答复的才能延期"),
    "ask_review": Refusal("出了处理意见、还没申请过的才能申请复查"),
    "answer_review": Refusal("信访人申请了复查才答复，一次"),
    "ask_recheck": Refusal("出了复查意见、还没申请过的才能申请复核"),
    "answer_recheck": Refusal("信访人申请了复核才答复，一次"),
}
TOO_SHORT = Refusal("写清楚，至少4个字，信访人要看", field="text")
OWN_PROLONGING = Refusal("自己提的延期要由别人来批")
PROLONGED_BY_LAW = Refusal("信访件的延期在信访程序里申请，一共最多30天")
NOT_ASKED = Refusal("没有在等批准的延期")
ASKED_BEFORE = Refusal("已有一个延期在等批准，批完再提")
TOO_LATE = Refusal("期限已过，不能再延。请尽快出具处理意见，并向信访人说明")
HAD_A_PART = Refusal("这件信访您经手过，要由没有经手的人来答复")
NOT_HIGHER = Refusal("要由比原答复高一级的来答复，请交给上一级值班台或调度员")
ASK_OVER = Refusal("过了{day}当天24时，不能再申请。有新的事实就另外说一件")
OBJECT_OVER = Refusal("收到已超过5个工作日，不能再提异议交回。有困难请街道协调")
UNTOLD = Refusal("选不予受理的是哪一条，信访人要知道该去哪里", field="clause")


class Length(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A term as the law gives it: the fields are told in petition.yaml."""

    code: str
    zh: str
    en: str
    days: int
    clause: str
    source: str
    working: bool = False
    moved: bool = False


class Decision(TypedDict):
    """One step of the procedure: what, by whom, when, in which words; level: of whoever decided, the district is 0."""

    what: str
    by: str
    name: str
    person: str
    level: int
    at: str
    text: str


@dataclass(frozen=True)
class Standing:
    """Where a petition stands. due: the end of the running term; prolonged: days that were granted."""

    stage: str
    since: datetime
    due: datetime | None
    prolonged: int = 0
    asked_by: str = ""


def led_by_law(kind: Kind) -> bool:
    """Whether matters of this kind go through the procedure: the kind names its own law."""
    return bool(kind.basis)


def ends(start: datetime, length: Length, more: int = 0, calendar: Calendar | None = None) -> datetime:
    """The midnight at which a term ends that began at `start`; its first day is not counted."""
    calendar = calendar or town_calendar()
    day, left = local(start).date(), length.days + more
    if length.working:
        while left:
            day += timedelta(days=1)
            left -= calendar.works(day)
    else:
        day += timedelta(days=left)
    while length.moved and not calendar.works(day):
        day += timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(0), TOWN)


def last_day(due: datetime) -> date:
    """The last day of a term that ends at this midnight."""
    return (local(due) - timedelta(minutes=1)).date()


def days_left(due: datetime, at: datetime) -> int:
    """Whole days left, the last one counted as 0; below 0: so many days late."""
    return (last_day(due) - local(at).date()).days


def step_fault(stage: str, verb: str) -> Refusal | None:
    """Why a step does not fit the stage."""
    if stage == "final":
        return FINAL
    return None if verb in PETITION.verbs(stage) else WHEN.get(verb, NOT_NOW)


def text_fault(text: str) -> Refusal | None:
    return TOO_SHORT if len(text.strip()) < 4 else None


def prolong_fault(standing: Standing, days: int, why: str, most: int, at: datetime) -> Refusal | None:
    """A longer term is asked for before the end of the one that runs, within the law's bound, with its reason."""
    if (fault := step_fault(standing.stage, "prolong")) is not None:
        return fault
    if standing.asked_by:
        return ASKED_BEFORE
    if standing.due is None or at >= standing.due:
        return TOO_LATE
    left = most - standing.prolonged
    if not 0 < days <= left:
        return Refusal("最多还能延{left}天，改小一些", field="days", left=left) if left else Refusal("延期的30天已经用完了")
    return text_fault(why)


def approve_fault(standing: Standing, by: Actor, why: str, at: datetime) -> Refusal | None:
    """Another person approves, before the end of the term that runs."""
    if not standing.asked_by:
        return NOT_ASKED
    if by.ref == standing.asked_by:
        return OWN_PROLONGING
    if standing.due is None or at >= standing.due:
        return TOO_LATE
    return text_fault(why)


def spoken_fault(state: str) -> Refusal | None:
    """An opinion settles the matter, which nobody settles who has not spoken with the petitioner."""
    return UNSPOKEN if state in ("received", "assigned", "accepted", "returned") else None


def ask_fault(standing: Standing, verb: str, text: str, at: datetime) -> Refusal | None:
    """The petitioner asks the next one up, in the stage for it and while its term runs."""
    if (fault := step_fault(standing.stage, verb)) is not None:
        return fault
    if standing.due is None or at >= standing.due:
        day = last_day(standing.due or at)
        return Refusal(ASK_OVER.template, day=f"{day:%Y-%m-%d}")
    return text_fault(text)


def answer_fault(decisions: Sequence[Decision], handler: str, by: Actor, path: str) -> Refusal | None:
    """One level up answers; in the district, where nobody is higher here, somebody else. Never whoever had a part."""
    if by.ref in {step["by"] for step in decisions} or (handler and by.person == handler):
        return HAD_A_PART
    before = [step["level"] for step in decisions if step["what"] in ANSWERS]
    own = level(by, path)
    return None if not before or own < before[-1] or own == before[-1] == 0 else NOT_HIGHER


def asked_of(decisions: Sequence[Decision]) -> int:
    """The area level whose desk answers: one above whoever answered last."""
    before = [step["level"] for step in decisions if step["what"] in ANSWERS]
    return max(0, (before[-1] if before else 2) - 1)


def level(by: Actor, path: str) -> int:
    """The area level from which somebody leads a place: 0 the district, 1 a street, 2 a community and below."""
    deep = [
        len([code for code in grant.area.split("/") if code]) - 1
        for grant in by.grants
        if grant.role in LEADS and grant.area and path.startswith(grant.area)
    ]
    return max(0, min([*deep, 2]))
