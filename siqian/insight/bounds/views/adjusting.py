"""One adjustment: what it does, who takes the next step; the list and each of them as files."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.kernel.permits import BadInput, Refused
from siqian.town.places import queries as places, rules as map_rules
from siqian.ui.pages import back_to, csv_file, page, post
from siqian.ui.words import say

from .. import actions, queries, rules
from .drawing import pictures

MOST = 5_000


@page("bounds/adjustment.html")
def adjustment(request: HttpRequest, number: int) -> dict[str, Any]:
    """What it does, before and after, and what this reader may do with it now."""
    return _shown(request, number)


@post
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    sent = request.POST
    try:
        effective = date.fromisoformat(sent.get("effective", "")) if sent.get("effective") else None
        actions.propose(adjustment=number, reason=sent.get("reason", ""), effective=effective, by=request.actor, at=request.at)
    except (BadInput, ValueError) as error:
        refusal = error.refusal if isinstance(error, BadInput) else rules.NO_DAY
        return _again(request, number, BadInput(refusal), {"sent": sent})
    return back_to(f"/desk/map/adjustments/{number}", request, _("提交了，等另一人批"))


@post
def approval(request: HttpRequest, number: int) -> HttpResponse:
    try:
        actions.approve(adjustment=number, by=request.actor, at=request.at)
    except Refused as error:
        if error.status != 409:
            raise
        return _again(request, number, error, {})
    return back_to(f"/desk/map/adjustments/{number}", request, _("批了，到日子上午9:00生效"))


@post
def declining(request: HttpRequest, number: int) -> HttpResponse:
    try:
        actions.decline(adjustment=number, word=request.POST.get("word", ""), by=request.actor, at=request.at)
    except BadInput as error:
        return _again(request, number, error, {})
    return back_to(f"/desk/map/adjustments/{number}", request, _("没批，提交的人看得到原因"))


@post
def withdrawal(request: HttpRequest, number: int) -> HttpResponse:
    actions.withdraw(adjustment=number, by=request.actor, at=request.at)
    return back_to("/desk/map", request, _("撤回了，网格还是原来的样子"))


@post
def restoration(request: HttpRequest, number: int) -> HttpResponse:
    made = actions.draft_restoration(adjustment=number, by=request.actor, at=request.at)
    return back_to(f"/desk/map/adjustments/{made}", request, _("恢复的草稿起好了。写明原因和日子，提交给另一人批"))


def as_csv(request: HttpRequest) -> HttpResponse:
    """Every adjustment that the reader may read."""
    heads = ("number", "kind", "area", "name", "state", "reason", "effective", "by", "at")
    rows = [
        (
            line.id,
            line.kind,
            line.area,
            line.name,
            line.state,
            line.reason,
            line.effective or "",
            line.by_name,
            f"{local(line.at):%Y-%m-%d %H:%M}",
        )
        for show in queries.SHOWN
        for line in queries.adjustments(seen_by=request.actor, show=show, most=MOST)[0]
    ]
    return csv_file("adjustments", heads, sorted(rows, reverse=True))


def as_geojson(request: HttpRequest, number: int) -> HttpResponse:
    """What it touches, as it stood and as it would be or is; each with the houses that move named."""
    view = queries.adjustment(number, seen_by=request.actor, at=request.at)
    answer = HttpResponse("".join(map_rules.collected(queries.features(view))), content_type="application/geo+json")
    answer["Content-Disposition"] = f'attachment; filename="adjustment-{number}.geojson"'
    return answer


def _shown(request: HttpRequest, number: int) -> dict[str, Any]:
    view = queries.adjustment(number, seen_by=request.actor, at=request.at)
    today = local(request.at).date()
    # As the ground stood or would stand: what has ended meanwhile is drawn where it was.
    sheet = places.sheet(view.path)
    return {
        "view": view,
        "line": view.line,
        "shown": view.preview,
        "open": view.line.state in rules.OPEN,
        "pictures": pictures(sheet, view.before, view.after, view.preview, view.line.area),
        "today": f"{today:%Y-%m-%d}",
        "tomorrow": f"{today + timedelta(days=1):%Y-%m-%d}",
        "past": view.line.effective is not None and view.line.effective < today,
        "edits": queries.edits(request.actor, view.path),
    }


def _again(request: HttpRequest, number: int, error: Refused, more: dict[str, Any]) -> HttpResponse:
    """The page once more, with what is wrong and what was typed."""
    told = {"fault": say(error.refusal), "field": error.refusal.field}
    return render(request, "bounds/adjustment.html", _shown(request, number) | more | told, status=error.status)
