"""Who are my people, as JSON. Public: names and duties, no telephone numbers."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Query, Router, Schema

from siqian.kernel.permits import BadInput, NotFound, Refusal
from siqian.town.places import queries as places

from . import queries

router = Router(tags=["people"])


class Problem(Schema):
    title: str
    status: int
    field: str


class CardOut(Schema):
    """look: which drawn face; hint: with what to come to them, and how."""

    duty: str
    duty_words: str
    name: str
    look: int
    hint: str
    area: str
    on: bool
    until: datetime | None
    next: datetime | None


class PeopleOut(Schema):
    place: str
    path: str
    names: list[str]
    people: list[CardOut]


class BuildingOut(Schema):
    code: str
    name: str
    name_en: str
    lon: float
    lat: float


@router.get("/people", response={200: PeopleOut, 400: Problem, 404: Problem})
def people(
    request: HttpRequest,
    building: str = Query("", max_length=24),
    address: str = Query("", max_length=200),
    lon: float | None = Query(None, ge=-180, le=180),
    lat: float | None = Query(None, ge=-90, le=90),
):
    """Everybody whose post covers a building code, an address or a point (WGS-84), the nearest first."""
    place = _place(building, address, lon, lat)
    cards = queries.my_people(place.path, at=request.at)
    rows = [CardOut(**{name: getattr(card, name) for name in CardOut.model_fields}) for card in cards]
    return PeopleOut(place=place.words, path=place.path, names=list(place.names), people=rows)


@router.get("/buildings", response={200: list[BuildingOut]})
def buildings(request: HttpRequest, q: str = Query(max_length=60)):
    """Buildings by words, for whoever fills in a form."""
    return [BuildingOut(code=b.code, name=b.name, name_en=b.name_en, lon=b.lon, lat=b.lat) for b in places.find(q)]


def _place(building: str, address: str, lon: float | None, lat: float | None) -> places.Place:
    place = None
    if building:
        place = places.at_building(building)
    elif address:
        reading = places.read(address)
        place = places.at_building(reading.buildings[0]) if len(reading.buildings) == 1 else None
    elif lon is not None and lat is not None:
        place = places.at_point(lon, lat)
    else:
        raise BadInput(Refusal("给楼栋编码、地址，或经度加纬度", field="building"))
    if place is None:
        raise NotFound(Refusal("这个地方不在名册里，或者说得还不够准", field="building" if building else "address" if address else "lon"))
    return place
