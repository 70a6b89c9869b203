"""Who lives in a building of the demo, made from the seed and the building's code: nobody real, no number that is given out."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from siqian.town.people.rules import ResidentRow
from siqian.town.places.queries import UnitLine

from . import SEED
from .names import GIVEN, SURNAMES

LIVED_IN = 0.8  # of the homes
SIZES, SHARES = (1, 2, 3, 4, 5), (0.28, 0.34, 0.22, 0.11, 0.05)
SOURCES = (("网格员上门", "居住登记"), ("房屋租赁备案", "租赁登记"), ("居民自己申报", "本人同意"))
FIRSTS, SECONDS = ([list(half[part]) for half in GIVEN] for part in (0, 1))
FAMILY = list(SURNAMES)


def of(building: str, units: Sequence[UnitLine], today: date) -> Iterator[ResidentRow]:
    """The households of one building; the same whenever it is asked for again."""
    chance = Random(f"{SEED}/{building}")
    for unit in units:
        if unit.use == "home" and chance.random() < LIVED_IN:
            yield from _household(building, unit.label, chance, today)


def _household(building: str, label: str, chance: Random, today: date) -> Iterator[ResidentRow]:
    size = chance.choices(SIZES, SHARES)[0]
    since, (source, basis) = today - timedelta(days=chance.randrange(60, 6000)), chance.choice(SOURCES)
    surname, tenants = chance.choice(FAMILY), source == "房屋租赁备案"
    for number in range(size):
        relation = "tenant" if tenants else ("head", "spouse", "child", "child", "parent")[number]
        own = tenants or relation in ("spouse", "parent")
        family = chance.choice(FAMILY) if own else surname
        half = chance.randrange(2)
        name = family + chance.choice(FIRSTS[half]) + chance.choice(SECONDS[half])
        phone = "" if relation == "child" else f"1990000{chance.randrange(1000, 10_000)}"
        yield ResidentRow(0, building, label, name, source, basis, phone, relation, 1, since)
