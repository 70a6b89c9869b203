"""Incidents as pages: the desk's list, the page of one with everything that is done about it."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from siqian.kernel import clock, files
from siqian.kernel.clock import local
from siqian.kernel.permits import NotFound, Refusal, Refused
from siqian.spine.matters import queries as matters
from siqian.ui.pages import back_to, csv_file, page, page_of, post
from siqian.ui.words import either, say

from .. import actions, queries
from ..incident_lines import SHOWN
from ..rules import incidents as rules

MOST, MOST_ROWS = 50, 10_000


@page("sensing/incidents.html")
def incidents(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """Open ones first, the gravest on top."""
    if not _reads(request):
        return back_to("/desk", request, _("报警给管这里的人看"))
    wanted, number = _wanted(request), page_of(request)
    found = queries.incident_list(**wanted, page=number, most=MOST, seen_by=request.actor, at=request.at)
    return {
        **wanted,
        "rows": found[:MOST],
        "counts": queries.incident_counts(seen_by=request.actor),
        "kinds": queries.incident_kinds().values(),
        "page": number,
        "more": number + 1 if len(found) > MOST else 0,
        "query": urlencode({name: value for name, value in (("kind", wanted["kind"]), ("q", wanted["words"])) if value}),
    }


@page("sensing/incident.html")
def incident(request: HttpRequest, number: int) -> dict[str, Any]:
    return _context(request, number)


def as_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    found = queries.incident_list(**_wanted(request), most=MOST_ROWS, seen_by=request.actor, at=request.at) if _reads(request) else []
    heads = [
        _("编号"),
        _("什么事"),
        _("轻重"),
        _("到了哪步"),
        _("在哪里"),
        _("谁在管"),
        _("开始"),
        _("报警"),
        _("结束"),
        _("传感器"),
        _("报警次数"),
    ]
    return csv_file("incidents", heads, [_row(line) for line in found[:MOST_ROWS]])


def photo(request: HttpRequest, number: int, sha256: str) -> HttpResponse:
    there = sha256 in queries.incident_photos(number, seen_by=request.actor, at=request.at)
    if not there or not files.place(sha256).exists():
        raise NotFound(Refusal("没有这张照片"))
    response = FileResponse(files.place(sha256).open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@post
def acknowledgement(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, "acknowledgement", actions.acknowledge, _("接下了，第一个时限停了"))


@post
def company(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, "company", actions.join, _("记下了，您也一起去"))


@post
def notes(request: HttpRequest, number: int) -> HttpResponse:
    raw = [(file.name or "", file.read()) for file in request.FILES.getlist("photos")]
    sent = {"text": request.POST.get("text", ""), "raw": raw, "key": request.POST.get("key", "")[:64]}
    return _done(request, number, "notes", actions.note, _("记下了"), **sent)


@post
def closure(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, "closure", actions.finish, _("结束了"), text=request.POST.get("text", ""))


@post
def false_alarm(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, "false-alarm", actions.dismiss, _("记成误报了，算在这个探头上"), text=request.POST.get("text", ""))


@post
def referral(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, "referral", actions.refer, _("转出去了，变成一件事后这里看得到"), text=request.POST.get("text", ""))


@post
def merging(request: HttpRequest, number: int) -> HttpResponse:
    into = request.POST.get("into", "")
    sent = {"into": int(into) if into.isdigit() and len(into) < 10 else number, "text": request.POST.get("text", "")}
    return _done(request, number, "merging", actions.merge, _("并好了，那个事件带着两边的报警接着办。10分钟内可以分开"), **sent)


@post
def parting(request: HttpRequest, number: int) -> HttpResponse:
    return _done(request, number, "parting", actions.part, _("分开了，各办各的，时限接着走"))


def _done(request: HttpRequest, number: int, where: str, act: Callable[..., None], says: str, **sent: Any) -> HttpResponse:
    """Do it and come back; with a fault the page comes back with everything that was typed."""
    try:
        act(incident=number, **sent, by=request.actor, at=request.at)
    except Refused as error:
        if error.status in (403, 404):
            raise
        fault = {"fault": say(error.refusal), "field": error.refusal.field, "where": where, "sent": request.POST}
        return render(request, "sensing/incident.html", _context(request, number) | fault, status=error.status)
    return back_to(f"/desk/incidents/{number}", request, says)


def _context(request: HttpRequest, number: int) -> dict[str, Any]:
    view = queries.incident(number, seen_by=request.actor, at=request.at)
    matter = matters.lines([view.matter], seen_by=request.actor).get(view.matter) if view.matter else None
    others = queries.merge_candidates(number, seen_by=request.actor, at=request.at) if "merge" in view.verbs else []
    return {"view": view, "line": view.line, "matter": matter, "others": others, "key": clock.code(12), "most_photos": rules.MOST_PHOTOS}


def _row(line: queries.IncidentLine) -> Sequence[object]:
    times = (f"{local(when):%Y-%m-%d %H:%M}" if when else "" for when in (line.since, line.opened, line.closed))
    what = (line.id, either(line.kind.zh, line.kind.en), line.gravity, _(rules.STATES[line.state]))
    return *what, line.place, either(*line.owner), *times, line.sensors, line.alarms


def _reads(request: HttpRequest) -> bool:
    return any(grant.role in rules.READERS for grant in request.actor.grants)


def _wanted(request: HttpRequest) -> dict[str, Any]:
    """What an address asks for; what cannot be read is left out."""
    show, kind, words = (request.GET.get(name, "").strip() for name in ("show", "kind", "q"))
    return {"show": show if show in SHOWN else "open", "kind": kind if kind in queries.incident_kinds() else "", "words": words[:60]}
