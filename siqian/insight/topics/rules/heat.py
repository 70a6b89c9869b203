"""How hot a topic is: distinct tellers x recency x growth. Pure; the order in which people told does not matter.

heat = sum over tellers of 2 ** (-days since they last told / HALF_LIFE) x growth
growth = (tellers of this week + CALM) / (tellers of a week before, on average of three, + CALM), from 1/2 to 4

Whoever tells five hundred times is one teller. Where neither account nor telephone is known, all that was told in one building on one
day counts as one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import fsum

from siqian.kernel.clock import local

HALF_LIFE = timedelta(days=3)
WEEK, WEEKS_BEFORE = timedelta(days=7), 3
SPAN = WEEK * (1 + WEEKS_BEFORE)
# As if so many told of it in every week: a second teller alone doubles nothing.
CALM = 2
COOLEST, WILDEST = 0.5, 4.0
# Rising: so many tellers within the week, and twice as many as in a week before.
MANY, TWICE = 5, 2.0


@dataclass(frozen=True)
class Heard:
    """One telling: by whom (a mark, empty where nobody knows), when, in which building."""

    teller: str
    at: datetime
    building: str = ""


@dataclass(frozen=True)
class Warmth:
    """week: distinct tellers of the last seven days; before: of one of the three weeks before, on average; tellers: of all four."""

    heat: float
    week: int
    before: float
    growth: float
    tellers: int

    @property
    def rising(self) -> bool:
        return self.week >= MANY and self.week >= TWICE * self.before


def teller(one: Heard) -> str:
    """Who counts as one person."""
    return one.teller or f"?{local(one.at):%Y%m%d}:{one.building}"


def warmth(heard: Iterable[Heard], at: datetime) -> Warmth:
    """How hot a topic is at an instant; what was told more than four weeks before counts no more."""
    weeks: list[set[str]] = [set() for _ in range(1 + WEEKS_BEFORE)]
    last: dict[str, timedelta] = {}
    for one in heard:
        # Told a moment "after" now by another machine's clock is told now.
        age = max(at - one.at, timedelta())
        if age >= SPAN:
            continue
        who = teller(one)
        weeks[age // WEEK].add(who)
        last[who] = min(age, last.get(who, age))
    week, before = len(weeks[0]), sum(map(len, weeks[1:])) / WEEKS_BEFORE
    growth = min(WILDEST, max(COOLEST, (week + CALM) / (before + CALM)))
    fresh = fsum(sorted(2.0 ** (-(age / HALF_LIFE)) for age in last.values()))
    return Warmth(fresh * growth, week, before, growth, len(last))


def by_day(heard: Iterable[Heard], at: datetime, days: int) -> list[int]:
    """Distinct tellers of each of the last so many days of the town, today last."""
    today = local(at).date()
    found: list[set[str]] = [set() for _ in range(days)]
    for one in heard:
        back = max(0, (today - local(one.at).date()).days)
        if back < days:
            found[days - 1 - back].add(teller(one))
    return [len(who) for who in found]
