"""The plan of a year: what was reached, what is still open, and the visits that would reach it, before anything is written."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.kernel.permits import BadInput, Thing, may
from siqian.town.places import queries as places
from siqian.ui.pages import back_to, page, post
from siqian.ui.words import say

from .. import actions, plans, queries

SHOWN = 12
QUARTER = timedelta(days=90)


@page("visits/plan.html")
def whole(request: HttpRequest) -> dict[str, Any]:
    """How much of an area was reached; with ?until=, what a plan until that day would be."""
    path = _path(request)
    until = _day(request.GET.get("until", ""))
    below, here = queries.coverages(path, at=request.at), queries.coverage(path, at=request.at)
    able = may(request.actor, "plan", Thing("visit", area=path)) is None
    shown = {"path": path, "here": here, "below": below, "above": _above(path), "able": able, "until": until}
    shown |= {"usual": local(request.at).date() + QUARTER}
    if until is None or not able:
        return shown
    try:
        plan = plans.drawn_up(path, until, at=request.at)
    except BadInput as error:
        return shown | {"fault": say(error.refusal)}
    each = Counter(visit.post for visit in plan.visits)
    who = [(queries.goer(post, at=request.at), count) for post, count in each.most_common()]
    first = [(visit, queries.goer(visit.post, at=request.at)) for visit in plan.visits[:SHOWN]]
    return shown | {"plan": plan, "first": first, "who": who, "cells": sum(len(visit.cells) for visit in plan.visits)}


@post
def propose(request: HttpRequest) -> HttpResponse:
    path, until = request.POST.get("path", ""), _day(request.POST.get("until", "")) or date.min
    batch, visits, left = actions.propose(path=path, until=until, by=request.actor, at=request.at)
    if not visits:
        says = _("没有人能去，先补上岗位") if left else _("没有要排的：都走到了，或者都排上了")
        return back_to(f"/desk/visits/plan?path={path}", request, says)
    request.session["visits-batch"] = batch
    says = _("排了{n}次走访，告诉了要去的人").format(n=visits)
    return back_to("/desk/visits?show=coming", request, says)


@post
def take_back(request: HttpRequest, batch: str) -> HttpResponse:
    taken = actions.take_back(batch=batch, by=request.actor, at=request.at)
    request.session.pop("visits-batch", None)
    return back_to("/desk/visits/plan", request, _("撤回了{n}次，改过的留着").format(n=taken))


def _path(request: HttpRequest) -> str:
    """The area that was asked for, or the widest that this person leads."""
    asked = request.GET.get("path", "")
    if asked and places.both_names(asked) and asked == "/" + asked.strip("/") + "/":
        return asked
    own = sorted((grant.area for grant in request.actor.grants if grant.area), key=len)
    district = places.district()
    return own[0] if own else district.path if district else "/"


def _above(path: str) -> list[tuple[str, str, str]]:
    """(path, name, English name) of the areas that hold it."""
    codes = path.strip("/").split("/")
    paths = ["/" + "/".join(codes[: at + 1]) + "/" for at in range(len(codes) - 1)]
    return [(above, *names[-1]) for above in paths if (names := places.both_names(above))]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
