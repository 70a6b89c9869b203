"""Visits as JSON. Public: who comes, who came, what was said and what came of it, and how much of an area was reached."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from siqian.kernel.permits import NotFound, Refusal
from siqian.town.places import queries as places

from . import queries

router = Router(tags=["visits"])
NUMBER = Path(ge=1, le=2**31)
NO_AREA = Refusal("没有这个范围，写区划的编码", field="area")


class Problem(Schema):
    title: str
    status: int
    field: str


class VisitOut(Schema):
    """A visit. kind: publicity, research, receiving or office; heard: how many people by group; items, settled: what was raised of it."""

    id: int
    kind: str
    topic: str
    place: str
    path: str
    starts: datetime
    ends: datetime
    begun: datetime | None
    state: str
    who: str
    along: str
    heard: dict[str, int]
    note: str
    items: int
    settled: int


class RaisedOut(Schema):
    """What was raised, as everybody may read it. way: answered, owed, matter or suggestion; matter: the number of what it became."""

    number: int
    title: str
    way: str
    state: str
    owner: str
    due: datetime | None
    answer: str
    answered: datetime | None
    matter: str
    matter_state: str


class WholeOut(VisitOut):
    """hidden: how many further things were raised by whoever does not want them public; cells: building grids meant or reached."""

    raised: list[RaisedOut]
    hidden: int
    cells: list[str]


class ReachedOut(Schema):
    """Building grids of an area: in all, reached within a year, still to be reached by a visit that is planned."""

    path: str
    cells: int
    reached: int
    coming: int


@router.get("", response={200: list[VisitOut], 400: Problem, 404: Problem})
def visits(
    request: HttpRequest,
    when: Literal["past", "coming"] = "past",
    area: str = Query("", max_length=32, description="code of an area; what lies in it, and what is for an area that holds it"),
    q: str = Query("", max_length=60),
    page: int = Query(1, ge=1, le=999),
):
    """Visits, thirty a page: what is coming with the next first, what was with the newest first."""
    found, _more = queries.public(within=_path(area), when=when, words=q.strip(), page=page, at=request.at)  # type: ignore[attr-defined]
    return [_out(line) for line in found]


@router.get("/coverage", response={200: ReachedOut, 400: Problem, 404: Problem})
def coverage(request: HttpRequest, area: str = Query(max_length=32, description="code of an area")):
    """How much of an area was reached within the last year."""
    return queries.coverage(_path(area), at=request.at)  # type: ignore[attr-defined]


@router.get("/{number}", response={200: WholeOut, 400: Problem, 404: Problem})
def visit(request: HttpRequest, number: int = NUMBER):
    """One visit and what came of it."""
    view = queries.view(number, seen_by=request.actor, at=request.at)  # type: ignore[attr-defined]
    raised = [item for item in view.items if item.title]
    return _out(view.line) | {"raised": raised, "hidden": len(view.items) - len(raised), "cells": [path for path, *_rest in view.cells]}


def _out(line: queries.VisitLine) -> dict[str, Any]:
    columns = {name: getattr(line, name) for name in VisitOut.model_fields if name not in ("kind", "who")}
    return columns | {"kind": line.kind.code, "who": line.person}


def _path(area: str) -> str:
    place = places.at_area(area) if area else None
    if area and place is None:
        raise NotFound(NO_AREA)
    return place.path if place else "/"
