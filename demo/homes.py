"""Homes of the newcomer's grid: who wants to be visited, what is known and when it was said, visits behind them and one that is due.

Some said no and are left in peace, some were never asked, some facts are older than their time and wait to be confirmed.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from siqian.kernel import clock
from siqian.kernel.permits import OFFICE, Actor, Refused
from siqian.services.care import actions, queries
from siqian.services.care.rules import Held
from siqian.town.people import queries as people
from siqian.trades.dossier import actions as dossier, queries as facts
from siqian.trades.dossier.rules import Saying

from . import SEED
from .days import Days
from .patrols import keeper

HOMES = 24
# Of a hundred: wants to be visited, does not, was not asked yet.
STANCES, SHARES = ("yes", "no", ""), (62, 14, 24)
# What is said at a door, and of how many of those who say anything.
PERSONAL = (("alone", 0.4), ("elder", 0.5), ("letters", 0.3), ("language", 0.5), ("mobility", 0.2), ("contact", 0.4), ("chronic", 0.15))
SHARED = (("stove", 0.8), ("dog", 0.3), ("tenure", 0.5), ("children", 0.2))
CONTACTS = ("女儿，住隔壁小区", "儿子，在罗湖上班", "对门邻居", "老伴", "侄子")
NEEDS = ("厨房的灯坏了，老人自己换不了", "卫生间地滑，想装个扶手", "窗户关不严，下雨进水")
OLD, LATELY = timedelta(days=215), timedelta(days=40)


def plan(days: Days, at: datetime) -> None:
    """Plan what was said in the past weeks at the doors of the newcomer's keeper, in the order of time."""
    chance = Random(SEED + 31)
    role = next((row for row in people.roles() if row.role == "grid worker"), None)
    post = next(iter(people.actor(role.account, at=at).posts), "") if role else ""
    living = people.living_in(people.post_line(post)[2]) if post else {}
    if not living:
        return
    chosen = chance.sample(sorted(living), min(HOMES, len(living)))
    zhou = people.mine(people.actor_of("zhou", at=at))
    own = (zhou.line.building, zhou.line.label, zhou.line.household) if zhou else None
    for key in chosen:
        if key != own:
            days.later(_daytime(at, chance.randrange(2, 19), chance), _met(post, living[key], chance))
    if own is not None:
        days.later(_daytime(at, 17, chance), _newcomers(post, living[own]))
    days.later(at - timedelta(minutes=3), _laid(post))


def _daytime(now: datetime, days_ago: int, chance: Random) -> datetime:
    """So many days ago, at an hour at which one knocks at a door."""
    morning = clock.local(now).replace(hour=10, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
    return morning + timedelta(minutes=chance.randrange(0, 480))


def _met(post: str, home: people.Household, chance: Random) -> Callable[[datetime], None]:
    stance = chance.choices(STANCES, SHARES)[0]
    seed = chance.random()

    def met(at: datetime) -> None:
        actor, own = keeper(post, at), Random(seed)
        if actor is None or not stance:
            return
        number = actions.agree_at(building=home.building, label=home.label, household=home.number, stance=stance, by=actor, at=at)
        if stance == "no":
            return
        # Half of it was said long ago: by now some of it has to be confirmed.
        said_at = at - OLD if own.random() < 0.35 else at - own.random() * LATELY
        adult = next((one for one in home.members if one.relation != "child"), home.members[0])
        for code, share in (*PERSONAL, *SHARED):
            if own.random() < share:
                kind = facts.kinds()[code]
                subject = f"household:{number}" if kind.about == "household" else f"resident:{adult.id}"
                _note(subject, home.building, kind.code, own, actor, said_at)
        _visit(number, own, actor, at)

    return met


def _note(subject: str, building: str, code: str, chance: Random, by: Actor, at: datetime) -> None:
    kind = facts.kinds()[code]
    if kind.type == "choice":
        value = chance.choice(kind.choices).code
    else:
        words = {"yesno": chance.choice(("yes", "yes", "no")), "text": chance.choice(CONTACTS)}
        value = words.get(kind.type) or str(chance.randint(1, 2))
    source = "family" if kind.minors else chance.choice(("person", "person", "person", "family"))
    with suppress(Refused):
        dossier.note(subject=subject, building=building, saying=Saying(code, value, source, kind.bases[0]), by=by, at=at)


def _visit(home: int, chance: Random, by: Actor, at: datetime) -> None:
    outcome = chance.choices(("met", "nobody", "declined"), (78, 14, 8))[0]
    text = chance.choice(NEEDS) if outcome == "met" and chance.random() < 0.06 else ""
    with suppress(Refused):
        actions.record_now(home=home, held=Held(outcome, text=text), key=f"demo-{clock.code(12)}", by=by, at=at)


def _newcomers(post: str, home: people.Household) -> Callable[[datetime], None]:
    """The resident whom a newcomer can be: two facts known, of which one is to be confirmed, a look, and a visit every two weeks."""

    def told(at: datetime) -> None:
        zhou, actor = people.actor_of("zhou", at=at), keeper(post, at)
        kept = people.mine(zhou)
        if kept is None or actor is None:
            return
        number = actions.wish(stance="yes", wish=14, by=zhou, at=at)
        me = f"resident:{kept.line.id}"
        contact = dossier.note(
            subject=me, building=home.building, saying=Saying("contact", "妹妹，住8栋", basis="consent"), by=actor, at=at
        )
        old = Saying("alone", "yes", basis="consent")
        dossier.note(subject=me, building=home.building, saying=old, by=actor, at=at - OLD)
        stove = Saying("stove", "bottle", basis="consent", how="online")
        own = queries.with_home(zhou, at=at)
        dossier.note(subject=f"household:{number}", building=home.building, saying=stove, by=own, at=at)
        dossier.look(facts=[contact], purpose="rescue", why="楼里停电，看先联系谁", by=actor, at=at + timedelta(days=4))
        with suppress(Refused):
            met = at + timedelta(hours=1)
            actions.record_now(home=number, held=Held("met"), key=f"demo-{clock.code(12)}", by=actor, at=met)

    return told


def _laid(post: str) -> Callable[[datetime], None]:
    def laid(at: datetime) -> None:
        actions.lay_due(by=OFFICE, at=at)
        actions.lay_first(grid=people.post_line(post)[2], post=post, by=OFFICE, at=at)

    return laid
