"""Patrols as JSON: one's own rounds of a day, and records as far as one reads them on the page."""

from datetime import date, datetime, time, timedelta
from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from siqian.kernel.clock import TOWN, local
from siqian.kernel.permits import BadInput, NotFound, NotYours
from siqian.town.places import queries as places

from . import queries, rules

router = Router(tags=["patrols"])
PAGE, DAYS, LONGEST = 50, 7, 92


class Problem(Schema):
    title: str
    status: int
    field: str


class PointOut(Schema):
    """done: the kind of its latest record, empty while it has none."""

    code: str
    words: str
    words_en: str
    building: str
    lon: float
    lat: float
    done: str


class RoundOut(Schema):
    """A round of one of one's own posts."""

    id: int
    plan: str
    words: str
    words_en: str
    day: date
    post: str
    due: datetime
    ended: datetime | None
    missed: datetime | None
    points: list[PointOut]


class RecordOut(Schema):
    """A record. then: when it was done by the telephone's clock; referred: whether it became a matter. Where that was is not told."""

    id: int
    kind: str
    plan: str
    text: str
    building: str
    place: str
    path: str
    post: str
    by_name: str
    then: datetime | None
    at: datetime
    referred: bool


FAULTS = {400: Problem, 403: Problem, 404: Problem}


@router.get("/rounds", response={200: list[RoundOut], **FAULTS})
def rounds(request: HttpRequest, day: date | None = None):
    """The rounds of a day, today where none is named, on the posts that one holds, with what was ordered before and is not done yet."""
    if not request.actor.posts:  # type: ignore[attr-defined]
        raise NotYours(rules.NOT_READ)
    wanted = day or local(request.at).date()  # type: ignore[attr-defined]
    return [_round(line) for line in queries.rounds(wanted, seen_by=request.actor)]  # type: ignore[attr-defined]


@router.get("/records", response={200: list[RecordOut], **FAULTS})
def records(
    request: HttpRequest,
    since: date | None = None,
    until: date | None = None,
    kind: Literal["", "well", "fixed", "needs"] = "",
    plan: str = Query("", max_length=24),
    area: str = Query("", max_length=24, description="code of an area; what lies in it"),
    before: int = Query(0, ge=0, le=2**62, description="the last id of the page before"),
):
    """Records of some days, both counted, the last week where none are named; the newest first, fifty a page."""
    actor = request.actor  # type: ignore[attr-defined]
    if not queries.reads(actor):
        raise NotYours(rules.NOT_READ)
    place = places.at_area(area) if area else None
    if area and place is None:
        raise NotFound(rules.NO_AREA)
    last = until or local(request.at).date()  # type: ignore[attr-defined]
    first = since or last - min(timedelta(days=DAYS - 1), last - date.min)
    if not 0 <= (last - first).days < LONGEST or not 1970 < first.year <= last.year < 3000:
        raise BadInput(rules.BAD_DAYS)
    span = {"since": datetime.combine(first, time(), TOWN), "until": datetime.combine(last + timedelta(days=1), time(), TOWN)}
    where = place.path if place else ""
    found = queries.find(**span, kind=kind, plan=plan, path=where, before=before, most=PAGE, seen_by=actor)
    return [_record(line) for line in found]


def _round(line: queries.RoundLine) -> RoundOut:
    points = [PointOut(**{name: getattr(point, name) for name in PointOut.model_fields}) for point in line.points]
    columns = {name: getattr(line, name) for name in ("id", "day", "post", "due", "ended", "missed")}
    return RoundOut(**columns, plan=line.plan.code, words=line.plan.zh, words_en=line.plan.en, points=points)


def _record(line: queries.RecordLine) -> RecordOut:
    columns = {name: getattr(line, name) for name in RecordOut.model_fields if name != "referred"}
    return RecordOut(**columns, referred=line.matter is not None)
