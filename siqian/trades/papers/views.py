"""Papers as pages: the list, one paper as it is printed, what waits for a signature, the archive."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from siqian.kernel.permits import NotFound
from siqian.kernel.sheets import day as read_day
from siqian.town.places import queries as places
from siqian.ui.pages import back_to, page, post

from . import actions, export, queries, rules
from .queries import Asked

PAGE = 50
STATES = ("draft", "issued", "filed", "destroyed")


@page("papers/list.html")
def papers(request: HttpRequest):
    """Papers by number, kind, issuer, day and state; what waits for a signature on top."""
    if not request.actor.is_staff:
        return back_to("/sign-in?next=/papers", request)
    asked = _asked(request)
    after = int(request.GET["after"]) if request.GET.get("after", "").isdigit() and len(request.GET["after"]) < 16 else 0
    lines = queries.find(asked, seen_by=request.actor, after=after, most=PAGE + 1)
    waiting = [] if after or asked != Asked() else queries.find(Asked(state="draft"), seen_by=request.actor, most=100)
    more = urlencode({**_query(request), "after": lines[PAGE - 1].id}) if len(lines) > PAGE else ""
    return {
        "lines": [line for line in lines[:PAGE] if line.state != "draft" or asked.state == "draft"],
        "waiting": waiting,
        "more": more,
        "asked": asked,
        "query": urlencode(_query(request)),
        "is_asked": asked != Asked(),
        "kinds": queries.kinds().values(),
        "issuers": queries.issuers(seen_by=request.actor),
        "states": STATES,
        "first": not after,
        "font_fault": queries.font_fault(),
    }


def as_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    if not request.actor.is_staff:
        return back_to("/sign-in?next=/papers", request)
    return _file(export.as_csv(_asked(request), seen_by=request.actor), "text/csv; charset=utf-8", "papers.csv")


@page("papers/paper.html")
def paper(request: HttpRequest, paper: int):
    """One paper as it is printed, with its chain of corrections; whoever told sees it as well, on a page of theirs."""
    view = queries.one(paper, seen_by=request.actor)
    if view.line.state not in ("draft", "dropped"):
        actions.note_read(paper=paper, by=request.actor, at=request.at)
        view = queries.one(paper, seen_by=request.actor)
    shown = {"view": view, "line": view.line, "face": view.face, "kind": queries.kinds().get(view.line.kind)}
    shown |= {"fields": [(name, *rules.FIELDS[name], text) for name, text in view.values.items()], "font_fault": queries.font_fault()}
    return shown if request.actor.is_staff else render(request, "papers/mine.html", shown)


def as_pdf(request: HttpRequest, paper: int) -> HttpResponse:
    """The PDF of an issued paper: set once, kept, never changed."""
    view = queries.one(paper, seen_by=request.actor)
    if view.line.state in ("draft", "dropped") or view.face is None:
        raise NotFound(rules.DESTROYED if view.face is None else rules.NOT_ISSUED)
    actions.note_read(paper=paper, by=request.actor, at=request.at)
    response = HttpResponse(queries.printed(view.face, view.sha256), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{view.line.zh}{view.line.number}.pdf") or ""
    response["Cache-Control"] = "private, no-store"
    return response


@post
def signature(request: HttpRequest, paper: int) -> HttpResponse:
    number = actions.sign(paper=paper, by=request.actor, at=request.at)
    return back_to(f"/papers/{paper}", request, _("签发了，文号{number}").format(number=number))


@post
def cancellation(request: HttpRequest, paper: int) -> HttpResponse:
    actions.drop(paper=paper, why=request.POST.get("why", ""), by=request.actor, at=request.at)
    return back_to("/papers", request, _("这份稿不用了，没有占文号"))


@post
def revision(request: HttpRequest, paper: int) -> HttpResponse:
    actions.revise(paper=paper, values=_values(request), by=request.actor, at=request.at)
    return back_to(f"/papers/{paper}", request, _("稿改好了，请另一位签发"))


@post
def correction(request: HttpRequest, paper: int) -> HttpResponse:
    draft = actions.correct(paper=paper, values=_values(request), why=request.POST.get("why", ""), by=request.actor, at=request.at)
    return back_to(f"/papers/{draft}", request, _("更正稿拟好了，请另一位签发"))


@page("papers/archive.html")
def archive(request: HttpRequest):
    """What is bound, what can be bound, what ran out and is to be destroyed by two."""
    if not request.actor.is_staff:
        return back_to("/sign-in?next=/papers/archive", request)
    area, asked = _area(request), request.GET.get("year", "")
    seen: dict[str, Any] = {"seen_by": request.actor}
    have, volumes = queries.volumes(area, year=int(asked) if asked.isdigit() and len(asked) == 4 else 0, **seen)
    return {
        "area": area,
        "have": have,
        "name": places.both_names(area)[-1],
        "volumes": volumes,
        "years": queries.unfiled(area, **seen, at=request.at),
        "due": queries.due(area, **seen, at=request.at),
        "disposals": queries.disposals(area, **seen),
        "may_file": queries.may_file(area, **seen),
        "may_propose": queries.may_propose(area, **seen),
    }


@page("papers/volume.html")
def volume(request: HttpRequest, number: str):
    """A volume's register."""
    line, registered = queries.volume(number, seen_by=request.actor)
    return {"volume": line, "registered": registered}


