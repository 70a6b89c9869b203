"""Readings as JSON: what gateways of outside systems send, up to a thousand at once, each taken once however often it is sent."""

import json
from typing import Literal, cast

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from siqian.kernel.permits import Actor, NotYours, Refusal
from siqian.ui.words import say

from . import actions, queries
from .rules.sensors import FIELDS, MOST_TOGETHER, Sent

router = Router(tags=["sensing"])
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
