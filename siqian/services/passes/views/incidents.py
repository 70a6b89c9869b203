"""What happened at a compound: reported by it, told and heard, decided by a human; real names opened by two."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from siqian.kernel.clock import TOWN
from siqian.kernel.permits import BadInput, NotYours
from siqian.ui.pages import back_to, page

from .. import actions, queries, rules
from .employers import day_end


def report(request: HttpRequest, code: str) -> HttpResponse:
    line, sent = queries.compound(code, seen_by=request.actor), request.POST
    told = {"code": sent.get("courier", ""), "what": sent.get("what", ""), "happened": _when(sent.get("happened", ""))}
    actions.report(compound=line.id, **told, by=request.actor, at=request.at)
    return back_to(f"/desk/compounds/{code}", request, _("报上去了，先听小哥怎么说，再由人来定"))


@page("passes/troubles.html")
def troubles(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """Incidents for those who decide them."""
    if not any(request.actor.has(role) for role in (*rules.JUDGES, "leader")):
        return back_to("/desk", request, _("小区里出的事给值班台、调度和领导定"))
    return {"troubles": queries.troubles(seen_by=request.actor, at=request.at), "outcomes": rules.OUTCOMES, "rulings": rules.RULINGS}


def decide(request: HttpRequest, number: int) -> HttpResponse:
    outcome = request.POST.get("outcome", "")
    until = day_end(request) if outcome == "suspension" else None
    actions.decide(trouble=number, outcome=outcome, reason=request.POST.get("reason", ""), until=until, by=request.actor, at=request.at)
    return back_to("/desk/pass-troubles", request, _("定了，本人看得到，15天内能申诉"))


def rule(request: HttpRequest, number: int) -> HttpResponse:
    said = {"ruling": request.POST.get("ruling", ""), "why": request.POST.get("why", "")}
    actions.rule_appeal(trouble=number, **said, by=request.actor, at=request.at)
    return back_to("/desk/pass-troubles", request, _("申诉有结果了，本人看得到"))


def hear(request: HttpRequest, number: int) -> HttpResponse:
    actions.hear(trouble=number, text=request.POST.get("text", ""), by=queries.with_own(request.actor), at=request.at)
    return back_to("/pass", request, _("记下了，定的人先看您说的"))


def appeal(request: HttpRequest, number: int) -> HttpResponse:
    actions.appeal(trouble=number, text=request.POST.get("text", ""), by=queries.with_own(request.actor), at=request.at)
    return back_to("/pass", request, _("申诉交上去了，由另一个人来看"))


@page("passes/names.html")
def names(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """Real names: asked for with a case, confirmed by another, open for half an hour, reviewed weekly."""
    if not queries.opens(request.actor):
        return back_to("/desk", request, _("实名只给区里有权的人，两个人一起才打得开"))
    if request.method == "POST":
        sent = request.POST
        tell = request.at + timedelta(days=min(int(sent["later"]), 30)) if sent.get("later", "").isdigit() else None
        asked = {"code": sent.get("code", ""), "case": sent.get("case", ""), "why": sent.get("why", ""), "tell": tell}
        actions.ask_name(**asked, by=request.actor, at=request.at)
        return back_to("/desk/pass-names", request, _("等另一位有权的人24小时内确认"))
    return {"openings": queries.openings(seen_by=request.actor, at=request.at)}


def confirm(request: HttpRequest, number: int) -> HttpResponse:
    actions.confirm_name(opening=number, by=request.actor, at=request.at)
    return back_to("/desk/pass-names", request, _("打开了，30分钟后自己关上"))


@page("passes/name.html")
def look(request: HttpRequest, number: int) -> dict[str, Any]:
    """The name itself; the look is in the journal and the courier is told."""
    name, phone = actions.look_name(opening=number, by=request.actor, at=request.at)
    return {"name": name, "phone": phone}


def review(request: HttpRequest, number: int) -> HttpResponse:
    if not request.actor.has("inspector"):
        raise NotYours(rules.NO_OPENING)
    actions.review_name(opening=number, by=request.actor, at=request.at)
    return back_to("/desk/pass-names", request, _("看过了"))


def _when(text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise BadInput(rules.WHEN)
    return found if found.tzinfo else found.replace(tzinfo=TOWN)
