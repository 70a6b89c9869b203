"""What a life leaves behind: state, steps and clocks, by the flow table and the clocks' rules, act by act. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from siqian.kernel.deadline import Term, due
from siqian.kernel.permits import Refusal
from siqian.spine.remit.rules import UNSURE
from siqian.trades.tasks import rules as tasks

from . import (
    ACCEPT,
    ASSIGN,
    CLIMBS_TO,
    EMPTY,
    MATTER,
    NO_REASON,
    OPEN,
    OVER,
    RATE,
    RESPOND,
    STILL_UNSURE,
    UNSPOKEN,
    URGE_AGAIN,
    closable,
    contact_fault,
    discreet,
    text_fault,
    withdrawable,
)
from .lives import Did, Life


@dataclass(frozen=True)
class Book:
    """What a life is read against. until: the instant at which the lives are taken over.

    settle: an item's term, None for an unknown item; unit: who answers for an item at a place and time;
    desk: what the desk of an area level above a path was called at a time, empty without one; posts, paths: those that are known.
    """

    settle: Callable[[str], Term | None]
    unit: Callable[[str, str, datetime], str]
    desk: Callable[[str, int, datetime], str]
    posts: frozenset[str]
    paths: dict[str, int]
    until: datetime


@dataclass(slots=True)
class Clock:
    """One promise, with the columns under which tasks keep it."""

    what: str
    post: str
    person: str
    path: str
    title: str
    place: str
    said_by: str
    urgent: bool
    started: datetime
    due: datetime
    climbs_at: datetime | None
    promised: datetime | None = None
    stopped: datetime | None = None
    stopped_by: str = ""
    level: int = 0


@dataclass(slots=True)
class Trace:
    """One step on the thread; telling: which telling its values name."""

    kind: str
    at: datetime
    by: str
    by_name: str = ""
    text: str = ""
    public: bool = True
    values: dict[str, Any] = field(default_factory=dict)
    telling: int | None = None


class Living:
    """One life while it is gone through. Afterwards it holds the matter's columns, its steps and its clocks."""

    def __init__(self, life: Life, said_by: str, book: Book) -> None:
        first = life.first
        self.life, self.said_by, self.book = life, said_by, book
        self.state = "assigned" if life.item != UNSURE and not life.spot.unplaced else "received"
        self.item, self.unsure, self.spot, self.holder = life.item, life.item == UNSURE, life.spot, life.holder
        self.unplaced, self.candidates = life.spot.unplaced, list(life.spot.candidates)
        self.unit = book.unit(life.item, life.spot.path, first.at)
        self.title, self.urgent = first.understood.title[:60], bool(first.understood.risks)
        self.discreet = discreet(first.text, life.kind, first.understood.duties, life.against)
        self.voices, self.reopened, self.rating, self.answered = [first], 0, "", False
        self.closed: datetime | None = None
        self.urged: datetime | None = None
        self.traces: list[Trace] = [Trace("told", first.at, first.by, telling=0)]
        self.clocks: list[Clock] = []
        self.running: dict[str, Clock] = {}
        if self.state == "assigned":
            self.traces.append(Trace("assigned", first.at, "office", values=self._given()))
        self._start(first.at)

    def live(self) -> Iterator[tuple[int, Did | None, Refusal]]:
        """Go through every act; gives (number of the act, act, why not) for each that cannot have been."""
        before = self.life.first.at
        if before > self.book.until:
            yield 0, None, Refusal("时间在以后，改成不晚于现在的时间")
        for number, act in enumerate(self.life.acts, 1):
            fault = self._out_of_time(act, before)
            before = max(before, act.at)
            if fault is None:
                self._climb(before=act.at)
                fault = self._do(act)
            if fault is not None:
                yield number, act, fault
        self._climb(until=self.book.until)

    def _out_of_time(self, act: Did, before: datetime) -> Refusal | None:
        if act.at < before:
            return Refusal("比前一步还早，按发生的先后排好")
        if act.at > self.book.until:
            return Refusal("时间在以后，改成不晚于现在的时间")
        return None

    def _do(self, act: Did) -> Refusal | None:
        does = VERBS.get(act.verb)
        if does is None:
            return Refusal("不认识这个动作，写{known}之一", known="、".join(VERBS))
        return does(self, act)

    def _accept(self, act: Did) -> Refusal | None:
        if self.state in ("accepted", "in_hand"):
            return None
        if fault := self._go("accept"):
            return fault
        self._stop("accept", act)
        self._trace("accepted", act)
        return None

    def _contact(self, act: Did) -> Refusal | None:
        fault = contact_fault(act.how, act.text, act.promised, act.at) or self._go("contact")
        if fault is not None:
            return fault
        self._stop("accept", act)
        self._stop("respond", act)
        if act.promised is not None and "settle" in self.running:
            self.running["settle"].promised = act.promised
        self.answered = True
        self._trace(act.how, act, act.text.strip())
        return None

    def _note(self, act: Did) -> Refusal | None:
        if not act.text.strip():
            return EMPTY
        self._trace("note", act, act.text.strip(), public=False)
        return None

    def _close(self, act: Did) -> Refusal | None:
        if self.state in ("closed", "settled"):
            return None
        if self.state in ("assigned", "accepted"):
            return UNSPOKEN
        fault = closable(act.text, ()) or self._go("close")
        if fault is not None:
            return fault
        self.closed = act.at
        self._stop_all(act)
        self._open("rate", act.at, act.at + RATE, said_by="", urgent=False)
        self._trace("closed", act, act.text.strip())
        return None

    def _praise(self, act: Did) -> Refusal | None:
        if self.state == "settled":
            return None
        if fault := self._go("praise"):
            return fault
        self.rating = "good"
        self._stop_all(act)
        self._trace("rated", act, act.text.strip(), telling=act.telling)
        return self._unknown_telling(act)

    def _reopen(self, act: Did) -> Refusal | None:
        if act.holder is None:
            return NO_HOLDER
        if fault := self._go("reopen"):
            return fault
        self.rating, self.closed, self.holder, self.reopened = "bad", None, act.holder, self.reopened + 1
        self._stop_all(act)
        self._trace("reopened", act, act.text.strip(), values={"keeper": act.holder.called}, telling=act.telling)
        self._start(act.at)
        return self._unknown_telling(act)

    def _lapse(self, act: Did) -> Refusal | None:
        if self.state != "closed":
            return None
        if "rate" in self.running and act.at < self.running["rate"].due:
            return Refusal("还没到七天，不能算没评。改成到期之后，或删去这一步")
        self._go("lapse")
        self.rating = "lapsed"
        self._stop_all(act)
        self._trace("lapsed", act)
        return None

    def _remark(self, act: Did) -> Refusal | None:
        if fault := text_fault(act.text):
            return fault
        self._trace("remark", act, act.text.strip(), telling=act.telling)
        return self._unknown_telling(act)

    def _urge(self, act: Did) -> Refusal | None:
        if self.state not in OPEN:
            return OVER
        if self.urged is not None and act.at - self.urged < URGE_AGAIN:
            return None
        self.urged = act.at
        self._trace("urged", act)
        return None

    def _withdraw(self, act: Did) -> Refusal | None:
        if self.state == "withdrawn":
            return None
        fault = withdrawable(self.life.kind, len(self.voices)) or self._go("withdraw")
        if fault is not None:
            return fault
        self._stop_all(act)
        self._trace("withdrawn", act)
        return None

    def _join(self, act: Did) -> Refusal | None:
        if act.voice is None or act.voice.at != act.at:
            return Refusal("并入的这一次诉说没写，或时间和这一步不同。补上它")
        if self.state not in OPEN:
            return OVER
        self.voices.append(act.voice)
        self.traces.append(Trace("joined", act.at, act.voice.by, values={"n": len(self.voices)}))
        return None

    def _assign(self, act: Did) -> Refusal | None:
        item, spot = act.item or self.item, act.spot or self.spot
        if item == UNSURE:
            return STILL_UNSURE
        if self.book.settle(item) is None:
            return Refusal("责任清单里没有{item}，从列表里选", field="item", item=item)
        if act.holder is None:
            return NO_HOLDER
        if fault := self._go("assign" if self.state == "received" else "move"):
            return fault
        self.item, self.unsure, self.unplaced, self.candidates = item, False, "", []
        self.spot, self.holder = spot, act.holder
        self.unit = self.book.unit(item, spot.path, act.at)
        self._give(act, "")
        return None

    def _move(self, act: Did) -> Refusal | None:
        if act.holder is None:
            return NO_HOLDER
        if not act.text.strip():
            return NO_REASON
        if fault := self._go("move"):
            return fault
        self.holder = act.holder
        self._give(act, act.text.strip())
        return None

    def _give(self, act: Did, why: str) -> None:
        self._stop("assign", act)
        for clock in self.running.values():
            clock.post, clock.person, clock.path = self.holder.post, self.holder.person, self.spot.path
            clock.place = self.spot.words[:80] or clock.place
        if not self.answered:
            self._start(act.at)
        self._trace("assigned", act, why, values=self._given())

    def _given(self) -> dict[str, Any]:
        return {"keeper": self.holder.called, "item": self.item, "place": self.spot.words[:80]}

    def _go(self, verb: str) -> Refusal | None:
        following = MATTER.then(self.state, verb)
        if isinstance(following, Refusal):
            lawful = "、".join(MATTER.verbs(self.state)) or "—"
            return Refusal("接不上：当时是{state}，只能{lawful}。补上少的一步，或改正先后", state=self.state, lawful=lawful)
        self.state = following
        return None

    def _unknown_telling(self, act: Did) -> Refusal | None:
        if act.telling < len(self.voices):
            return None
        return Refusal("没有第{n}次诉说，改成前面说过的一次", n=act.telling + 1)

    def _trace(
        self, kind: str, act: Did, text: str = "", *, public: bool = True, values: dict[str, Any] | None = None, telling: int | None = None
    ) -> None:
        self.traces.append(Trace(kind, act.at, act.by, act.name, text, public, values or {}, telling))

    def _start(self, at: datetime) -> None:
        """Accept (or assign), respond and settle for whoever owns it now, but for what runs already."""
        settle = self.book.settle(self.item)
        terms = {"assign": ASSIGN} if self.state == "received" else {"accept": ACCEPT}
        for what, term in (*terms.items(), ("respond", RESPOND), ("settle", settle or Term.hours(24))):
            until = due(at, term)
            if what not in self.running and until is not None:
                self._open(what, at, until, said_by=self.said_by, urgent=self.urgent)

    def _open(self, what: str, at: datetime, until: datetime, *, said_by: str, urgent: bool) -> None:
        clock = Clock(
            what=what,
            post=self.holder.post,
            person=self.holder.person,
            path=self.spot.path,
            title=self.title,
            place=self.spot.words[:80],
            said_by=said_by[:30],
            urgent=urgent,
            started=at,
            due=until,
            climbs_at=until if what in tasks.CLIMBING else None,
        )
        self.clocks.append(clock)
        self.running[what] = clock

    def _stop(self, what: str, act: Did) -> None:
        clock = self.running.pop(what, None)
        if clock is not None:
            clock.stopped, clock.stopped_by, clock.climbs_at = act.at, act.by, None

    def _stop_all(self, act: Did) -> None:
        for what in list(self.running):
            self._stop(what, act)

    def _climb(self, *, before: datetime | None = None, until: datetime | None = None) -> None:
        """Let what is late climb, in the order in which it would have; what was kept at its last instant was kept."""
        while True:
            late = [clock for clock in self.running.values() if clock.climbs_at is not None and _passed(clock.climbs_at, before, until)]
            if not late:
                return
            clock = min(late, key=lambda clock: clock.climbs_at or clock.due)
            at = clock.climbs_at or clock.due
            step = tasks.climb(clock.what, clock.level, at)
            clock.level, clock.climbs_at = step.level, step.next
            to = self.book.desk(clock.path, CLIMBS_TO[step.level], at)
            if to:
                values = {"what": clock.what, "level": step.level, "to": to}
                self.traces.append(Trace("climbed", clock.due, "office", "四千", values=values))


def _passed(climbs_at: datetime, before: datetime | None, until: datetime | None) -> bool:
    return climbs_at < before if before is not None else until is not None and climbs_at <= until


NO_HOLDER = Refusal("没写交给哪个岗位，补上")
VERBS: dict[str, Callable[[Living, Did], Refusal | None]] = {
    "accept": Living._accept,
    "contact": Living._contact,
    "note": Living._note,
    "close": Living._close,
    "praise": Living._praise,
    "reopen": Living._reopen,
    "lapse": Living._lapse,
    "remark": Living._remark,
    "urge": Living._urge,
    "withdraw": Living._withdraw,
    "join": Living._join,
    "assign": Living._assign,
    "move": Living._move,
}
