"""Home visits as JSON: what one's own posts owe, as the walk of the day shows it: masked, without why and without what is known."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Query, Router, Schema

from siqian.kernel.permits import NotYours

from . import queries, rules

router = Router(tags=["home visits"])
PAGE = 20


class Problem(Schema):
    title: str
    status: int
    field: str


class StopOut(Schema):
    """A visit that is owed. name: masked; words: what it is, as one may say it at the door.

    unasked: whether visits are wanted was not asked yet; questions: how many facts are to be asked or confirmed.
    """

    id: int
    building: str
    label: str
    name: str
    words: str
    words_en: str
    due: datetime
    tries: int
    unasked: bool
    questions: int


@router.get("/stops", response={200: list[StopOut], 400: Problem, 403: Problem})
def stops(request: HttpRequest, page: int = Query(1, ge=1, le=99)):
    """One's own stops, what is due first on top, twenty a page."""
    if not request.actor.posts:  # type: ignore[attr-defined]
        raise NotYours(rules.NOT_VISITING)
    found = queries.doors(seen_by=request.actor, at=request.at, most=PAGE * page)[PAGE * (page - 1) :]  # type: ignore[attr-defined]
    return [_stop(door) for door in found]


def _stop(door: queries.Door) -> StopOut:
    columns = {name: getattr(door, name) for name in ("id", "building", "label", "name", "due", "tries", "unasked")}
    return StopOut(**columns, words=door.calm, words_en=door.calm_en, questions=len(door.questions))
