"""My data 我的资料: what is kept, who looked, and every right one has over it. Works without scripts."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from siqian.kernel.permits import BadInput, NotFound
from siqian.services.care import actions as care, queries as homes, rules as visits
from siqian.town.people import actions as people
from siqian.town.places import queries as places
from siqian.trades.dossier import actions as dossier, queries as facts, rules as fact_rules
from siqian.ui.pages import back_to, form, page, post
from siqian.ui.words import say

from . import actions, printed, queries


@page("mine/me.html")
def me(request: HttpRequest) -> dict[str, Any]:
    """What is kept of me, in full; who looked at it and why."""
    return _me(request)


def correct(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    try:
        told = {"name": sent.get("name", ""), "phone": sent.get("phone", "").replace(" ", "").replace("-", "")}
        people.correct(resident=_whole(request).kept.line.id, **told, **_act(request))
    except BadInput as error:
        return _wrong(request, error, "register")
    return back_to("/me", request, _("改好了"))


def object_to_looks(request: HttpRequest) -> HttpResponse:
    stands = bool(request.POST.get("stands"))
    people.object_to_use(resident=_whole(request).kept.line.id, stands=stands, **_act(request))
    return back_to("/me", request, _("记下了。看您的全名和电话，要先和您说好") if stands else _("收回了"))


def wish(request: HttpRequest) -> HttpResponse:
    """Whether one wants to be visited at home, how often."""
    stance, days = request.POST.get("stance", ""), request.POST.get("wish", "0")
    care.wish(stance=stance, wish=int(days) if days.isdigit() and len(days) < 4 else 0, **_act(request))
    return back_to("/me#visits", request, _("记下了，会来看您") if stance == "yes" else _("记下了，不再上门"))


def tell(request: HttpRequest) -> HttpResponse:
    """Something one says by oneself, so that nobody need ask."""
    found, sent = _whole(request), request.POST
    kind = facts.kinds().get(sent.get("kind", ""))
    if kind is None:
        raise BadInput(fact_rules.NO_KIND)
    subject = next((subject for subject in found.subjects if subject.startswith(f"{kind.about}:")), "")
    try:
        if not subject:
            # The household has no reference yet: it is begun by whoever says the first thing of it.
            subject = care.begin(**_act(request))
        own = homes.with_home(request.actor, at=request.at)
        dossier.note(subject=subject, building=found.kept.line.building, saying=_saying(request, kind), by=own, at=request.at)
    except BadInput as error:
        return _wrong(request, error, f"tell:{kind.code}")
    return back_to("/me#facts", request, _("记下了，不会再问您"))


def correct_fact(request: HttpRequest, number: int) -> HttpResponse:
    own = homes.with_home(request.actor, at=request.at)
    kind = facts.fact(number, seen_by=own, at=request.at).kind
    try:
        dossier.correct(fact=number, saying=_saying(request, kind), by=own, at=request.at)
    except BadInput as error:
        return _wrong(request, error, "fact", number)
    return back_to("/me#facts", request, _("改好了"))


def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    dossier.withdraw(fact=number, by=homes.with_home(request.actor, at=request.at), at=request.at)
    return back_to("/me#facts", request, _("收回了，谁也看不到，也不再问您"))


def object_to_fact(request: HttpRequest, number: int) -> HttpResponse:
    stands = bool(request.POST.get("stands"))
    dossier.object_to_use(fact=number, stands=stands, by=homes.with_home(request.actor, at=request.at), at=request.at)
    return back_to("/me#facts", request, _("记下了，现在谁也看不到这一条") if stands else _("收回了反对"))


def as_json(request: HttpRequest) -> HttpResponse:
    """All of it, to take along (PIPL article 45)."""
    body = json.dumps(queries.exported(_whole(request), at=request.at), ensure_ascii=False, indent=2)
    answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer["Cache-Control"] = "no-store"
    return answer


def as_pdf(request: HttpRequest) -> HttpResponse:
    """The same to be read on paper."""
    sample = _("示例数据") if settings.SIQIAN_DEMO else ""
    answer = HttpResponse(printed.sheet(_whole(request), sample=sample, at=request.at), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="my-data.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


@form
@page("mine/erasure.html")
def erase(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """First what would be destroyed and what must stay; then it is done, and cannot be undone."""
    if request.method == "POST":
        actions.erase(sure=request.POST.get("sure") == "yes", **_act(request))
        return back_to("/me", request, _("删掉了。您的姓名、电话和情况再也打不开"))
    found = _whole(request)
    return {"found": found, "counts": queries.counted(found)}


def _me(request: HttpRequest) -> dict[str, Any]:
    found = queries.whole(request.actor, at=request.at)
    place = found.place if found else places.at_building(request.home)
    shown = {"found": found, "place": place, "account": request.actor.ref.startswith("account:"), "wishes": visits.WISHES}
    return shown | {"kept": found.kept if found else None, "purposes": facts.purposes()}


def _whole(request: HttpRequest) -> queries.Whole:
    found = queries.whole(request.actor, at=request.at)
    if found is None:
        raise NotFound(actions.NOT_THERE)
    return found


def _wrong(request: HttpRequest, error: BadInput, where: str, fact: int = 0) -> HttpResponse:
    """The page again with what is wrong beside the form in question; what was typed is kept."""
    shown = _me(request) | {"fault": say(error.refusal), "wrong": where, "wrong_fact": fact, "sent": request.POST}
    return render(request, "mine/me.html", shown, status=400)


def _saying(request: HttpRequest, kind: fact_rules.Kind) -> fact_rules.Saying:
    """One's own word. What needs a consent of its own has it only when that was ticked."""
    sent = request.POST
    agreed = bool(sent.get("agreed")) or not kind.sensitive
    return fact_rules.Saying(kind.code, sent.get("value", ""), "person", kind.bases[0] if agreed else "", "online")


def _act(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "at": request.at}


urlpatterns = [
    path("me", me, name="me"),
    path("me/correction", post(correct), name="my-correction"),
    path("me/objection", post(object_to_looks), name="my-objection"),
    path("me/visits", post(wish), name="my-wish"),
    path("me/facts", post(tell), name="my-telling"),
    path("me/facts/<int:number>/correction", post(correct_fact), name="my-fact"),
    path("me/facts/<int:number>/withdrawal", post(withdraw), name="my-withdrawal"),
    path("me/facts/<int:number>/objection", post(object_to_fact), name="my-fact-objection"),
    path("me/data.json", as_json, name="my-json"),
    path("me/data.pdf", as_pdf, name="my-pdf"),
    path("me/erasure", erase, name="my-erasure"),
]
