"""Makes the district once, and says what it made."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

from siqian.kernel import anchors, clock, deliveries
from siqian.kernel.permits import OFFICE
from siqian.spine.matters import queries as matters
from siqian.town.people import actions as people, queries as roster
from siqian.town.people.actions import AccountRow
from siqian.town.places import actions as places, queries as map_
from siqian.trades.tasks import jobs
from siqian.web import tokens

from . import SEED, newcomer
from .days import Days, weeks
from .town import town

MATTERS = 260
SPAN = timedelta(days=21)


def make(home: Path, *, told: Callable[[str], None]) -> None:
    at = clock.now()
    if map_.district() is None:
        made = town(Random(SEED))
        begun = at - SPAN - timedelta(days=30)
        places.lay_out(areas=made.areas, sites=made.sites, buildings=made.buildings, by=OFFICE, at=begun)
        people.lay_in(persons=made.persons, seats=made.seats, since=clock.local(begun).date(), by=OFFICE, at=begun)
        home_code = next(row.code for row in made.buildings if row.name == "松涛苑3栋")
        residents = [
            AccountRow("zhou", "", name="周女士", home=home_code, role="resident"),
            AccountRow("aqiang", "", name="阿强", role="courier"),
        ]
        people.open_accounts(rows=[*residents, *made.accounts], by=OFFICE, at=begun)
        told(f"造好了一条街：3个社区，{len(made.areas)}格，{len(made.buildings)}栋楼，{len(made.persons)}人在岗名单上")
    _keep_tokens(home)
    if not matters.states(seen_by=OFFICE):
        days = Days(Random(SEED + 1), buildings())
        weeks(days, until=at, count=MATTERS, span=SPAN)
        newcomer.plan(days, at)
        days.run(at)
        jobs.climb_what_is_late(at=at)
        while deliveries.work(at=at):
            pass
        anchors.drop(at=at)
    counts = matters.census(seen_by=OFFICE)
    told("过了三周日子：" + "，".join(f"{name}{value}" for name, value in counts.items()))


def buildings() -> list[tuple[str, str, str]]:
    """(code, estate, number) of every building."""
    found = []
    for entry in map_.register(map_.epoch()):
        found += [(code, entry.names[0], number) for number, code in entry.buildings.items()]
    return sorted(found)


def _keep_tokens(home: Path) -> None:
    if (home / tokens.FILE).exists():
        return
    tokens.write(home, {row.role: (clock.code(32), row.account) for row in roster.roles()})
