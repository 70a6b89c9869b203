"""The weekly review as pages: the list of weeks, the sheet as it is printed, the matters behind each figure."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from siqian.kernel.clock import TOWN, local
from siqian.kernel.permits import NotFound
from siqian.spine.matters.rules.measures import GAMING, MEASURES
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.ui.pages import back_to, page, post

from . import actions, export, queries, rules
from .assembling import DIMENSIONS
from .rules import numbers

SHOWN = ("respond", "settle", "satisfied")
PLAIN = ("repeat", "reopened", "returned")
TAKERS = ("dispatcher", "desk", "secretary", "keeper")
# Of a long list the rest is folded away: whoever prints it sees it.
FOLDED = 15
# The figures of the second leaf, in the order in which they are explained.
ALL = tuple(code for code in MEASURES if code not in GAMING)


@page("review/weeks.html")
def weeks(request: HttpRequest) -> dict[str, Any]:
    """Every week that was drawn up, and the one that waits."""
    found = queries.weeks(seen_by=request.actor)
    last = rules.before(rules.week_of(request.at))
    due = last if not any(line.week == last for line in found) else ""
    return {"weeks": found, "due": due, "may_draw": queries.may_draw(seen_by=request.actor)}


@page("review/sheet.html")
def sheet(request: HttpRequest, week: str) -> dict[str, Any]:
    """One week as it is printed; what waits for hands stands above the leaf and is not printed."""
    view = _view(request, week)
    by = _dimension(request, view)
    lines = view.numbers["lines"][by]
    rows = [_row(view, by, line) for line in lines]
    gamed = sorted((row for row in rows if row["games"]), key=lambda row: -row["games"])
    total = view.district
    corrections = queries.corrections(week, seen_by=request.actor, at=request.at)
    return {
        "view": view,
        "by": by,
        "dimensions": DIMENSIONS,
        "total": total,
        "rows": rows[:FOLDED],
        "folded": rows[FOLDED:],
        "foot": _row(view, "", total),
        "scales": {code: _scale(code, lines, total) for code in SHOWN},
        "shown": SHOWN,
        "games": [(code, total["counts"][code], _link(view, "", "", code, "part")) for code in GAMING],
        "gamed": gamed[:FOLDED],
        "gamed_all": len(gamed),
        "all": [(code, total["counts"][code], _link(view, "", "", code, "part"), _link(view, "", "", code, "whole")) for code in ALL],
        "exclusions": queries.exclusions(week, seen_by=request.actor),
        "corrections": corrections,
        "may_draw": queries.may_draw(seen_by=request.actor),
        "is_drafter": view.drafted_by == request.actor.ref,
        "may_ask": queries.may_ask(seen_by=request.actor),
        "takers": _takers(view, request.at),
        "small": numbers.SMALL,
    }


@page("review/behind.html")
def behind(request: HttpRequest, week: str) -> dict[str, Any]:
    """The matters behind one figure, as far as the viewer may see them."""
    view, asked = _view(request, week), request.GET
    by, key, part = asked.get("by", ""), asked.get("key", ""), asked.get("part", "part")
    code = asked.get("measure", "")
    after = int(asked["after"]) if asked.get("after", "").isdigit() and len(asked["after"]) < 16 else 0
    found = queries.behind(view, code, by=by, key=key, part=part, after=after, seen_by=request.actor)
    line = view.line(by or "district", key if by else "")
    if line is None:
        raise NotFound(rules.NO_WEEK)
    parts = [(name, _link(view, by, key, code, name)) for name in queries.PARTS] if MEASURES[code].has or MEASURES[code].lacks else []
    more = f"{_link(view, by, key, code, part)}&after={found.after}" if found.after else ""
    items = remit.items()
    rows = [(one, items.get(one.item)) for one in found.lines]
    return {
        "view": view,
        "found": found,
        "rows": rows,
        "line": line,
        "by": by,
        "code": code,
        "part": part,
        "parts": parts,
        "more": more,
    } | {"first": not after}


def as_csv(request: HttpRequest, week: str) -> HttpResponse:
    """Every figure of every line with its numerator, denominator and interval, as CSV."""
    view = _view(request, week)
    return _file(export.as_csv(view), "text/csv; charset=utf-8", f"review-{view.week}-v{view.version}.csv")


def as_excel(request: HttpRequest, week: str) -> HttpResponse:
    """The same as Excel, a leaf for each dimension."""
    view = _view(request, week)
    return _file(export.as_excel(view), export.XLSX, f"review-{view.week}-v{view.version}.xlsx")


@post
def drafts(request: HttpRequest) -> HttpResponse:
    week = request.POST.get("week", "")
    actions.draft(week=week, words=request.POST.get("words", ""), by=request.actor, at=request.at)
    newest = queries.sheet(week, seen_by=request.actor).versions[-1]
    return back_to(f"/review/{week}?version={newest}", request, _("制好表了，请另一位核对签发"))


@post
def issues(request: HttpRequest, week: str) -> HttpResponse:
    actions.issue(week=week, version=_number(request, "version"), by=request.actor, at=request.at)
    return back_to(f"/review/{week}", request, _("签发了，这一版不再改"))


@post
def exclusions(request: HttpRequest, week: str) -> HttpResponse:
    sent = request.POST
    actions.ask_exclusion(week=week, number=sent.get("number", ""), reason=sent.get("reason", ""), by=request.actor, at=request.at)
    return back_to(f"/review/{week}", request, _("提上去了，等另一位来裁"))


@post
def ruling(request: HttpRequest, exclusion: int) -> HttpResponse:
    sent, granted = request.POST, request.POST.get("granted") == "yes"
    actions.rule_exclusion(exclusion=exclusion, granted=granted, ruling=sent.get("ruling", ""), by=request.actor, at=request.at)
    says = _("裁定了：除外，重新制表后生效") if granted else _("裁定了：不除外")
    week = sent.get("week", "")
    return back_to(f"/review/{week}" if rules.span(week) else "/review", request, says)


@post
def corrections(request: HttpRequest, week: str) -> HttpResponse:
    sent = request.POST
    asked = {name: sent.get(name, "") for name in ("text", "proof", "post")}
    actions.correct(week=week, version=_number(request, "version"), until=_day(request), **asked, by=request.actor, at=request.at)
    return back_to(f"/review/{week}", request, _("交出去了，在TA的“今天的事”里"))


@page("review/correction.html")
def correction(request: HttpRequest, number: int) -> dict[str, Any]:
    """One thing that has to be changed: what, who, until when, how one will see it."""
    return {"line": queries.correction(number, seen_by=request.actor, at=request.at)}


@post
def outcome(request: HttpRequest, number: int) -> HttpResponse:
    actions.finish(correction=number, outcome=request.POST.get("outcome", ""), by=request.actor, at=request.at)
    return back_to(f"/review/corrections/{number}", request, _("记下了：改好了"))


def _view(request: HttpRequest, week: str) -> queries.SheetView:
    version = request.GET.get("version", "")
    view = queries.sheet(week, int(version) if version.isdigit() and len(version) < 5 else 0, seen_by=request.actor)
    return queries.redrawn(view, seen_by=request.actor) if request.GET.get("bounds") == "now" else view


def _takers(view: queries.SheetView, at: datetime) -> list[people.Card]:
    """Who can be given something to change: the district's own people, and those of the places that the sheet names."""
    paths = [place.path for said in view.numbers["low"] if said["by"] != "unit" and (place := places.at_area(said["key"])) is not None]
    found = [card for where in (queries.of_district().area, *paths) for card in people.my_people(where, at=at) if card.duty in TAKERS]
    return list({card.post: card for card in found}.values())


