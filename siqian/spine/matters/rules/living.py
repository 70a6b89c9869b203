"""What a life leaves behind: state, steps, clocks, pauses and requests, by the flow table and the clocks' rules, act by act. Pure."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from siqian.kernel.deadline import Term, due
from siqian.kernel.permits import Refusal
from siqian.spine.remit.rules import UNSURE, Item, Kind
from siqian.trades.tasks import rules as tasks

from . import ACCEPT, ASSIGN, MATTER, ONE_TAP, acts, aside, climbs_to, discreet, respond_term, settle_term, teaching
from .flow import BESIDE
from .left import Asked, Clock, Still, Trace
from .lives import Did, Holder, Life
from .petition import Length


@dataclass(frozen=True)
class Book:
    """What a life is read against. until: the instant at which the lives are taken over.

    item, kind: their rows, None for an unknown item; unit: who answers for an item at a place and time; lead: why a unit may not
    lead an item; units: every unit; desk: the desk of an area level above a path at a time, None without one; posts, paths: those
    that are known; back: how long a petition may be handed back.
    """

    item: Callable[[str], Item | None]
    kind: Callable[[str], Kind]
    unit: Callable[[str, str, datetime, Collection[str]], str]
    lead: Callable[[str, str], Refusal | None]
    units: frozenset[str]
    desk: Callable[[str, int, datetime], Holder | None]
    posts: frozenset[str]
    paths: dict[str, int]
    until: datetime
    back: Length | None = None


class Living:
    """One life while it is gone through. Afterwards it holds the matter's columns, its steps and its clocks."""

    def __init__(self, life: Life, said_by: str, book: Book) -> None:
        first = life.first
        self.life, self.said_by, self.book = life, said_by, book
        self.state = "assigned" if life.item != UNSURE and not life.spot.unplaced else "received"
        self.item, self.unsure, self.spot, self.holder = life.item, life.item == UNSURE, life.spot, life.holder
        self.unplaced, self.candidates = life.spot.unplaced, list(life.spot.candidates)
        self.unit = book.unit(life.item, life.spot.path, first.at, life.against)
        self.title, self.urgent = first.understood.title[:60], bool(first.understood.risks)
        self.kind = book.kind(life.kind)
        self.discreet = discreet(first.text, self.kind, first.understood.duties, life.against)
        self.at = first.at
        self.voices, self.reopened, self.rating, self.answered = [first], 0, "", False
        self.closed: datetime | None = None
        self.urged: datetime | None = None
        self.traces: list[Trace] = [Trace("told", first.at, first.by, telling=0)]
        self.clocks: list[Clock] = []
        self.running: dict[str, Clock] = {}
        self.pauses: list[Still] = []
        self.asked: list[Asked] = []
        # (item, how, by, when) of what this life confirmed.
        self.taught: list[tuple[str, str, str, datetime]] = []
        self.given, self.calls = first.at, list[datetime]()
        if self.state == "assigned":
            self.traces.append(Trace("assigned", first.at, "office", values=self.called()))
        self.start(first.at)

    def live(self) -> Iterator[tuple[int, Did | None, Refusal]]:
        """Go through every act; gives (number of the act, act, why not) for each that cannot have been."""
        if self.at > self.book.until:
            yield 0, None, Refusal("时间在以后，改成不晚于现在的时间")
        for number, act in enumerate(self.life.acts, 1):
            fault = self.go_on(act)
            if fault is not None:
                yield number, act, fault
        self.climb(until=self.book.until)

    def go_on(self, act: Did) -> Refusal | None:
        """One act more, after everything that was late by then has climbed; why not, when it cannot have been."""
        fault = self._out_of_time(act)
        self.at = max(self.at, act.at)
        if fault is not None:
            return fault
        self.climb(before=act.at)
        return self._do(act)

    def _out_of_time(self, act: Did) -> Refusal | None:
        if act.at < self.at:
            return Refusal("比前一步还早，按发生的先后排好")
        if act.at > self.book.until:
            return Refusal("时间在以后，改成不晚于现在的时间")
        return None

    def _do(self, act: Did) -> Refusal | None:
        does = VERBS.get(act.verb)
        if does is None:
            return Refusal("不认识这个动作，写{known}之一", known="、".join(VERBS))
        return does(self, act)

    def teach(self, how: str, act: Did, *, state: str = "", was: str = "") -> None:
        """Somebody said what it is about, or that it is settled as what it is: where that teaches, it is kept."""
        then, now = self.book.item(was), self.book.item(self.item)
        if how == "ruled":
            good = then is not None and now is not None and teaching.ruled(state, then, now, self.kind, discreet=self.discreet)
        else:
            began = "" if self.life.item == UNSURE else self.life.item
            good = teaching.settled(self.item, began, self.taught[-1][0] if self.taught else "", discreet=self.discreet)
        if good:
            self.taught.append((self.item, how, act.by, act.at))

    def give(self, act: Did, why: str) -> None:
        self.stop("assign", act)
        for what, clock in self.running.items():
            if what not in BESIDE:
                clock.post, clock.person, clock.path = self.holder.post, self.holder.person, self.spot.path
                clock.place = self.spot.words[:80] or clock.place
        if not self.answered:
            self.start(act.at)
        self.given = act.at
        self.trace("assigned", act, why, values=self.called())

    def called(self) -> dict[str, Any]:
        return {"keeper": self.holder.called, "item": self.item, "place": self.spot.words[:80]}

    def go(self, verb: str) -> Refusal | None:
        following = MATTER.then(self.state, verb)
        if isinstance(following, Refusal):
            lawful = "、".join(verb for verb in MATTER.verbs(self.state) if verb not in UNTOLD) or "—"
            return Refusal("接不上：当时是{state}，只能{lawful}。补上少的一步，或改正先后", state=self.state, lawful=lawful)
        self.state = following
        return None

    def twice(self, kind: str, act: Did) -> bool:
        """Whether this was said a moment ago by the same person."""
        last = self.traces[-1]
        return (last.kind, last.text, last.by) == (kind, act.text.strip(), act.by) and abs(act.at - last.at) <= ONE_TAP

    def trace(
        self, kind: str, act: Did, text: str = "", *, public: bool = True, values: dict[str, Any] | None = None, telling: int | None = None
    ) -> None:
        """Write a step on the thread."""
        self.traces.append(Trace(kind, act.at, act.by, act.name, text, public, values or {}, telling))

    def start(self, at: datetime, only: str = "") -> None:
        """Accept (or assign), respond and settle for whoever owns it now, or only one of them, but for what runs already."""
        item = self.book.item(self.item)
        settle = settle_term(item, self.kind) if item else Term.hours(24)
        terms = {"assign": ASSIGN} if self.state == "received" else {"accept": ACCEPT}
        for what, term in (*terms.items(), ("respond", respond_term(self.kind)), ("settle", settle)):
            until = due(at, term)
            if what not in self.running and until is not None and only in ("", what):
                self.open(what, at, until, said_by=self.said_by, term=settle if what == "settle" else None)

    def open(
        self, what: str, at: datetime, until: datetime, *, said_by: str = "", owner: Holder | None = None, term: Term | None = None
    ) -> None:
        """Start a clock of the owner, or of somebody beside."""
        holder = owner or self.holder
        clock = Clock(
            what=what,
            post=holder.post,
            person=holder.person,
            path=self.spot.path,
            title=self.title,
            place=self.spot.words[:80],
            said_by=said_by[:30],
            urgent=self.urgent,
            started=at,
            due=until,
            climbs_at=until if what in tasks.CLIMBING else None,
            warns_at=tasks.warning(what, 0, at, until),
        )
        self._lasting(clock, term)
        self.clocks.append(clock)
        self.running[what] = clock

    def desk(self, level: int, at: datetime) -> Holder:
        """The desk of an area level above, or the next one up; the owner where there is none at all."""
        desks = (self.book.desk(self.spot.path, above, at) for above in range(level, -1, -1))
        return next((desk for desk in desks if desk is not None), self.holder)

    def stop(self, what: str, act: Did) -> None:
        self.resume(what, act.at)
        clock = self.running.pop(what, None)
        if clock is not None:
            clock.stopped, clock.stopped_by, clock.climbs_at, clock.warns_at = act.at, act.by, None, None

    def stop_all(self, act: Did) -> None:
        for what in list(self.running):
            self.stop(what, act)

    def pause(self, what: str, why: str, at: datetime, limit: datetime) -> None:
        if what in self.running:
            self.pauses.append(Still(what, why, at, limit))
            self.reckon(what)

    def resume(self, what: str, at: datetime) -> None:
        for still in self.pauses:
            if still.what == what and still.until is None:
                still.until = at
                self.reckon(what)

    def reckon(self, what: str) -> None:
        """Set a running clock's due time by its term and its pauses."""
        clock = self.running.get(what)
        term = tasks.term(clock.minutes, clock.working_days) if clock else None
        if clock is None or term is None:
            return
        stops = [tasks.Stop(still.since, still.limit, still.until) for still in self.pauses if still.what == what]
        until = tasks.due(clock.started, term, stops)
        if until != clock.due:
            clock.due = clock.climbs_at = until
            clock.level, clock.warns_at = 0, tasks.warning(what, 0, clock.started, until)

    def _lasting(self, clock: Clock, term: Term | None) -> None:
        columns = tasks.columns(term)
        clock.minutes, clock.working_days = columns["minutes"], columns["working_days"]

    def lengthen(self, amount: int) -> datetime:
        """Add to the settling clock's term; gives the new due time."""
        clock = self.running["settle"]
        term = tasks.term(clock.minutes, clock.working_days)
        assert term is not None  # a settling clock always has one
        self._lasting(clock, tasks.longer(term, amount))
        self.reckon("settle")
        return clock.due

    def waiting(self) -> Asked | None:
        return next((asked for asked in self.asked if asked.state == "asked"), None)

    def ruled(self, state: str, ruling: str, act: Did) -> None:
        """Whatever waits is ruled, or dropped."""
        asked = self.waiting()
        if asked is not None:
            asked.state, asked.ruled_by, asked.ruled_name, asked.ruled_at, asked.ruling = state, act.by, act.name, act.at, ruling
            self.stop("rule", act)

    def climb(self, *, before: datetime | None = None, until: datetime | None = None) -> None:
        """Let holds end and what is late climb, in the order in which they would have; what was kept at its last instant was kept."""
        while True:
            over = [still for still in self.pauses if still.until is None and _passed(still.limit, before, until)]
            late = [clock for clock in self.running.values() if clock.climbs_at is not None and _passed(clock.climbs_at, before, until)]
            if over and (not late or over[0].limit <= min(clock.climbs_at or clock.due for clock in late)):
                self._go_on(over[0])
            elif late:
                self._climb(min(late, key=lambda clock: clock.climbs_at or clock.due))
            else:
                return

    def _go_on(self, still: Still) -> None:
        if self.state == "on_hold":
            self.go("resume")
            self.traces.append(Trace("resumed", still.limit, "office", "四千"))
        self.resume(still.what, still.limit)

    def _climb(self, clock: Clock) -> None:
        at = clock.climbs_at or clock.due
        step = tasks.climb(clock.what, clock.level, at)
        clock.level, clock.climbs_at = step.level, step.next
        to = self.book.desk(clock.path, climbs_to(clock.what, step.level), at)
        if to is not None:
            values = {"what": clock.what, "level": step.level, "to": to.called}
            self.traces.append(Trace("climbed", clock.due, "office", "四千", values=values))


