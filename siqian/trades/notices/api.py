"""Notices as JSON: one's own, how one may be told, and the gateways' receipts."""

import hmac
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema

from siqian.kernel.permits import NotYours, Refusal

from . import actions, queries
from .gateways import SIGNATURE, signature

router = Router(tags=["notices"])


class Problem(Schema):
    title: str
    status: int
    field: str


class SentOut(Schema):
    """state: waiting, sent, delivered, bounced, failed, dropped."""

    channel: str
    masked: str
    state: str
    at: datetime


class NoticeOut(Schema):
    about: str
    text: str
    at: datetime
    seen: bool
    out: list[SentOut]


class WayOut(Schema):
    """masked: the address that one agreed to; empty when one did not."""

    channel: str
    masked: str


class AgreeIn(Schema):
    address: str = Field(max_length=120)


class ArrivedIn(Schema):
    """What a gateway says of a message, by the key under which it was sent."""

    key: str = Field(max_length=80)
    delivered: bool
    fault: str = Field("", max_length=300)


@router.get("/notices", response={200: list[NoticeOut]})
def notices(request: HttpRequest):
    """What one was told, the newest first."""
    lines = queries.told(queries.readers(request.actor))
    return [
        NoticeOut(
            about=line.about,
            text=line.text.format(**line.values),
            at=line.at,
            seen=line.seen,
            out=[SentOut(**vars(one)) for one in line.out],
        )
        for line in lines
    ]


@router.get("/notices/ways", response={200: list[WayOut], 403: Problem})
def ways(request: HttpRequest):
    """The channels that leave the house, and which of them one agreed to."""
    return [WayOut(channel=way.channel, masked=way.masked) for way in queries.ways(queries.reader(request.actor))]


@router.put("/notices/ways/{channel}", response={200: list[WayOut], 400: Problem, 403: Problem, 409: Problem})
def agree(request: HttpRequest, channel: Literal["sms", "email"], sent: AgreeIn):
    """Agree to be told by a channel at an address; another address replaces the one before."""
    actions.agree(reader=queries.reader(request.actor), channel=channel, address=sent.address, by=request.actor, at=request.at)
    return ways(request)


@router.delete("/notices/ways/{channel}", response={200: list[WayOut], 403: Problem, 409: Problem})
def withdraw(request: HttpRequest, channel: Literal["sms", "email"]):
    """No longer be told by a channel."""
    actions.withdraw(reader=queries.reader(request.actor), channel=channel, by=request.actor, at=request.at)
    return ways(request)


@router.post("/notices/receipts", response={204: None, 400: Problem, 403: Problem, 404: Problem, 409: Problem})
def arrived(request: HttpRequest, sent: ArrivedIn):
    """A gateway's word on a message, signed like what was sent to it: HMAC-SHA-256 of the body."""
    secret = settings.SIQIAN_GATEWAY_SECRET
    if not secret or not hmac.compare_digest(signature(secret, request.body), request.headers.get(SIGNATURE, "")):
        raise NotYours(Refusal("签名对不上，核对双方的密钥", field=SIGNATURE))
    actions.answer(key=sent.key, delivered=sent.delivered, fault=sent.fault, by=request.actor, at=request.at)
    return 204, None
