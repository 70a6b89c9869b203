"""A matter in parts with one lead: what may be divided, how a part's receipt is kept, when the whole may close. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from siqian.kernel.permits import Refusal
from siqian.spine.remit.rules import Kind

from .flow import OWED
from .petition import led_by_law

MOST = 6  # parts made at once
LONGEST = 500
GATHERED_WITHIN = timedelta(hours=1)
PART_OF_A_PART = Refusal("这是分办的一件，不能再分。到总件上去分")
BY_ITS_OWN_LAW = Refusal("信访按自己的程序办，不能分办")
NO_PLACE = Refusal("先定在哪里，再分办")
NO_PARTS = Refusal("写出要分出去的事，一行一件", field="text")
TOO_MANY = Refusal("一次最多分出{n}件", field="text", n=MOST)
TOO_SHORT = Refusal("每件写一句是什么事，至少4个字，最多500字", field="text")
UNSORTED = Refusal("“{text}”是哪一类事？从清单里选一个，或写清楚一点", field="item")
NOT_GATHERED = Refusal("只有总件还在办的分办件才能收回")
TAKEN_UP = Refusal("已经有人签收或联系过说事的人，不能收回。不用办了请总件的人和TA商量")
TOO_LATE = Refusal("分出去超过1小时，不能收回")
NEIGHBOURS_WAIT = Refusal("有邻居单独在等这一件，不能收回")
NO_ITEM = Refusal("责任清单里没有{item}，从列表里选", field="item")


@dataclass(frozen=True)
class Wanted:
    """A part as it is asked for. item: of the list; empty where the words say it."""

    text: str
    item: str = ""


@dataclass(frozen=True)
class Open:
    """A part that is not over yet, and who has it."""

    number: str
    keeper: str


def divide_fault(kind: Kind, *, is_part: bool, unplaced: str, wanted: Sequence[Wanted] | None = None) -> Refusal | None:
    """Why a matter cannot be divided like this, or, before anybody has said into what, at all."""
    if is_part:
        return PART_OF_A_PART
    if led_by_law(kind):
        return BY_ITS_OWN_LAW
    if unplaced:
        return NO_PLACE
    if wanted is None:
        return None
    if not wanted:
        return NO_PARTS
    if len(wanted) > MOST:
        return TOO_MANY
    return TOO_SHORT if any(not 4 <= len(one.text.strip()) <= LONGEST for one in wanted) else None


def gather_fault(state: str, received: datetime, at: datetime, *, is_part: bool, whole_open: bool, alone: bool) -> Refusal | None:
    """Why a part cannot go back into the whole. alone: somebody waits for it who did not tell the whole."""
    if not is_part or not whole_open:
        return NOT_GATHERED
    if state not in ("received", "assigned"):
        return TAKEN_UP
    if at - received > GATHERED_WITHIN:
        return TOO_LATE
    return NEIGHBOURS_WAIT if alone else None


def kind_of(whole: Kind, own: Kind) -> str:
    """What kind a part is: what was told in confidence stays that; no words make a part a petition, which has a procedure of its own."""
    return whole.code if _kept_close(whole) or led_by_law(own) else own.code


def receipt_of(mark: str, telling: int) -> str:
    """What is kept as a part's receipt: the first half is its first telling's, under which name and telephone are sealed; no
    code leads to it, so that a part is opened by the one receipt of all."""
    return mark[:32] + hashlib.sha256(f"part:{mark}:{telling}".encode()).hexdigest()[:32]


def is_over(state: str) -> bool:
    """Whether nobody works on a part any more."""
    return state not in OWED


def open_fault(parts: Sequence[Open]) -> Refusal | None:
    """Why the whole cannot be closed: who has still to finish what."""
    if not parts:
        return None
    which = "、".join(f"{part.number} {part.keeper}".strip() for part in parts[:6])
    return Refusal("分出去的还有{n}件没办完：{which}。办完了再办结，或先挂起等它们", n=len(parts), which=which)


def rated_alone(own: Iterable[int], whole: Iterable[int]) -> bool:
    """Whether a part is rated by itself: only if somebody waits for it who did not tell the whole. Both: first tellings."""
    return not set(own) <= set(whole)


def told_apart(kinds: Collection[Kind], *, discreet: bool, danger: bool) -> bool:
    """Whether asks that came in one message go separate ways. What is told in confidence, what is a petition and what cannot wait
    stay together with all their words; a person may divide them."""
    return not discreet and not danger and not any(_kept_close(kind) or led_by_law(kind) for kind in kinds)


def _kept_close(kind: Kind) -> bool:
    """Whether neighbours, or whoever handles it, must not learn who told it."""
    return kind.confided or kind.teller == "desk"
