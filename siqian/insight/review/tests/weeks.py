"""A week of the small town, for tests: some lamps, told and settled, so and so."""

from datetime import timedelta

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel.permits import ANYONE, Actor, Fence
from siqian.spine.matters import actions as matters
from siqian.testing import monday_nine, town

WEEK = "2026-W29"
# The Monday after, when the week is drawn up; the one after that, when its ratings are all known.
NEXT, AFTER = monday_nine + timedelta(days=7), monday_nine + timedelta(days=14)
LAMP = "楼梯2楼的灯坏了，晚上看不清路"


def tell(building="松涛苑3栋", at=monday_nine) -> int:
    return intake.take(
        message=Message(text=f"{building[3:]}{LAMP}", channel="web", building=town.building(building)), by=ANYONE, at=at
    ).matter


def teller(matter: int) -> Actor:
    return Actor(ref=f"receipt:{matter}", own=frozenset([f"matter:{matter}"]), fence=Fence(own=(matter,)))


def lamp(building="松涛苑3栋", at=monday_nine, answered=10, closed=2.0, good: bool | None = True) -> int:
    """Told, spoken about after so many minutes, closed after so many hours, and rated an hour later."""
    matter, by = tell(building, at), town.desk("st")
    matters.contact(matter=matter, how="phone", text="问清是2楼到3楼之间", by=by, at=at + timedelta(minutes=answered))
    matters.close(matter=matter, text="换了新灯座，试过，亮了", by=by, at=at + timedelta(hours=closed))
    if good is not None:
        matters.rate(matter=matter, good=good, by=teller(matter), at=at + timedelta(hours=closed + 1))
    return matter
