"""The responsibility list as JSON. Public."""

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
