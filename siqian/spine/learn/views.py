"""What was learned, as pages: how the understanding does, which models there are, which takes part, back in one step."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from siqian.spine.remit import queries as remit
from siqian.ui.pages import back_to, page, post

from . import actions, standing


@page("learn/registry.html")
def registry(request: HttpRequest) -> dict[str, Any]:
    """How it does lately and by what, the models, and what was in force when."""
    actor = request.actor
    models = standing.models(seen_by=actor)
    return {
        "drift": standing.drift(at=request.at, seen_by=actor),
        "models": models,
        "now": next((line for line in models if line.in_force), None),
        "postings": standing.postings(seen_by=actor),
        "night": standing.last_night(seen_by=actor),
        "governs": standing.may_govern(seen_by=actor),
        "waiting": next((line for line in models[:1] if line.passed and line.here and not line.in_force), None),
        "fewest": standing.FIRST,
    }


@page("learn/card.html")
def card(request: HttpRequest, number: int) -> dict[str, Any]:
    """One model: of what, how good beside what stood before, item by item."""
    line = standing.model(number, seen_by=request.actor)
    items = remit.items()
    named = [(items[code], f1, line.card.lost.get(code)) for code, f1 in line.card.f1.items() if code in items]
    return {
        "line": line,
        "card": line.card,
        "items": sorted((row for row in named if row[1] < 1 or row[2]), key=lambda row: row[1]),
        "perfect": sum(f1 == 1 and not lost for _, f1, lost in named),
        "governs": standing.may_govern(seen_by=request.actor),
    }


@post
def approval(request: HttpRequest, number: int) -> HttpResponse:
    actions.approve(model=number, by=request.actor, at=request.at)
    return back_to("/desk/learning", request, _("启用了。从现在起收到的话，规则和学到的一起看"))


@post
def rollback(request: HttpRequest) -> HttpResponse:
    actions.roll_back(why=request.POST.get("why", ""), by=request.actor, at=request.at)
    return back_to("/desk/learning", request, _("退回了。以后新的模型要有人批才启用"))


urlpatterns = [
    path("desk/learning", registry, name="learning"),
    path("desk/learning/<int:number>", card, name="learning-card"),
    path("desk/learning/<int:number>/approval", approval, name="learning-approval"),
    path("desk/learning/rollback", rollback, name="learning-rollback"),
]
