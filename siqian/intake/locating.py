"""From what was told to a place: a picked building, a point, an address, the words themselves, or home."""

from dataclasses import dataclass

from siqian.kernel.permits import BadInput, Refusal
from siqian.town.places import queries as places
from siqian.town.places.rules import Reading

from .rules import Message


@dataclass(frozen=True)
class Located:
    """words: the place as people say it; why: why it is not one building grid, empty when it is."""

    place: places.Place
    words: str
    why: str = ""
    candidates: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    guessed: bool = False


def locate(message: Message) -> Located:
    """Where a message belongs. A wrong code or a point outside is refused; words that fit nowhere go to a person."""
    if message.building:
        place = places.at_building(message.building)
        if place is None:
            raise BadInput(Refusal("名册里没有{code}这栋楼，从列表里选", field="building", code=message.building))
        return Located(place, place.words, spans=places.read(message.text, near=_near(message), home=message.near).spans)
    if message.lon is not None and message.lat is not None:
        place = places.at_point(message.lon, message.lat)
        if place is None:
            raise BadInput(Refusal("这个点不在本区。经度在前，纬度在后，用WGS-84坐标", field="lon"))
        return Located(place, place.words)
    if message.address:
        return _from_words(places.read(message.address, near=_near(message), home=message.near), message, message.address)
    reading = places.read(message.text, near=_near(message), home=message.near)
    home = places.at_building(message.near) if message.near else None
    if home is not None and not reading.spans:
        return Located(home, home.words, guessed=True)
    return _from_words(reading, message, "")


def _from_words(reading: Reading, message: Message, address: str) -> Located:
    spans = () if address else reading.spans
    if len(reading.buildings) == 1:
        place = places.at_building(reading.buildings[0])
        assert place is not None
        return Located(place, place.words, spans=spans)
    around = _around(reading, message)
    words = address or (around.words if around.path.count("/") > 2 else "")
    return Located(around, words, reading.why, reading.buildings, spans)


def _around(reading: Reading, message: Message) -> places.Place:
    """The smallest area that is certain all the same: the community of the site, of home, or the district."""
    if reading.site:
        site = places.site(reading.site)
        place = places.at_area(site.community) if site else None
        if place is not None:
            return place
    near = places.at_area(_near(message)) if message.near else None
    if near is not None:
        return near
    district = places.district()
    if district is None:
        raise BadInput(Refusal("还没有导入本区的网格，请系统管理员先导入（示例用 siqian demo）"))
    return district


def _near(message: Message) -> str:
    """near may be a community's code or a building's: both say which community is meant."""
    home = places.at_building(message.near) if message.near else None
    return places.community_of(home.path) if home else message.near
