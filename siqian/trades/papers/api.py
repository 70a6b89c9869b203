"""Papers as JSON, by the same verbs as the pages."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from siqian.kernel.permits import NotYours, Refusal

from . import actions, queries

router = Router(tags=["papers"])
SIGN_IN = Refusal("这里要先登录。示例里用demo-tokens.json中的令牌")


class Problem(Schema):
    title: str
    status: int
    field: str


FAULTS = {400: Problem, 403: Problem, 404: Problem, 409: Problem}


class PaperOut(Schema):
    """about: what people call the thing by; replaced: another paper stands in its place."""

    id: int
    kind: str
    number: str
    state: str
    about: str
    issuer: str
    drafted: datetime
    issued: datetime | None
    signatory: str
    retention: str
    replaced: bool


class WholeOut(PaperOut):
    """face: all that stands on it, as it was frozen; null when it was destroyed. sound: the digest agrees with it."""

    face: dict[str, Any] | None
    sha256: str
    sound: bool
    replaces: int | None
    replaced_by: int | None
    kept_until: date | None
    volume: str


class AskedIn(Schema):
    q: str = Field("", max_length=60)
    kind: str = Field("", max_length=24)
    issuer: str = Field("", max_length=24)
    state: str = Field("", max_length=10)
    since: date | None = None
    until: date | None = None
    after: int = Field(0, ge=0, le=2**62)


@router.get("", response={200: list[PaperOut], **FAULTS})
def find(request: HttpRequest, asked: Query[AskedIn]):
    """Papers that the caller may see, the newest first, 50 a page; after: the last id of the page before."""
    if not request.actor.is_staff:  # type: ignore[attr-defined]
        raise NotYours(SIGN_IN)
    wanted = queries.Asked(asked.q, asked.kind, asked.issuer, asked.state, asked.since, asked.until)
    return [_line(line) for line in queries.find(wanted, seen_by=request.actor, after=asked.after)]  # type: ignore[attr-defined]


@router.get("/{paper}", response={200: WholeOut, **FAULTS})
def one(request: HttpRequest, paper: int):
    """One paper with all that stands on it."""
    return _whole(request, paper)


@router.post("/{paper}/signature", response={200: WholeOut, **FAULTS})
def sign(request: HttpRequest, paper: int):
    """Sign a draft: it gets its number. Not by whoever did what it tells, or drafted it."""
    actions.sign(paper=paper, by=request.actor, at=request.at)  # type: ignore[attr-defined]
    return _whole(request, paper)


def _whole(request: HttpRequest, paper: int) -> dict[str, Any]:
    view = queries.one(paper, seen_by=request.actor)  # type: ignore[attr-defined]
    return _line(view.line) | {
        "face": view.face,
        "sha256": view.sha256,
        "sound": view.sound,
        "replaces": view.replaces.id if view.replaces else None,
        "replaced_by": view.replaced_by.id if view.replaced_by else None,
        "kept_until": view.kept_until,
        "volume": view.volume,
    }


def _line(line: queries.PaperLine) -> dict[str, Any]:
    names = ("id", "kind", "number", "state", "issuer", "drafted", "issued", "signatory", "retention", "replaced")
    return {name: getattr(line, name) for name in names} | {"about": line.called}
