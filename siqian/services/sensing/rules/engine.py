"""Readings in, alarms out: each rule folds over one sensor's readings in the order in which they were measured. Pure.

The state after all of them is the same in whatever order they arrive: one that is not newer than the newest has the readings
of the last day folded anew (`replayed`). Two of one instant count as one, the one farther out. What has been raised is ended
by a newer reading only (`over`), never by a late one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from .alarms import Rate, Rule, Threshold, Together

# Of a rate's own minutes so many readings are kept at most.
TAIL = 60


class State(msgspec.Struct, frozen=True, array_like=True):
    """What a rule knows of a sensor. Times are seconds since 1970.

    since: when the alarm began, by the readings; begun, count: the row of readings past the level that is not long enough yet;
    last: of the newest reading; tail: the readings that a rate looks back on; hot, cool: the newest reading that met, that did not
    meet a combination's condition.
    """

    raised: bool = False
    since: float = 0.0
    begun: float = 0.0
    count: int = 0
    last: float = 0.0
    tail: tuple[tuple[float, float], ...] = ()
    hot: float = 0.0
    cool: float = 0.0


Reading = tuple[float, float]


@dataclass(frozen=True)
class Folded:
    """rose: (since, value) each time that it was raised anew by a reading newer than all before."""

    state: State
    rose: tuple[tuple[float, float], ...] = ()


def folded(rule: Rule, state: State, readings: Iterable[Reading]) -> Folded:
    """Newer readings onto a state, by the time of measuring."""
    rose = []
    for at, value in in_order(readings):
        after = step(rule, state, at, value)
        if after.raised and not state.raised:
            rose.append((after.since, value))
        state = after
    return Folded(state, tuple(rose))


def is_late(state: State, readings: Iterable[Reading]) -> bool:
    """Whether one of them is not newer than the newest, so that the order has to be made anew."""
    return any(at <= state.last for at, _value in readings)


def replayed(rule: Rule, before: State, readings: Iterable[Reading]) -> Folded:
    """All readings of the last day folded anew, the late one among them; an alarm that is over since tells nobody any more."""
    state, rose = State(), []
    for at, value in in_order(readings):
        after = step(rule, state, at, value)
        if after.raised and not state.raised:
            rose.append((at, after.since, value))
        state = after
    fresh = [(since, value) for at, since, value in rose if at > before.last]
    if state.raised and not before.raised and not fresh:
        fresh = [rose[-1][1:]]
    return Folded(state, tuple(fresh))


def in_order(readings: Iterable[Reading]) -> list[Reading]:
    """By time; of two of one instant the larger, whichever came first."""
    best: dict[float, float] = {}
    for at, value in readings:
        best[at] = max(value, best.get(at, value))
    return sorted(best.items())


def step(rule: Rule, state: State, at: float, value: float) -> State:
    """One reading further."""
    if rule.threshold:
        return _threshold(rule.threshold, state, at, value)
    if rule.rate:
        return _rate(rule.rate, state, at, value)
    return msgspec.structs.replace(state, last=max(at, state.last))


def _threshold(test: Threshold, state: State, at: float, value: float) -> State:
    if state.raised:
        return State(last=at) if test.cool(value) else msgspec.structs.replace(state, last=at)
    if not test.hot(value):
        return State(last=at)
    begun, count = state.begun if state.count else at, state.count + 1
    if count >= test.readings and at - begun >= test.minutes * 60:
        return State(raised=True, since=begun, last=at)
    return State(begun=begun, count=count, last=at)


def _rate(test: Rate, state: State, at: float, value: float) -> State:
    tail = tuple(one for one in (*state.tail, (at, value)) if at - one[0] <= test.minutes * 60)[-TAIL:]
    first, before = tail[0]
    # Over less than half of its minutes a jump is a splash.
    long_enough = at - first >= test.minutes * 30
    share = (value - before) / ((at - first) / 60) / test.by if long_enough else 0.0
    raised = share >= (0.5 if state.raised else 1.0)
    since = state.since if state.raised and raised else first if raised else 0.0
    return State(raised=raised, since=since, last=at, tail=tail)


def marked(rule: Rule, kind: str, state: State, readings: Iterable[Reading]) -> State:
    """A combination's condition at one sensor: when it was met last, when not. The order of arrival cannot matter to a maximum."""
    part = next(part for part in rule.together.all if part.kind == kind)  # type: ignore[union-attr]
    hot, cool, last = state.hot, state.cool, state.last
    for at, value in readings:
        hot, cool = (max(hot, at), cool) if part.hot(value) else (hot, max(cool, at))
        last = max(last, at)
    return msgspec.structs.replace(state, hot=hot, cool=cool, last=last)


def met(test: Together, marks: Mapping[str, Sequence[State]]) -> float:
    """Since when all conditions are met in one building, by each kind's sensors there; 0 when they are not."""
    times = []
    for part in test.all:
        still = [state.hot for state in marks.get(part.kind, ()) if state.hot > state.cool]
        if not still:
            return 0.0
        times.append(max(still))
    return min(times) if max(times) - min(times) <= test.minutes * 60 else 0.0


def over(before: State, after: State) -> bool:
    """Whether an alarm ends: a newer reading came, and by it the rule holds no more."""
    return after.last > before.last and not after.raised
