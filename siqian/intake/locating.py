"""From what was told to a place: a picked building, a point, an address, the words themselves, or home."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import msgspec

from siqian.kernel import catalogue
from siqian.kernel.permits import BadInput, Refusal
from siqian.kernel.said import said
from siqian.town.places import queries as places
from siqian.town.places.queries import Named, Said

from .rules import Message

UNSURE = said("说的地方不够确定，请人工确认")
OUTSIDE = said("给的点不在本区，请人工确认")
HERE = Path(__file__).parent / "catalogue"


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How sure a place must be to go out without a person: the field is told in placing.yaml."""

    code: str
    zh: str
    en: str
    value: float


@dataclass(frozen=True)
class Located:
    """words: the place as people say it; why: why it is not one building grid, empty when it is; named: every place in the text."""

    place: places.Place
    words: str
    why: str = ""
    candidates: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    guessed: bool = False
    named: tuple[Named, ...] = ()


def locate(message: Message) -> Located:
    """Where a message belongs. A wrong code or a point outside is refused; words that fit nowhere go to a person."""
    if message.building:
        place = places.at_building(message.building)
        if place is None:
            raise BadInput(Refusal("名册里没有{code}这栋楼，从列表里选", field="building", code=message.building))
        return Located(place, place.words, spans=places.read(message.text, near=_near(message), home=message.near).spans)
    if message.lon is not None and message.lat is not None:
        place = places.at_point(message.lon, message.lat)
        if place is not None:
            return Located(place, place.words)
        if not message.astray:
            raise BadInput(Refusal("这个点不在本区。经度在前，纬度在后，用WGS-84坐标", field="lon"))
        if not message.address:
            return Located(_district(), "", OUTSIDE)
    if message.address:
        found = places.said(message.address, near=_near(message), home=message.near)
        return replace(_from_words(found, message, message.address), spans=(), named=())
    found = places.said(message.text, near=_near(message), home=message.near)
    home = places.at_building(message.near) if message.near else None
    if home is not None and not found.named:
        return Located(home, home.words, guessed=True)
    return _from_words(found, message, "")


@cache
def placed_from() -> float:
    """How sure a place must be to go out without a person."""
    rows = catalogue.load(HERE, Limit, files="placing*.yaml", overlay=catalogue.overlay("intake")).latest.rows
    return rows["placed-from"].value


def _from_words(found: Said, message: Message, address: str) -> Located:
    reading, beside = found.reading, None
    if found.relation:
        beside = places.around(reading.buildings or _houses(reading.site))
    confidence, why = places.settled(found, beside[1] if beside else 0)
    spans, named = reading.spans, tuple(replace(one, confidence=confidence) if one.meant else one for one in found.named)
    if len(reading.buildings) == 1 and confidence >= placed_from():
        place = places.at_building(reading.buildings[0])
        assert place is not None
        return Located(place, place.words, spans=spans, named=named)
    around = (places.at_area(beside[0]) if beside else None) or _around(found, message)
    words = address or (around.words if around.path.count("/") > 2 else "")
    return Located(around, words, why or UNSURE, reading.buildings, spans, named=named)


def _houses(site: str) -> tuple[str, ...]:
    entry = places.site(site)
    return tuple(sorted(entry.buildings.values())) if entry else ()


def _around(found: Said, message: Message) -> places.Place:
    """The smallest area that is certain all the same: the community that is named, of the site, of home, or the district."""
    site = places.site(found.reading.site) if found.reading.site else None
    place = places.at_area(site.community if site else found.area)
    if place is not None:
        return place
    near = places.at_area(_near(message)) if message.near else None
    if near is not None:
        return near
    return _district()


def _district() -> places.Place:
    district = places.district()
    if district is None:
        raise BadInput(Refusal("还没有导入本区的网格，请系统管理员先导入（示例用 siqian demo）"))
    return district


def _near(message: Message) -> str:
    """near may be a community's code or a building's: both say which community is meant."""
    home = places.at_building(message.near) if message.near else None
    return places.community_of(home.path) if home else message.near
