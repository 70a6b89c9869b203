"""How a place is read out of what people write, and how the grid must lie. Pure: values in, values out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from siqian.kernel.permits import Refusal
from siqian.kernel.said import said

from . import shaping
from .checks import MAY_BE_TAKEN, Checked, as_json, checked, with_more
from .drafts import LEVELS, AreaRow, BuildingRow, SiteRow
from .features import collected
from .frames import WGS84, Frame, named as frame_named
from .geojson import level_named
from .labels import HEADINGS, NEEDED, USES, UnitRow, floor_of, label_of, unit_row
from .locating import Located, points_of
from .pictures import picture, report
from .reading import Layer, fields, read as layer_of
from .survey import BUILDING_HEADINGS, BUILDING_NEEDED, SITE_HEADINGS, SITE_NEEDED, building_row, site_row
from .writing import FORMATS, write as write_layer

__all__ = [
    "BUILDING_HEADINGS",
    "BUILDING_NEEDED",
    "FORMATS",
    "HEADINGS",
    "LEVELS",
    "MAY_BE_TAKEN",
    "NEEDED",
    "SITE_HEADINGS",
    "SITE_NEEDED",
    "USES",
    "WGS84",
    "AreaRow",
    "BuildingRow",
    "Checked",
    "Frame",
    "Layer",
    "Located",
    "SiteRow",
    "UnitRow",
    "as_json",
    "building_row",
    "checked",
    "collected",
    "fields",
    "floor_of",
    "frame_named",
    "label_of",
    "layer_of",
    "level_named",
    "picture",
    "points_of",
    "report",
    "shaping",
    "site_row",
    "unit_row",
    "with_more",
    "write_layer",
]

DIGITS = str.maketrans("零〇一二两三四五六七八九", "001223456789")
CHINESE = "零〇一二两三四五六七八九十百"
NUMBER = rf"(?P<number>\d{{1,4}}|[{CHINESE}]{{1,4}}|[A-Za-z]\d?)"
# 号楼 before 号; a number that is part of a longer one is not this building: "3栋" is not "13栋", and 7月3号 is a day.
BUILDING = re.compile(rf"(?<![\dA-Za-z.\-月]){NUMBER}\s?(?:栋|幢|座|号楼|号院|号(?![线梯门机码店]))")
RANGE = re.compile(r"(?<!\d)(\d{1,3})\s?(?:栋|幢|座|号楼)?\s?[-—~至到]\s?(\d{1,3})\s?(?:栋|幢|座|号楼)")
SEVERAL = re.compile(r"(?<!\d)(\d{1,3}(?:\s?[、,，/和及与]\s?\d{1,3})+)\s?(?:栋|幢|座|号楼)")
# What stands between two buildings that are both meant: 3栋和5栋.
AND = re.compile(r"\s?[、,，/和及与跟]\s?")
# Said in figures alone, right after the site: 3-1203, 3-2-1203 (building, unit, room).
SHORT = re.compile(r"\s?(\d{1,3})\s?[-—]\s?(?:(\d{1,2})\s?[-—]\s?)?(\d{3,4})(?!\s?[\d栋幢座号米元年])")
# What may stand between a site's name and the number: 松涛苑小区的3栋.
GAP = re.compile(r"(?:小区|院内|里面|[里内的,，\s]){0,2}")
# A name right before a number that is no place of the register: the number is then of that estate, wherever it lies.
STRANGE = re.compile(
    r"[一-鿿]{2,6}(?<!我们)(?<!咱们)(?<!你们)(?<!他们)(?<![我咱本这那个该同全各在到住是里于从和的问请])"
    r"(?:苑|花园|家园|新村|公寓|小区|轩|阁|府|庭|湾|大厦)(?:里面|[里内的]){0,2}$"
)
UNKNOWN_SITE = said("说的小区名册里没有，请人工确认")
ROOM = re.compile(r"(?<!\d)(\d{3,4})\s?(?:室|房|号房)|(?:栋|幢|座|号楼|单元)\s?(\d{3,4})(?!\d)")
UNIT = re.compile(rf"(?P<number>(?<!\d)\d{{1,2}}|[{CHINESE}]{{1,2}}|[A-Za-z])\s?单元")
PHASE = re.compile(rf"\s?第?(?P<number>\d{{1,2}}|[{CHINESE}]{{1,2}})\s?期")


@dataclass(frozen=True)
class SiteEntry:
    """One line of the register: a site, the names it goes by, its buildings by number. A name may end in its phase: 松涛苑二期."""

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
    unit: str = ""


class Register:
    """The address register, with the ways into it that reading takes: by the beginning of a name, by building, by community."""

    def __init__(self, entries: Iterable[SiteEntry]) -> None:
        self.entries = tuple(entries)
        self.by_code = {entry.code: entry for entry in self.entries}
        self.by_building = {building: entry for entry in self.entries for building in entry.buildings.values()}
        self.by_community: dict[str, list[SiteEntry]] = {}
        # A name without its phase -> whom it may mean, each with its phase (empty when the name has none).
        self.called: dict[str, list[tuple[SiteEntry, str]]] = {}
        for entry in self.entries:
            self.by_community.setdefault(entry.community, []).append(entry)
            for name in filter(None, entry.names):
                stem, phase = _without_phase(name)
                self.called.setdefault(stem, []).append((entry, phase))
        beginnings: dict[str, set[str]] = {}
        for name in self.called:
            beginnings.setdefault(name[:2], set()).add(name)
        self.firsts = frozenset(two[0] for two in beginnings)
        self.beginnings = {two: sorted(names, key=len, reverse=True) for two, names in beginnings.items()}

    def __iter__(self) -> Iterator[SiteEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def names_in(self, text: str) -> list[tuple[str, int]]:
        """Every name of the register that stands in a text, with its first place; not every name that a longer one holds."""
        found: dict[str, int] = {}
        for name, at in self.every_name_in(text):
            found.setdefault(name, at)
        return list(found.items())

    def every_name_in(self, text: str) -> Iterator[tuple[str, int]]:
        """The same each time that it stands there."""
        for at, letter in enumerate(text):
            if letter in self.firsts:
                for name in self.beginnings.get(text[at : at + 2], ()):
                    if text.startswith(name, at):
                        yield name, at


def number_of(text: str) -> str:
    """The register's form of a building number: 十三 -> 13, B -> B, 003 -> 3."""
    text = text.strip().upper()
    if text.isdigit():
        return str(int(text))
    if all(letter in CHINESE for letter in text):
        return str(_chinese(text))
    return text


