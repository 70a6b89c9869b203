"""One thing that the newcomer's community has put up: some neighbours are through, the newcomer has half of it left."""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from random import Random

from siqian.kernel.clock import local
from siqian.kernel.permits import Refused
from siqian.services.sensing import actions, queries
from siqian.services.sensing.rules import Sight
from siqian.town.people import queries as people

from . import SEED
from .days import Days
from .patrols import keeper

# So many keepers have begun; the others have not.
NEIGHBOURS = 12
TITLE, TEXT = "用电安全告知", "电动车不进楼、不飞线充电；充电棚的位置写在海报上，贴在一楼门口"


def plan(days: Days, at: datetime) -> None:
    """Ordered yesterday at three by the secretary, for three days."""
    role = next((row for row in people.roles() if row.role == "community staff"), None)
    if role is not None:
        yesterday = local(at).replace(hour=15, minute=0, second=0, microsecond=0) - timedelta(days=1)
        days.later(yesterday, lambda then: _ordered(days, role.account, then, at))


def _ordered(days: Days, account: int, at: datetime, now: datetime) -> None:
    actor, chance = people.actor(account, at=at), Random(SEED + 37)
    own = next(iter(actor.grants)).area
    until = local(at).date() + timedelta(days=3)
    actions.order_publicity(title=TITLE, text=TEXT, area=own, until=until, key="demo-publicity", by=actor, at=at)
    newcomer = next((row for row in people.roles() if row.role == "grid worker"), None)
    mine = people.actor(newcomer.account, at=at).posts if newcomer else ()
    for post in sorted(set(sorted(people.keeper_posts(within=own))[:NEIGHBOURS]) | set(mine)):
        share = 0.5 if post in mine else chance.choice((0.0, 0.6, 1.0, 1.0))
        days.later(min(at + timedelta(hours=2), now), partial(_put_up, post, share))


def _put_up(post: str, share: float, at: datetime) -> None:
    actor = keeper(post, at)
    if actor is None:
        return
    for line in queries.rounds(local(at).date(), seen_by=actor):
        for point in line.points[: round(len(line.points) * share)] if line.plan.tells and line.post == post else ():
            with suppress(Refused):
                sight = Sight("well", round=line.id, point=point.code)
                actions.record(sight=sight, key=f"demo-p-{line.id}-{point.code}"[:64], by=actor, at=at)
