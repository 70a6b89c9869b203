"""Visits at the desk: the lists, their file, and planning one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from siqian.kernel import clock
from siqian.kernel.clock import TOWN, local
from siqian.kernel.permits import BadInput, Refusal, Refused, Thing, may
from siqian.town.places import queries as places
from siqian.ui.pages import back_to, csv_file, form, page, page_of
from siqian.ui.words import either, say

from .. import actions, queries, rules

FILTERS = ("mine", "coming", "unrecorded", "held", "owed", "cancelled")
MINUTES = (30, 60, 90, 120, 180, 240, 480)
MOST = 5_000


@page("visits/desk.html")
def visits(request: HttpRequest) -> dict[str, Any]:
    """The list behind one filter, or what holds these words."""
    counts = queries.counts(seen_by=request.actor, at=request.at)
    wanted = request.GET.get("show", "")
    show = wanted if wanted in FILTERS else "mine" if counts["mine"] else "coming"
    number, words, kind = page_of(request), request.GET.get("q", "").strip()[:60], request.GET.get("kind", "")
    kind = kind if kind in queries.kinds() else ""
    promised, more_promised = queries.owed(seen_by=request.actor, page=number) if show == "owed" else ([], False)
    asked = {"show": show, "words": words, "kind": kind, "page": number}
    found, more = ([], False) if show == "owed" else queries.find(seen_by=request.actor, at=request.at, **asked)
    counts |= {"owed": queries.owed_count(seen_by=request.actor)}
    shown = {"found": found, "promised": promised, "show": show, "q": words, "kind": kind, "page": number}
    tabs = [(name, counts[name]) for name in FILTERS]
    return (
        shown
        | {"more": number + 1 if more or more_promised else 0, "tabs": tabs, "kinds": queries.kinds()}
        | {
            "plans": plans(request),
            "batch": request.session.get("visits-batch", ""),
        }
    )


def as_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file, with what was raised and what of it is settled."""
    show = request.GET.get("show", "held")
    wanted = {"show": show if show in FILTERS else "held", "words": request.GET.get("q", ""), "kind": request.GET.get("kind", "")}
    found, _more = queries.find(seen_by=request.actor, most=MOST, at=request.at, **wanted)
    heads = [_("编号"), _("哪一种"), _("做什么"), _("在哪里"), _("谁去"), _("什么时候")]
    heads += [_("到了哪步"), _("听了多少人"), _("提出几条"), _("办完几条")]
    return csv_file("visits", heads, map(_row, found))


@form
def new(request: HttpRequest) -> HttpResponse:
    """Plan a visit: what for, where, when, who."""
    sent = request.POST if request.method == "POST" else _blank(request)
    context = {"sent": sent, "kinds": queries.kinds().values(), "goers": _goers(request), "minutes": MINUTES, "scopes": queries.SCOPES}
    if request.method != "POST":
        return render(request, "visits/form.html", context)
    try:
        visit = actions.plan(draft=_draft(request), once=request.POST.get("once", ""), by=request.actor, at=request.at)
    except Refused as error:
        fault = {"fault": say(error.refusal), "field": error.refusal.field}
        return render(request, "visits/form.html", context | fault, status=error.status)
    return back_to(f"/desk/visits/{visit}", request, _("排好了，已告诉去的人"))


def plans(request: HttpRequest) -> bool:
    """Whether this person may plan visits anywhere."""
    return any(may(request.actor, "plan", Thing("visit", area=grant.area)) is None for grant in request.actor.grants if grant.area)


def moment(text: str, field: str) -> datetime:
    """A day and hour of the town, as a form sends it."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=TOWN)
    except ValueError as error:
        raise BadInput(Refusal("时间没写全，写成2026-07-14T10:00这样", field=field)) from error


def lasting(request: HttpRequest) -> timedelta:
    sent = request.POST.get("minutes", "")
    return timedelta(minutes=int(sent) if sent.isdigit() and len(sent) < 4 else 0)


def _draft(request: HttpRequest) -> rules.Draft:
    sent = {name: request.POST.get(name, "").strip() for name in ("kind", "topic", "place", "post", "along")}
    starts = moment(request.POST.get("starts", ""), "starts")
    spot = queries.spot(sent["place"], request.POST.get("scope", ""), within=[grant.area for grant in request.actor.grants if grant.area])
    if isinstance(spot, Refusal):
        raise BadInput(spot)
    return rules.Draft(**sent, path=spot.path, building=spot.building, starts=starts, ends=starts + lasting(request))


def _goers(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Everybody who may be sent somewhere in this person's areas, oneself first."""
    found: dict[str, tuple[str, str, str]] = {}
    for grant in request.actor.grants:
        for goer in queries.goers(grant.area, at=request.at) if grant.area else ():
            found.setdefault(goer[0], goer)
        below = queries.officials(grant.area, ("secretary",)) if grant.area else {}
        for post in sorted(below)[: 200 - len(found)]:
            found.setdefault(post, queries.goer(post, at=request.at))
    return sorted(found.values(), key=lambda goer: (goer[0] not in request.actor.posts, goer[1]))


def _blank(request: HttpRequest) -> dict[str, str]:
    tomorrow = local(request.at) + timedelta(days=1)
    start = tomorrow.replace(hour=10, minute=0, second=0, microsecond=0)
    place = places.at_building(request.GET.get("building", ""))
    given = {"place": place.words if place else request.GET.get("place", "")[:60]}
    return given | {"starts": f"{start:%Y-%m-%dT%H:%M}", "minutes": "90", "scope": "grid", "kind": "receiving", "once": clock.code(16)}


def _row(line: queries.VisitLine) -> Sequence[object]:
    kind, state = either(line.kind.zh, line.kind.en), _(rules.STATES[line.state])
    who = line.person or line.post
    return line.id, kind, line.topic, line.place, who, f"{local(line.starts):%Y-%m-%d %H:%M}", state, line.people, line.items, line.settled