def read(text: str, register: Register | Sequence[SiteEntry], *, near: str = "", home: str = "") -> Reading:
    """Find the building that a text names. near: the community that the teller is known to be in, which breaks ties.

    home: the building where the teller lives. Sites with a number right behind them are meant, whatever else is named; else the
    site of the longest name. A number without a site is of the home's own site, else it counts only where the near community
    has it once.
    """
    known = register if isinstance(register, Register) else Register(register)
    found = mentions(text, known.names_in(text), known)
    return of_mentions(text, found, near=near) if found else numbers_alone(text, known, near, home)


def of_mentions(text: str, found: Sequence["Mention"], *, near: str = "") -> Reading:
    """The building that a text names beside these names of sites, one at least."""
    numbered = [mention for mention in found if has_number(text, mention.end)]
    longest = max(mention.end - mention.start for mention in found)
    chosen = numbered or [mention for mention in found if mention.end - mention.start == longest]
    entries = [entry for mention in chosen for entry in mention.entries]
    if len(entries) > 1 and near and len({entry.community for entry in entries}) > 1:
        entries = [entry for entry in entries if entry.community == near] or entries
    codes: list[str] = []
    spans: list[tuple[int, int]] = []
    for mention in chosen:
        stop = min((other.start for other in numbered if other.start > mention.start), default=len(text))
        said_there, numbers = said_after(text, mention.end, stop)
        spans += [(mention.start, mention.end), *said_there]
        codes += [entry.buildings[n] for entry in mention.entries if entry in entries for n in numbers if n in entry.buildings]
    return _settled(text, chosen, entries, list(dict.fromkeys(codes)), tuple(dict.fromkeys(spans)))


def _settled(
    text: str, chosen: Sequence["Mention"], entries: Sequence[SiteEntry], codes: Sequence[str], spans: tuple[tuple[int, int], ...]
) -> Reading:
    """What follows from the buildings that were found, one, several or none."""
    short = SHORT.match(text, chosen[0].end)
    room, unit = (short[3], number_of(short[2]) if short[2] else "") if short else (_room(text), _unit(text))
    one = entries[0].code if len({entry.code for entry in entries}) == 1 else ""
    if len(spans) == len(chosen):
        return Reading((), one, room, spans, said("说了小区，没说哪一栋"), unit)
    if not codes:
        return Reading((), entries[0].code, room, spans, said("名册里没有这个小区的这一栋"), unit)
    return Reading(tuple(codes), entries[0].code, room, spans, "" if len(codes) == 1 else said("几栋都对得上"), unit)


@dataclass(frozen=True)
class Mention:
    """A site's name in a text, its phase included, and every site that it may mean."""

    start: int
    end: int
    entries: tuple[SiteEntry, ...]


