"""Areas out of a layer, and to GeoJSON: one row or feature an area, columns code, level, name, name_en, parent.

Pure. What a column may be called besides is listed here; what is missing or wrong in the rows, `checks` says.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from siqian.kernel import sheets
from siqian.kernel.permits import Refusal
from siqian.kernel.said import said

from . import features
from .drafts import LEVELS, AreaRow
from .reading import Layer

# What a file may call the levels and the columns besides our own words.
LEVEL_NAMES = dict(zip(("区", "街道", "社区", "片区", "网格", "楼栋格"), LEVELS, strict=True))
COLUMNS = {
    "code": ("code", "编码", "区域编码", "网格编码", "adcode"),
    "level": ("level", "层级"),
    "name": ("name", "名称", "区域名称", "网格名称"),
    "name_en": ("name_en", "英文名"),
    "parent": ("parent", "上级", "上级编码"),
}
NO_POLYGON = said("第{row}行：要一块Polygon，坐标写成[经度, 纬度]；有几块的，拆成几格")


def level_named(written: str) -> str:
    """The level of a name in either language; what is none stays as it is, for the check to name."""
    return LEVEL_NAMES.get(written.strip(), written.strip().lower())


def areas(layer: Layer, level: str = "") -> tuple[list[AreaRow], list[Refusal]]:
    """The areas of a layer, all of one level where it is given, and every row that is none."""
    rows: list[AreaRow] = []
    unread = [Refusal("第{row}行：{what}", row=number, what=why.why) for number, why in layer.unread]
    for number, properties, geometry in zip(layer.numbers, layer.properties, layer.geometries, strict=True):
        rings = features.rings(geometry)
        if rings is None:
            unread.append(Refusal(NO_POLYGON, row=number, code=_said(properties, "code"), kind="geometry"))
            continue
        code, name, parent = (_said(properties, field) for field in ("code", "name", "parent"))
        rank = level or level_named(_said(properties, "level"))
        rows.append(AreaRow(number, code, rank, name, _said(properties, "name_en") or name, parent, rings))
    return rows, unread


def write(rows: Iterable[AreaRow]) -> Iterator[str]:
    """The same areas as text, one feature a line."""
    return features.collected(drawn(rows))


def drawn(rows: Iterable[AreaRow]) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """(properties, geometry) of areas."""
    for row in rows:
        properties = {"code": row.code, "level": row.level, "name": row.name, "name_en": row.name_en, "parent": row.parent}
        yield properties, features.polygon(row.rings)


def _said(properties: Mapping[str, Any], field: str) -> str:
    return next((text for name in COLUMNS[field] if (text := sheets.text(properties.get(name)))), "")


def code_of(properties: Mapping[str, Any]) -> str:
    """The code of a row, by whichever column it has."""
    return _said(properties, "code")
