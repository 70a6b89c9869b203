"""Leave and swaps: what may be asked, who agrees, who rules. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Permit, Refusal
from siqian.kernel.said import said

RULING = ("secretary", "desk", "dispatcher", "leader")
RELIEF = Flow(
    Move("asked", "agree", "agreed", "whoever stands in"),
    Move("asked", "decline", "declined", "whoever stands in"),
    Move("asked", "refuse", "refused", "secretary, desk, dispatcher, leader"),
    Move("asked", "withdraw", "withdrawn", "whoever asked"),
    Move("agreed", "approve", "approved", "secretary, desk, dispatcher, leader"),
    Move("agreed", "refuse", "refused", "secretary, desk, dispatcher, leader"),
    Move("agreed", "withdraw", "withdrawn", "whoever asked"),
    Move("approved", "withdraw", "withdrawn", "whoever asked"),
)
PERMITS = (
    Permit("staff", "ask", "owner"),
    *(Permit(role, verb, "area") for role in RULING for verb in ("approve", "refuse", "see")),
    Permit("inspector", "see", "area"),
    # A whole week of an area from a file.
    *(Permit(role, "arrange", "area") for role in ("secretary", "desk", "dispatcher")),
)
KINDS = {"leave": said("请假"), "swap": said("换班")}
STATES = {
    "asked": said("等对方答应"),
    "agreed": said("等批"),
    "approved": said("批了"),
    "declined": said("对方不方便"),
    "refused": said("没批"),
    "withdrawn": said("撤回了"),
}
# What still holds somebody's hours.
STANDING = ("asked", "agreed", "approved")
FURTHEST, LONGEST, LONGEST_SWAP = timedelta(days=180), timedelta(days=60), timedelta(days=3)
TO_RULE, LEAST = timedelta(hours=24), timedelta(hours=1)

NO_SHEET = Refusal("没有这张表，可能已经导入了，或者不是您传的")
NO_AREA = Refusal("没有这个范围，写区划的编码", field="area")
NOT_SEEN = Refusal("这里的班表不归您看，看您自己社区的；街道和区的要一个社区一个社区看", field="area")
FAR = Refusal("日子写前后一年以内的", field="day")
NO_RELIEF = Refusal("没有这份请假或换班，或者不归您看")
SECOND_PERSON = Refusal("请假和替班的人自己不能批，换一位来批")
OVER = Refusal("这段时间已经过了，撤不回了")


@dataclass(frozen=True)
class Draft:
    """What somebody asks for. post: of theirs; stand_in: a person's code, empty when they know nobody.

    back: of a swap, the hours in which the asker stands in for the other.
    """

    kind: str
    post: str
    since: datetime
    until: datetime
    stand_in: str = ""
    back: tuple[datetime, datetime] | None = None
    why: str = ""


def draft_faults(draft: Draft, *, person: str, known: bool, others: Sequence[tuple[datetime, datetime]], at: datetime) -> list[Refusal]:
    """Everything that is wrong with it, each with its field.

    known: whether the stand-in is on the list; others: hours for which something stands already.
    """
    found = [
        None if draft.kind in KINDS else Refusal("选请假还是换班", field="kind"),
        _span_fault(draft.since, draft.until, "until", LONGEST_SWAP if draft.kind == "swap" else LONGEST),
        None if draft.until > at else Refusal("这段时间已经过了，写以后的", field="since"),
        None if draft.since < at + FURTHEST else Refusal("最多提前半年", field="since"),
        None if not draft.stand_in or known else Refusal("名单里没有这个人，从列表里选", field="stand_in"),
        None if draft.stand_in != person else Refusal("自己替不了自己，选别人", field="stand_in"),
        None if len(draft.why) <= 120 else Refusal("最多120个字", field="why"),
    ]
    if any(draft.since < until and since < draft.until for since, until in others):
        found.append(Refusal("这段时间里已经请过假或者换过班，先撤回那一份", field="since"))
    if draft.kind == "swap":
        found.append(_swap_fault(draft, at))
    return [fault for fault in found if fault is not None]


def ruling_fault(by: str, asker: str, stand_in: str) -> Refusal | None:
    """Why this person does not rule on it."""
    return SECOND_PERSON if by in (asker, stand_in) else None


def refusing_fault(word: str) -> Refusal | None:
    return None if 2 <= len(word.strip()) <= 120 else Refusal("写一句为什么不批，2到120个字", field="word")


def due(since: datetime, at: datetime) -> datetime:
    """By when it is ruled: within a day, before it begins, and never sooner than in an hour."""
    return max(at + LEAST, min(since, at + TO_RULE))


def _span_fault(since: datetime, until: datetime, field: str, longest: timedelta) -> Refusal | None:
    if until <= since:
        return Refusal("结束要晚于开始", field=field)
    if until - since > longest:
        return Refusal("一次最多{n}天，长的分几次", field=field, n=longest.days)
    return None


def _swap_fault(draft: Draft, at: datetime) -> Refusal | None:
    if not draft.stand_in:
        return Refusal("和谁换，从列表里选", field="stand_in")
    if draft.back is None:
        return Refusal("写上您还哪一班", field="back_since")
    if (fault := _span_fault(*draft.back, "back_until", LONGEST_SWAP)) is not None:
        return fault
    if draft.back[1] <= at:
        return Refusal("还的那一班已经过了，写以后的", field="back_since")
    if draft.back[0] < draft.until and draft.since < draft.back[1]:
        return Refusal("两班叠在一起，换不了", field="back_since")
    return None