def register_csv(request: HttpRequest, number: str) -> HttpResponse:
    """A volume's register as a file."""
    line, registered = queries.volume(number, seen_by=request.actor)
    return _file(export.register(registered), "text/csv; charset=utf-8", f"volume-{line.id}.csv")


@post
def volumes(request: HttpRequest) -> HttpResponse:
    year = request.POST.get("year", "")
    made = actions.file_year(
        year=int(year) if year.isdigit() and len(year) == 4 else 0, path=_area(request), by=request.actor, at=request.at
    )
    return back_to("/papers/archive", request, _("归档了，订成{n}卷").format(n=len(made)))


@post
def disposals(request: HttpRequest) -> HttpResponse:
    number = actions.propose(path=_area(request), why=request.POST.get("why", ""), by=request.actor, at=request.at)
    return back_to("/papers/archive", request, _("清册{number}列好了，请另一位来批").format(number=number))


@post
def ruling(request: HttpRequest, disposal: int) -> HttpResponse:
    granted = request.POST.get("granted") == "yes"
    actions.approve(disposal=disposal, granted=granted, ruling=request.POST.get("ruling", ""), by=request.actor, at=request.at)
    return back_to("/papers/archive", request, _("按清册销毁了，文号和日期还在") if granted else _("不同意销毁，继续保管"))


def _asked(request: HttpRequest) -> Asked:
    sent = request.GET
    state = sent.get("state", "")
    return Asked(
        sent.get("q", "").strip()[:60],
        sent.get("kind", "")[:24],
        sent.get("issuer", "")[:24],
        state if state in STATES else "",
        _day(sent.get("since", "")),
        _day(sent.get("until", "")),
    )


def _values(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST[name].replace("\r\n", "\n") for name in rules.FIELDS if name in request.POST}


def _query(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("q", "kind", "issuer", "state", "since", "until") if request.GET.get(name)}


def _day(written: str) -> date | None:
    found = read_day(written[:20])
    return found if isinstance(found, date) else None


def _area(request: HttpRequest) -> str:
    """The widest area in which this actor holds a post."""
    paths = sorted((grant.area for grant in request.actor.grants if grant.area), key=len)
    if not paths:
        raise NotFound(rules.NO_SUCH)
    return paths[0]


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


urlpatterns = [
    path("papers", papers, name="list"),
    path("papers/list.csv", as_csv, name="csv"),
    path("papers/archive", archive, name="archive"),
    path("papers/volumes", volumes, name="volumes"),
    path("papers/volumes/<str:number>", volume, name="volume"),
    path("papers/volumes/<str:number>/register.csv", register_csv, name="register"),
    path("papers/disposals", disposals, name="disposals"),
    path("papers/disposals/<int:disposal>/ruling", ruling, name="ruling"),
    path("papers/<int:paper>", paper, name="paper"),
    path("papers/<int:paper>/paper.pdf", as_pdf, name="pdf"),
    path("papers/<int:paper>/signature", signature, name="signature"),
    path("papers/<int:paper>/revision", revision, name="revision"),
    path("papers/<int:paper>/cancellation", cancellation, name="cancellation"),
    path("papers/<int:paper>/correction", correction, name="correction"),
]
