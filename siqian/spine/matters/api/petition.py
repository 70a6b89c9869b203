"""Petitions as JSON by the same verbs as the pages."""

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from siqian.kernel.permits import NotFound, NotYours, Refusal

from .. import actions, petitions, queries
from ..rules.petition import NO_PETITION
from .shapes import FAULTS, MatterOut, Problem, TextIn, id_of, whole

router = Router(tags=["matters"])
SIGN_IN = Refusal("这里要先登录。示例里用demo-tokens.json中的令牌")


class InformIn(Schema):
    taken: bool
    text: str = Field(max_length=2000)
    clause: str = Field("", max_length=32)


class ObjectIn(Schema):
    unit: str = Field(max_length=32)
    clause: str = Field(max_length=120)
    text: str = Field(max_length=1000)


class ProlongIn(Schema):
    days: int = Field(ge=0, le=1000)
    text: str = Field(max_length=1000)


class ApproveIn(Schema):
    granted: bool
    text: str = Field(max_length=1000)


class DecisionOut(Schema):
    what: str
    name: str
    at: datetime
    text: str


class PetitionOut(Schema):
    """stage: of the procedure; last: the last day of its term; may_do: the reader's steps now."""

    number: str
    stage: str
    since: datetime
    due: datetime | None
    last: date | None
    left: int
    clause: str
    prolonged: int
    decisions: list[DecisionOut]
    may_do: list[str]


class PetitionLineOut(Schema):
    number: str
    title: str
    place: str
    stage: str
    since: datetime
    due: datetime
    last: date
    left: int


@router.get("/petitions", response={200: list[PetitionLineOut], 403: Problem})
def running(request: HttpRequest, page: int = Query(1, ge=1, le=99_999), stage: str = Query("", max_length=12)):
    """Petitions that run within the actor's reach, what is due first on top, 50 a page."""
    if not request.actor.is_staff:
        raise NotYours(SIGN_IN)
    lines, _more = petitions.in_work(seen_by=request.actor, at=request.at, page=page, stage=stage)
    return [PetitionLineOut.from_orm(line) for line in lines]


@router.get("/matters/{number}/petition", response={200: PetitionOut} | FAULTS)
def one(request: HttpRequest, number: str):
    """The procedure of a matter that is a petition."""
    line = queries.seen(number, seen_by=request.actor, at=request.at).line
    view = petitions.about(line.id, seen_by=request.actor, at=request.at)
    if view is None:
        raise NotFound(NO_PETITION)
    return PetitionOut(
        **{name: getattr(view, name) for name in ("number", "stage", "since", "due", "last", "left", "prolonged", "may_do")},
        clause=view.term.clause if view.term else "",
        decisions=[DecisionOut.from_orm(step) for step in view.decisions],
    )


@router.post("/matters/{number}/petition/informing", response={200: MatterOut} | FAULTS)
def inform(request: HttpRequest, number: str, sent: InformIn):
    """Taken up or not; not taken up (clause: of the gate) is ruled by another."""
    actions.inform(matter=id_of(number), taken=sent.taken, text=sent.text, clause=sent.clause, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/petition/objection", response={200: MatterOut} | FAULTS)
def object_to(request: HttpRequest, number: str, sent: ObjectIn):
    """Hand it back within 5 working days; another rules."""
    actions.object_to(matter=id_of(number), unit=sent.unit, clause=sent.clause, reason=sent.text, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/petition/opinion", response={200: MatterOut} | FAULTS)
def give_opinion(request: HttpRequest, number: str, sent: TextIn):
    actions.give_opinion(matter=id_of(number), text=sent.text, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/petition/prolonging", response={200: MatterOut} | FAULTS)
def prolong(request: HttpRequest, number: str, sent: ProlongIn):
    """Ask for days more, thirty in all at the most."""
    actions.prolong(matter=id_of(number), days=sent.days, why=sent.text, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/petition/approval", response={200: MatterOut} | FAULTS)
def approve(request: HttpRequest, number: str, sent: ApproveIn):
    actions.approve(matter=id_of(number), granted=sent.granted, text=sent.text, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/petition/review", response={200: MatterOut} | FAULTS)
def ask_review(request: HttpRequest, number: str, sent: TextIn):
    """The petitioner asks for a review, within 30 days of the opinion."""
    actions.ask_review(matter=id_of(number), text=sent.text, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/petition/review-answer", response={200: MatterOut} | FAULTS)
def answer_review(request: HttpRequest, number: str, sent: TextIn):
    actions.answer_review(matter=id_of(number), text=sent.text, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/petition/recheck", response={200: MatterOut} | FAULTS)
def ask_recheck(request: HttpRequest, number: str, sent: TextIn):
    """The petitioner asks for a re-check, within 30 days of the review's answer."""
    actions.ask_recheck(matter=id_of(number), text=sent.text, by=request.actor, at=request.at)
    return whole(request, number)


@router.post("/matters/{number}/petition/recheck-answer", response={200: MatterOut} | FAULTS)
def answer_recheck(request: HttpRequest, number: str, sent: TextIn):
    """The last answer; the petition is final."""
    actions.answer_recheck(matter=id_of(number), text=sent.text, by=request.actor, at=request.at)
    return whole(request, number)
