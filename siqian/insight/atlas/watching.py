"""What the wall of the command centre shows: who waits, how promises are kept, what people speak of, who needs a hand, who can lend one.

The same queries answer here and on the pages behind each figure. No person is named, no unit is ranked.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from siqian.kernel.clock import local
from siqian.kernel.permits import Actor
from siqian.spine.matters import queries as matters
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.tasks import queries as tasks

from . import manned
from .rules import FEWEST, above, home, light, rate

HOURS, TOPICS, HANDS, GAPS = 14, 8, 4, 4
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Pane:
    """A community on the wall: how many people wait per 10,000 doors, shown from five people on; late: matters past their promise."""

    code: str
    name: str
    name_en: str
    path: str
    lon: float
    lat: float
    people: int
    per: float
    step: str
    late: int
    grids: int
    bare: int
    desk: int


@dataclass(frozen=True)
class Kept:
    """Promises of one kind kept today, and in the same hours a week ago: (in time, all)."""

    now: tuple[int, int]
    before: tuple[int, int]


@dataclass(frozen=True)
class Talk:
    """A subclass of the list over the last hours: people who told of it by hour; usual: the mean of the same hours in seven days."""

    code: str
    zh: str
    en: str
    hours: tuple[int, ...]
    usual: float

    @property
    def people(self) -> int:
        return sum(self.hours)


@dataclass(frozen=True)
class Hand:
    """A community that lacks somebody or is late, and one of its street that may lend a hand."""

    pane: Pane
    lender: Pane | None


@dataclass(frozen=True)
class Wall:
    area: tuple[str, str]
    waiting: int
    open: int
    late: int
    longest: matters.Longest | None
    respond: Kept
    settle: Kept
    walked: dict[str, int]
    panes: list[Pane]
    talks: list[Talk]
    hands: list[Hand]
    orders: list[matters.Order]
    gaps: list[people.Gap]


def wall(*, seen_by: Actor, at: datetime) -> Wall:
    """Everything at once, within the actor's reach."""
    within, midnight = home(seen_by), local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = matters.open_by_area(seen_by=seen_by, at=at, within=within)
    panes = _panes(within, rows, at)
    return Wall(
        area=(places.both_names(within) or (("", ""),))[-1],
        waiting=sum(row.people for row in rows),
        open=sum(row.count for row in rows),
        late=sum(row.late for row in rows),
        longest=matters.longest_open(seen_by=seen_by),
        respond=_kept(within, "respond", midnight, at),
        settle=_kept(within, "settle", at - DAY, at),
        walked=matters.walked(since=midnight, seen_by=seen_by),
        panes=panes,
        talks=_talks(seen_by, at),
        hands=hands(panes),
        orders=matters.orders(seen_by=seen_by, at=at),
        gaps=[gap for gap in manned.gaps_ahead(at, 2 * DAY) if _is_near(gap, within, at)][:GAPS],
    )


def _is_near(gap: people.Gap, within: str, at: datetime) -> bool:
    return not gap.covered and gap.path.startswith(within) and gap.since < at + DAY and gap.until > at


def _kept(within: str, what: str, since: datetime, at: datetime) -> Kept:
    week_ago = tasks.kept(within, what, since=since - WEEK, until=at - WEEK, at=at)
    return Kept(tasks.kept(within, what, since=since, at=at), week_ago)


def _panes(within: str, rows: list[matters.OpenHere], at: datetime) -> list[Pane]:
    waiting: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if path := above(row.path, "community"):
            waiting[path] += Counter(people=row.people, late=row.late)
    duty: dict[str, Counter[str]] = defaultdict(Counter)
    for path, (step, _cards) in manned.sitting(within, at).items():
        duty[above(path, "community")][step] += 1
    doors, panes = places.doors(), []
    for spot in places.spots("community").values():
        if spot.path.startswith(within):
            here, there = waiting.get(spot.path, Counter()), duty.get(spot.path, Counter())
            homes = doors.get(spot.path, 0)
            step, per = light(here["people"], homes), rate(here["people"], homes) or 0
            duties = sum(there.values()), there["none"], there["desk"]
            panes.append(Pane(*spot[:6], here["people"], per, step, here["late"], *duties))
    return panes


def hands(panes: list[Pane]) -> list[Hand]:
    """Who lacks most first, never by a score; each lender is asked once, and none that lacks somebody itself."""
    lacking = sorted((pane for pane in panes if pane.bare or pane.late), key=lambda pane: (-pane.bare, -pane.late, -pane.desk, pane.code))
    free = [pane for pane in panes if not (pane.bare or pane.late or pane.desk) and pane.grids]
    found = []
    for pane in lacking[:HANDS]:
        near = [
            one
            for one in free
            if above(one.path, "community")[: -len(one.code) - 1] == above(pane.path, "community")[: -len(pane.code) - 1]
        ]
        lender = min(near, key=lambda one: ((one.lon - pane.lon) ** 2 + (one.lat - pane.lat) ** 2, one.code), default=None)
        if lender is not None:
            free.remove(lender)
        found.append(Hand(pane, lender))
    return found


def _talks(seen_by: Actor, at: datetime) -> list[Talk]:
    begin = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    by_hour: dict[str, Counter[int]] = defaultdict(Counter)
    for item, hour, count in matters.told_by_hour(since=begin, seen_by=seen_by):
        by_hour[subclass(item)][int((hour - begin).total_seconds() // 3600)] += count
    usual: Counter[str] = Counter()
    for item, count in matters.told_by_item(spans=[(begin - DAY * ago, at - DAY * ago) for ago in range(1, 8)], seen_by=seen_by).items():
        usual[subclass(item)] += count
    classes = remit.classes()
    talks = [
        Talk(code, classes[code].zh, classes[code].en, tuple(hours[hour] for hour in range(HOURS)), usual[code] / 7)
        for code, hours in by_hour.items()
        if code in classes and sum(hours.values()) >= FEWEST
    ]
    return sorted(talks, key=lambda talk: (-talk.people, talk.code))[:TOPICS]


def subclass(item: str) -> str:
    """ "4.2" of "4.2.7"."""
    return ".".join(item.split(".")[:2])
