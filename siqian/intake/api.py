"""Intake as JSON: one message in, a receipt out."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from siqian.kernel.permits import NotFound, NotYours, Refusal
from siqian.spine.matters import queries as matters
from siqian.ui.words import say

from . import actions, answering, arriving, keys, reporting, rules
from .systems import reading
from .systems.listed import systems

router = Router(tags=["intake"])
NO_SYSTEM = Refusal("没有登记这个系统，或者它不从这里进", field="code")


class MessageIn(Schema):
    """What somebody tells. Coordinates in WGS-84 degrees."""

    text: str = Field(max_length=5000)
    external: str = Field("", max_length=64, description="the sender's own id; the same id is taken once")
    building: str = Field("", max_length=24)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    address: str = Field("", max_length=200)
    near: str = Field("", max_length=24)
    name: str = Field("", max_length=20)
    phone: str = Field("", max_length=20)
    relation: Literal["", "child", "spouse", "neighbour", "carer", "grid_worker", "other"] = Field(
        "", description="what the teller is to somebody for whom they speak"
    )
    for_name: str = Field("", max_length=20, description="for whom one speaks")
    for_phone: str = Field("", max_length=20)
    for_agreed: bool = Field(False, description="they were asked and agreed")
    agrees: bool = Field(False, description="text messages about this matter may go to the telephone")
    together: bool = Field(False, description="several asks stay one matter")
    apart: bool = Field(False, description="a new matter even where a neighbour has told of something like it")
    due: AwareDatetime | None = Field(None, description="by when a platform above wants it settled")
    unhelped: list[Annotated[int, Field(ge=1, le=2**31)]] = Field([], max_length=3, description="answers that did not help")


class AskOut(Schema):
    """What became of a further ask of the message; the receipt's code opens it too."""

    number: str
    title: str
    keeper: str
    joined: bool
    respond_due: datetime
    settle_due: datetime


class ReceiptOut(Schema):
    """number names the matter, code opens it without a name (empty when this very message was taken before).

    others: when several things were asked, what became of all but the first.
    """

    number: str
    code: str
    keeper: str
    joined: bool
    again: bool
    respond_due: datetime
    settle_due: datetime
    others: list[AskOut] = []


class Problem(Schema):
    title: str
    status: int
    field: str


@router.post("/{channel}", response={201: ReceiptOut, 200: ReceiptOut, 400: Problem, 403: Problem, 409: Problem})
def take(request: HttpRequest, channel: Literal["web", "phone", "desk", "api"], message: MessageIn):
    """Take one message: understood, placed, joined or begun, assigned, clocked, in this request. 200 when taken before."""
    if channel in ("phone", "desk") and not request.actor.is_staff:
        raise NotYours(Refusal("电话和窗口由工作人员登记，请走web或api", field="channel"))
    values = message.dict()
    unhelped = values.pop("unhelped")
    account = request.actor.ref if request.actor.ref.startswith("account:") and not request.actor.is_staff else ""
    receipt = actions.take(message=rules.Message(channel=channel, account=account, **values), by=request.actor, at=request.at)
    answering.note_not_helped(unhelped, telling=receipt.telling, by=request.actor, at=request.at)
    body = ReceiptOut(
        number=receipt.number,
        code=receipt.code,
        keeper=receipt.keeper,
        joined=receipt.joined,
        again=receipt.again,
        respond_due=receipt.respond_due,
        settle_due=receipt.settle_due,
        others=[AskOut(**{name: getattr(other, name) for name in AskOut.model_fields}) for other in receipt.others],
    )
    return (200 if receipt.again else 201), body


class AnswerOut(Schema):
    """What became of one message of an outside system. id: its own; number: of the matter."""

    id: str
    outcome: Literal["taken", "joined", "again", "refused"]
    number: str
    why: str
    field: str


class AnswersOut(Schema):
    """One answer a message, in their order."""

    answers: list[AnswerOut]


BODY = {"required": True, "content": {kind: {"schema": {}} for kind in ("application/json", reading.EVENTS, reading.BATCH)}}


@router.post(
    "/systems/{code}",
    response={200: AnswersOut, 400: AnswersOut | Problem, 403: Problem, 404: Problem},
    openapi_extra={"requestBody": BODY},
)
def receive(request: HttpRequest, code: str):
    """Take what an outside system sends, by its row in systems.yaml: JSON, or CloudEvents alone, in headers, or as a batch.

    It shows its key (Authorization: Bearer) or signs (Standard Webhooks). Each message once by its own id. 400 when none was taken; what
    was refused is kept, and taken once the row is mended.
    """
    system = systems().get(code)
    if system is None or system.protocol not in ("webhook", "cloudevents"):
        raise NotFound(NO_SYSTEM)
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = request.body
    if (fault := keys.fault(code, headers, body, at=request.at)) is not None:
        raise NotYours(fault)
    by = reporting.system_actor(code)
    found = reading.payloads(request.content_type or "", headers, body)
    if isinstance(found, Refusal):
        outcomes = [arriving.refuse(system=system, body=body, refusal=found, by=by, at=request.at)]
    else:
        outcomes = arriving.receive(system=system, payloads=found, by=by, at=request.at)
    answers = [
        AnswerOut(
            id=one.external,
            outcome=one.outcome,  # type: ignore[arg-type]
            number=one.number,
            why=say(one.refusal) if one.refusal else "",
            field=one.refusal.field if one.refusal else "",
        )
        for one in outcomes
    ]
    return (400 if answers and all(one.outcome == "refused" for one in answers) else 200), AnswersOut(answers=answers)


@router.get("/receipts/{code}", response={200: ReceiptOut, 404: Problem})
def receipt(request: HttpRequest, code: str):
    """What a receipt code opens."""
    _, _, number = matters.of_receipt(code)
    keeper, respond, settle = matters.promise_of(number, at=request.at)
    return ReceiptOut(number=number, code=code, keeper=keeper, joined=False, again=False, respond_due=respond, settle_due=settle)
