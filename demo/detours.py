"""What does not go straight in the small town's weeks, done by its people through the verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from siqian.kernel.permits import OFFICE, Actor, Grant
from siqian.spine.matters import actions as matters, queries
from siqian.spine.matters.rules.course import Ask
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people

from . import asides

if TYPE_CHECKING:
    from .days import Days

Step = Callable[[int, datetime], None]


def plan(days: Days, matter: int, answered: datetime, settled: datetime) -> datetime:
    """Perhaps something holds this matter up after it was answered; gives when it will be done then."""
    chance, roll = days.chance, days.chance.random()
    soon = answered + timedelta(minutes=chance.uniform(2, 40))
    if roll < 0.06:
        days.attempt(soon, matter, lambda id_, at: _return(days, id_, at))
        days.attempt(soon + timedelta(hours=chance.uniform(0.3, 6)), matter, lambda id_, at: _rule(days, id_, at))
    elif roll < 0.12:
        days.attempt(soon, matter, lambda id_, at: _hold(days, id_, at))
        days.attempt(soon + timedelta(hours=chance.uniform(3, 60)), matter, lambda id_, at: _resume(days, id_, at))
        return max(settled, soon + timedelta(hours=62))
    elif roll < 0.17:
        days.attempt(soon, matter, lambda id_, at: _stage(days, id_, at))
        return settled + timedelta(days=chance.randint(2, 12))
    elif roll < 0.21:
        days.attempt(soon, matter, lambda id_, at: _ledger(days, id_, at))
        days.attempt(soon + timedelta(hours=chance.uniform(0.3, 5)), matter, lambda id_, at: _rule(days, id_, at))
        return settled + timedelta(days=40)
    elif roll < 0.25:
        days.attempt(soon, matter, lambda id_, at: _extend(days, id_, at))
        days.attempt(soon + timedelta(hours=chance.uniform(0.3, 5)), matter, lambda id_, at: _rule(days, id_, at))
        return settled + timedelta(hours=4)
    elif roll < 0.33:
        days.attempt(soon, matter, lambda id_, at: _to_unit(days, id_, at))
        days.attempt(soon + timedelta(minutes=chance.uniform(5, 90)), matter, days.answer)
    return settled


def look_at(days: Days, matter: int, at: datetime) -> None:
    """Somebody of the community looks at it on the spot."""
    days.attempt(at + timedelta(hours=days.chance.uniform(1, 20)), matter, lambda id_, when: _check(days, id_, when))


def call(days: Days, matter: int, at: datetime) -> None:
    """Somebody of the street calls back."""
    days.attempt(at + timedelta(hours=days.chance.uniform(26, 70)), matter, lambda id_, when: _call(days, id_, when))


def _return(days: Days, matter: int, at: datetime) -> None:
    item = remit.item(queries.lines([matter], seen_by=OFFICE)[matter].item)
    others = [code for code in item.joint if remit.unit(code).level != "community"] or ["urban"]
    why = f"不是我们的：{item.not_ours or item.zh + '该由单位来'}"
    asked = Ask("return", why, days.chance.choice(others), f"{item.code} {item.not_ours or item.zh}"[:100])
    matters.ask(matter=matter, ask=asked, by=days.keeper(matter, at), at=at)


def _to_unit(_days: Days, matter: int, at: datetime) -> None:
    """The street's desk gives it to the people of the unit that answers for it, where the unit has some here."""
    view = queries.seen(queries.number_of(matter), seen_by=OFFICE, at=at)
    unit = people.Watch(view.line.path, at=at).of_unit(view.unit)
    if unit is not None:
        matters.move(matter=matter, post=unit.post, why="看过了，归单位来办", by=_desk(matter, 1, at), at=at)


def _ledger(days: Days, matter: int, at: datetime) -> None:
    asked = Ask("ledger", days.chance.choice(asides.SHELVED), until=at + timedelta(days=29))
    matters.ask(matter=matter, ask=asked, by=days.keeper(matter, at), at=at)


def _extend(days: Days, matter: int, at: datetime) -> None:
    asked = Ask("extension", days.chance.choice(asides.LONGER), amount=days.chance.randint(1, 2))
    matters.ask(matter=matter, ask=asked, by=days.keeper(matter, at), at=at)


def _rule(days: Days, matter: int, at: datetime) -> None:
    asked = next((row for row in queries.asked_about(matter, seen_by=OFFICE) if row.state == "asked"), None)
    if asked is None:
        return
    granted = days.chance.random() < (0.35 if asked.kind == "return" else 0.85)
    ruling = days.chance.choice(asides.RULINGS_YES if granted else asides.RULINGS_NO) if asked.kind == "return" else "情况属实，照此办"
    matters.rule(matter=matter, granted=granted, ruling=ruling, by=_desk(matter, 1, at), at=at)


def _hold(days: Days, matter: int, at: datetime) -> None:
    why = days.chance.choice(tuple(asides.WAITS))
    matters.hold(matter=matter, why=why, text=days.chance.choice(asides.WAITS[why]), by=days.keeper(matter, at), at=at)


def _resume(days: Days, matter: int, at: datetime) -> None:
    matters.resume(matter=matter, by=days.keeper(matter, at), at=at)


def _stage(days: Days, matter: int, at: datetime) -> None:
    until = at + timedelta(days=days.chance.randint(3, 14))
    matters.stage(matter=matter, text=days.chance.choice(asides.PLANS), until=until, by=days.keeper(matter, at), at=at)


def _check(days: Days, matter: int, at: datetime) -> None:
    passed = days.chance.random() < 0.85
    text = days.chance.choice(asides.SEEN if passed else asides.UNSEEN)
    matters.check(matter=matter, passed=passed, text=text, by=_desk(matter, 2, at), at=at)


def _call(days: Days, matter: int, at: datetime) -> None:
    reached, good = days.chance.random() < 0.7, days.chance.random() < 0.9
    # Some say that it is done and are not satisfied all the same.
    solved = good or days.chance.random() < 0.4
    words = days.chance.choice(asides.CALLED_OK if good else asides.CALLED_BAD) if reached else ""
    matters.call_back(matter=matter, reached=reached, solved=solved, satisfied=good, words=words, by=_desk(matter, 1, at), at=at)


def _desk(matter: int, level: int, at: datetime) -> Actor:
    """Whoever sits at a desk above a matter, as somebody with nothing to do with its handling."""
    path = queries.lines([matter], seen_by=OFFICE)[matter].path
    desk = people.desk_at(path, level, at=at) or people.owner_at(path, at=at)
    name = people.person_name(desk.person) or people.post_line(desk.post)[0]
    return Actor(ref=f"person:{desk.person}", name=name, person=desk.person, grants=(Grant("desk", "/"),), fence=OFFICE.fence)
