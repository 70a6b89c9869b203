"""Joint actions as JSON by the same verbs as the pages."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema

from siqian.kernel.clock import TOWN
from siqian.kernel.permits import NotFound, NotYours, Refusal

from .. import actions, queries, summonses
from ..rules.joint import NO_SUMMONS, Call, Verdict
from .shapes import FAULTS, Problem, TextIn, id_of

router = Router(tags=["matters"])
SIGN_IN = Refusal("这里要先登录。示例里用demo-tokens.json中的令牌")


class UnitIn(Schema):
    unit: str = Field(max_length=32)


class CalledIn(UnitIn):
    clause: str = Field(max_length=120)


class CallIn(Schema):
    purpose: str = Field(max_length=1000)
    place: str = Field(max_length=80)
    meets: datetime
    units: list[CalledIn] = Field(max_length=12)


class UnitTextIn(UnitIn):
    text: str = Field(max_length=1000)


class ArrivalIn(UnitIn):
    """lon, lat: WGS-84 degrees, where the telephone gives them."""

    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class JudgementIn(UnitIn):
    came: bool
    in_time: bool
    share: Literal["good", "poor"]
    words: str = Field("", max_length=500)


class VerdictIn(UnitIn):
    founded: bool
    words: str = Field("", max_length=500)


class PartOut(Schema):
    """may_do: the reader's steps now."""

    unit: str
    clause: str
    state: str
    objection: str
    confirmed: datetime | None
    arrived: datetime | None
    metres: int | None
    did: str
    came: bool | None
    in_time: bool | None
    share: str
    judged_words: str
    founded: bool | None
    founded_words: str
    may_do: list[str]


class JointOut(Schema):
    number: str
    title: str
    state: str
    purpose: str
    place: str
    meets: datetime
    by: str
    at: datetime
    held: datetime | None
    minutes: str
    ended: datetime | None
    parts: list[PartOut]
    may_do: list[str]


class CountOut(Schema):
    unit: str
    called: int
    confirmed: int
    came: int
    in_time: int
    good: int
    poor: int
    objected: int
    founded: int
    unfounded: int


OUT = {200: JointOut} | FAULTS


@router.get("/joint", response={200: list[JointOut], 403: Problem})
def running(request: HttpRequest, over: bool = False):
    """Joint actions that run within the actor's reach, the nearest hour first; over: those that are over."""
    _staff(request)
    return [_out(view) for view in summonses.joint_actions(seen_by=request.actor, at=request.at, over=over)]


@router.get("/joint/units", response={200: list[CountOut], 400: Problem, 403: Problem})
def counted(request: HttpRequest, since: datetime, until: datetime):
    """How often units were called, came, in time, did their share; in the order of their codes, never ranked."""
    _staff(request)
    found = summonses.judged_units(since=_aware(since), until=_aware(until), seen_by=request.actor)
    return [CountOut.from_orm(row) for row in found]


@router.get("/matters/{number}/joint", response=OUT)
def one(request: HttpRequest, number: str):
    """The newest joint action about a matter."""
    return _joint(request, number)


@router.post("/matters/{number}/joint", response={201: JointOut} | FAULTS)
def call(request: HttpRequest, number: str, sent: CallIn):
    """Call units to come."""
    asked = Call(sent.purpose, sent.place, _aware(sent.meets), tuple((unit.unit, unit.clause) for unit in sent.units))
    actions.summon(matter=id_of(number), call=asked, by=request.actor, at=request.at)
    return 201, _joint(request, number)


@router.post("/matters/{number}/joint/confirmation", response=OUT)
def confirm(request: HttpRequest, number: str, sent: UnitIn):
    actions.confirm_joint(matter=id_of(number), unit=sent.unit, by=request.actor, at=request.at)
    return _joint(request, number)


@router.post("/matters/{number}/joint/objection", response=OUT)
def object_to(request: HttpRequest, number: str, sent: UnitTextIn):
    """Not ours, by which clause: a note for the judgement."""
    actions.object_joint(matter=id_of(number), unit=sent.unit, text=sent.text, by=request.actor, at=request.at)
    return _joint(request, number)


@router.post("/matters/{number}/joint/arrival", response=OUT)
def report_in(request: HttpRequest, number: str, sent: ArrivalIn):
    """Report in on the spot."""
    actions.report_in(matter=id_of(number), unit=sent.unit, lon=sent.lon, lat=sent.lat, by=request.actor, at=request.at)
    return _joint(request, number)


@router.post("/matters/{number}/joint/report", response=OUT)
def report_done(request: HttpRequest, number: str, sent: UnitTextIn):
    actions.report_done(matter=id_of(number), unit=sent.unit, text=sent.text, by=request.actor, at=request.at)
    return _joint(request, number)


@router.post("/matters/{number}/joint/absence", response=OUT)
def miss(request: HttpRequest, number: str, sent: UnitIn):
    actions.miss_joint(matter=id_of(number), unit=sent.unit, by=request.actor, at=request.at)
    return _joint(request, number)


@router.post("/matters/{number}/joint/minutes", response=OUT)
def hold(request: HttpRequest, number: str, sent: TextIn):
    """It was held: who does what by when."""
    actions.hold_joint(matter=id_of(number), minutes=sent.text, by=request.actor, at=request.at)
    return _joint(request, number)


@router.post("/matters/{number}/joint/judgement", response=OUT)
def judge(request: HttpRequest, number: str, sent: JudgementIn):
    verdict = Verdict(sent.came, sent.in_time, sent.share, sent.words)
    actions.judge_joint(matter=id_of(number), unit=sent.unit, verdict=verdict, by=request.actor, at=request.at)
    return _joint(request, number)


@router.post("/matters/{number}/joint/verdict", response={200: JointOut, 204: None} | FAULTS)
def judge_call(request: HttpRequest, number: str, sent: VerdictIn):
    """Whether the unit was called for with reason. 204: it was the last word, and the unit reads the matter no longer."""
    actions.judge_call(matter=id_of(number), unit=sent.unit, founded=sent.founded, words=sent.words, by=request.actor, at=request.at)
    found = summonses.about_joint(id_of(number), seen_by=request.actor, at=request.at)
    return (200, _out(found)) if found else (204, None)


@router.post("/matters/{number}/joint/cancellation", response=OUT)
def cancel(request: HttpRequest, number: str, sent: TextIn):
    actions.cancel_joint(matter=id_of(number), why=sent.text, by=request.actor, at=request.at)
    return _joint(request, number)


def _joint(request: HttpRequest, number: str) -> JointOut:
    line = queries.seen(number, seen_by=request.actor, at=request.at).line
    view = summonses.about_joint(line.id, seen_by=request.actor, at=request.at)
    if view is None:
        raise NotFound(NO_SUMMONS)
    return _out(view)


def _out(view: summonses.JointView) -> JointOut:
    names = ("number", "title", "state", "purpose", "place", "meets", "at", "held", "minutes", "ended")
    parts = [
        PartOut(**{name: getattr(part, name) for name in PartOut.model_fields if name != "may_do"}, may_do=sorted(part.may_do))
        for part in view.parts
    ]
    return JointOut(**{name: getattr(view, name) for name in names}, by=view.by_name, parts=parts, may_do=sorted(view.may_do))


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=TOWN)


def _staff(request: HttpRequest) -> None:
    if not request.actor.is_staff:
        raise NotYours(SIGN_IN)
