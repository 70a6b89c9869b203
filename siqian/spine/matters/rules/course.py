"""Whether a step off the straight way is lawful: return, hold, extension, stage answer, long ledger, check, call-back. Pure."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from siqian.kernel.deadline import WORKING_DAY, Term
from siqian.kernel.permits import Actor, Refusal

from .petition import OBJECT_OVER

# A return is asked soon after the work was given, once.
RETURN_WINDOW = timedelta(hours=4)
RULE = timedelta(hours=4)
# For how long one may wait, by what is waited for. Three times in all: after that a stage answer or the ledger is due.
HOLDS = {"resident": timedelta(days=3), "third": timedelta(days=10), "works": timedelta(days=15)}
# A matter that was divided may also wait for its parts, while there are any.
HOLDS_OF_WHOLE = HOLDS | {"parts": timedelta(days=15)}
MOST_HOLDS = 3
# A stage answer names a day within this time, the long ledger one within a month, which is looked at again then.
STAGE_WITHIN = timedelta(days=30)
REVIEW_WITHIN = timedelta(days=31)
# Against a refusal one appeals within this time, once.
APPEAL_WITHIN = timedelta(days=15)
REFUSABLE = ("received", "assigned", "accepted", "in_hand", "on_hold")
CHECK, CHECK_LIMIT = timedelta(hours=24), timedelta(days=3)
SUPERVISE = timedelta(hours=24)
# A closed matter is called about from the second day on; a checked one at once. Three days without an answer are enough.
CALL_AFTER = timedelta(days=1)
CALLS = 3
CALL_AGAIN = timedelta(hours=4)

# Whoever is asked why it takes so long answers within this time; once a day is enough.
EXPLAIN, WHY_AGAIN = timedelta(hours=4), timedelta(days=1)
# So long may a closing be taken back by whoever closed it.
TAKE_BACK = timedelta(minutes=10)

PRIVATE = re.compile(r"\d{7,}|\d{3,4}[室房号]")
SHELVABLE = ("in_hand", "on_hold", "staged")

UNSPOKEN = Refusal("先联系说事的人，再申请挂账")
NOT_ASKED = Refusal("这件事没有在等裁定的申请，可能别人已经裁了，刷新看看")
WAITING = Refusal("这件事已有一个申请在等裁定，裁完再提")
SECOND_PERSON = Refusal("自己提的申请要由别人来裁，请交给值班台或调度员")
TOO_LOW = Refusal("退单、挂账和不予受理要街道以上来裁，请交给街道值班台")
NO_REASON = Refusal("写清为什么，裁的人和以后查的人要看", field="reason")
NO_CLAUSE = Refusal("写明依据清单哪一条，比如“4.2.7 不归这里：物业维修基金由住建局审批”", field="clause")
NO_UNIT = Refusal("写明该归哪个单位，从清单里选", field="unit")
UNSAID = Refusal("写一句为什么、怎么办，至少4个字", field="text")
NO_RULING = Refusal("写一句裁定理由，以后遇到同样的事照这个判例", field="ruling")
RETURNED_BEFORE = Refusal("这件事已经裁过一次退单，不能再退。有困难请申请延期，或请街道协调")
OUT_OF_WINDOW = Refusal("交到手上超过4小时，不能再退。有困难请申请延期，或请街道协调")
LATE_ALREADY = Refusal("已经过了到期时间，不能再申请延期。先联系说事的人，再做阶段答复", field="amount")
NO_GATE = Refusal("选不予受理的是哪一条，说事的人要知道该去哪里", field="clause")
NOT_REFUSED = Refusal("没有受理、或刚受理在办的事才能申请不予受理")
APPEALED_BEFORE = Refusal("申诉已经裁定要办，不能再申请不予受理")
NOT_APPEALABLE = Refusal("这件事没有在等申诉，或已经申诉过了")
APPEAL_OVER = Refusal("过了15天，不能再申诉。有新情况就另外说一件")
TOO_LOW_FOR_APPEAL = Refusal("申诉要区里来裁，请交给调度员")
HAD_A_PART = Refusal("不予受理是您提的或裁的，申诉要由别人来裁")
WHY_ASKED = Refusal("一天问一次就够了，负责的人看到了，会在4小时内回您")
NOT_RETRACTED = Refusal("申诉是说事的人提的，等裁定")
NOT_ASKER = Refusal("申请是别人提的，由提的人撤回")
NOT_TAKEN_BACK = Refusal("只有刚刚办结、还没人评、没人回访的事，办结的人10分钟内可以撤销。要再办，请说事的人点“没办好”")
NO_PARTS_OPEN = Refusal("没有还在办的分办件，选在等说事的人、第三方，或施工", field="why")
NOT_CHECKER = Refusal("自己办的事要由别人到现场核查")
NOT_CALLER = Refusal("自己办的事要由别人回访")


@dataclass(frozen=True)
class Ask:
    """A request as it is asked. unit and clause: of a return; amount: of an extension, in the term's own unit; until: of the ledger."""

    kind: str
    reason: str
    unit: str = ""
    clause: str = ""
    amount: int = 0
    until: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """Where a matter stands when something is asked. given: when it came to its owner; returned: a return was ruled before.

    appealed: a refusal was appealed against before; due: of the settling clock while it runs; bound and extended: how much may be
    added to its term in all, and what was granted; back_until: until when it may be handed back, where a law of its own says so.
    """

    given: datetime
    waiting: bool
    returned: bool
    due: datetime | None
    bound: int
    extended: int
    state: str
    appealed: bool = False
    back_until: datetime | None = None


