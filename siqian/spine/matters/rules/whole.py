"""What must be true of every matter, however it came to be. Pure: its rows as values in, what is wrong out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from siqian.kernel.deadline import Term, due
from siqian.kernel.permits import Refusal
from siqian.spine.remit.rules import UNSURE, Item, Kind
from siqian.trades.tasks import rules as tasks
from siqian.trades.tasks.rules import Stop

from . import ACCEPT, ASSIGN, CONTACTS, MATTER, OPEN, RATE, REQUEST, RUNNING, course, respond_term, settle_term

FIXED = {
    "assign": ASSIGN,
    "accept": ACCEPT,
    "rate": Term(RATE),
    "rule": Term(course.RULE),
    "check": Term(course.CHECK),
    "supervise": Term(course.SUPERVISE),
    "explain": Term(course.EXPLAIN),
}
# States that nobody reaches without having spoken with the teller.
SPOKEN = frozenset({"in_hand", "on_hold", "staged", "shelved", "to_check", "closed", "settled"})
# Two people wait for each other, or a machine's clock is set back a little: so much disorder is none.
AT_ONCE = timedelta(minutes=5)
# Days that somebody named: nothing reckons them.
APPOINTED = frozenset({"stage", "review"})


@dataclass(frozen=True, slots=True)
class Ran:
    """A clock that ran or runs."""

    what: str
    started: datetime
    due: datetime
    stopped: datetime | None
    term: Term | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """A step, in the order in which it was written; item and called: what the matter was said to be about, and which kind of matter."""

    kind: str
    at: datetime
    item: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """A matter with all that belongs to it. counted: its own count of tellings; firsts: how many of the rows are the first.

    stops: (clock, pause) of its pauses; requests: (kind, state, amount) of what was asked, the oldest first;
    petition: whether it has the procedure of one; parts: states of its parts, but for those that came back by an appeal;
    deep: whether it is a part and has parts.
    """

    number: str
    state: str
    post: str
    items: frozenset[str]
    kinds: frozenset[Kind]
    counted: int
    tellings: int
    firsts: int
    clocks: tuple[Ran, ...]
    steps: tuple[Pace, ...]
    stops: tuple[tuple[str, Stop], ...] = ()
    requests: tuple[tuple[str, str, int], ...] = ()
    petition: bool = False
    parts: tuple[str, ...] = ()
    deep: bool = False


def faults(whole: Whole, known_post: bool, item: Callable[[str], Item | None]) -> Iterator[Refusal]:
    """Everything that is wrong with one matter; item: an item's row."""
    number = whole.number
    if whole.state not in MATTER.states:
        yield Refusal("{number}：没有“{state}”这个状态，查它的流水", number=number, state=whole.state)
        return
    if not whole.kinds:
        yield Refusal("{number}：是哪一种话，目录里没有，改成其中一种", number=number)
    if not known_post:
        yield Refusal("{number}：责任岗位“{post}”不在名单上，转交给一个岗位", number=number, post=whole.post)
    if whole.counted != whole.tellings or whole.firsts != 1:
        yield Refusal(
            "{number}：记着{counted}次诉说，实有{there}次，查分开和并入", number=number, counted=whole.counted, there=whole.tellings
        )
    yield from _clock_faults(whole, item)
    yield from _step_faults(whole)
    yield from _request_faults(whole)
    yield from _part_faults(whole)


def _part_faults(whole: Whole) -> Iterator[Refusal]:
    if whole.deep:
        yield Refusal("{number}：分办的一件又分了办，把它的分办件并到总件下", number=whole.number)
    if whole.state in ("to_check", "closed", "settled") and (n := sum(state in OPEN for state in whole.parts)):
        yield Refusal("{number}：办结了，分出去的还有{n}件没办完，查它的流水", number=whole.number, n=n)


