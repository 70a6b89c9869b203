"""What an adjustment would do, before anybody approves of it: ground, houses, whose hands open matters come into, whose posts go along."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from siqian.kernel.permits import OFFICE
from siqian.kernel.said import Both
from siqian.spine.matters import queries as matters
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.town.places.rules import AreaRow, shaping

MOST = 20_000


@dataclass(frozen=True)
class AreaChange:
    """An area before and after, in square metres; None where it is not. how: new, ended, changed, hung (below another)."""

    code: str
    name: str
    name_en: str
    level: str
    was: float | None
    then: float | None
    how: str


@dataclass(frozen=True)
class HouseMove:
    """A house that lies elsewhere then. frm, to: building grids, and the grids above them, by name."""

    code: str
    name: Both
    frm: Both
    to: Both
    frm_grid: Both
    to_grid: Both


@dataclass(frozen=True)
class HandMove:
    """From whose hands open matters go into whose, and of how many houses; stays: the same people look after both."""

    frm: Both
    to: Both
    houses: int
    matters: int
    stays: bool
    bare: bool


@dataclass(frozen=True)
class PostMove:
    code: str
    name: str
    name_en: str
    to: Both


@dataclass(frozen=True)
class Preview:
    """All of it. loose: open matters on that ground that name no house and stay with whoever has them."""

    areas: tuple[AreaChange, ...]
    houses: tuple[HouseMove, ...]
    hands: tuple[HandMove, ...]
    posts: tuple[PostMove, ...]

    @property
    def matters(self) -> int:
        return sum(hand.matters for hand in self.hands)


def preview(
    before: Sequence[AreaRow], after: Sequence[AreaRow], ended: Mapping[str, str], *, path: str, keeper: str, at: datetime
) -> Preview:
    """Of the rows that are touched, as they stand and as they would be, in the community of a path. keeper: of a new grid, by person."""
    named = {row.code: row for row in (*places.sheet(path).rows.values(), *before, *after)}
    moved = list(_moved(path, before, after))
    houses = [
        HouseMove(
            house.code,
            Both(house.name, places.in_english(house.name)),
            _both(frm),
            _both(to),
            _name(named, frm.parent),
            _name(named, to.parent),
        )
        for house, frm, to in moved
    ]
    return Preview(
        tuple(_areas(before, after, ended)),
        tuple(houses),
        tuple(_hands(path, moved, named, ended, keeper, at)),
        tuple(_posts(path, named, ended)),
    )


def _areas(before: Sequence[AreaRow], after: Sequence[AreaRow], ended: Mapping[str, str]) -> Iterable[AreaChange]:
    stood, then = {row.code: row for row in before}, {row.code: row for row in after}
    for code in dict.fromkeys((*then, *ended)):
        row, old, new = then.get(code) or stood[code], stood.get(code), then.get(code)
        how = "new" if old is None else "ended" if new is None else "hung" if old.rings == new.rings else "changed"
        was, now = (None if one is None else shaping.size(one.rings) for one in (old, new))
        yield AreaChange(code, row.name, row.name_en, row.level, was, now, how)


def _moved(path: str, before: Sequence[AreaRow], after: Sequence[AreaRow]) -> Iterable[tuple[shaping.House, AreaRow, AreaRow]]:
    """(house, its building grid as it stands, and as it would be) of every house that comes into another one, or below another grid."""
    was, then = ([row for row in rows if row.level == shaping.CELL] for rows in (before, after))
    houses = places.sheet(path).houses
    for house, frm, to in zip(houses, _cells(houses, was), _cells(houses, then), strict=True):
        if frm is not None and to is not None and (frm.code, frm.parent) != (to.code, to.parent):
            yield house, frm, to


def _cells(houses: Sequence[shaping.House], cells: Sequence[AreaRow]) -> list[AreaRow | None]:
    """The building grid of each house, of these."""
    import numpy as np
    import shapely

    found: list[AreaRow | None] = [None] * len(houses)
    lons, lats = [house.lon for house in houses], [house.lat for house in houses]
    for row in cells:
        inside: Any = shapely.intersects_xy(shapely.Polygon(row.rings[0], row.rings[1:]), lons, lats)
        for at in np.flatnonzero(inside).tolist():
            found[at] = row
    return found


def _hands(
    path: str,
    moved: Sequence[tuple[shaping.House, AreaRow, AreaRow]],
    named: Mapping[str, AreaRow],
    ended: Mapping[str, str],
    keeper: str,
    at: datetime,
) -> Iterable[HandMove]:
    """By pair of grids: who looks after the one and who after the other, and what is open in the houses between them."""
    points = matters.open_points(seen_by=OFFICE, at=at, within=path, most=MOST)
    open_at = Counter((point.lon, point.lat) for point in points)
    pairs: dict[tuple[str, str], list[shaping.House]] = {}
    for house, frm, to in moved:
        pairs.setdefault((frm.parent, to.parent), []).append(house)
    for (frm_grid, to_grid), houses in sorted(pairs.items()):
        posts = _keepers(path, frm_grid), _keepers(path, to_grid)
        # Posts of a grid that ends go along with it; what the same people look after stays in their hands.
        stays = frm_grid == to_grid or ended.get(frm_grid) == to_grid
        before, then = ([_who(post, at) for post in side] for side in posts)
        if keeper and not then:
            then = [Both(people.person_name(keeper), people.in_english(people.person_name(keeper)))]
        count = sum(open_at[(house.lon, house.lat)] for house in houses)
        hands = ((frm_grid, before), (to_grid, before if stays else then))
        sides = [_words(_name(named, grid), who or [_desk(path, at)]) for grid, who in hands]
        yield HandMove(sides[0], sides[1], len(houses), count, stays, not (stays or then))


def _posts(path: str, named: Mapping[str, AreaRow], ended: Mapping[str, str]) -> Iterable[PostMove]:
    for code, into in ended.items():
        for post, name, english in people.posts_at(path_of(code)):
            yield PostMove(post, name, english, _name(named, into))


def path_of(code: str) -> str:
    """The path of an area in force; empty when there is none."""
    place = places.at_area(code)
    return place.path if place else ""


def _name(named: Mapping[str, AreaRow], code: str) -> Both:
    return _both(named[code]) if code in named else Both(code, code)


def _both(row: AreaRow) -> Both:
    return Both(row.name, row.name_en)


def _words(grid: Both, who: Sequence[Both]) -> Both:
    return Both(f"{grid}：{'、'.join(who)}", f"{grid.en}: {', '.join(one.en for one in who)}")


def _keepers(path: str, grid: str) -> list[str]:
    there = path_of(grid)
    return sorted(post for post, where in people.keeper_posts(within=path).items() if there and where == there)


def _who(post: str, at: datetime) -> Both:
    card = people.card_of(post, at=at)
    return Both(card.name, card.name_en) if card else _post(post)


def _desk(path: str, at: datetime) -> Both:
    """Who takes what no keeper is there for."""
    desk = people.desk_from(path, 2, at=at)
    return _post(desk.post) if desk else Both("—", "—")


def _post(code: str) -> Both:
    name, english, _path = people.post_line(code)
    return Both(name, english)
