"""Areas from and to GeoJSON: one feature an area, properties code, level, name, name_en, parent.

Pure: text in, rows or every fault out; and back. The number of a row is that of its feature in the file, from 1.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from siqian.kernel.permits import Refusal

from . import features
from .rules import LEVELS, AreaRow

# What a file may call the levels besides our own words.
LEVEL_NAMES = dict(zip(("区", "街道", "社区", "片区", "网格", "楼栋格"), LEVELS, strict=True))


def read(text: str) -> tuple[list[AreaRow], list[Refusal]]:
    """The areas of a file, and what cannot be read of it; rings are closed as they stand, holes after the outer one."""
    found, faults = features.read(text)
    rows: list[AreaRow] = []
    for number, feature in enumerate(found, start=1):
        row = _row(number, feature)
        (rows if isinstance(row, AreaRow) else faults).append(row)  # type: ignore[arg-type]
    return rows, faults


def write(rows: Iterable[AreaRow]) -> Iterator[str]:
    """The same areas as text, one feature a line."""
    return features.collected(
        (
            {"code": row.code, "level": row.level, "name": row.name, "name_en": row.name_en, "parent": row.parent},
            features.polygon(row.rings),
        )
        for row in rows
    )


def _row(number: int, feature: Any) -> AreaRow | Refusal:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return Refusal("第{row}行：没有properties，写上code、level、name、parent", row=number)
    rings = features.rings(feature.get("geometry"))
    if rings is None:
        return Refusal("第{row}行：要一块Polygon，坐标写成[经度, 纬度]；有几块的，拆成几格", row=number)
    said = {key: str(properties.get(key) if properties.get(key) is not None else "").strip() for key in ("code", "level", "name", "parent")}
    level = LEVEL_NAMES.get(said["level"], said["level"])
    name_en = str(properties.get("name_en") or said["name"]).strip()
    return AreaRow(number, said["code"], level, said["name"], name_en, said["parent"], rings)
