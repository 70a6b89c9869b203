"""What is asked and ruled, held and answered, checked and called back, as JSON by the same verbs as the pages."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from .. import actions, queries
from ..rules.course import Ask
from .shapes import FAULTS, MatterOut, Problem, TextIn, id_of, whole

router = Router(tags=["matters"])


Kind = Literal["return", "extension", "ledger", "refuse", "appeal"]


class HoldIn(Schema):
    why: Literal["resident", "third", "works", "parts"]
    text: str = Field(max_length=500)


class StageIn(Schema):
    text: str = Field(max_length=2000)
    until: datetime


class AskIn(Schema):
    kind: Literal["return", "extension", "ledger", "refuse"]
    reason: str = Field(max_length=1000)
    unit: str = Field("", max_length=32)
    clause: str = Field("", max_length=120)
    amount: int = Field(0, ge=0, le=1000)
    until: datetime | None = None


class AppealIn(Schema):
    text: str = Field(max_length=1000)


class RulingIn(Schema):
    granted: bool
    ruling: str = Field(max_length=1000)
    unit: str = Field("", max_length=32)
    post: str = Field("", max_length=32)


class CheckIn(Schema):
    passed: bool
    text: str = Field(max_length=2000)


class CallIn(Schema):
    reached: bool
    solved: bool = False
    satisfied: bool = False
    words: str = Field("", max_length=500)


class AskingOut(Schema):
    number: str
    kind: str
    state: str
    item: str
    reason: str
    unit: str
    clause: str
    amount: int
    until: datetime | None
    at: datetime
    ruled_at: datetime | None
    ruling: str
    due: datetime | None


class EntryOut(Schema):
    number: str
    item: str
    community: str
    since: datetime
    reason: str
    approver: str
    progress: str
    next: datetime
    reviews: int


@router.get("/requests", response={200: list[AskingOut]})
def requests(request: HttpRequest):
    """What waits for a ruling within the actor's reach, what is due first on top."""
    return [AskingOut.from_orm(row) for row in queries.rulings(seen_by=request.actor, at=request.at)]


@router.get("/precedents", response={200: list[AskingOut], 403: Problem})
def precedents(
    request: HttpRequest, item: str = Query(max_length=16), kind: Literal["return", "extension", "ledger", "refuse", "appeal"] = "return"
):
    """How requests about one item were ruled before; for staff."""
    return [AskingOut.from_orm(row) for row in queries.precedents(item, kind, seen_by=request.actor)]


@router.get("/ledger", response={200: list[EntryOut]})
def ledger(request: HttpRequest, after: int = Query(0, ge=0, le=2**53)):
    """The public long ledger, the newest first, 30 a page; after: the last matter's running number of the page before."""
    return [EntryOut.from_orm(row) for row in queries.ledger(after=after)[0]]


@router.post("/matters/{number}/requests", response={201: MatterOut} | FAULTS)
def ask(request: HttpRequest, number: str, sent: AskIn):
    """Ask for a return (unit, clause), an extension (amount, in the term's own unit), the long ledger (until) or a refusal (clause)."""
    asked = Ask(sent.kind, sent.reason, sent.unit, sent.clause, sent.amount, sent.until)
    actions.ask(matter=id_of(number), ask=asked, by=request.actor, at=request.at)
    return 201, whole(request, number)


@router.post("/matters/{number}/appeal", response={201: MatterOut} | FAULTS)
def appeal(request: HttpRequest, number: str, sent: AppealIn):
    """The teller does not accept a refusal; once, within 15 days."""
    actions.appeal(matter=id_of(number), text=sent.text, by=request.actor, at=request.at)
    return 201, whole(request, number)


@router.post("/matters/{number}/ruling", response={200: MatterOut} | FAULTS)
def rule(request: HttpRequest, number: str, sent: RulingIn):
    """A second person rules on what waits."""
    actions.rule(
        matter=id_of(number),
        granted=sent.granted,
        ruling=sent.ruling,
        unit=sent.unit,
        post=sent.post,
        by=request.actor,
        at=request.at,
    )
    return whole(request, number)


@router.delete("/matters/{number}/requests", response={200: MatterOut} | FAULTS)
def retract(request: HttpRequest, number: str):
    """Take back what one asked, before anybody ruled."""
    actions.retract(matter=id_of(number), by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/hold", response={200: MatterOut} | FAULTS)
def hold(request: HttpRequest, number: str, sent: HoldIn):
    actions.hold(matter=id_of(number), why=sent.why, text=sent.text, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/resumption", response={200: MatterOut} | FAULTS)
def resume(request: HttpRequest, number: str):
    actions.resume(matter=id_of(number), by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/stage-answer", response={200: MatterOut} | FAULTS)
def stage(request: HttpRequest, number: str, sent: StageIn):
    actions.stage(matter=id_of(number), text=sent.text, until=sent.until, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/review", response={200: MatterOut} | FAULTS)
def review(request: HttpRequest, number: str, sent: StageIn):
    """A ledger entry looked at again; the text is public."""
    actions.review(matter=id_of(number), text=sent.text, until=sent.until, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/uptake", response={200: MatterOut} | FAULTS)
def take_up(request: HttpRequest, number: str, sent: TextIn):
    """Out of the long ledger, in hand again."""
    actions.take_up(matter=id_of(number), text=sent.text, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/check", response={200: MatterOut} | FAULTS)
def check(request: HttpRequest, number: str, sent: CheckIn):
    """Looked at on the spot by somebody other than the handler."""
    actions.check(matter=id_of(number), passed=sent.passed, text=sent.text, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/call", response={200: MatterOut} | FAULTS)
def call_back(request: HttpRequest, number: str, sent: CallIn):
    """What the teller said to a third person on the telephone; not reached is never satisfied."""
    actions.call_back(matter=id_of(number), **sent.dict(), by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/supervision", response={200: MatterOut} | FAULTS)
def supervise(request: HttpRequest, number: str, sent: TextIn):
    actions.supervise(matter=id_of(number), text=sent.text, by=request.actor, at=request.at)
    return whole(request, number)