def _dimension(request: HttpRequest, view: queries.SheetView) -> str:
    """What was asked for, or else the first by which half of the lines have enough for a rate."""
    by = request.GET.get("by", "")
    enough = {name: [numbers.rate(line["counts"]["respond"]) is not None for line in view.numbers["lines"][name]] for name in DIMENSIONS}
    fitting = [name for name in DIMENSIONS if sum(enough[name]) * 2 >= len(enough[name]) > 0]
    return by if by in DIMENSIONS else (*fitting, *DIMENSIONS)[0]


def _row(view: queries.SheetView, by: str, line: dict[str, Any]) -> dict[str, Any]:
    key = line["key"]
    games = sum((line["counts"][code] or (0,))[0] for code in GAMING)
    rates = [(code, line["counts"][code], _link(view, by, key, code, "rest" if code in SHOWN else "part")) for code in (*SHOWN, *PLAIN)]
    return {
        "line": line,
        "volume": _link(view, by, key, "volume", "whole"),
        "rates": rates,
        "games": games,
        "game_links": _games(view, by, line),
    }


def _games(view: queries.SheetView, by: str, line: dict[str, Any]) -> list[tuple[str, int, str]]:
    return [(code, (line["counts"][code] or (0,))[0], _link(view, by, line["key"], code, "part")) for code in GAMING]


def _scale(code: str, lines: list[dict[str, Any]], total: dict[str, Any]) -> tuple[float, float]:
    """From the lowest to the highest interval's end, ten points wide at least, so that small gaps do not look like chasms."""
    ends = [end for line in (*lines, total) if numbers.rate(count := line["counts"][code]) is not None for end in numbers.wilson(*count)]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    wide = max(0.0, 0.1 - (high - low)) / 2
    return low - wide, high + wide


def _link(view: queries.SheetView, by: str, key: str, code: str, part: str) -> str:
    asked = {"measure": code, "part": part, "version": view.version} | ({"by": by, "key": key} if by else {})
    asked |= {"bounds": "now"} if view.now else {}
    return f"/review/{view.week}/behind?{urlencode(asked)}"


def _number(request: HttpRequest, name: str) -> int:
    sent = request.POST.get(name, "")
    return int(sent) if sent.isdigit() and len(sent) < 5 else 0


def _day(request: HttpRequest) -> datetime | None:
    """The end of the day that was chosen."""
    try:
        day = datetime.strptime(request.POST.get("until", ""), "%Y-%m-%d").replace(tzinfo=TOWN)
    except ValueError:
        return None
    return local(day) + timedelta(hours=18)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


urlpatterns = [
    path("review", weeks, name="weeks"),
    path("review/drafts", drafts, name="drafts"),
    path("review/exclusions/<int:exclusion>/ruling", ruling, name="ruling"),
    path("review/corrections/<int:number>", correction, name="correction"),
    path("review/corrections/<int:number>/outcome", outcome, name="outcome"),
    path("review/<str:week>", sheet, name="sheet"),
    path("review/<str:week>/behind", behind, name="behind"),
    path("review/<str:week>/sheet.csv", as_csv, name="csv"),
    path("review/<str:week>/sheet.xlsx", as_excel, name="excel"),
    path("review/<str:week>/issue", issues, name="issue"),
    path("review/<str:week>/exclusions", exclusions, name="exclusions"),
    path("review/<str:week>/corrections", corrections, name="corrections"),
]
