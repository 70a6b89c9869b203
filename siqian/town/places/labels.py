"""Units of a building: how people write them, which ones the numbering rule gives, what is wrong with a list of them. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from siqian.kernel.permits import Refusal
from siqian.kernel.sheets import day

USES = ("home", "shop", "office", "other")
# What stands in a building of a site of this kind, until a file says otherwise.
USE_OF = {"estate": "home", "village": "home", "park": "office", "mall": "shop"}
LABEL = re.compile(r"(?:(?P<stair>[0-9A-Z]{1,3})-)?(?P<room>[0-9A-Z]{1,8})")
WRITTEN = re.compile(r"(?:单元|梯)\s?[-—]?\s?|\s?[-—]\s?")
FLOOR = re.compile(r"-?\d{1,3}")
LOWEST, HIGHEST = -9, 200


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as it comes in. row: where it stands in the file; until: the day from which it is no longer there."""

    row: int
    building: str
    label: str
    floor: int
    use: str = "home"
    until: date | None = None


def label_of(written: str) -> str | None:
    """The register's form of what people write: 1单元1203室 -> 1-1203, 1203房 -> 1203; None when it is no room."""
    text = WRITTEN.sub("-", written.strip().upper().removesuffix("室").removesuffix("号房").removesuffix("房"))
    match = LABEL.fullmatch(text)
    if match is None:
        return None
    stair = match["stair"]
    return f"{int(stair) if stair.isdecimal() else stair}-{match['room']}" if stair else match["room"]


def floor_of(label: str) -> int | None:
    """The storey that a room's number begins with (1203 -> 12); None when it says none."""
    room = label.rpartition("-")[2]
    return int(room[:-2]) if room.isdecimal() and len(room) > 2 else None


def by_rule(building: str, kind: str, storeys: int, doors: int) -> Iterator[UnitRow]:
    """Every unit of a building by the numbering rule; kind: of its site."""
    digits, use = max(2, len(str(doors))), USE_OF.get(kind, "other")
    for storey in range(1, storeys + 1):
        for door in range(1, doors + 1):
            yield UnitRow(0, building, f"{storey}{door:0{digits}d}", storey, use)


def choose(labels: Collection[str], stair: str, room: str) -> str | Refusal:
    """The label that is meant by a staircase (may be empty) and a room, or why none is."""
    if stair and f"{stair}-{room}" in labels:
        return f"{stair}-{room}"
    if room in labels:
        return room
    of_stairs = sorted(label for label in labels if label.endswith(f"-{room}"))
    if not stair and len(of_stairs) == 1:
        return of_stairs[0]
    if not stair and of_stairs:
        return Refusal("这栋{count}个单元都有{room}，说明是几单元", count=len(of_stairs), room=room)
    return Refusal("名册里这栋没有{room}，先记到这栋楼。核对房号", room=f"{stair}-{room}" if stair else room)


# The names by which the columns of a file go.
HEADINGS = {
    "building": ("building", "楼栋编码"),
    "label": ("label", "unit", "房号"),
    "floor": ("floor", "楼层"),
    "use": ("use", "用途"),
    "until": ("until", "截止日期"),
}
NEEDED = ("building", "label")


def unit_row(number: int, cells: Mapping[str, str], uses: Mapping[str, str]) -> UnitRow | list[Refusal]:
    """A unit from one row of a file, or all that is wrong with it; uses: what a use is called -> its code."""
    label, found = label_of(cells["label"]), []
    written, until = cells.get("floor", ""), day(cells.get("until", ""))
    floor = int(written) if FLOOR.fullmatch(written) else floor_of(label or "") if not written else None
    if label is None:
        found.append(Refusal("第{row}行：房号“{label}”写成1203，有单元的写成2-1203", field="label", row=number, label=cells["label"]))
    elif floor is None:
        found.append(Refusal("第{row}行：看不出几层，在“楼层”一列写一个数", field="floor", row=number))
    if isinstance(until, Refusal):
        found.append(Refusal("第{row}行：{what}", field="until", row=number, what=until.why))
    if found or label is None or floor is None or isinstance(until, Refusal):
        return found
    use = cells.get("use", "") or "home"
    return UnitRow(number, cells["building"], label, floor, uses.get(use, use), until)


def unit_faults(rows: Sequence[UnitRow], known: Collection[str]) -> list[Refusal]:
    """Every fault of a list of units; known: codes of the buildings that there are."""
    found: list[Refusal] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.building not in known:
            found.append(Refusal("第{row}行：名册里没有{code}这栋楼，先导入楼栋或改编码", field="building", row=row.row, code=row.building))
        if not LABEL.fullmatch(row.label):
            found.append(Refusal("第{row}行：房号“{label}”写成1203，有单元的写成2-1203", field="label", row=row.row, label=row.label))
        if not LOWEST <= row.floor <= HIGHEST:
            found.append(Refusal("第{row}行：楼层{floor}不对，写{low}到{high}之间", row=row.row, floor=row.floor, low=LOWEST, high=HIGHEST))
        if row.use not in USES:
            found.append(Refusal("第{row}行：用途“{use}”不认识，写住宅、商铺、办公或其他", field="use", row=row.row, use=row.use))
        first = seen.setdefault((row.building, row.label), row.row)
        if first != row.row:
            code = f"{row.building}-{row.label}"
            found.append(Refusal("第{row}行：{code}在第{first}行已经有了，删去一行", row=row.row, code=code, first=first))
    return found
