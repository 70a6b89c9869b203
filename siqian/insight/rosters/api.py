"""Rosters as JSON, for those who see the week on the page: who is on duty where now, and who sits where on a day."""

from datetime import date, datetime, timedelta

from django.http import HttpRequest
from ninja import Query, Router, Schema

from siqian.kernel.clock import local
from siqian.kernel.permits import BadInput

from . import queries, rules

router = Router(tags=["rosters"])
PAGE = 50
FURTHEST = timedelta(days=370)


class Problem(Schema):
    title: str
    status: int
    field: str


class SitterOut(Schema):
    """Somebody who is on duty now. path: of the area of the post; until: when they leave; stands_in_for: whose seat it is otherwise."""

    post: str
    duty: str
    path: str
    area: str
    name: str
    name_en: str
    until: datetime | None
    stands_in_for: str


class StintOut(Schema):
    name: str
    begin: datetime
    end: datetime
    stands_in_for: str


class BareOut(Schema):
    """Hours in which somebody should sit there and nobody does. covered: the community's desk takes what comes."""

    since: datetime
    until: datetime
    covered: bool


class PostOut(Schema):
    """A post on a day: who sits there when, and when nobody does."""

    post: str
    duty: str
    name: str
    name_en: str
    stints: list[StintOut]
    bare: list[BareOut]


FAULTS = {400: Problem, 403: Problem, 404: Problem}
AREA = Query("", max_length=24, description="code of an area of which one sees the week; the first of them where none is named")


@router.get("/now", response={200: list[SitterOut], **FAULTS})
def now(request: HttpRequest, area: str = AREA, page: int = Query(1, ge=1, le=999)):
    """Who is on duty in an area at this moment, fifty a page in the order of the grid."""
    path = queries.seen_area(area, seen_by=request.actor)  # type: ignore[attr-defined]
    found = queries.on_duty(path, at=request.at)  # type: ignore[attr-defined]
    return [_sitter(where, card) for where, card in found[PAGE * (page - 1) : PAGE * page]]


@router.get("/days", response={200: list[PostOut], **FAULTS})
def day(request: HttpRequest, area: str = AREA, day: date | None = None, page: int = Query(1, ge=1, le=999)):
    """The posts of an area on a day, today where none is named, fifty a page; heads of buildings, who have no hours, left out."""
    path = queries.seen_area(area, seen_by=request.actor)  # type: ignore[attr-defined]
    today = local(request.at).date()  # type: ignore[attr-defined]
    if abs((day or today) - today) > FURTHEST:
        raise BadInput(rules.FAR)
    rows = queries.week(path, day or today, at=request.at)  # type: ignore[attr-defined]
    return [_post(row) for row in rows[PAGE * (page - 1) : PAGE * page]]


def _sitter(path, card) -> SitterOut:  # type: ignore[no-untyped-def]
    columns = {name: getattr(card, name) for name in ("post", "duty", "area", "name", "name_en", "until", "stands_in_for")}
    return SitterOut(path=path, **columns)


def _post(row: queries.Row) -> PostOut:
    stints, gaps = row.days[0]
    sat = [
        StintOut(name=queries.called(one.person), begin=one.begin, end=one.end, stands_in_for=queries.called(one.stands_in_for))
        for one in stints
    ]
    bare = [BareOut(since=gap.since, until=gap.until, covered=gap.covered) for gap in gaps]
    return PostOut(post=row.post, duty=row.duty, name=row.name, name_en=row.name_en, stints=sat, bare=bare)
