"""Who is there and who is needed: gaps in duty now and to come, and how much each keeper has to carry. Read across, values only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from siqian.kernel.permits import Actor
from siqian.spine.matters import queries as matters
from siqian.town.people import queries as people
from siqian.town.places import queries as places

AHEAD, MONTH = timedelta(days=14), timedelta(days=30)
SHEETS = ("secretary", "desk", "dispatcher", "leader", "inspector")
MOST_LOADS = 60


@dataclass(frozen=True)
class GapLine:
    """A gap as it is shown: whose post, in which area, from when to when; covered: the community's desk takes what comes meanwhile."""

    post: str
    name: str
    name_en: str
    path: str
    since: datetime
    until: datetime
    covered: bool


@dataclass(frozen=True)
class Load:
    """What one keeper carries: houses, open matters, those of thirty days; share: of the median of those, 1 for just as many."""

    post: str
    name: str
    name_en: str
    houses: int
    open: int
    month: int
    share: float | None


def reach(seen_by: Actor) -> list[str]:
    """The areas over which somebody looks after duty, none above another."""
    areas = sorted({grant.area for grant in seen_by.grants if grant.role in SHEETS and grant.area})
    return [area for area in areas if not any(area != other and area.startswith(other) for other in areas)]


def gaps(*, seen_by: Actor, at: datetime) -> list[GapLine]:
    """Every gap from now to fourteen days ahead within the actor's reach, the earliest first."""
    begin = at.replace(minute=0, second=0, microsecond=0)
    found = [gap for area in reach(seen_by) for gap in people.duty_gaps(begin, begin + AHEAD, within=area)]
    return [_line(gap) for gap in sorted(found, key=lambda gap: (gap.since, gap.post)) if gap.until > at]


def loads(*, seen_by: Actor, at: datetime) -> list[Load]:
    """What the keepers within the actor's reach carry, whoever has most first: by this grids can be cut fairly."""
    posts = {post: path for area in reach(seen_by) for post, path in people.keeper_posts(within=area).items()}
    carried, houses = matters.load_of_posts(since=at - MONTH, seen_by=seen_by), places.houses_in(set(posts.values()))
    middle = median([carried.get(post, (0, 0))[1] for post in posts] or [0])
    found = []
    for post, path in posts.items():
        open_, month = carried.get(post, (0, 0))
        name, english, _path = people.post_line(post)
        found.append(Load(post, name, english, houses[path], open_, month, round(month / middle, 1) if middle else None))
    return sorted(found, key=lambda load: (-load.month, -load.open, load.post))[:MOST_LOADS]


def _line(gap: people.Gap) -> GapLine:
    name, english, _path = people.post_line(gap.post)
    return GapLine(gap.post, name, english, gap.path, gap.since, gap.until, gap.covered)
