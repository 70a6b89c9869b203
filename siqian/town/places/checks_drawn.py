"""How areas lie to each other: inside the one above, beside their neighbours, and all of the one above covered. Pure.

All on a plane of true areas in metres (`plane`); a fault's ground and place are taken back to WGS-84.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from siqian.kernel.permits import Refusal
from siqian.kernel.said import said

from .drafts import LEVELS, AreaRow
from .laid import LEAST_M2, THE_SAME, THIN, TOUCH_M, Fault, Map

STICKS_OUT = said("第{row}行：{name}有{area}平方米在上级{parent}外面")
CUT_OFF = said("把{code}在外面的{area}平方米去掉；确是它的，先把{parent}画大")
TOO_SMALL = said("第{row}行：{name}里放不下原有的{child}，有{area}平方米在外面")
TAKE_IN = said("把{parent}画大{area}平方米；或者同一份表里把{child}也改小")
OVERLAPS = said("第{row}行：{name}和{other}重叠{area}平方米")
GIVE = said("把重叠的{area}平方米判给面积大的{larger}，从{smaller}里去掉")
THIN_OVERLAP = said("第{row}行：{name}和{other}之间有一条{area}平方米的细缝重叠，约{width}米宽")
FOLLOW = said("两条边界本是一条：{smaller}照{larger}的边界描")
TWICE = said("第{row}行：{name}和{other}画的是同一块")
DROP = said("删去{code}、{other}中的一行，或者重画其中一块")
GAP = said("第{row}行：{where}里有{area}平方米不属于任何下级")
THIN_GAP = said("第{row}行：{where}里有一条{area}平方米的细缝不属于任何下级，约{width}米宽")
FILL = said("并给相邻的{code}，它和这块地相连最长")
FILL_LINE = said("两条边界本是一条：{code}的边界描到缝的另一边")
RING = said("这一级围出来的空地")


def with_parents(rows: Sequence[AreaRow], town: Map) -> list[AreaRow]:
    """Rows that name no parent get the area of the level above in which they lie, where there is one."""
    import numpy as np
    import shapely

    made = list(rows)
    for rank, level in enumerate(LEVELS[1:], start=1):
        upper = [row.code for row in town.rows if row.level == LEVELS[rank - 1] and row.code in town.flat]
        bare = [at for at, row in enumerate(made) if row.level == level and not row.parent and row.code in town.flat]
        if not upper or not bare:
            continue
        tree = shapely.STRtree(np.array([town.flat[code] for code in upper], dtype=object))
        middles = shapely.point_on_surface(np.array([town.flat[made[at].code] for at in bare], dtype=object))
        for point, found in zip(*tree.query(middles, predicate="intersects").tolist(), strict=True):
            if not made[bare[point]].parent:
                made[bare[point]] = replace(made[bare[point]], parent=upper[found])
    return made


def faults(town: Map, standing: Sequence[AreaRow]) -> Iterator[Fault]:
    """All of them: nesting, overlaps and slivers, gaps."""
    yield from _outside(town)
    for level in LEVELS:
        yield from _overlapping(town, [row for row in town.rows if row.level == level and row.code in town.flat])
    yield from _gaps(town, standing)


def _solid(shapes: Any) -> Any:
    """Which of many shapes are more than the noise of two drawings of one line."""
    import numpy as np
    import shapely

    area, around = shapely.area(shapes), shapely.length(shapes)
    width = np.divide(2 * area, around, out=np.zeros_like(area), where=around > 0)
    return (area >= LEAST_M2) & (width >= TOUCH_M)


def _ground(shape: Any) -> Any:
    """The parts of a shape that count, as one; None where there are none."""
    import shapely

    parts = shapely.get_parts(shape)
    parts = parts[_solid(parts)]
    return shapely.multipolygons(parts) if len(parts) > 1 else parts[0] if len(parts) else None


def _thin(shape: Any) -> bool:
    import shapely

    return all(part.area < THIN * part.length**2 for part in shapely.get_parts(shape))


def _width(shape: Any) -> str:
    """Of a thin shape, in metres."""
    return f"{2 * shape.area / shape.length:.2f}"


def _at(town: Map, kind: str, row: AreaRow, why: Refusal, repair: Refusal, ground: Any, *beside: str) -> Fault:
    shape = town.plane.back(ground)
    point = town.plane.back(max(_parts(ground), key=lambda part: float(part.area)).representative_point())
    return Fault(row.row, row.code, kind, why, repair, float(ground.area), point.x, point.y, shape, tuple(dict.fromkeys(beside)))


def _parts(shape: Any) -> Any:
    import shapely

    return shapely.get_parts(shape)


def _size(ground: Any) -> str:
    """Square metres as people read them."""
    return f"{ground.area:.0f}" if ground.area >= 10 else f"{ground.area:.1f}"


def _outside(town: Map) -> Iterator[Fault]:
    import numpy as np
    import shapely

    by_code = {row.code: row for row in town.rows if row.code in town.flat}
    rows = [row for row in by_code.values() if row.parent in by_code and (row.row or by_code[row.parent].row)]
    parents = np.array([town.flat[row.parent] for row in rows], dtype=object)
    own = np.array([town.flat[row.code] for row in rows], dtype=object)
    shapely.prepare(list({id(shape): shape for shape in parents}.values()))
    for at in np.flatnonzero(~shapely.covers(parents, own)).tolist() if rows else ():
        ground = _ground(own[at].difference(parents[at]))
        if ground is None:
            continue
        row, parent, area = rows[at], by_code[rows[at].parent], _size(ground)
        if row.row:
            why = Refusal(STICKS_OUT, row=row.row, name=row.name or row.code, area=area, parent=parent.code)
            repair = Refusal(CUT_OFF, code=row.code, area=area, parent=parent.code)
            yield _at(town, "nesting", row, why, repair, ground, row.code, parent.code)
        else:
            why = Refusal(TOO_SMALL, row=parent.row, name=parent.name or parent.code, child=row.code, area=area)
            repair = Refusal(TAKE_IN, parent=parent.code, area=area, child=row.code)
            yield _at(town, "nesting", parent, why, repair, ground, parent.code, row.code)


def _overlapping(town: Map, rows: Sequence[AreaRow]) -> Iterator[Fault]:
    import numpy as np
    import shapely

    own = np.array([town.flat[row.code] for row in rows], dtype=object)
    given = np.array([row.row > 0 for row in rows], dtype=bool)
    if not given.any():
        return
    one, other = shapely.STRtree(own).query(own, predicate="intersects")
    # Once each, and not what two areas that stand do to each other.
    asked = (one < other) & (given[one] | given[other])
    one, other = one[asked], other[asked]
    shared = shapely.intersection(own[one], own[other])
    some = np.flatnonzero(shapely.area(shared) >= LEAST_M2)
    for at in sorted(some.tolist(), key=lambda at: (one[at], other[at])):
        ground = _ground(shared[at])
        if ground is not None:
            # The later row of the file is told of; one that stands already (first in order) never is.
            yield _overlap(town, rows[one[at]], rows[other[at]], ground)


def _overlap(town: Map, first: AreaRow, second: AreaRow, ground: Any) -> Fault:
    areas = {row.code: town.flat[row.code].area for row in (first, second)}
    larger, smaller = sorted(areas, key=lambda code: (-areas[code], code))
    told: dict[str, Any] = {"row": second.row, "name": second.name or second.code, "other": first.code, "area": _size(ground)}
    if ground.area >= THE_SAME * max(areas.values()):
        repair = Refusal(DROP, code=second.code, other=first.code)
        return _at(town, "duplicate", second, Refusal(TWICE, **told), repair, ground, second.code, first.code)
    if _thin(ground):
        repair = Refusal(FOLLOW, larger=larger, smaller=smaller)
        return _at(town, "sliver", second, Refusal(THIN_OVERLAP, width=_width(ground), **told), repair, ground, second.code, first.code)
    repair = Refusal(GIVE, area=told["area"], larger=larger, smaller=smaller)
    return _at(town, "overlap", second, Refusal(OVERLAPS, **told), repair, ground, second.code, first.code)


def _gaps(town: Map, standing: Sequence[AreaRow]) -> Iterator[Fault]:
    """Ground of an area that none below it covers. Only where the file touches the area or one below, and what is new of it."""
    children: dict[str, list[AreaRow]] = defaultdict(list)
    for row in town.rows:
        if row.code in town.flat:
            children[row.parent].append(row)
    by_code = {row.code: row for row in town.rows}
    before, unsure = _before(town, standing), _unsure(town)
    for parent, below in children.items():
        if parent in town.flat and (by_code[parent].row or any(row.row for row in below)):
            gap = _left(town.flat[parent], [town.flat[row.code] for row in below])
            old = before(parent)
            yield from _told(town, (gap if old is None else gap.difference(old)).difference(unsure), by_code[parent], below)
    for level in LEVELS:
        # With nothing above to fill, only what the areas enclose can be a gap.
        alone = [row for row in town.rows if row.level == level and row.code in town.flat and row.parent not in town.flat]
        if any(row.row for row in alone) and level != LEVELS[0]:
            yield from _told(town, _enclosed([town.flat[row.code] for row in alone]), None, alone)


def _unsure(town: Map) -> Any:
    """Ground that areas cover whose own outline or parent is at fault: that was told, and is not a gap besides."""
    import shapely

    known = {row.code for row in town.rows}
    lost = [town.flat[row.code] for row in town.rows if row.level != LEVELS[0] and row.parent not in known and row.code in town.flat]
    return shapely.union_all([*town.unsure, *lost])


def _before(town: Map, standing: Sequence[AreaRow]) -> Any:
    """Gives the gap that an area had as the map stands; None where it had none, or nothing below it, so that all of it was to come."""
    import shapely

    below: dict[str, list[AreaRow]] = defaultdict(list)
    for row in standing:
        below[row.parent].append(row)
    own = {row.code: row for row in standing}

    def gap(code: str) -> Any:
        if code not in own or not below[code]:
            return None
        shapes = town.plane.flat([shapely.Polygon(row.rings[0], row.rings[1:]) for row in (own[code], *below[code])])
        return _left(shapes[0], list(shapes[1:]))

    return gap


def _left(whole: Any, parts: Sequence[Any]) -> Any:
    import shapely

    return whole.difference(shapely.union_all(list(parts)))


def _enclosed(parts: Sequence[Any]) -> Any:
    import shapely

    union = shapely.union_all(list(parts))
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    return shapely.multipolygons(holes) if holes else None


def _told(town: Map, gap: Any, parent: AreaRow | None, below: Sequence[AreaRow]) -> Iterator[Fault]:
    import numpy as np
    import shapely

    if gap is None or gap.is_empty:
        return
    parts = shapely.get_parts(gap)
    parts = [part for part in parts[_solid(parts)] if part.geom_type == "Polygon"]
    if not parts:
        return
    shapes = np.array([town.flat[row.code] for row in below], dtype=object)
    tree = shapely.STRtree(shapes)
    for part in parts:
        near = tree.query(part, predicate="dwithin", distance=TOUCH_M)
        shared = shapely.length(shapely.intersection(shapes[near], part.boundary)) if len(near) else np.zeros(0)
        beside = [below[near[at]] for at in np.argsort(-shared, kind="stable").tolist()]
        yield _gap(town, part, parent, beside, below)


def _gap(town: Map, part: Any, parent: AreaRow | None, beside: Sequence[AreaRow], below: Sequence[AreaRow]) -> Fault:
    nearest = beside[0] if beside else below[0]
    # Told of the one above where the file has it, else of the row of the file that lies next to it.
    given = next((row for row in (*beside, *below) if row.row), nearest)
    row = parent if parent is not None and parent.row else given
    where = (parent.name or parent.code) if parent is not None else RING
    told: dict[str, Any] = {"row": row.row, "where": where, "area": _size(part)}
    code = parent.code if parent is not None else row.code
    thin = _thin(part)
    why = Refusal(THIN_GAP, width=_width(part), **told) if thin else Refusal(GAP, **told)
    repair = Refusal(FILL_LINE if thin else FILL, code=nearest.code)
    shown = [code, *(one.code for one in beside[:3])]
    return _at(town, "sliver" if thin else "gap", replace(row, code=code), why, repair, part, *shown)
