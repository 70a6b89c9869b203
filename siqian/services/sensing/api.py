"""Readings and patrols as JSON.

Readings: what gateways of outside systems send, up to a thousand at once, each taken once however often it is sent.
Patrols: one's own rounds of a day, and records as far as one reads them on the page.
"""

import json
from datetime import date, datetime, time, timedelta
from typing import Literal, cast

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from siqian.kernel.clock import TOWN, local
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refusal
from siqian.town.places import queries as places
from siqian.ui.words import say

from . import actions, queries, rules
from .rules.sensors import FIELDS, MOST_TOGETHER, Sent

router = Router(tags=["sensing"])
patrols = Router(tags=["patrols"])
PAGE, DAYS, LONGEST = 50, 7, 92
Outcome = Literal["taken", "known", "held", "refused"]
NO_TOKEN = Refusal("没有这个网关的令牌，或者已经停用。用 siqian gateway 发一个，放在 Authorization: Bearer 里")


class ReadingIn(Schema):
    """One reading of a thing. A field that is not listed here, as a name or a number of a person, has its reading refused."""

    sensor: str = Field(max_length=40, description="the sensor's code in the register")
    quantity: str = Field(max_length=24, description="which of its quantities (sensors.yaml)")
    value: float
    at: AwareDatetime = Field(description="when it was measured, with its zone")
    id: str = Field("", max_length=64, description="the sender's own id; without one, quantity and time are the key")


class ReadingsIn(Schema):
    """A batch."""

    readings: list[ReadingIn] = Field(min_length=1, max_length=MOST_TOGETHER)


class AnswerOut(Schema):
    """What became of one. row: from 1; held: kept aside (out of range, too late, from the future) and counted for nothing."""

    row: int
    outcome: Outcome
    why: str = ""


class AnswersOut(Schema):
    """One answer each, in their order, and how many of each."""

    taken: int
    known: int
    held: int
    refused: int
    answers: list[AnswerOut]


class Problem(Schema):
    title: str
    status: int
    field: str


@router.post("/readings", response={200: AnswersOut, 400: Problem, 403: Problem})
def take_readings(request: HttpRequest, batch: ReadingsIn):
    """Take a batch of readings. A fault in one keeps none of the others out. Sent again, what was taken is known."""
    # What the schema leaves out is asked of the body itself: a name or number of a person has its reading refused, not dropped unseen.
    sent = zip(batch.readings, json.loads(request.body)["readings"], strict=True)
    rows = [
        Sent(row, one.sensor, one.quantity, one.value, one.at, one.id, tuple(sorted(raw.keys() - FIELDS)))
        for row, (one, raw) in enumerate(sent, start=1)
    ]
    answers = actions.take_readings(readings=rows, by=_gateway(request), at=request.at)
    counts = {outcome: sum(answer.outcome == outcome for answer in answers) for outcome in ("taken", "known", "held", "refused")}
    told = [AnswerOut(row=one.row, outcome=cast(Outcome, one.outcome), why=say(one.why) if one.why else "") for one in answers]
    return AnswersOut(**counts, answers=told)


def _gateway(request: HttpRequest) -> Actor:
    header = request.headers.get("Authorization", "")
    found = queries.gateway(header.removeprefix("Bearer ").strip()) if header.startswith("Bearer ") else None
    if found is None:
        raise NotYours(NO_TOKEN)
    return found


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


@patrols.get("/rounds", response={200: list[RoundOut], **FAULTS})
def rounds(request: HttpRequest, day: date | None = None):
    """The rounds of a day, today where none is named, on the posts that one holds, with what was ordered before and is not done yet."""
    if not request.actor.posts:  # type: ignore[attr-defined]
        raise NotYours(rules.NOT_READ)
    wanted = day or local(request.at).date()  # type: ignore[attr-defined]
    return [_round(line) for line in queries.rounds(wanted, seen_by=request.actor)]  # type: ignore[attr-defined]


@patrols.get("/records", response={200: list[RecordOut], **FAULTS})
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
