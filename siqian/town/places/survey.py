"""Sites and buildings as they come in from a file, and all that is wrong with a row by itself. Pure.

A sheet has one row each; a GeoJSON file one feature, whose geometry is the outline of a site, or a building's outline or middle.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from siqian.kernel.permits import Refusal
from siqian.kernel.said import said

from . import features
from .reading import LAT, LON

KINDS = {
    "estate": said("小区"),
    "village": said("城中村"),
    "park": said("园区"),
    "school": said("学校"),
    "mall": said("商场"),
    "committee": said("居委会"),
    "hospital": said("医院"),
    "other": said("其他"),
}
SITE_HEADINGS = {
    "code": ("code", "场所编码"),
    "kind": ("kind", "类别"),
    "name": ("name", "名称"),
    "name_en": ("name_en", "英文名"),
    "aliases": ("aliases", "别名"),
    "area": ("area", "区域编码"),
    "lon": LON,
    "lat": LAT,
    "geometry": ("geometry", "轮廓"),
}
BUILDING_HEADINGS = {
    "code": ("code", "楼栋编码"),
    "site": ("site", "场所编码"),
    "number": ("number", "栋号"),
    "name": ("name", "名称"),
    "name_en": ("name_en", "英文名"),
    "area": ("area", "楼栋格编码"),
    "lon": LON,
    "lat": LAT,
    "storeys": ("storeys", "层数"),
    "doors": ("doors", "每层户数"),
    "geometry": ("geometry", "轮廓"),
}
SITE_NEEDED = ("code", "kind", "name")
BUILDING_NEEDED = ("code", "site", "number")
CODE = re.compile(r"[\w:\-]{1,24}", re.ASCII)
NUMBER = re.compile(r"[0-9A-Z]{1,8}")
BETWEEN = re.compile(r"[、，,;；|]")
STOREYS, DOORS = 200, 999


@dataclass(frozen=True)
class SitedRow:
    """A site as it comes in. area may be empty: then it follows from the outline, or from the point."""

    row: int
    code: str
    kind: str
    name: str
    name_en: str
    aliases: tuple[str, ...]
    area: str
    rings: list[list[list[float]]]
    point: tuple[float, float] | None = None


@dataclass(frozen=True)
class HouseRow:
    """A building as it comes in. area may be empty: then it follows from the point; so may the names, from the site's."""

    row: int
    code: str
    site: str
    number: str
    name: str
    name_en: str
    area: str
    lon: float
    lat: float
    ring: list[list[float]]
    storeys: int
    doors: int


def site_row(number: int, cells: Mapping[str, str]) -> SitedRow | list[Refusal]:
    """A site from one row, or all that is wrong with it."""
    kinds = {str(words): code for code, words in KINDS.items()}
    kind = kinds.get(cells["kind"], cells["kind"])
    found = _coded(number, cells["code"])
    if kind not in KINDS:
        found.append(Refusal("第{row}行：类别“{kind}”不认识，写{known}之一", row=number, kind=cells["kind"], known="、".join(kinds)))
    if not 0 < len(cells["name"]) <= 60:
        found.append(Refusal("第{row}行：名称要有1到60个字", field="name", row=number))
    shape = features.drawn(cells["geometry"]) if cells.get("geometry") else _column_point(cells) or []
    point = shape if isinstance(shape, tuple) else None
    shape = [] if point else shape
    if not isinstance(shape, list) or any(len(ring) < 4 or ring[0] != ring[-1] for ring in shape):
        found.append(Refusal("第{row}行：位置要一个点，或一块Polygon，每圈首尾相接，坐标写成[经度, 纬度]", field="geometry", row=number))
    if found or not isinstance(shape, list):
        return found
    aliases = tuple(part.strip() for part in BETWEEN.split(cells.get("aliases", "")) if part.strip())
    name_en = (cells.get("name_en", "") or cells["name"])[:80]
    return SitedRow(number, cells["code"], kind, cells["name"], name_en, aliases, cells.get("area", ""), shape, point)


def building_row(number: int, cells: Mapping[str, str]) -> HouseRow | list[Refusal]:
    """A building from one row, or all that is wrong with it."""
    found = _coded(number, cells["code"])
    of_site = cells["number"].upper().removesuffix("栋").removesuffix("座").removesuffix("号楼")
    if not NUMBER.fullmatch(of_site):
        found.append(Refusal("第{row}行：栋号“{number}”写成3、12、A这样", field="number", row=number, number=cells["number"]))
    point, ring = _middle(cells)
    if point is None:
        found.append(Refusal("第{row}行：位置看不懂，写经度和纬度，或在GeoJSON里画点或轮廓", field="lon", row=number))
    storeys, doors = _count(cells.get("storeys", ""), STOREYS), _count(cells.get("doors", ""), DOORS)
    if storeys is None or doors is None:
        found.append(Refusal("第{row}行：层数写0到{storeys}的数，每层户数写0到{doors}的数", row=number, storeys=STOREYS, doors=DOORS))
    if len(cells.get("name", "")) > 60:
        found.append(Refusal("第{row}行：名称最多60个字", field="name", row=number))
    if found or point is None or storeys is None or doors is None:
        return found
    names = cells.get("name", ""), cells.get("name_en", "")[:80]
    return HouseRow(number, cells["code"], cells["site"], of_site, *names, cells.get("area", ""), *point, ring, storeys, doors)


def doubled(rows: Sequence[SitedRow] | Sequence[HouseRow]) -> list[Refusal]:
    """Codes that an earlier row of the file bears."""
    first: dict[str, int] = {}
    return [
        Refusal("第{row}行：{code}在第{first}行已经有了，删去一行", row=row.row, code=row.code, first=first[row.code])
        for row in rows
        if first.setdefault(row.code, row.row) != row.row
    ]


def _coded(number: int, code: str) -> list[Refusal]:
    return (
        []
        if CODE.fullmatch(code)
        else [Refusal("第{row}行：编码“{code}”要写成1到24个字母、数字、-或_", field="code", row=number, code=code)]
    )


def _column_point(cells: Mapping[str, str]) -> tuple[float, float] | None:
    """A point that columns give; the layer has put it there in WGS-84."""
    try:
        return (float(cells["lon"]), float(cells["lat"]))
    except (KeyError, ValueError):
        return None


def _middle(cells: Mapping[str, str]) -> tuple[tuple[float, float] | None, list[list[float]]]:
    """Where a building stands, and its outline where one is drawn: by its columns, else its point, else some point inside the outline."""
    shape = features.drawn(cells["geometry"]) if cells.get("geometry") else None
    ring: list[list[float]] = shape[0] if isinstance(shape, list) else []
    if cells.get("lon") or cells.get("lat"):
        try:
            return (float(cells["lon"]), float(cells["lat"])), ring
        except (KeyError, ValueError):
            return None, []
    if isinstance(shape, tuple):
        return shape, []
    if len(ring) < 4 or ring[0] != ring[-1]:
        return None, []
    import shapely

    inside = shapely.Polygon(ring).representative_point()
    return (inside.x, inside.y), ring


def _count(written: str, most: int) -> int | None:
    if not written:
        return 0
    return int(written) if written.isdecimal() and int(written) <= most else None
