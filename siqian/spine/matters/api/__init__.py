"""Matters as JSON, by the same verbs as the pages."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from siqian.kernel.permits import NotFound, NotYours, Refusal
from siqian.trades.tasks import queries as tasks

from .. import actions, queries, rules

router = Router(tags=["matters"])
SIGN_IN = Refusal("这里要先登录。示例里用demo-tokens.json中的令牌")


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


class MatterOut(LineOut):
    keeper: str
    unit: str
    reopened: int
    steps: list[StepOut]
    clocks: list[ClockOut]


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


@router.get("/matters", response={200: list[LineOut], 403: Problem})
def find(
    request: HttpRequest, q: str = Query("", max_length=60), state: str = Query("", max_length=12), after: int = Query(0, ge=0, le=2**53)
):
    """Matters that the actor may see, the newest first, 50 a page; after: the last id of the page before."""
    actor = request.actor
    lines = queries.find(seen_by=actor, words=q, state=state, after=after) if actor.is_staff else queries.mine(seen_by=actor)
    return [_line(line) for line in lines]


@router.get("/todo", response={200: list[TodoOut], 403: Problem})
def todo(request: HttpRequest):
    """What the actor's posts owe, what is due first on top."""
    if not request.actor.is_staff:
        raise NotYours(SIGN_IN)
    lines = tasks.todo(seen_by=request.actor, at=request.at)
    found = queries.lines([int(line.about.removeprefix("matter:")) for line in lines], seen_by=request.actor)
    rows = [(line, found[id_]) for line in lines if (id_ := int(line.about.removeprefix("matter:"))) in found]
    return [TodoOut(number=m.number, what=t.what, title=t.title, place=t.place, due=t.due, level=t.level, group=t.group) for t, m in rows]


@router.get("/matters/{number}", response={200: MatterOut} | FAULTS)
def one(request: HttpRequest, number: str):
    return _out(request, number)


@router.post("/matters/{number}/acceptance", response={200: MatterOut} | FAULTS)
def accept(request: HttpRequest, number: str):
    actions.accept(matter=_id(number), by=request.actor, at=request.at)
    return _out(request, number)


@router.post("/matters/{number}/contacts", response={201: MatterOut} | FAULTS)
def contact(request: HttpRequest, number: str, sent: ContactIn):
    actions.contact(matter=_id(number), how=sent.how, text=sent.text, promised=sent.promised, by=request.actor, at=request.at)
    return 201, _out(request, number)


@router.post("/matters/{number}/notes", response={201: MatterOut} | FAULTS)
def note(request: HttpRequest, number: str, sent: TextIn):
    actions.note(matter=_id(number), text=sent.text, by=request.actor, at=request.at)
    return 201, _out(request, number)


@router.post("/matters/{number}/closure", response={200: MatterOut} | FAULTS)
def close(request: HttpRequest, number: str, sent: TextIn):
    actions.close(matter=_id(number), text=sent.text, by=request.actor, at=request.at)
    return _out(request, number)


@router.post("/matters/{number}/remarks", response={201: MatterOut} | FAULTS)
def remark(request: HttpRequest, number: str, sent: TextIn):
    actions.remark(matter=_id(number), text=sent.text, by=request.actor, at=request.at)
    return 201, _out(request, number)


@router.post("/matters/{number}/rating", response={200: MatterOut} | FAULTS)
def rate(request: HttpRequest, number: str, sent: RatingIn):
    """good=false reopens it with somebody else."""
    actions.rate(matter=_id(number), good=sent.good, words=sent.words, by=request.actor, at=request.at)
    return _out(request, number)


@router.post("/matters/{number}/urging", response={200: MatterOut} | FAULTS)
def urge(request: HttpRequest, number: str):
    actions.urge(matter=_id(number), by=request.actor, at=request.at)
    return _out(request, number)


@router.post("/matters/{number}/withdrawal", response={200: MatterOut} | FAULTS)
def withdraw(request: HttpRequest, number: str):
    actions.withdraw(matter=_id(number), by=request.actor, at=request.at)
    return _out(request, number)


@router.post("/matters/{number}/assignment", response={200: MatterOut} | FAULTS)
def assign(request: HttpRequest, number: str, sent: AssignIn):
    """A person rules what it is and where."""
    actions.assign(matter=_id(number), item=sent.item, building=sent.building, by=request.actor, at=request.at)
    return _out(request, number)


@router.post("/matters/{number}/transfer", response={200: MatterOut} | FAULTS)
def move(request: HttpRequest, number: str, sent: TransferIn):
    actions.move(matter=_id(number), post=sent.post, why=sent.why, by=request.actor, at=request.at)
    return _out(request, number)


def _id(number: str) -> int:
    id_ = rules.id_of(number)
    if id_ is None:
        raise NotFound(rules.NO_SUCH)
    return id_


def _line(line: queries.MatterLine) -> LineOut:
    names = LineOut.model_fields
    return LineOut(**{name: getattr(line, name) for name in names})


def _out(request: HttpRequest, number: str) -> MatterOut:
    view = queries.seen(number, seen_by=request.actor, at=request.at)
    return MatterOut(
        **_line(view.line).dict(),
        keeper=view.keeper.name if view.keeper else "",
        unit=view.unit,
        reopened=view.reopened,
        steps=[StepOut(kind=step.kind, text=step.text, by=step.by_name, at=step.at, values=step.values) for step in view.steps],
        clocks=[ClockOut(what=c.what, started=c.started, due=c.due, stopped=c.stopped, level=c.level) for c in view.clocks],
    )
