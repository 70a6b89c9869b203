"""The responsibility list as JSON, for everybody; its editions for staff."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from . import queries

router = Router(tags=["remit"])


class ItemOut(Schema):
    code: str
    zh: str
    en: str
    lead: str
    hours: int
    working_days: int
    basis: str
    needs: str
    not_ours: str


@router.get("/items", response=list[ItemOut])
def items(request: HttpRequest, q: str = Query("", max_length=40)):
    """What somebody is responsible for: who leads, by when, on what basis, what is not ours."""
    rows = [
        item
        for item in queries.items().values()
        if q in item.zh or q.lower() in item.en.lower() or q in item.words or item.code.startswith(q)
    ]
    return [ItemOut(**{name: getattr(item, name) for name in ItemOut.model_fields}) for item in rows[:500]]


class Problem(Schema):
    title: str
    status: int
    field: str


class EditionOut(Schema):
    id: int
    version: str
    effective: date
    state: str
    reason: str
    precedent: str
    by_name: str
    at: datetime
    changes: int
    approved_name: str
    approved_at: datetime | None


class WholeEditionOut(EditionOut):
    """rows: {"items": {code: {"was", "row"}}, "rules": {code: {"was", "row"}}}; digest: of what is in force."""

    rows: dict[str, Any]
    digest: str


@router.get("/remit/editions", response={200: list[EditionOut], 403: Problem})
def editions(request: HttpRequest):
    """Every edition that people made, the newest first."""
    return queries.editions(seen_by=request.actor)  # type: ignore[attr-defined]


@router.get("/remit/editions/{number}", response={200: WholeEditionOut, 403: Problem, 404: Problem})
def edition(request: HttpRequest, number: int):
    """One edition with every row before and after."""
    view = queries.edition(number, seen_by=request.actor)  # type: ignore[attr-defined]
    return EditionOut.from_orm(view.line).dict() | {"rows": dict(view.rows), "digest": view.digest}