def _clock_faults(whole: Whole, item: Callable[[str], Item | None]) -> Iterator[Refusal]:
    running, lawful = [clock.what for clock in whole.clocks if clock.stopped is None], RUNNING[whole.state]
    wrong = [what for what in running if what not in lawful]
    if wrong or (lawful and lawful[0] not in running) or len(set(running)) < len(running):
        shown = "、".join(running) or "—"
        yield Refusal("{number}：{state}的事正在走的时限是{running}，不对", number=whole.number, state=whole.state, running=shown)
    for clock in whole.clocks:
        if clock.stopped is not None and clock.stopped < clock.started:
            yield Refusal("{number}：{what}时限停得比开始还早", number=whole.number, what=clock.what)
        if not _is_due(clock, whole, item):
            yield Refusal("{number}：{what}时限的到期时间和规则算出来的不同", number=whole.number, what=clock.what)


def _is_due(clock: Ran, whole: Whole, item: Callable[[str], Item | None]) -> bool:
    """Start plus term less pauses. A settling clock has the term of some item that the matter had, plus what was granted."""
    if clock.what in APPOINTED:
        return clock.term is None
    if clock.what == "respond":
        return not whole.kinds or any(due(clock.started, respond_term(kind)) == clock.due for kind in whole.kinds)
    if clock.what != "settle":
        term = FIXED.get(clock.what)
        return term is not None and due(clock.started, term) == clock.due
    if whole.petition and clock.term is None:
        # It ends when the procedure's term does.
        return True
    had = [row for code in (*whole.items, UNSURE) if (row := item(code)) is not None]
    lawful = {settle_term(row, kind) for row in had for kind in whole.kinds}
    lawful |= {tasks.longer(term, granted) for term in lawful for granted in course.may_be_extended(whole.requests)}
    # A pause of the clock that was started after a reopening is none of the first one's.
    stops = [stop for what, stop in whole.stops if what == "settle" and (clock.stopped is None or stop.since < clock.stopped)]
    return clock.term in lawful and tasks.due(clock.started, clock.term, stops) == clock.due


def _request_faults(whole: Whole) -> Iterator[Refusal]:
    waits = [kind for kind, state, _ in whole.requests if state == "asked"]
    ruled = any(clock.what == "rule" and clock.stopped is None for clock in whole.clocks)
    if ruled != bool(waits) or len(waits) > 1:
        yield Refusal("{number}：等裁定的申请和裁定的时限对不上", number=whole.number)
    if whole.state == "returned" and waits != ["return"]:
        yield Refusal("{number}：退单的事没有在等裁定的退单申请", number=whole.number)
    if whole.state == "appealed" and waits != ["appeal"]:
        yield Refusal("{number}：申诉了的事没有在等裁定的申诉", number=whole.number)
    if any(state not in REQUEST.states for _, state, _ in whole.requests):
        yield Refusal("{number}：有申请的状态不认识", number=whole.number)
    on_hold = any(stop.until is None for what, stop in whole.stops if what == "settle")
    if (whole.state == "on_hold" and not on_hold) or (on_hold and whole.state not in ("on_hold", "to_check")):
        yield Refusal("{number}：挂起和时限的暂停对不上", number=whole.number)


def _step_faults(whole: Whole) -> Iterator[Refusal]:
    # Lateness is noted at the time at which it was due, which lies behind when it is noted.
    steps = [step for step in whole.steps if step.kind not in ("climbed", "unit_late")]
    if not steps or steps[0].kind != "told":
        yield Refusal("{number}：经过不是从诉说开始的", number=whole.number)
    if any(earlier.at - later.at > AT_ONCE for earlier, later in pairwise(steps)):
        yield Refusal("{number}：经过的先后是乱的", number=whole.number)
    kinds = {step.kind for step in steps}
    if whole.state in SPOKEN and not kinds & set(CONTACTS):
        yield Refusal("{number}：没有人联系过说事的人，却已经往下走了", number=whole.number)


def orphans(what: str, ids: Sequence[str]) -> Iterator[Refusal]:
    """Rows that belong to no matter."""
    for id_ in ids:
        yield Refusal("{what}{id}找不到它的事", what=what, id=id_)
