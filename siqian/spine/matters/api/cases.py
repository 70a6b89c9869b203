"""Leaders' own cases as JSON by the same verbs as the pages."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Router, Schema

from siqian.kernel.permits import NotFound, NotYours, Refusal

from .. import actions, cases, queries
from ..rules.cases import NO_CASE
from .shapes import FAULTS, Problem, TextIn, id_of

router = Router(tags=["matters"])
SIGN_IN = Refusal("这里要先登录。示例里用demo-tokens.json中的令牌")


class LeaderIn(Schema):
    post: str = Field(max_length=32)
    text: str = Field(max_length=1000)


class WhyOut(Schema):
    code: str
    values: dict[str, str]


class CaseOut(Schema):
    """days: since the matter was told; why: for which it is hard."""

    number: str
    title: str
    place: str
    days: int
    state: str
    post: str
    name: str
    reason: str
    since: datetime | None
    plan: str
    looked: datetime | None
    look_by: datetime | None
    met: datetime | None
    meet_by: datetime | None
    ended: datetime | None
    mine: bool
    why: list[WhyOut]


class HardOut(Schema):
    """A hard matter that no leader owns; asked: who was asked to."""

    number: str
    title: str
    place: str
    days: int
    state: str
    asked: str
    why: list[WhyOut]


OUT = {200: CaseOut} | FAULTS


@router.get("/cases", response={200: list[CaseOut], 403: Problem})
def running(request: HttpRequest):
    """Cases that run within the actor's reach, one's own first, of those the longest waiting."""
    _staff(request)
    return [CaseOut.from_orm(view) for view in cases.own_cases(seen_by=request.actor, at=request.at)]


@router.get("/cases/hard", response={200: list[HardOut], 403: Problem})
def hard(request: HttpRequest):
    """Open matters that a leader should own, each with every reason."""
    _staff(request)
    return [HardOut.from_orm(line) for line in cases.hard(seen_by=request.actor, at=request.at)]


@router.get("/matters/{number}/case", response=OUT)
def one(request: HttpRequest, number: str):
    return _case(request, number)


@router.post("/matters/{number}/case", response=OUT)
def adopt(request: HttpRequest, number: str, sent: TextIn):
    """A leader owns it by name; text: the plan, which whoever told it reads."""
    actions.adopt(matter=id_of(number), plan=sent.text, by=request.actor, at=request.at)
    return _case(request, number)


@router.post("/matters/{number}/case/proposal", response=OUT)
def propose(request: HttpRequest, number: str, sent: LeaderIn):
    actions.propose_case(matter=id_of(number), post=sent.post, reason=sent.text, by=request.actor, at=request.at)
    return _case(request, number)


@router.post("/matters/{number}/case/refusal", response=OUT)
def decline(request: HttpRequest, number: str, sent: TextIn):
    actions.decline_case(matter=id_of(number), why=sent.text, by=request.actor, at=request.at)
    return _case(request, number)


@router.post("/matters/{number}/case/looks", response=OUT)
def look(request: HttpRequest, number: str, sent: TextIn):
    actions.look_at_case(matter=id_of(number), text=sent.text, by=request.actor, at=request.at)
    return _case(request, number)


@router.post("/matters/{number}/case/meetings", response=OUT)
def meet(request: HttpRequest, number: str, sent: TextIn):
    actions.meet_teller(matter=id_of(number), text=sent.text, by=request.actor, at=request.at)
    return _case(request, number)


@router.post("/matters/{number}/case/transfer", response=OUT)
def hand_on(request: HttpRequest, number: str, sent: LeaderIn):
    actions.hand_on_case(matter=id_of(number), post=sent.post, why=sent.text, by=request.actor, at=request.at)
    return _case(request, number)


def _case(request: HttpRequest, number: str) -> CaseOut:
    line = queries.seen(number, seen_by=request.actor, at=request.at).line
    view = cases.about_case(line.id, seen_by=request.actor, at=request.at)
    if view is None:
        raise NotFound(NO_CASE)
    return CaseOut.from_orm(view)


def _staff(request: HttpRequest) -> None:
    if not request.actor.is_staff:
        raise NotYours(SIGN_IN)
