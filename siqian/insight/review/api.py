"""Weekly sheets as JSON, by the same verbs as the pages."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from . import actions, queries

router = Router(tags=["review"])


class Problem(Schema):
    title: str
    status: int
    field: str


FAULTS = {400: Problem, 403: Problem, 404: Problem, 409: Problem}


class WeekOut(Schema):
    week: str
    since: datetime
    until: datetime
    version: int
    at: datetime
    issued: bool
    volume: int


class SheetOut(Schema):
    week: str
    since: datetime
    until: datetime
    version: int
    versions: list[int]
    rules: str
    numbers: dict[str, Any]
    digest: str
    words: str
    drafted_name: str
    at: datetime
    issued_name: str
    issued_at: datetime | None


class BehindOut(Schema):
    """count is null where people could be recognised by it."""

    count: int | None
    numbers: list[str]
    after: int


class FigureIn(Schema):
    measure: str
    part: Literal["part", "rest", "whole"] = "part"
    by: Literal["", "community", "street", "unit", "class"] = ""
    key: str = ""
    version: int = Field(0, ge=0, le=9999)
    after: int = Field(0, ge=0, le=2**62)


class DraftIn(Schema):
    week: str
    words: str = Field("", max_length=200)


class IssueIn(Schema):
    version: int = Field(ge=1, le=9999)


@router.get("/sheets", response={200: list[WeekOut], **FAULTS})
def weeks(request: HttpRequest):
    """Weeks that were drawn up, the newest first."""
    return queries.weeks(seen_by=request.actor)  # type: ignore[attr-defined]


@router.post("/sheets", response={201: SheetOut, **FAULTS})
def draft(request: HttpRequest, sent: DraftIn):
    """Draw up a week that is over; again makes a new version."""
    actions.draft(week=sent.week, words=sent.words, by=request.actor, at=request.at)  # type: ignore[attr-defined]
    newest = queries.sheet(sent.week, seen_by=request.actor).versions[-1]  # type: ignore[attr-defined]
    return 201, queries.sheet(sent.week, newest, seen_by=request.actor)  # type: ignore[attr-defined]


@router.get("/sheets/{week}", response={200: SheetOut, **FAULTS})
def sheet(request: HttpRequest, week: str, version: int = Query(0, ge=0, le=9999)):
    """A week's figures: this version, or the one issued last, or else the newest draft."""
    return queries.sheet(week, version, seen_by=request.actor)  # type: ignore[attr-defined]


@router.get("/sheets/{week}/behind", response={200: BehindOut, **FAULTS})
def behind(request: HttpRequest, week: str, asked: Query[FigureIn]):
    """Numbers of the matters behind one figure, as far as the caller may see them."""
    view = queries.sheet(week, asked.version, seen_by=request.actor)  # type: ignore[attr-defined]
    at = {"by": asked.by, "key": asked.key, "part": asked.part, "after": asked.after}
    found = queries.behind(view, asked.measure, **at, seen_by=request.actor)  # type: ignore[arg-type, attr-defined]
    return {"count": found.count, "numbers": [line.number for line in found.lines], "after": found.after}


@router.post("/sheets/{week}/issue", response={200: SheetOut, **FAULTS})
def issue(request: HttpRequest, week: str, sent: IssueIn):
    """Issue the newest version, as somebody other than who drew it up."""
    actions.issue(week=week, version=sent.version, by=request.actor, at=request.at)  # type: ignore[attr-defined]
    return queries.sheet(week, sent.version, seen_by=request.actor)  # type: ignore[attr-defined]
