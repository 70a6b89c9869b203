"""One visit at the desk: move it, cancel it, write down how it was, and follow what was raised."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.kernel.permits import Refused
from siqian.ui.pages import back_to, page, post
from siqian.ui.words import say

from .. import actions, queries, rules
from .desk import MINUTES, lasting, moment

# A form has room for so many at once; more are added one by one.
ROOM = (1, 2, 3)
NEW = 0


@page("visits/desk_visit.html")
def visit(request: HttpRequest, number: int) -> dict[str, Any]:
    return _context(request, number)


@post
def schedule(request: HttpRequest, number: int) -> HttpResponse:
    sent = request.POST
    try:
        starts = moment(sent.get("starts", ""), "starts")
        when = {"starts": starts, "ends": starts + lasting(request)}
        actions.move(visit=number, **when, post=sent.get("post", ""), why=sent.get("why", ""), by=request.actor, at=request.at)
    except Refused as error:
        return _refused(request, number, "schedule", error)
    return back_to(f"/desk/visits/{number}", request, _("改好了，两边都告诉了"))


@post
def cancellation(request: HttpRequest, number: int) -> HttpResponse:
    try:
        actions.cancel(visit=number, why=request.POST.get("why", ""), by=request.actor, at=request.at)
    except Refused as error:
        return _refused(request, number, "cancellation", error)
    return back_to(f"/desk/visits/{number}", request, _("取消了，原因大家看得到"))


@post
def record(request: HttpRequest, number: int) -> HttpResponse:
    """How it was; with a fault the page comes back with everything that was typed."""
    try:
        actions.hold(visit=number, held=_held(request), by=request.actor, at=request.at)
    except Refused as error:
        return _refused(request, number, "record", error)
    return back_to(f"/desk/visits/{number}", request, _("记下了，大家都看得到结果"))


@post
def items(request: HttpRequest, number: int) -> HttpResponse:
    try:
        actions.raise_item(visit=number, raised=_raised(request, NEW), by=request.actor, at=request.at)
    except Refused as error:
        return _refused(request, number, "items", error)
    return back_to(f"/desk/visits/{number}", request, _("补上了"))


def item(request: HttpRequest, number: int) -> HttpResponse:
    """Where what was raised is read: on its visit's page."""
    found = queries.item(number, seen_by=request.actor)
    return HttpResponseRedirect(f"/desk/visits/{found.visit}#item-{found.number}")


@post
def answer(request: HttpRequest, number: int) -> HttpResponse:
    visit = queries.visit_of(number)
    try:
        actions.answer(item=number, text=request.POST.get("text", ""), by=request.actor, at=request.at)
    except Refused as error:
        return _refused(request, visit, f"answer_{number}", error)
    return back_to(f"/desk/visits/{visit}", request, _("答复了，大家都看得到"))


@post
def owner(request: HttpRequest, number: int) -> HttpResponse:
    visit = queries.visit_of(number)
    try:
        sent = {"post": request.POST.get("post", ""), "why": request.POST.get("why", "")}
        actions.give(item=number, **sent, by=request.actor, at=request.at)
    except Refused as error:
        return _refused(request, visit, f"owner_{number}", error)
    return back_to(f"/desk/visits/{visit}", request, _("交过去了，日子不变"))


def _refused(request: HttpRequest, visit: int, where: str, error: Refused) -> HttpResponse:
    """The page again, with what was typed in the form in question."""
    fault = {"fault": say(error.refusal), "field": error.refusal.field, "where": where, "sent": request.POST}
    fault |= {"checked": request.POST.getlist("cells")}
    return render(request, "visits/desk_visit.html", _context(request, visit) | fault, status=error.status)


def _context(request: HttpRequest, number: int) -> dict[str, Any]:
    view = queries.view(number, seen_by=request.actor, at=request.at)
    line, today = view.line, local(request.at).date()
    start = f"{local(line.starts):%Y-%m-%dT%H:%M}"
    begun = f"{local(min(line.starts, request.at)):%Y-%m-%dT%H:%M}"
    sent = {"starts": start, "begun": begun, "minutes": str(round((line.ends - line.starts).total_seconds() / 60)), "post": line.post}
    owners = queries.goers(line.path, at=request.at, duties=rules.ANSWERING)
    lists = {"minutes": MINUTES, "rooms": ROOM, "groups": rules.GROUPS, "ways": rules.WAYS, "owners": owners}
    goers = queries.goers(line.path, at=request.at)
    days = {"today": today, "furthest": today + rules.FURTHEST}
    return {"view": view, "line": line, "sent": sent, "goers": goers, "checked": [cell for cell, *_rest in view.cells]} | lists | days


def _held(request: HttpRequest) -> rules.Held:
    sent = request.POST
    heard = {group: _count(sent.get(f"heard_{group}", "")) for group in rules.GROUPS}
    raised = tuple(_raised(request, at) for at in ROOM if sent.get(f"title_{at}", "").strip() or sent.get(f"text_{at}", "").strip())
    begun = moment(sent.get("begun", ""), "begun")
    return rules.Held(begun, heard, sent.getlist("cells"), sent.get("note", ""), raised)


def _raised(request: HttpRequest, at: int) -> rules.Raised:
    sent = {name: request.POST.get(f"{name}_{at}", "").strip() for name in ("title", "text", "way", "answer", "post")}
    return rules.Raised(**sent, due=_day(request.POST.get(f"due_{at}", "")), shown=not request.POST.get(f"hidden_{at}"))


def _count(text: str) -> int:
    if not text.strip():
        return 0
    return int(text) if text.strip().isdigit() and len(text) < 6 else -1


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
