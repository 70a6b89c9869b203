"""Areas, sites and buildings as they come in, before anything is written, and all that is wrong with areas by themselves. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Refusal
from siqian.kernel.said import said

LEVELS = ("district", "street", "community", "block", "grid", "cell")
CODE = re.compile(r"[\w\-]{1,24}", re.ASCII)
LONGEST_PATH = 120
# A map that is to come into force on a day.
DRAWING = Flow(
    Move("planned", "draw", "drawn", "clock"),
    Move("planned", "refuse", "refused", "clock"),
    Move("planned", "withdraw", "withdrawn", "office"),
    Move("refused", "withdraw", "withdrawn", "office"),
)


@dataclass(frozen=True)
class AreaRow:
    """An area as it comes in, before anything is written."""

    row: int
    code: str
    level: str
    name: str
    name_en: str
    parent: str
    rings: list[list[list[float]]]


@dataclass(frozen=True)
class SiteRow:
    """A site as it comes in. area: the smallest area that holds all of it; rings: its outline, where it has one of its own."""

    code: str
    kind: str
    name: str
    name_en: str
    area: str
    aliases: tuple[str, ...] = ()
    rings: list[list[list[float]]] = field(default_factory=list)


@dataclass(frozen=True)
class BuildingRow:
    """A building as it comes in. site, area: codes; lon, lat and the ring in WGS-84; doors: on one storey."""

    code: str
    name: str
    name_en: str
    site: str
    number: str
    area: str
    lon: float
    lat: float
    ring: list[list[float]]
    storeys: int
    doors: int


def area_faults(rows: Sequence[AreaRow]) -> list[Refusal]:
    """Every fault of a set of areas: doubled codes, unknown parents, levels that do not nest, rings that do not close."""
    faults: list[Refusal] = []
    by_code = {row.code: row for row in rows}
    seen: set[str] = set()
    for row in rows:
        if row.code in seen:
            faults.append(
                Refusal("第{row}行：编码{code}前面已经有了，改成没用过的编码", field="code", row=row.row, code=row.code, kind="duplicate")
            )
        seen.add(row.code)
        if not CODE.fullmatch(row.code):
            faults.append(Refusal("第{row}行：编码“{code}”要写成1到24个字母、数字、-或_", field="code", row=row.row, code=row.code))
        if not row.name or len(row.name) > 60 or len(row.name_en) > 80:
            faults.append(Refusal("第{row}行：名称要有1到60个字，英文名最多80个字母", field="name", row=row.row, code=row.code))
        if row.level not in LEVELS:
            unknown = said("第{row}行：层级“{level}”不认识，写{known}之一")
            faults.append(Refusal(unknown, row=row.row, level=row.level, known="、".join(LEVELS), code=row.code))
            continue
        faults += _parent_faults(row, by_code)
        if len(path := _path(row, by_code)) > LONGEST_PATH:
            faults.append(Refusal("第{row}行：从区到这里的编码连起来太长（{path}），改短一些", field="code", row=row.row, path=path))
        faults += [
            Refusal("第{row}行：第{ring}圈没有首尾相接，补上起点", row=row.row, ring=at + 1, code=row.code, kind="geometry")
            for at, ring in enumerate(row.rings)
            if len(ring) < 4 or ring[0] != ring[-1]
        ]
    return faults


def _path(row: AreaRow, by_code: dict[str, AreaRow]) -> str:
    """The codes from the district down; a ring of parents ends where the levels end."""
    codes: list[str] = []
    at: AreaRow | None = row
    while at is not None and len(codes) < len(LEVELS):
        codes.append(at.code)
        at = by_code.get(at.parent)
    return "/" + "/".join(reversed(codes)) + "/"


def _parent_faults(row: AreaRow, by_code: dict[str, AreaRow]) -> list[Refusal]:
    rank = LEVELS.index(row.level)
    if rank == 0:
        return [] if not row.parent else [Refusal("第{row}行：区没有上级，把上级留空", row=row.row, code=row.code, kind="nesting")]
    parent = by_code.get(row.parent)
    if parent is None:
        missing = said("第{row}行：上级{parent}不在这份表里，补上它或改上级编码")
        return [Refusal(missing, row=row.row, parent=row.parent or "—", code=row.code, kind="nesting")]
    if parent.level in LEVELS and LEVELS.index(parent.level) != rank - 1:
        return [
            Refusal(
                "第{row}行：{name}的上级应是{want}，{parent}不是",
                row=row.row,
                name=row.name,
                want=LEVELS[rank - 1],
                parent=parent.name,
                code=row.code,
                kind="nesting",
            )
        ]
    return []
