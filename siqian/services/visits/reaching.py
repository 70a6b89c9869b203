"""Who was reached, and who can go: building grids by the last visit, and the posts that may be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Max, Min

from siqian.kernel.clock import TOWN, local
from siqian.kernel.permits import Refusal
from siqian.kernel.said import said
from siqian.town.people import queries as people
from siqian.town.places import queries as places, rules as map_rules

from . import rules
from .models import Reach, Visit

CELL = map_rules.LEVELS.index("cell")
# How far around a house a visit goes.
SCOPES = {"cell": said("这个楼栋格"), "grid": said("这个网格"), "block": said("这个片区"), "community": said("整个社区")}


@dataclass(frozen=True)
class Coverage:
    """How much of an area was reached within a year: building grids in all, reached, still to be reached by a visit that is planned."""

    path: str
    name: str
    name_en: str
    cells: int
    reached: int
    coming: int

    @property
    def share(self) -> float:
        return rules.share(self.reached, self.cells)

    @property
    def open(self) -> int:
        return self.cells - self.reached - self.coming


def coverage(path: str, *, at: datetime) -> Coverage:
    """How much of one area was reached within the last year. Public."""
    names = places.both_names(path)
    return _coverage({path: (names[-1] if names else ("", ""))}, at)[0]


def coverages(path: str, *, at: datetime) -> list[Coverage]:
    """The same for the areas that one divides into, the least reached first: where help is needed most."""
    level = max(1, len(path.strip("/").split("/")))
    below = {area.path: (area.name, area.name_en) for area in places.areas(level=level, within=path, rings=False)}
    return sorted(_coverage(below, at), key=lambda row: (row.share, row.path))


def last_reached(path: str) -> dict[str, date | None]:
    """Every building grid below an area -> the day on which it was last reached."""
    found: dict[str, date | None] = {area.path: None for area in places.areas(level=CELL, within=path, rings=False)}
    rows = Reach.objects.filter(held=True, cell__startswith=path).values("cell").annotate(last=Max("day"))
    return found | {row["cell"]: row["last"] for row in rows if row["cell"] in found}


def coming_to(path: str, *, since: date) -> dict[str, date]:
    """Building grids below an area to which somebody comes -> the first day of it."""
    rows = Reach.objects.filter(held=False, visit__state="planned", cell__startswith=path, day__gte=since)
    return {row["cell"]: row["first"] for row in rows.values("cell").annotate(first=Min("day"))}


def taken_days(posts: Sequence[str], *, since: date) -> dict[str, frozenset[date]]:
    """Days on which each of these goes somewhere already."""
    found: dict[str, set[date]] = {}
    rows = Visit.objects.filter(post__in=posts, state="planned", starts__gte=datetime.combine(since, time(), TOWN)).values_list(
        "post", "starts"
    )
    for post, starts in rows:
        found.setdefault(post, set()).add(local(starts).date())
    return {post: frozenset(days) for post, days in found.items()}


@dataclass(frozen=True)
class Spot:
    """The area that a visit is for, and the house where it begins, if one was named."""

    path: str
    building: str = ""


def spot(words: str, scope: str, *, within: Sequence[str]) -> Spot | Refusal:
    """Where words mean: an area by its own name, or a house and so far around it. within: areas of whoever asks, which break ties."""
    named = [area.path for area in places.areas(rings=False) if words and words in (area.name, area.name_en, area.code)]
    near = next((path.strip("/").split("/")[2] for path in within if path.count("/") > 3), "")
    houses = [] if named else places.read(words, near=near).buildings
    found = [place for code in houses if (place := places.at_building(code)) is not None]
    if len(named) == 1:
        return Spot(named[0])
    if len(found) > 1:
        return Refusal(rules.SEVERAL.template, field="place", names="、".join(place.words for place in found[:4]))
    if not found:
        return rules.NO_PLACE
    level = map_rules.LEVELS.index(scope) if scope in SCOPES else CELL
    return Spot("/" + "/".join(found[0].path.strip("/").split("/")[: level + 1]) + "/", found[0].building)


def goer(post: str, *, at: datetime) -> tuple[str, str, str]:
    """(post, what it is called, who holds it) of one."""
    card = people.card_of(post, at=at)
    return post, people.post_line(post)[0], card.name if card else ""


def goers(path: str, *, at: datetime, duties: Sequence[str] = rules.GOING) -> list[tuple[str, str, str]]:
    """(post, what it is called, who holds it now) of everybody whose post covers an area and who may be sent there."""
    watch = people.Watch(path, at=at)
    owners = [owner for duty in duties for owner in watch.of_duty(duty)]
    return [(owner.post, people.post_line(owner.post)[0], people.person_name(owner.person)) for owner in owners]


def officials(path: str, duties: Sequence[str]) -> dict[str, str]:
    """Every post of these duties that lies in an area or above it -> the path that it covers."""
    return {post: where for post, where in people.posts_of(duties).items() if where.startswith(path) or path.startswith(where)}


def _coverage(areas: Mapping[str, tuple[str, str]], at: datetime) -> list[Coverage]:
    today, since = local(at).date(), local(at - rules.YEAR).date()
    top = min(areas, key=len) if len(areas) == 1 else "/"
    reached = set(Reach.objects.filter(held=True, day__gt=since, cell__startswith=top).values_list("cell", flat=True).distinct())
    coming = set(coming_to(top, since=today)) - reached
    tally = {path: [0, 0, 0] for path in areas}
    for area in places.areas(level=CELL, rings=False, within=top):
        path = _holder(area.path, tally)
        if path:
            tally[path][0] += 1
            tally[path][1] += area.path in reached
            tally[path][2] += area.path in coming
    return [Coverage(path, *names, *tally[path]) for path, names in areas.items()]


def _holder(cell: str, areas: Mapping[str, object]) -> str:
    """Which of these areas a building grid lies in."""
    codes = cell.strip("/").split("/")
    return next((path for at in range(len(codes), 0, -1) if (path := "/" + "/".join(codes[:at]) + "/") in areas), "")
