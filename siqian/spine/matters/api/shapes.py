"""What goes in and out of matters as JSON."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Schema

from siqian.kernel.permits import NotFound

from .. import queries, rules


class Problem(Schema):
    title: str
    status: int
    field: str


FAULTS = {400: Problem, 403: Problem, 404: Problem, 409: Problem}


class LineOut(Schema):
    number: str
    state: str
    kind: str
    item: str
    title: str
    place: str
    received: datetime
    closed: datetime | None
    tellings: int
    rating: str
    urgent: bool


class StepOut(Schema):
    kind: str
    text: str
    by: str
    at: datetime
    values: dict[str, Any]


class ClockOut(Schema):
    what: str
    started: datetime
    due: datetime
    stopped: datetime | None
    level: int


class PartOut(Schema):
    """A part, or the whole of one; due: when it is to be settled."""

    number: str
    state: str
    title: str
    item: str
    keeper: str
    due: datetime | None


class PartIn(Schema):
    """item: of the list; left out where the words say it."""

    text: str = Field(max_length=500)
    item: str = Field("", max_length=16)


class DivideIn(Schema):
    parts: list[PartIn] = Field(max_length=20)


class MatterOut(LineOut):
    """whole: the matter that leads, when this is a part; parts: what was divided from it. told_together: under the same receipt."""

    keeper: str
    unit: str
    reopened: int
    promised: datetime | None = Field(None, description="when the settling clock is due")
    legal: date | None = Field(None, description="the last day of the shortest term that the law gives")
    upstream: datetime | None = Field(None, description="by when a platform above wants it settled")
    steps: list[StepOut]
    clocks: list[ClockOut]
    whole: str
    parts: list[PartOut]
    told_together: list[PartOut]


class TodoOut(Schema):
    number: str
    what: str
    title: str
    place: str
    due: datetime
    level: int
    group: str


class ContactIn(Schema):
    how: Literal["phone", "visit", "message"] = "message"
    text: str = Field(max_length=2000)
    promised: datetime | None = None


class TextIn(Schema):
    text: str = Field(max_length=2000)


class RatingIn(Schema):
    good: bool
    words: str = Field("", max_length=500)


class AssignIn(Schema):
    item: str = Field("", max_length=16)
    building: str = Field("", max_length=24)


class TransferIn(Schema):
    post: str = Field(max_length=32)
    why: str = Field(max_length=500)


class KindIn(Schema):
    kind: str = Field(max_length=12)
    why: str = Field(max_length=500)


def id_of(number: str) -> int:
    id_ = rules.id_of(number)
    if id_ is None:
        raise NotFound(rules.NO_SUCH)
    return id_


def line_out(line: queries.MatterLine) -> LineOut:
    names = LineOut.model_fields
    return LineOut(**{name: getattr(line, name) for name in names})


def whole(request: HttpRequest, number: str) -> MatterOut:
    view = queries.seen(number, seen_by=request.actor, at=request.at)
    return MatterOut(
        **line_out(view.line).dict(),
        keeper=view.keeper.name if view.keeper else "",
        unit=view.unit,
        reopened=view.reopened,
        promised=view.settle.due if view.settle else None,
        legal=min((last for _, last in view.legal), default=None),
        upstream=view.upstream,
        steps=[StepOut(kind=step.kind, text=step.text, by=step.by_name, at=step.at, values=step.values) for step in view.steps],
        clocks=[ClockOut(what=c.what, started=c.started, due=c.due, stopped=c.stopped, level=c.level) for c in view.clocks],
        whole=_whole_of(request, view.line),
        parts=[_part(row) for row in queries.of_whole(view.line.id, seen_by=request.actor)] if request.actor.is_staff else [],
        told_together=[_part(row) for row in queries.told_together(view.line.id, seen_by=request.actor)],
    )


def _whole_of(request: HttpRequest, line: queries.MatterLine) -> str:
    whole = queries.whole_of(line.id, seen_by=request.actor) if line.is_part else None
    return whole.number if whole else ""


def _part(row: queries.PartLine) -> PartOut:
    return PartOut(**{name: getattr(row, name) for name in PartOut.model_fields})
