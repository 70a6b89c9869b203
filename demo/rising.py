"""Something that many tell of just now: water fails round one estate, and a neighbour each in house after house says so."""

from datetime import datetime, timedelta
from random import Random

from siqian.insight.topics import jobs
from siqian.intake import actions as intake, rules as intake_rules
from siqian.kernel.permits import ANYONE, Refused

from . import grammar
from .days import Days

WATER = (
    "整栋楼停水了，没有通知，老人连喝的水都没有",
    "早上起来就停水，到现在没来，也没有通知",
    "又停水了，没有通知，做饭的水都没有",
    "停水大半天了，没有通知，什么时候来水",
    "楼里停水没有通知，厕所都冲不了，什么时候来水",
    "从昨天晚上就停水，没有通知，打水厂电话没人接",
    "停水了，没有通知，店里做不了生意",
)
MANY = 11
SINCE = timedelta(hours=20)


def plan(days: Days, at: datetime) -> None:
    """Eleven neighbours of one estate and the next, within twenty hours; one of them tells it three times."""
    chance = Random(len(days.buildings) + 7)
    houses = days.buildings[: MANY * 2]
    for number in range(MANY):
        building, estate, house = houses[number * 2 % len(houses)]
        name, phone = grammar.teller(chance)
        text = f"{estate}{house}栋{WATER[number % len(WATER)]}"
        for again in range(3 if number == 4 else 1):
            when = at - SINCE * (1 - number / MANY) + timedelta(minutes=chance.uniform(2, 90) + 20 * again)
            if when < at:
                days.later(when, _tell(days, intake_rules.Message(text=text, channel="phone", building=building, name=name, phone=phone)))


def follow(at: datetime) -> int:
    """Give all that was told its topics, as the worker does every minute and at night; gives how many tellings."""
    found = jobs.follow(at=at, longest=120.0)
    jobs.regroup(at=at)
    return found


def _tell(days: Days, message: intake_rules.Message):
    def tell(when: datetime) -> None:
        try:
            receipt = intake.take(message=message, by=ANYONE, at=when)
        except Refused:
            return
        if not receipt.joined:
            days.attempt(when + timedelta(minutes=9), receipt.matter, days.answer)

    return tell
