"""What people speak of: how many told of each topic, per 10,000 doors, in the week that ends with a day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.kernel.permits import Actor
from siqian.spine.matters import queries as matters
from siqian.spine.remit import queries as remit
from siqian.town.places import queries as places
from siqian.ui import words

from .rules import FEWEST, WEEK, Ask, Shade, above, light, rate


@dataclass(frozen=True)
class Topic:
    """A top class of the responsibility list: what it is called and how many people told of it."""

    code: str
    zh: str
    en: str
    people: int


@dataclass(frozen=True)
class Heat:
    """topics: what is told most; shades: areas by what they tell; few: areas with fewer people than are shown."""

    shades: list[Shade]
    topics: list[Topic]
    since: date
    until: date
    few: int


def heat(ask: Ask, *, seen_by: Actor, at: datetime) -> Heat:
    """The week that ends with the day that is asked, for one topic or all."""
    begin, end = week(ask.day, at)
    told = matters.told_by_area(since=begin, until=end, seen_by=seen_by, within=ask.within)
    by_topic: dict[str, int] = defaultdict(int)
    by_area: dict[str, int] = defaultdict(int)
    for path, item, people in told:
        topic = top(item)
        by_topic[topic] += people
        if ask.topic in ("", topic) and (there := above(path, ask.level)):
            by_area[there] += people
    shades, doors = [], places.doors()
    for spot in places.spots(ask.level).values():
        if spot.path.startswith(ask.within):
            shades.append(_shade(spot, by_area.get(spot.path, 0), doors.get(spot.path, 0)))
    classes = remit.classes()
    topics = [Topic(code, classes[code].zh, classes[code].en, count) for code, count in by_topic.items() if code in classes]
    few = sum(shade.step == "few" for shade in shades)
    last = local(end - timedelta(seconds=1)).date()
    return Heat(shades, sorted(topics, key=lambda topic: -topic.people), local(begin).date(), last, few)


def week(day: int, at: datetime) -> tuple[datetime, datetime]:
    """The seven days that end with a day: up to now when it is today."""
    midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    end = min(midnight + timedelta(days=day + 1), at + timedelta(seconds=1))
    return midnight + timedelta(days=day + 1) - WEEK, end


def top(item: str) -> str:
    """The top class of an item: "4" of "4.2.7"."""
    return item.partition(".")[0]


def _shade(spot: places.Spot, people: int, doors: int) -> Shade:
    step = light(people, doors)
    if step == "few":
        return Shade(*spot[:4], step, (_("不到{n}人，不显示").format(n=FEWEST), "—"), (1,))
    per = rate(people, doors)
    said = f"{per:.0f}" if per is not None and people else "0" if doors else "—"
    return Shade(*spot[:4], step, (words.people(people) if people else _("没有"), said), (0 if people else 2, -(per or 0)))
