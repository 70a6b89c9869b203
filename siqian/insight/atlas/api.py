"""The grid as JSON, for staff: areas with who is on duty there now and how much is open, as far as the reader may see."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from siqian.kernel.permits import BadInput, NotFound, NotYours
from siqian.town.places import queries as places

from . import queries, rules

router = Router(tags=["atlas"])


class Problem(Schema):
    title: str
    status: int
    field: str


class KeeperOut(Schema):
    """on: sits there now; until: when that one leaves; next: when that one is there again."""

    name: str
    name_en: str
    on: bool
    until: datetime | None
    next: datetime | None


class AreaOut(Schema):
    """duty: on, desk (the community's desk takes it), rest (after hours) or none, of a block the worst of its grids; grids: how many stand
    at which; keepers: of the grid itself or the one around, none for a block; open, late: matters that this reader may see.
    """

    code: str
    name: str
    name_en: str
    path: str
    lon: float
    lat: float
    duty: str
    grids: dict[str, int]
    keepers: list[KeeperOut]
    open: int
    late: int


class AreasOut(Schema):
    """A page, in order of code; count: how many there are in all."""

    count: int
    areas: list[AreaOut]


@router.get("/areas", response={200: AreasOut, 400: Problem, 403: Problem, 404: Problem})
def areas(
    request: HttpRequest,
    level: Literal["block", "grid", "cell"] = "grid",
    area: str = Query("", max_length=24, description="code of an area; what lies in it"),
    bbox: str = Query("", max_length=80, description="west,south,east,north in degrees of WGS-84; what reaches into it"),
    page: int = Query(1, ge=1, le=999),
):
    """Areas of a level, a hundred a page."""
    if not request.actor.is_staff:  # type: ignore[attr-defined]
        raise NotYours(rules.STAFF_ONLY)
    place = places.at_area(area) if area else None
    if area and place is None:
        raise NotFound(rules.NO_AREA)
    within = place.path if place else "/"
    count, found = queries.areas(level, within=within, box=_box(bbox), page=page, seen_by=request.actor, at=request.at)  # type: ignore[attr-defined]
    return {"count": count, "areas": found}


def _box(said: str) -> tuple[float, float, float, float] | None:
    if not said:
        return None
    try:
        west, south, east, north = (float(part) for part in said.split(","))
    except ValueError as error:
        raise BadInput(rules.BAD_BOX) from error
    # Not a number is neither more nor less than any other.
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadInput(rules.BAD_BOX)
    return west, south, east, north