def _passed(climbs_at: datetime, before: datetime | None, until: datetime | None) -> bool:
    return climbs_at < before if before is not None else until is not None and climbs_at <= until


# What was taken back within minutes is no part of a life that was lived.
UNTOLD = frozenset({"take_back"})
VERBS: dict[str, Callable[[Living, Did], Refusal | None]] = {
    "accept": acts.accept,
    "contact": acts.contact,
    "note": acts.note,
    "close": acts.close,
    "pass": acts.passed,
    "fail": acts.failed,
    "praise": acts.praise,
    "reopen": acts.reopen,
    "lapse": acts.lapse,
    "call": acts.call,
    "told_ok": acts.told_ok,
    "told_bad": acts.told_bad,
    "remark": acts.remark,
    "urge": acts.urge,
    "withdraw": acts.withdraw,
    "join": acts.join,
    "assign": acts.assign,
    "move": acts.move,
    "hold": aside.hold,
    "resume": aside.resume,
    "stage": aside.stage,
    "review": aside.review,
    "take_up": aside.take_up,
    "return": aside.return_,
    "extend": aside.extend,
    "ledger": aside.ledger,
    "refuse": aside.refuse,
    "appeal": aside.appeal,
    "grant": aside.grant,
    "deny": aside.deny,
    "supervise": aside.supervise,
}
