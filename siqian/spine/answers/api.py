"""Answers as JSON. Public: what is live, and that one did not help."""

from datetime import date

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from . import actions, queries

router = Router(tags=["answers"])
NUMBER = Path(ge=1, le=2**31)


class Problem(Schema):
    title: str
    status: int
    field: str


class AnswerOut(Schema):
    """An answer as it holds now: unit and item are codes of the responsibility list, path is the area for which it holds."""

    id: int
    version: int
    question: str
    text: str
    question_en: str
    text_en: str
    item: str
    unit: str
    path: str
    basis: str
    reviewed: date
    review: date


class MissIn(Schema):
    once: str = Field(min_length=8, max_length=40, description="a code of the caller's own; the same code counts once for a version")


class MissOut(Schema):
    counted: bool


@router.get("", response={200: list[AnswerOut], 400: Problem})
def answers(
    request: HttpRequest, q: str = Query("", max_length=200), topic: str = Query("", max_length=3), page: int = Query(1, ge=1, le=999)
):
    """What answers a question, the best first; without one, what is live, by item, twenty a page."""
    return queries.find(q) if q.strip() else queries.live(topic=topic, page=page)[0]


@router.get("/{number}", response={200: AnswerOut, 400: Problem, 404: Problem})
def answer(request: HttpRequest, number: int = NUMBER):
    """One answer that is live."""
    return queries.shown(number)


@router.post("/{number}/misses", response={201: MissOut, 200: MissOut, 400: Problem, 404: Problem})
def miss(request: HttpRequest, sent: MissIn, number: int = NUMBER):
    """It did not help. Tell it to a person then: POST /api/intake/web takes the answers that did not help as well."""
    queries.shown(number)
    news = actions.mark_not_helped(answer=number, mark=f"api:{sent.once}", by=request.actor, at=request.at)  # type: ignore[attr-defined]
    return (201 if news else 200), {"counted": news}
