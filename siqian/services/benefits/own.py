"""该您的: what one gets and why, the one fact that is missing, what not and why not, which facts are used, and the way to somebody else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from siqian.kernel.permits import OFFICE, BadInput, NotFound, Refused
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.dossier import actions as dossier, queries as facts, rules as fact_rules
from siqian.ui.pages import back_to, page, post
from siqian.ui.words import say

from . import actions, catalogued, queries, reckoning, rules, showing

HERE = "/benefits"
NEAR = 6


@page("benefits/own.html")
def own(request: HttpRequest):
    """Everything that is, or could be, one's own."""
    return _own(request)


def accept(request: HttpRequest, number: int) -> HttpResponse:
    actions.accept(entitlement=number, **_act(request))
    return back_to(HERE, request, _("好，接下来替您办"))


def decline(request: HttpRequest, number: int) -> HttpResponse:
    actions.decline(entitlement=number, **_act(request))
    return back_to(HERE, request, _("好，不办了。改主意了随时点“还是要”"))


def appeal(request: HttpRequest, number: int) -> HttpResponse:
    """The person says that it is wrong: somebody else looks at it."""
    try:
        actions.appeal(entitlement=number, why=request.POST.get("why", ""), **_act(request))
    except BadInput as error:
        shown = _own(request) | {"fault": say(error.refusal), "wrong": number}
        return render(request, "benefits/own.html", shown, status=400)
    return back_to(HERE, request, _("记下了，换一位同事重新看"))


@page("benefits/letter.html")
def letter(request: HttpRequest, number: int):
    """The decision in writing, with the ways against it, to keep or to print."""
    return {
        "letter": queries.letter(number, seen_by=request.actor),
        "name": showing.called(queries.entitlement(number, seen_by=request.actor).subject),
    }


def tell(request: HttpRequest) -> HttpResponse:
    """The answer to the one question; it is used for this and nothing else."""
    kept, sent = _kept(request), request.POST
    kind = facts.kinds().get(sent.get("kind", ""))
    if kind is None or rules.PURPOSE not in kind.purposes:
        raise BadInput(fact_rules.NO_KIND)
    value = sent.get("value", "").strip()
    value = f"{value}00" if kind.type == "money" and value.isdigit() else value
    basis = kind.bases[0] if sent.get("agreed") or not kind.sensitive else ""
    saying = fact_rules.Saying(kind.code, value, "person", basis, "online", purposes=(rules.PURPOSE,))
    subject = f"resident:{kept.line.id}"
    try:
        dossier.note(subject=subject, building=kept.line.building, saying=saying, **_act(request))
    except Refused as error:
        if error.status not in (400, 409):
            raise
        shown = _own(request) | {"fault": say(error.refusal), "wrong_kind": kind.code}
        return render(request, "benefits/own.html", shown, status=error.status)
    # Whoever answers reads at once what came of it, without waiting for the worker.
    found = actions.match(subject=subject, by=OFFICE, at=request.at)
    return back_to(HERE, request, _("记下了。又有{n}样是您的").format(n=found) if found else _("记下了，不会再问您"))


def skip(request: HttpRequest) -> HttpResponse:
    kept, place = _placed(request)
    kind = request.POST.get("kind", "")
    if kind not in catalogued.labels():
        raise BadInput(fact_rules.NO_KIND)
    actions.skip(subject=f"resident:{kept.line.id}", kind=kind, path=place.path, grid=place.fence, **_act(request))
    return back_to(HERE, request, _("好，这个不再问您"))


def suggestions(request: HttpRequest) -> HttpResponse:
    kept, place = _placed(request)
    on = bool(request.POST.get("on"))
    actions.suggest(subject=f"resident:{kept.line.id}", on=on, grid=place.fence, **_act(request))
    return back_to(HERE, request, _("继续替您留意") if on else _("不再用您的情况来找，已经给您的照样给"))


def _own(request: HttpRequest) -> dict[str, Any]:
    kept = people.mine(request.actor)
    if kept is None:
        return {"kept": None, "account": request.actor.ref.startswith("account:")}
    subject, day = f"resident:{kept.line.id}", queries.today(request.at)
    held = queries.mine(request.actor)
    has = {line.policy for line in held}
    quiet = subject in queries.quiet([subject])
    whom = None if quiet else reckoning.person(subject)
    open_ = [line for line in queries.in_force(day) if line.code not in has]
    judged = reckoning.judged(whom, open_, day) if whom else []
    mine = [one for one in facts.mine([subject], seen_by=request.actor, at=request.at) if rules.PURPOSE in one.kind.purposes]
    shut = queries.skipped(subject) | {one.kind.code for one in mine if one.state in ("withdrawn", "objected")}
    asks = [(facts.kinds()[code], found) for code, found in reckoning.unlocks(judged, shut)]
    # What is nearest first: whoever lacks one thing reads it before what lies decades away.
    nots = sorted(((one, one.why(day)) for one in judged if one.verdict.state == "false"), key=lambda row: row[1].count("；"))
    return {
        "kept": kept,
        "held": held,
        "coming": [one for one in judged if one.verdict.state == "true"],
        "ask": asks[0] if asks else None,
        "more_asks": len(asks) - 1,
        "nots": nots[:NEAR],
        "nots_more": nots[NEAR:],
        "unsure": [one for one in judged if one.verdict.state == "unknown" and len(one.verdict.missing) > 1],
        "labels": catalogued.labels(),
        "facts": [(one, *facts.shown(one.kind, one.value)) for one in mine if one.state == "known"],
        "looks": [look for look in kept.looks if look.what.startswith("fact:")][:3],
        "quiet": quiet,
        "count": len(open_),
    }


def _kept(request: HttpRequest) -> people.Mine:
    kept = people.mine(request.actor)
    if kept is None:
        raise NotFound(rules.NO_ENTITLEMENT)
    return kept


def _placed(request: HttpRequest) -> tuple[people.Mine, places.Place]:
    kept = _kept(request)
    place = places.at_building(kept.line.building)
    if place is None:
        raise NotFound(rules.NO_ENTITLEMENT)
    return kept, place


def _act(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "at": request.at}


urlpatterns = [
    path("benefits", own, name="benefits"),
    path("benefits/facts", post(tell), name="benefit-fact"),
    path("benefits/skips", post(skip), name="benefit-skip"),
    path("benefits/suggestions", post(suggestions), name="benefit-suggestions"),
    path("benefits/<int:number>/acceptance", post(accept), name="benefit-accept"),
    path("benefits/<int:number>/declination", post(decline), name="benefit-decline"),
    path("benefits/<int:number>/appeal", post(appeal), name="benefit-appeal"),
    path("benefits/<int:number>/letter", letter, name="benefit-letter"),
]