def ask_fault(ask: Ask, standing: Standing, units: Collection[str], at: datetime) -> Refusal | None:
    """Why this may not be asked now."""
    if standing.waiting:
        return WAITING
    if len(ask.reason.strip()) < 4:
        return NO_REASON
    faults = {"return": _return_fault, "extension": _extension_fault, "ledger": _ledger_fault, "refuse": _refusal_fault}
    return faults[ask.kind](ask, standing, units, at)


def ruling_fault(kind: str, asked_by: str, by: Actor, area: str, ruling: str) -> Refusal | None:
    """A second person rules; what changes who is responsible, or when at all, is ruled by a street or the district."""
    if by.ref == asked_by:
        return SECOND_PERSON
    if len(ruling.strip()) < 4:
        return NO_RULING
    if kind != "extension" and not any(grant.area and area.startswith(grant.area) and _is_high(grant.area) for grant in by.grants):
        return TOO_LOW
    return None


def take_back_fault(state: str, closed: datetime | None, last: str, last_by: str, by: Actor, at: datetime) -> Refusal | None:
    """Why a closing is not undone. last, last_by: the newest step and who took it: anything after the closing speaks against it."""
    fresh = closed is not None and timedelta(0) <= at - closed <= TAKE_BACK
    return None if state == "closed" and fresh and last == "closed" and last_by == by.ref else NOT_TAKEN_BACK


def appeal_fault(words: str, refused: datetime, at: datetime) -> Refusal | None:
    """An appeal says what is wrong with the refusal, within its time."""
    if at - refused > APPEAL_WITHIN:
        return APPEAL_OVER
    if len(words.strip()) < 4:
        return Refusal("写一句为什么不服，至少4个字，裁的人要看", field="text")
    return None


def appeal_ruling_fault(had_a_part: Collection[str], by: Actor) -> Refusal | None:
    """The district rules on an appeal, by somebody who neither asked for the refusal nor ruled it."""
    if by.ref in had_a_part:
        return HAD_A_PART
    highest = min((len([code for code in grant.area.split("/") if code]) for grant in by.grants if grant.area), default=9)
    return None if highest <= 1 else TOO_LOW_FOR_APPEAL


def hold_fault(why: str, text: str, held_before: int, parts: int = 0) -> Refusal | None:
    """Why nobody is waited for like this. parts: how many are still worked on."""
    if why == "parts" and not parts:
        return NO_PARTS_OPEN
    if why not in HOLDS_OF_WHOLE:
        return Refusal("选在等谁：等说事的人、等第三方，或等施工", field="why")
    if len(text.strip()) < 4:
        return Refusal("写清在等什么，说事的人要看", field="text")
    if held_before >= MOST_HOLDS:
        return Refusal("已经挂起过{n}次，不能再挂起。请做阶段答复，或申请挂账", n=held_before)
    return None


def stage_fault(plan: str, until: datetime | None, at: datetime) -> Refusal | None:
    """A stage answer says what will be done and by which day."""
    if len(plan.strip()) < 8:
        return Refusal("写清接下来怎么办、谁来办，至少8个字，说事的人要看", field="text")
    return _day_fault(until, at, STAGE_WITHIN)


def review_fault(text: str, until: datetime | None, at: datetime) -> Refusal | None:
    if len(text.strip()) < 4:
        return Refusal("写一句这个月有什么进展，会公开", field="text")
    return public_fault(text, "text") or until_fault(until, at)


