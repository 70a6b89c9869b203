"""What must be true of every matter, however it came to be. Pure: its rows as values in, what is wrong out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from siqian.kernel.deadline import Term, due
from siqian.kernel.permits import Refusal
from siqian.spine.remit.rules import UNSURE

from . import ACCEPT, ASSIGN, CONTACTS, MATTER, RATE, RESPOND

# Which clocks may run in a state, the one that must run first.
RUNNING = {
    "received": ("settle", "assign", "respond"),
    "assigned": ("settle", "accept", "respond"),
    "accepted": ("settle", "respond"),
    "in_hand": ("settle",),
    "closed": ("rate",),
    "settled": (),
    "withdrawn": (),
}
FIXED = {"assign": ASSIGN, "accept": ACCEPT, "respond": RESPOND, "rate": Term(RATE)}


@dataclass(frozen=True, slots=True)
class Ran:
    """A clock that ran or runs."""

    what: str
    started: datetime
    due: datetime
    stopped: datetime | None


@dataclass(frozen=True, slots=True)
class Pace:
    """A step, in the order in which it was written."""

    kind: str
    at: datetime
    item: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """A matter with all that belongs to it. counted: its own count of tellings; firsts: how many of the rows are the first."""

    number: str
    state: str
    post: str
    items: frozenset[str]
    counted: int
    tellings: int
    firsts: int
    clocks: tuple[Ran, ...]
    steps: tuple[Pace, ...]


def faults(whole: Whole, known_post: bool, settle: Callable[[str], Term | None]) -> Iterator[Refusal]:
    """Everything that is wrong with one matter; settle: an item's term."""
    number = whole.number
    if whole.state not in MATTER.states:
        yield Refusal("{number}：没有“{state}”这个状态，查它的流水", number=number, state=whole.state)
        return
    if not known_post:
        yield Refusal("{number}：责任岗位“{post}”不在名单上，转交给一个岗位", number=number, post=whole.post)
    if whole.counted != whole.tellings or whole.firsts != 1:
        yield Refusal(
            "{number}：记着{counted}次诉说，实有{there}次，查分开和并入", number=number, counted=whole.counted, there=whole.tellings
        )
    yield from _clock_faults(whole, settle)
    yield from _step_faults(whole)


def _clock_faults(whole: Whole, settle: Callable[[str], Term | None]) -> Iterator[Refusal]:
    running, lawful = [clock.what for clock in whole.clocks if clock.stopped is None], RUNNING[whole.state]
    wrong = [what for what in running if what not in lawful]
    if wrong or (lawful and lawful[0] not in running) or len(set(running)) < len(running):
        shown = "、".join(running) or "—"
        yield Refusal("{number}：{state}的事正在走的时限是{running}，不对", number=whole.number, state=whole.state, running=shown)
    for clock in whole.clocks:
        if clock.stopped is not None and clock.stopped < clock.started:
            yield Refusal("{number}：{what}时限停得比开始还早", number=whole.number, what=clock.what)
        if not _is_due(clock, whole.items, settle):
            yield Refusal("{number}：{what}时限的到期时间和规则算出来的不同", number=whole.number, what=clock.what)


def _is_due(clock: Ran, items: frozenset[str], settle: Callable[[str], Term | None]) -> bool:
    """A settling clock keeps the term of the item under which it was started, so any item the matter ever had will do."""
    terms = {settle(item) for item in (*items, UNSURE)} - {None} if clock.what == "settle" else {FIXED.get(clock.what)}
    return any(term is not None and due(clock.started, term) == clock.due for term in terms)


def _step_faults(whole: Whole) -> Iterator[Refusal]:
    # Lateness is noted at the time at which it was due, which lies behind when it is noted.
    steps = [step for step in whole.steps if step.kind != "climbed"]
    if not steps or steps[0].kind != "told":
        yield Refusal("{number}：经过不是从诉说开始的", number=whole.number)
    if any(later.at < earlier.at for earlier, later in pairwise(steps)):
        yield Refusal("{number}：经过的先后是乱的", number=whole.number)
    kinds = {step.kind for step in steps}
    if whole.state in ("in_hand", "closed", "settled") and not kinds & set(CONTACTS):
        yield Refusal("{number}：没有人联系过说事的人，却已经往下走了", number=whole.number)


def orphans(what: str, ids: Sequence[str]) -> Iterator[Refusal]:
    """Rows that belong to no matter."""
    for id_ in ids:
        yield Refusal("{what}{id}找不到它的事", what=what, id=id_)
