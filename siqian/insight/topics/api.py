"""Hot topics as JSON, as far as the caller may see them."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from . import actions, queries

router = Router(tags=["topics"])
NUMBER = Path(ge=1, le=2**31)


class Problem(Schema):
    title: str
    status: int
    field: str


FAULTS = {400: Problem, 403: Problem, 404: Problem, 409: Problem}


class WarmthOut(Schema):
    """heat: distinct tellers x recency x growth; week: of the last seven days; before: of a week before; tellers: of four weeks."""

    heat: float
    week: int
    before: float
    growth: float
    tellers: int
    rising: bool


class TopicOut(Schema):
    """days: distinct tellers of each of the last fourteen days, today last; communities, units, items: (code, distinct tellers)."""

    number: int
    title: str
    state: str
    warmth: WarmthOut
    days: list[int]
    tellings: int
    since: datetime
    last: datetime
    communities: list[tuple[str, int]]
    units: list[tuple[str, int]]
    items: list[tuple[str, int]]


class TopicsOut(Schema):
    count: int
    topics: list[TopicOut]


class QuoteOut(Schema):
    """One telling without personal data; number: of its matter."""

    telling: int
    text: str
    at: datetime
    place: str
    number: str
    how: str


class WholeOut(TopicOut):
    """partial: counted only where the caller looks after; matter: what was made of it; later: people who told since then."""

    partial: bool
    timeline: list[int]
    quotes: list[QuoteOut]
    pages: int
    matters: list[str]
    matter: str
    raised: datetime | None
    later: int
    became: int


class RaisedOut(Schema):
    matter: str


@router.get("", response={200: TopicsOut, **FAULTS})
def topics(
    request: HttpRequest, q: str = Query("", max_length=100), show: str = Query("live", pattern="^(live|rising|raised|closed)$"),
    page: int = Query(1, ge=1, le=1000),
):  # fmt: skip
    """Topics of the last four weeks, the hottest first, twenty a page."""
    found = queries.topics(seen_by=request.actor, at=request.at, words=q, shown=show)  # type: ignore[attr-defined]
    return {"count": len(found), "topics": found[queries.PAGE * (page - 1) : queries.PAGE * page]}


@router.get("/{number}", response={200: WholeOut, **FAULTS})
def topic(request: HttpRequest, number: int = NUMBER, page: int = Query(1, ge=1, le=10000)):
    """One topic with its figures, and twenty of its tellings a page, the newest first."""
    return _whole(queries.topic(number, page=page, seen_by=request.actor, at=request.at))  # type: ignore[attr-defined]


@router.post("/{number}/matter", response={200: RaisedOut, **FAULTS})
def raise_(request: HttpRequest, number: int = NUMBER):
    """Make one matter of it; asked again it answers with the same one."""
    matter = actions.raise_(topic=number, by=request.actor, at=request.at)  # type: ignore[attr-defined]
    return {"matter": queries.matter_number(matter)}


def _whole(view: queries.TopicView) -> dict[str, object]:
    line = {name: getattr(view.line, name) for name in TopicOut.model_fields}
    own = {name: getattr(view, name) for name in ("partial", "timeline", "quotes", "pages", "raised", "later", "became")}
    return line | own | {"matters": [one.number for one in view.matters], "matter": view.matter.number if view.matter else ""}