def mentions(text: str, names: Iterable[tuple[str, int]], register: Register) -> list[Mention]:
    """Of names of the register, each with its place, in order of place; a name inside a longer one is none."""
    found: dict[tuple[int, int], dict[str, SiteEntry]] = {}
    for name, at in names:
        end, meant = at + len(name), register.called[name]
        match = PHASE.match(text, end)
        if match and any(phase == number_of(match["number"]) for _, phase in meant):
            end, meant = match.end(), [one for one in meant if one[1] == number_of(match["number"])]
        found.setdefault((at, end), {}).update({entry.code: entry for entry, _ in meant})
    whole = [at for at in found if not any(other[0] <= at[0] and at[1] <= other[1] and other != at for other in found)]
    return [Mention(*at, tuple(sorted(found[at].values(), key=lambda entry: entry.code))) for at in sorted(whole)]


def has_number(text: str, end: int) -> bool:
    """Whether a building's number stands right behind a name."""
    gap = GAP.match(text, end)
    start = gap.end() if gap else end
    return bool(SHORT.match(text, end) or any(pattern.match(text, start) for pattern in (BUILDING, RANGE, SEVERAL)))


def numbers_alone(text: str, register: Register, near: str, home: str) -> Reading:
    spans, numbers = _numbers_after(text, 0)
    room, unit = _room(text), _unit(text)
    if not numbers:
        return Reading(why=said("没说在哪里"))
    if STRANGE.search(text[: spans[0][0]]):
        return Reading((), "", room, spans, UNKNOWN_SITE, unit)
    own = register.by_building.get(home)
    if own is not None and len(numbers) == 1 and numbers[0] in own.buildings:
        return Reading((own.buildings[numbers[0]],), own.code, room, spans, unit=unit)
    if not near:
        return Reading((), "", room, spans, said("说了楼号，没说哪个小区"), unit)
    here = register.by_community.get(near, [])
    codes = tuple(entry.buildings[number] for entry in here for number in numbers if number in entry.buildings)
    why = "" if len(codes) == 1 else (said("几个小区都有这一栋") if codes else said("这一带没有这一栋"))
    return Reading(codes, "", room, spans, why, unit)


def _without_phase(name: str) -> tuple[str, str]:
    match = next((match for match in PHASE.finditer(name) if match.end() == len(name)), None)
    return (name[: match.start()], number_of(match["number"])) if match and match.start() > 1 else (name, "")


def said_after(text: str, end: int, stop: int) -> tuple[tuple[tuple[int, int], ...], list[str]]:
    """(spans, numbers) that stand after a site's name and before the next one that has a number of its own."""
    short = SHORT.match(text, end)
    return ((short.span(),), [number_of(short[1])]) if short else _numbers_after(text[:stop], end)


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
    if not numbers:
        one = BUILDING.search(text, start) or (BUILDING.search(text) if start else None)
    else:
        one = _joined(text, max(end for _, end in spans))
    while one:
        spans.append(one.span())
        numbers.append(number_of(one["number"]))
        one = _joined(text, one.end())
    return tuple(spans), list(dict.fromkeys(numbers))


def _joined(text: str, end: int) -> re.Match[str] | None:
    joint = AND.match(text, end)
    return BUILDING.match(text, joint.end()) if joint else None


def _room(text: str) -> str:
    match = ROOM.search(text)
    return (match[1] or match[2]) if match else ""


def _unit(text: str) -> str:
    match = UNIT.search(text)
    return number_of(match["number"]) if match else ""


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
class Room:
    storey: int
    door: int


def rooms(storeys: int, doors: int) -> Iterator[str]:
    """The numbers of a building's rooms, by rule: the storey, then the door on it in two digits (three above 99 doors)."""
    for storey in range(1, storeys + 1):
        for door in range(1, doors + 1):
            yield f"{storey}{door:0{_digits(doors)}d}"


def room(number: str, storeys: int, doors: int) -> Room | Refusal:
    """Where a room is, or why the building cannot have it."""
    digits = _digits(doors)
    if not number.isdecimal() or len(number) <= digits:
        return Refusal(
            "房号“{number}”看不出楼层，写成楼层加{digits}位门号，如{example}", number=number, digits=digits, example=f"1{1:0{digits}d}"
        )
    storey, door = int(number[:-digits]), int(number[-digits:])
    if not 1 <= storey <= storeys:
        return Refusal("这栋只有{storeys}层，没有{number}。核对楼栋和房号", storeys=storeys, number=number)
    if not 1 <= door <= doors:
        return Refusal("这栋每层{doors}户，没有{number}。核对楼栋和房号", doors=doors, number=number)
    return Room(storey, door)


def _digits(doors: int) -> int:
    return max(2, len(str(doors)))
