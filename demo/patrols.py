"""Rounds that keepers walked in the past days, and the one of today: all well, fixed on the spot, somebody else's to mend, not walked."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE, Actor, Grant, Refused
from siqian.services.sensing import actions, queries
from siqian.services.sensing.rules import Sight
from siqian.town.people import queries as people

from . import SEED
from .days import Days

PAST, KEEPERS = 5, 6
# What was found at a point of a round, and what a matter was made of.
FIXED = {
    "fire-lane": ("杂物堆在楼道，请住户搬走了", "车停在消防通道，叫人挪开了", "纸箱堵着防火门，收走了"),
    "e-bike": ("飞线充电，当场拔了，和车主说了", "电动车停进门厅，请车主推走了"),
    "flood": ("落叶堵了雨水口，清了", "车库口的沙袋倒了，重新码好"),
}
NEEDS = {
    "fire-lane": ("防火门闭门器坏了，关不上", "消防栓玻璃碎了，里面没有水带"),
    "e-bike": ("充电棚的插座坏了两个，没法充电",),
    "flood": ("路口的井盖松了，踩上去会响",),
}


def plan(days: Days, at: datetime) -> None:
    """Plan the rounds of the last days for the newcomer's own keeper and some neighbours, in the order of time."""
    chance = Random(SEED + 24)
    role = next((row for row in people.roles() if row.role == "grid worker"), None)
    own = next(iter(people.actor(role.account, at=at).posts), "") if role else ""
    if not own:
        return
    community = "/".join(people.post_line(own)[2].split("/")[:4]) + "/"
    others = sorted(set(people.keeper_posts(within=community)) - {own})
    posts = [own, *chance.sample(others, min(KEEPERS, len(others)))]
    today = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    for back in range(PAST, -1, -1):
        morning = today - timedelta(days=back) + timedelta(hours=8, minutes=40)
        for post in posts:
            days.later(min(morning, at - timedelta(minutes=2)), _day(days, post, morning, at, chance, is_today=not back, own=post == own))


def _day(
    days: Days, post: str, morning: datetime, now: datetime, chance: Random, *, is_today: bool, own: bool
) -> Callable[[datetime], None]:
    def begin(at: datetime) -> None:
        actor = keeper(post, at)
        if actor is None:
            return
        actions.lay_rounds(post=post, person=actor.person, day=local(morning).date(), by=OFFICE, at=at)
        for line in queries.rounds(local(morning).date(), seen_by=actor):
            if is_today:
                # The newcomer finds most of today still to do.
                points = line.points[:1] if own and line.plan.code == "e-bike" else () if own else line.points
            else:
                points = line.points if chance.random() < 0.9 else line.points[:-1]
            for number, point in enumerate(points):
                when = at + timedelta(minutes=chance.uniform(8, 20) * (number + 1))
                if when <= now:
                    days.later(when, _record(post, line, point.code, chance))
            midnight = line.due + timedelta(minutes=1)
            if midnight <= now:
                days.later(midnight, _over(line.id))

    return begin


def _record(post: str, line: queries.RoundLine, point: str, chance: Random) -> Callable[[datetime], None]:
    kind = chance.choices(("well", "fixed", "needs"), (70, 24, 6))[0]
    texts = {"fixed": FIXED, "needs": NEEDS}.get(kind, {}).get(line.plan.code, ("",))
    text = chance.choice(texts)

    def recorded(at: datetime) -> None:
        actor = keeper(post, at)
        with suppress(Refused):
            if actor is not None:
                sight = Sight(kind, text, round=line.id, point=point)
                then = at - timedelta(minutes=25) if kind == "fixed" else None
                actions.record(sight=sight, key=f"demo-{line.id}-{point}"[:64], then=then, by=actor, at=at)

    return recorded


def _over(number: int) -> Callable[[datetime], None]:
    return lambda at: actions.miss(round=number, by=OFFICE, at=at)


def keeper(post: str, at: datetime) -> Actor | None:
    """Whoever sits on the post, by their account where they have one."""
    card = people.card_of(post, at=at)
    if card is None or not card.on:
        return None
    account = people.account_of_person(card.person)
    if account:
        return people.actor(int(account.removeprefix("account:")), at=at)
    path = people.post_line(post)[2]
    return Actor(f"person:{card.person}", card.name, card.person, (Grant("keeper", path),), (post,), fence=OFFICE.fence)
