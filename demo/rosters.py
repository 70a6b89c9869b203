"""Leave and swaps of the demo: somebody asks the newcomer's keeper to stand in, a swap waits for approval, a leave was approved."""

from contextlib import suppress
from datetime import datetime, timedelta

from siqian.insight.rosters import actions, queries, rules
from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE, Actor, Grant, Refused
from siqian.town.people import queries as people

from .days import Days

KEEPER = "chen"


def plan(days: Days, at: datetime) -> None:
    """Everything of it, within the last hours."""
    chen = people.actor_of(KEEPER, at=at)
    post = next((post for post in chen.posts if people.duty_of(post) == "keeper"), "")
    around = queries.colleagues(post, at=at) if post else []
    others = [(person, own) for person, _, _ in around if person != chen.person and (own := _own_post(person, at))]
    if len(others) < 4:
        return
    first, second, third, fourth = others[:4]
    days.later(at - timedelta(hours=5), lambda when: _asks(first, chen.person, when))
    days.later(at - timedelta(hours=4), lambda when: _swaps(second, third, when))
    days.later(at - timedelta(hours=9), lambda when: _approved(fourth, second, 8, "体检", when))


def _asks(who: tuple[str, str], stand_in: str, at: datetime) -> None:
    _ask(who, stand_in, 3, "孩子学校开家长会", at)


def _swaps(who: tuple[str, str], other: tuple[str, str], at: datetime) -> None:
    _agreed(who, other, "swap", 5, "", at)


def _ask(who: tuple[str, str], stand_in: str, ahead: int, why: str, at: datetime, kind: str = "leave") -> int | None:
    begin = local(at).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=ahead)
    end = begin + timedelta(hours=12)
    back = (begin + timedelta(days=2), end + timedelta(days=2)) if kind == "swap" else None
    with suppress(Refused):
        return actions.ask(draft=rules.Draft(kind, who[1], begin, end, stand_in, back, why), by=_as(*who), at=at)
    return None


def _agreed(who: tuple[str, str], other: tuple[str, str], kind: str, ahead: int, why: str, at: datetime) -> int | None:
    relief = _ask(who, other[0], ahead, why, at, kind)
    if relief is not None:
        actions.agree(relief=relief, by=_as(*other), at=at + timedelta(minutes=20))
    return relief


def _approved(who: tuple[str, str], other: tuple[str, str], ahead: int, why: str, at: datetime) -> None:
    relief = _agreed(who, other, "leave", ahead, why, at)
    owner = queries.ruler(people.post_line(who[1])[2], who[0], other[0], at=at)
    if relief is None or owner is None:
        return
    person = owner.person or people.holder(owner.post, at=at)
    grants = (Grant(people.duty_of(owner.post), people.post_line(owner.post)[2]),)
    leads = Actor(f"person:{person}", people.person_name(person), person, grants, (owner.post,), fence=OFFICE.fence)
    actions.approve(relief=relief, by=leads, at=at + timedelta(minutes=40))


def _own_post(person: str, at: datetime) -> str:
    return next((held for held in people.posts_held(person, at=at) if people.duty_of(held) == "keeper"), "")


def _as(person: str, post: str) -> Actor:
    """A keeper, as they act in the demo."""
    where = people.post_line(post)[2]
    return Actor(f"person:{person}", people.person_name(person), person, (Grant("keeper", where),), (post,), fence=OFFICE.fence)
