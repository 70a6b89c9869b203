"""Lays the town out once, and says what it made."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from siqian.kernel import anchors, clock, deliveries
from siqian.kernel.journal import writing
from siqian.kernel.permits import OFFICE
from siqian.spine.matters import queries as matters
from siqian.spine.matters.rules.lives import Spot
from siqian.town.people import actions as people, queries as roster
from siqian.town.people.actions import AccountRow
from siqian.town.places import actions as places, queries as map_
from siqian.trades.notices import actions as notices
from siqian.trades.tasks import jobs
from siqian.web import tokens

from . import (
    SEED,
    answers,
    benefits,
    bounds,
    full,
    homes as homes_,
    jointly,
    newcomer,
    passes,
    patrols,
    petitions,
    publicity,
    rising,
    rosters,
    sensors,
    systems,
    visits,
    weekly,
)
from .days import Days, weeks
from .district import district
from .laid import Town
from .stories import Home
from .town import HOME, town

MATTERS = 260
SPAN = timedelta(days=21)
TOWNS: dict[str, Callable[[Random], Town]] = {"small": town, "district": district, "full": district}
# Everybody has been in their place for longer than anything is told of.
SETTLED = {"small": SPAN + timedelta(days=30), "district": timedelta(days=400), "full": timedelta(days=400)}

# Whose days are planned before they are lived, in this order: what one draws by chance moves no other.
LIVED = (newcomer, petitions, jointly, visits, rosters, patrols, homes_, benefits, sensors, publicity, systems, rising)
# What a district's year, which comes in by the bulk verb, still lacks on its last day.
LATELY = tuple(part for part in LIVED if part not in (petitions, jointly))


def make(home: Path, *, size: str, told: Callable[[str], None]) -> str:
    at, there = clock.now(), _there(home)
    if there and there != size:
        told(f"{home} 里已经有一个示例（{there}），接着用它；要另一个，换个目录或删掉它")
        size = there
    if not there:
        made = TOWNS[size](Random(SEED))
        lay(made, begun=at - SETTLED[size], at=at)
        full.move_in_newcomer(buildings(), at=at)
        answers.publish(at)
        told(f"造好了{_counts(made)}")
    if size == "full":
        full.begin(home)
    _keep_tokens(home)
    systems.let_in(home, at)
    if size != "small":
        return size
    if not matters.states(seen_by=OFFICE):
        days = Days(Random(SEED + 1), buildings())
        weeks(days, until=at, count=MATTERS, span=SPAN)
        for part in LIVED:
            part.plan(days, at)
        run(days, at)
        weekly.review(at)
        bounds.propose(at)
        rising.follow(at)
        passes.open_gates(at)
    counts = matters.census(seen_by=OFFICE)
    told("过了三周日子：" + "，".join(f"{name}{value}" for name, value in counts.items()))
    return size


def _there(home: Path) -> str:
    """The size of the town that is laid out already, empty when there is none."""
    count = len(map_.communities())
    return "" if not count else "small" if count <= 3 else "full" if full.standing(home) else "district"


def lay(made: Town, *, begun: datetime, at: datetime) -> None:
    """Places, people, accounts and leaves, through their doors."""
    places.lay_out(areas=made.areas, sites=made.sites, buildings=made.buildings, by=OFFICE, at=begun)
    people.lay_in(persons=made.persons, seats=made.seats, since=clock.local(begun).date(), by=OFFICE, at=begun)
    home_code = next(row.code for row in made.buildings if row.name == HOME)
    residents = [
        AccountRow("zhou", "", name="周女士", home=home_code, role="resident"),
        AccountRow("meijuan", "", name="何美娟", home=home_code, role="neighbour"),
        AccountRow("aqiang", "", name="阿强", role="courier"),
        AccountRow("feiyan", "", name="飞燕外卖", role="employer"),
    ]
    people.open_accounts(rows=[*residents, *made.accounts], by=OFFICE, at=begun)
    # One resident wants text messages, so that a newcomer sees one go out; numbers of the demo belong to nobody.
    zhou = roster.actor_of("zhou", at=begun)
    notices.agree(reader=zhou.ref, channel="sms", address="19900000001", by=zhou, at=begun)
    with writing(OFFICE, whole=True):
        for away in made.leaves:
            span = {"since": at + away.since, "until": at + away.until}
            people.take_leave(person=away.person, stand_in=away.stand_in, **span, by=OFFICE, at=at + away.since)


def run(days: Days, at: datetime) -> None:
    """Let the days be lived up to now, with everything that climbs and everybody who is told."""
    days.run(at)
    while jobs.climb_what_is_late(at=at):
        pass
    while deliveries.work(at=at):
        pass
    anchors.drop(at=at)


def buildings() -> list[tuple[str, str, str]]:
    """(code, estate, number) of every building."""
    found = []
    for entry in map_.register(map_.epoch()):
        found += [(code, entry.names[0], number) for number, code in entry.buildings.items()]
    return sorted(found)


def homes() -> list[Home]:
    """Every building as a home from which people tell."""
    found = []
    for code, estate, number in buildings():
        place = map_.at_building(code)
        if place is not None:
            found.append(Home(code, estate, number, Spot(place.path, place.fence, place.words, code, place.lon, place.lat)))
    return found


def whole() -> Spot:
    """The district itself: where something is while nobody knows where."""
    top = map_.district()
    assert top is not None
    return Spot(top.path, top.fence, top.words)


def _counts(made: Town) -> str:
    levels = {name: sum(row.level == level for row in made.areas) for level, name in (("street", "街道"), ("community", "社区"))}
    areas = "，".join(f"{count}个{name}" for name, count in levels.items())
    return f"{areas}，{len(made.areas)}格，{len(made.buildings)}栋楼，{len(made.persons)}人在岗名单上"


def _keep_tokens(home: Path) -> None:
    if (home / tokens.FILE).exists():
        return
    tokens.write(home, {row.role: (clock.code(32), row.account) for row in roster.roles()})
