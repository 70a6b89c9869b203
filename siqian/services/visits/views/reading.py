"""Visits for everybody: who comes, who came, whom they heard, and what came of what was said."""

from typing import Any

from django.http import HttpRequest

from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.ui.pages import page, page_of

from .. import queries


@page("visits/visits.html")
def visits(request: HttpRequest) -> dict[str, Any]:
    """Of one's own community first, of the whole district on request; what is coming, then what was."""
    words, when = request.GET.get("q", "").strip()[:60], "coming" if request.GET.get("when") == "coming" else "past"
    home = _community(request)
    everywhere = not home or bool(request.GET.get("all"))
    within = "/" if everywhere else home
    number = page_of(request)
    found, more = queries.public(within=within, when=when, words=words, page=number, at=request.at)
    ahead = queries.public(within=within, when="coming", at=request.at)[0][:3] if when == "past" and not words and number == 1 else []
    shown = {"found": found, "ahead": ahead, "more": number + 1 if more else 0, "page": number, "q": words, "when": when}
    district = places.district()
    reached = queries.coverage(within if within != "/" or district is None else district.path, at=request.at)
    return shown | {"reached": reached, "everywhere": everywhere, "home": home}


@page("visits/visit.html")
def visit(request: HttpRequest, number: int) -> dict[str, Any]:
    """One visit; nobody reads more here than everybody may."""
    view = queries.view(number, seen_by=request.actor, at=request.at)
    card = people.card_of(view.line.post, at=request.at)
    return {"view": view, "line": view.line, "card": card, "hidden": sum(not item.title for item in view.items)}


def _community(request: HttpRequest) -> str:
    """The path of the community in which one is at home; empty when nobody knows."""
    home = places.at_building(request.home)
    codes = home.path.strip("/").split("/") if home else []
    return "/" + "/".join(codes[: queries.COMMUNITY + 1]) + "/" if len(codes) > queries.COMMUNITY else ""