def until_fault(until: datetime | None, at: datetime) -> Refusal | None:
    """The day on which an entry of the ledger is looked at again lies ahead, within a month."""
    return _day_fault(until, at, REVIEW_WITHIN)


def checker_fault(handler: str, post: str, by: Actor) -> Refusal | None:
    """Whoever handled it, or sits on the post that did, does not check it."""
    return NOT_CHECKER if _handled(handler, post, by) else None


def caller_fault(handler: str, post: str, by: Actor) -> Refusal | None:
    """A third person calls: nobody asks whether his own work was good."""
    return NOT_CALLER if _handled(handler, post, by) else None


def calls_fault(calls: int, last: datetime | None, at: datetime) -> Refusal | None:
    """Not too often, and not twice in one afternoon. calls: those that reached nobody."""
    if calls >= CALLS:
        return Refusal("已经打过{n}次没打通，不再打扰。按没有评价算，不算满意", n=calls)
    if last is not None and at - last < CALL_AGAIN:
        return Refusal("刚打过没打通，过4小时再打")
    return None


def public_fault(text: str, field: str) -> Refusal | None:
    """What everybody may read names no telephone and no door."""
    if PRIVATE.search(text):
        return Refusal("这段话会公开，不要写电话和门牌号", field=field)
    return None


def bound(term: Term, extended: int = 0) -> int:
    """How much extensions may add in all, in the term's own unit: the term once more, ten working days or 72 hours at the most.

    extended: how much of the term was added already.
    """
    if term.working:
        return min(round(term.length / WORKING_DAY) - extended, 10)
    return min(round(term.length / timedelta(hours=1)) - extended, 72)


def extended(requests: Iterable[tuple[str, str, int]]) -> int:
    """How much was added to a term: of (kind, state, amount) of every request, what was granted as an extension."""
    return sum(amount for kind, state, amount in requests if (kind, state) == ("extension", "granted"))


def may_be_extended(requests: Iterable[tuple[str, str, int]]) -> set[int]:
    """By how much one clock of a matter may have been extended: what was granted in a row, for each clock began after a reopening."""
    granted = [amount for kind, state, amount in requests if (kind, state) == ("extension", "granted")]
    return {sum(granted[first:last]) for first in range(len(granted)) for last in range(first + 1, len(granted) + 1)}


def stamp(at: datetime) -> str:
    """An instant as a step's values keep it."""
    return at.astimezone(UTC).isoformat()


def _handled(handler: str, post: str, by: Actor) -> bool:
    return (bool(handler) and by.person == handler) or post in by.posts


def _is_high(area: str) -> bool:
    return len([code for code in area.split("/") if code]) <= 2


def _return_fault(ask: Ask, standing: Standing, units: Collection[str], at: datetime) -> Refusal | None:
    if standing.returned:
        return RETURNED_BEFORE
    if standing.back_until is not None and at >= standing.back_until:
        return OBJECT_OVER
    if standing.back_until is None and at - standing.given > RETURN_WINDOW:
        return OUT_OF_WINDOW
    if ask.unit not in units:
        return NO_UNIT
    return NO_CLAUSE if len(ask.clause.strip()) < 2 else None


def _extension_fault(ask: Ask, standing: Standing, units: Collection[str], at: datetime) -> Refusal | None:
    if standing.due is None or at > standing.due:
        return LATE_ALREADY
    left = standing.bound - standing.extended
    if not 0 < ask.amount <= left:
        return (
            Refusal("最多还能延{left}，改小一些", field="amount", left=left)
            if left > 0
            else Refusal("延期已经用完了，请做阶段答复，或申请挂账")
        )
    return None


def _ledger_fault(ask: Ask, standing: Standing, units: Collection[str], at: datetime) -> Refusal | None:
    if standing.state not in SHELVABLE:
        return UNSPOKEN
    return public_fault(ask.reason, "reason") or until_fault(ask.until, at)


def _refusal_fault(ask: Ask, standing: Standing, units: Collection[str], at: datetime) -> Refusal | None:
    if standing.state not in REFUSABLE:
        return NOT_REFUSED
    if standing.appealed:
        return APPEALED_BEFORE
    return None if ask.clause else NO_GATE


def _day_fault(until: datetime | None, at: datetime, within: timedelta) -> Refusal | None:
    if until is None:
        return Refusal("选一个日期", field="until")
    if not at < until <= at + within:
        return Refusal("日期要在现在之后、{days}天以内", field="until", days=within.days)
    return None
