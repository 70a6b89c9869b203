"""Publicity as pages: what a desk ordered, how far it is in each grid, a new order, the end of one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from siqian.kernel import clock, files
from siqian.kernel.clock import local
from siqian.kernel.permits import NotFound, Refusal, Refused, Thing, may
from siqian.town.places import queries as places
from siqian.ui.pages import back_to, csv_file, form, page, page_of, post
from siqian.ui.words import either, say

from .. import actions, queries
from ..rules import publicity as rules

MOST = 30


@form
def publicities(request: HttpRequest) -> HttpResponse:
    """The list, and below it the form of a new order; with a fault the page comes back with everything that was typed."""
    if not any(grant.role in rules.READERS for grant in request.actor.grants):
        return back_to("/desk", request, _("宣传给管这里的人看"))
    if request.method != "POST":
        return render(request, "sensing/publicities.html", _list(request, {"key": clock.code(12)}))
    sent = request.POST
    raw = [(file.name or "", file.read()) for file in request.FILES.getlist("photos")]
    what = {
        "title": sent.get("title", ""),
        "text": sent.get("text", ""),
        "area": sent.get("area", ""),
        "until": _day(sent.get("until", "")),
    }
    try:
        number = actions.order_publicity(**what, raw=raw, key=sent.get("key", "")[:64], by=request.actor, at=request.at)
    except Refused as error:
        fault = {"fault": say(error.refusal), "field": error.refusal.field}
        return render(request, "sensing/publicities.html", _list(request, sent.dict()) | fault, status=error.status)
    return back_to(f"/desk/publicity/{number}", request, _("派下去了，每位网格员的一程里都有"))


@page("sensing/publicity.html")
def publicity(request: HttpRequest, number: int) -> dict[str, Any]:
    return {"view": (view := queries.publicity(number, seen_by=request.actor)), "line": view.line}


@post
def withdrawal(request: HttpRequest, number: int) -> HttpResponse:
    why = request.POST.get("why", "")
    try:
        actions.withdraw_publicity(publicity=number, why=why, by=request.actor, at=request.at)
    except Refused as error:
        if error.status in (403, 404):
            raise
        view = queries.publicity(number, seen_by=request.actor)
        context = {"view": view, "line": view.line, "fault": say(error.refusal), "why": why}
        return render(request, "sensing/publicity.html", context, status=error.status)
    return back_to(f"/desk/publicity/{number}", request, _("撤回了，没贴完的都告诉了"))


def as_csv(request: HttpRequest, number: int) -> HttpResponse:
    """How far each grid is, as a file."""
    view = queries.publicity(number, seen_by=request.actor)
    heads = [_("网格"), _("谁在管"), _("做了"), _("一共"), _("走完"), _("过点")]
    rows = [
        (
            either(*one.grid),
            either(*one.post),
            one.done,
            one.points,
            *(f"{local(when):%Y-%m-%d %H:%M}" if when else "" for when in (one.ended, one.missed)),
        )
        for one in view.grids
    ]
    return csv_file(f"publicity-{number}", heads, rows)


def photo(request: HttpRequest, number: int, sha256: str) -> HttpResponse:
    if sha256 not in queries.publicity(number, seen_by=request.actor).line.photos or not files.place(sha256).exists():
        raise NotFound(Refusal("没有这张照片"))
    response = FileResponse(files.place(sha256).open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _list(request: HttpRequest, sent: Mapping[str, Any]) -> dict[str, Any]:
    number = page_of(request)
    found, today = queries.publicity_list(page=number, most=MOST, seen_by=request.actor), local(request.at).date()
    return {
        "rows": found[:MOST],
        "page": number,
        "more": number + 1 if len(found) > MOST else 0,
        "areas": _areas(request),
        "sent": sent,
        "today": today,
        "furthest": today + rules.FURTHEST,
    }


def _areas(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Where the actor may order: their own areas, the streets and communities below; empty for whoever only reads."""
    own = {grant.area for grant in request.actor.grants if grant.area}
    own = {area for area in own if may(request.actor, "order", Thing("publicity", area=area)) is None}
    below = {
        line.path for level in (1, 2) for line in places.areas(level=level, rings=False) if any(line.path.startswith(area) for area in own)
    }
    named = [(path, names) for path in sorted(own | below) if (names := places.both_names(path))]
    return [
        (path, " ".join(zh for zh, _en in names[1:]) or names[0][0], " ".join(en for _zh, en in names[1:]) or names[0][1])
        for path, names in named
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
