"""How a place is read out of what people write, and how the grid must lie. Pure: values in, values out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from siqian.kernel.permits import Refusal
from siqian.kernel.said import said

LEVELS = ("district", "street", "community", "block", "grid", "cell")
DIGITS = str.maketrans("零〇一二两三四五六七八九", "001223456789")
CHINESE = "零〇一二两三四五六七八九十百"
NUMBER = rf"(?P<number>\d{{1,4}}|[{CHINESE}]{{1,4}}|[A-Za-z]\d?)"
# 号楼 before 号; a number that is part of a longer one is not this building: "3栋" is not "13栋", and 7月3号 is a day.
BUILDING = re.compile(rf"(?<![\dA-Za-z.\-月]){NUMBER}\s?(?:栋|幢|座|号楼|号院|号(?![线梯门机码店]))")
RANGE = re.compile(r"(?<!\d)(\d{1,3})\s?[-—~至到]\s?(\d{1,3})\s?(?:栋|幢|座|号楼)")
SEVERAL = re.compile(r"(?<!\d)(\d{1,3}(?:\s?[、,，/和及与]\s?\d{1,3})+)\s?(?:栋|幢|座|号楼)")
ROOM = re.compile(r"(?<!\d)(\d{3,4})\s?(?:室|房|号房)|(?:栋|幢|座|号楼|单元)\s?(\d{3,4})(?!\d)")


@dataclass(frozen=True)
class SiteEntry:
    """One line of the register: a site, the names it goes by, its buildings by number."""

    code: str
    names: tuple[str, ...]
    buildings: dict[str, str]
    community: str


@dataclass(frozen=True)
class Reading:
    """What an address text says. buildings: candidate codes, one when it is certain; spans: where in the text it stands."""

    buildings: tuple[str, ...] = ()
    site: str = ""
    room: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    why: str = ""


def number_of(text: str) -> str:
    """The register's form of a building number: 十三 -> 13, B -> B, 003 -> 3."""
    text = text.strip().upper()
    if text.isdigit():
        return str(int(text))
    if all(letter in CHINESE for letter in text):
        return str(_chinese(text))
    return text


def read(text: str, register: Sequence[SiteEntry], *, near: str = "", home: str = "") -> Reading:
    """Find the building that a text names. near: the community that the teller is known to be in, which breaks ties.

    home: the building where the teller lives. A site's longest name wins; a number without a site is of the home's own site,
    else it counts only where the near community has it once.
    """
    found = _sites_in(text, register)
    if found:
        entries = [entry for entry, _ in found]
        span = found[0][1]
        spans, numbers = _numbers_after(text, span[1])
        room = _room(text)
        if len({entry.code for entry in entries}) > 1 and near:
            entries = [entry for entry in entries if entry.community == near] or entries
        if not numbers:
            return Reading((), entries[0].code if len(entries) == 1 else "", room, (span,), said("说了小区，没说哪一栋"))
        codes = tuple(entry.buildings[number] for entry in entries for number in numbers if number in entry.buildings)
        if not codes:
            return Reading((), entries[0].code, room, (span, *spans), said("名册里没有这个小区的这一栋"))
        return Reading(codes, entries[0].code, room, (span, *spans), "" if len(codes) == 1 else said("几栋都对得上"))
    return _numbers_alone(text, register, near, home)


def _numbers_alone(text: str, register: Sequence[SiteEntry], near: str, home: str) -> Reading:
    spans, numbers = _numbers_after(text, 0)
    if not numbers:
        return Reading(why=said("没说在哪里"))
    own = next((entry for entry in register if home and home in entry.buildings.values()), None)
    if own is not None and len(numbers) == 1 and numbers[0] in own.buildings:
        return Reading((own.buildings[numbers[0]],), own.code, _room(text), spans)
    if not near:
        return Reading((), "", _room(text), spans, said("说了楼号，没说哪个小区"))
    here = [entry for entry in register if entry.community == near]
    codes = tuple(entry.buildings[number] for entry in here for number in numbers if number in entry.buildings)
    why = "" if len(codes) == 1 else (said("几个小区都有这一栋") if codes else said("这一带没有这一栋"))
    return Reading(codes, "", _room(text), spans, why)


def _sites_in(text: str, register: Iterable[SiteEntry]) -> list[tuple[SiteEntry, tuple[int, int]]]:
    best: list[tuple[SiteEntry, tuple[int, int]]] = []
    for entry in register:
        for name in entry.names:
            at = text.find(name)
            if at < 0:
                continue
            length = best[0][1][1] - best[0][1][0] if best else 0
            if len(name) > length:
                best = [(entry, (at, at + len(name)))]
            elif len(name) == length and entry.code not in {other.code for other, _ in best}:
                best.append((entry, (at, at + len(name))))
    return best


def _numbers_after(text: str, start: int) -> tuple[tuple[tuple[int, int], ...], list[str]]:
    spans, numbers = [], []
    for match in RANGE.finditer(text, start):
        first, last = int(match[1]), int(match[2])
        if first < last <= first + 40:
            spans.append(match.span())
            numbers += [str(number) for number in range(first, last + 1)]
    for match in SEVERAL.finditer(text, start):
        spans.append(match.span())
        numbers += [number_of(number) for number in re.findall(r"\d+", match[1])]
    if numbers:
        return tuple(spans), numbers
    one = BUILDING.search(text, start) or (BUILDING.search(text) if start else None)
    return ((one.span(),), [number_of(one["number"])]) if one else ((), [])


def _room(text: str) -> str:
    match = ROOM.search(text)
    return (match[1] or match[2]) if match else ""


def _chinese(text: str) -> int:
    total, digit = 0, 0
    for letter in text:
        if letter == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif letter == "百":
            total, digit = total + (digit or 1) * 100, 0
        else:
            digit = int(letter.translate(DIGITS))
    return total + digit


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


def area_faults(rows: Sequence[AreaRow]) -> list[Refusal]:
    """Every fault of a set of areas: doubled codes, unknown parents, levels that do not nest, rings that do not close."""
    faults: list[Refusal] = []
    by_code = {row.code: row for row in rows}
    seen: set[str] = set()
    for row in rows:
        if row.code in seen:
            faults.append(Refusal("第{row}行：编码{code}前面已经有了，改成没用过的编码", field="code", row=row.row, code=row.code))
        seen.add(row.code)
        if row.level not in LEVELS:
            faults.append(Refusal("第{row}行：层级“{level}”不认识，写{known}之一", row=row.row, level=row.level, known="、".join(LEVELS)))
            continue
        faults += _parent_faults(row, by_code)
        faults += [
            Refusal("第{row}行：第{ring}圈没有首尾相接，补上起点", row=row.row, ring=at + 1)
            for at, ring in enumerate(row.rings)
            if len(ring) < 4 or ring[0] != ring[-1]
        ]
    return faults


def _parent_faults(row: AreaRow, by_code: dict[str, AreaRow]) -> list[Refusal]:
    rank = LEVELS.index(row.level)
    if rank == 0:
        return [] if not row.parent else [Refusal("第{row}行：区没有上级，把上级留空", row=row.row)]
    parent = by_code.get(row.parent)
    if parent is None:
        return [Refusal("第{row}行：上级{parent}不在这份表里，补上它或改上级编码", row=row.row, parent=row.parent or "—")]
    if parent.level in LEVELS and LEVELS.index(parent.level) != rank - 1:
        return [
            Refusal(
                "第{row}行：{name}的上级应是{want}，{parent}不是", row=row.row, name=row.name, want=LEVELS[rank - 1], parent=parent.name
            )
        ]
    return []
