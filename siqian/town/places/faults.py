"""Every fault of a map that comes in, each with its row and what to do. Values in, sentences out; nothing is written.

Areas and outlines in WGS-84. Slivers below a thousandth of an area are no fault: two offices never draw one border alike.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from siqian.kernel.permits import Refusal

from .drafts import LEVELS, AreaRow, BuildingRow, SiteRow, area_faults

SLIVER = 1e-3
# Rough box of mainland China: what lies outside was typed in the wrong order or in another frame.
WEST, SOUTH, EAST, NORTH = 73.0, 3.0, 136.0, 54.0


def of(areas: Sequence[AreaRow], sites: Sequence[SiteRow], buildings: Sequence[BuildingRow]) -> list[Refusal]:
    """All of them, in the order of the rows: areas, sites, buildings."""
    shapes = _shapes(areas)
    top = sum(row.level == LEVELS[0] for row in areas)
    return [
        *([] if top == 1 else [Refusal("要有一个区（district），这里有{count}个。一份地图写一个区", count=top)]),
        *area_faults(areas),
        *_drawn(areas, shapes),
        *_sites(areas, sites),
        *_buildings(areas, sites, buildings),
        *_astray(areas, buildings, shapes),
    ]


def _sites(areas: Sequence[AreaRow], sites: Sequence[SiteRow]) -> Iterator[Refusal]:
    known = {row.code for row in areas}
    for code in _doubled(row.code for row in sites):
        yield Refusal("场所{code}写了不止一次，编码改成没用过的", field="code", code=code)
    for row in sites:
        if row.area not in known:
            yield Refusal("场所{code}：没有区域{area}，补上它或改区域编码", field="area", code=row.code, area=row.area or "—")


def _buildings(areas: Sequence[AreaRow], sites: Sequence[SiteRow], buildings: Sequence[BuildingRow]) -> Iterator[Refusal]:
    known, named = {row.code: row.level for row in areas}, {row.code for row in sites}
    for code in _doubled(row.code for row in buildings):
        yield Refusal("楼栋{code}写了不止一次，编码改成没用过的", field="code", code=code)
    for site, number in _doubled((row.site, row.number) for row in buildings):
        yield Refusal("场所{site}有两个{number}栋，改其中一个的栋号", field="number", site=site, number=number)
    for row in buildings:
        if known.get(row.area) != LEVELS[-1]:
            yield Refusal("楼栋{code}：{area}不是楼栋格，改成它所在的楼栋格", field="area", code=row.code, area=row.area or "—")
        if row.site not in named:
            yield Refusal("楼栋{code}：没有场所{site}，补上它或改场所编码", field="site", code=row.code, site=row.site or "—")


def _doubled(keys: Iterable[Any]) -> list[Any]:
    return [key for key, count in Counter(keys).items() if count > 1]


def sound(row: AreaRow) -> bool:
    """Whether an area's rings are rings at all."""
    return bool(row.rings) and all(len(ring) >= 4 and ring[0] == ring[-1] for ring in row.rings)


def _shapes(areas: Sequence[AreaRow]) -> dict[str, Any]:
    """The polygons of all areas whose rings are rings."""
    import shapely

    return {row.code: shapely.Polygon(row.rings[0], row.rings[1:]) for row in areas if sound(row)}


def _drawn(areas: Sequence[AreaRow], shapes: dict[str, Any]) -> Iterator[Refusal]:
    """Outlines that lie elsewhere, cross themselves, leave their parent or lie over a neighbour."""
    import numpy as np
    import shapely

    rows = [row for row in areas if row.code in shapes]
    drawn = np.array([shapes[row.code] for row in rows], dtype=object)
    west, south, east, north = shapely.bounds(drawn).T if len(rows) else np.empty((4, 0))
    away = ~((west >= WEST) & (south >= SOUTH) & (east <= EAST) & (north <= NORTH))
    crossed = ~shapely.is_valid(drawn)
    for at in np.flatnonzero(away).tolist():
        yield Refusal("第{row}行：{name}的坐标不在中国，经度在前，纬度在后，用WGS-84坐标", row=rows[at].row, name=rows[at].name)
    for at in np.flatnonzero(crossed & ~away).tolist():
        yield Refusal("第{row}行：{name}的边界自己和自己交叉，按顺序重画", row=rows[at].row, name=rows[at].name)
    whole = {rows[at].code for at in np.flatnonzero(~away & ~crossed).tolist()}
    yield from _outside([row for row in rows if row.code in whole], shapes)
    for level in LEVELS:
        yield from _overlapping([row for row in rows if row.level == level and row.code in whole], shapes)


def _outside(rows: Sequence[AreaRow], shapes: dict[str, Any]) -> Iterator[Refusal]:
    """Areas that reach beyond the one above; of what is there already (row 0), the one above is named, which was drawn too small."""
    import numpy as np
    import shapely

    by_code = {row.code: row for row in rows}
    rows = [row for row in rows if row.parent in by_code]
    parents = np.array([shapes[row.parent] for row in rows], dtype=object)
    own = np.array([shapes[row.code] for row in rows], dtype=object)
    shapely.prepare(list({id(shape): shape for shape in parents}.values()))
    for at in np.flatnonzero(~shapely.covers(parents, own)).tolist():
        if own[at].difference(parents[at]).area > SLIVER * own[at].area:
            row, parent = rows[at], by_code[rows[at].parent]
            if row.row:
                yield Refusal("第{row}行：{name}有一块在上级{parent}外面，核对两边的边界", row=row.row, name=row.name, parent=row.parent)
            else:
                yield Refusal("第{row}行：{name}里放不下原有的{child}，核对两边的边界", row=parent.row, name=parent.name, child=row.code)


def _overlapping(rows: Sequence[AreaRow], shapes: dict[str, Any]) -> Iterator[Refusal]:
    import numpy as np
    import shapely

    own = np.array([shapes[row.code] for row in rows], dtype=object)
    one, other = shapely.STRtree(own).query(own)
    one, other = one[one < other], other[one < other]
    # Interiors that meet; neighbours that share a border do not.
    meet = shapely.relate_pattern(own[one], own[other], "T********")
    for first, second in sorted(zip(one[meet].tolist(), other[meet].tolist(), strict=True)):
        if own[first].intersection(own[second]).area > SLIVER * min(own[first].area, own[second].area):
            row = rows[second]
            yield Refusal("第{row}行：{name}和{other}重叠，核对两边的边界", row=row.row, name=row.name, other=rows[first].name)


def _astray(areas: Sequence[AreaRow], buildings: Sequence[BuildingRow], shapes: dict[str, Any]) -> Iterator[Refusal]:
    """Buildings whose middle lies outside their building grid."""
    import numpy as np
    import shapely

    names = {row.code: row.name for row in areas}
    placed = [row for row in buildings if row.area in shapes]
    cells = np.array([shapes[row.area] for row in placed], dtype=object)
    inside = shapely.intersects_xy(cells, [row.lon for row in placed], [row.lat for row in placed]) if placed else np.empty(0, dtype=bool)
    for at in np.flatnonzero(~inside).tolist():
        row = placed[at]
        yield Refusal(
            "楼栋{code}（{name}）不在{area}里面，改它的位置或楼栋格", field="area", code=row.code, name=row.name, area=names[row.area]
        )
