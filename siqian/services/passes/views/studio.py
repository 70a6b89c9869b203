"""The studio's desk (小哥工作室): who registered is looked at in person; whoever has no phone gets a card."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.ui.pages import back_to, page

from .. import actions, queries, rules


@page("passes/studio.html")
def couriers(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """Who waits to be looked at; one of them by their code."""
    if not queries.registers(request.actor):
        return back_to("/desk", request, _("小哥登记给值班台、网格员和书记看"))
    code = request.GET.get("code", "").strip()
    found = queries.courier_by_code(code, seen_by=request.actor) if code else None
    classes = [(code_, _(word)) for code_, word in rules.CLASSES.items()]
    ways = [(code_, _(word)) for code_, word in rules.WAYS.items()]
    waiting = queries.waiting(seen_by=request.actor)
    return {"waiting": waiting, "found": found, "code": code, "classes": classes, "ways": ways, "names": rules.CLASSES}


def attest(request: HttpRequest) -> HttpResponse:
    actions.attest(code=request.POST.get("code", ""), by=request.actor, at=request.at)
    return back_to("/desk/couriers", request, _("核实好了，对方的通行码马上能用"))


def decline(request: HttpRequest) -> HttpResponse:
    actions.decline(code=request.POST.get("code", ""), why=request.POST.get("why", ""), by=request.actor, at=request.at)
    return back_to("/desk/couriers", request, _("没有通过，原因对方看得到"))


def register(request: HttpRequest) -> HttpResponse:
    """A card for somebody without a phone."""
    sent = request.POST
    told = actions.Told(
        sent.get("name", ""), sent.get("phone", "").strip(), sent.get("klass", ""), tuple(sent.getlist("goes")) or ("foot", "push")
    )
    code = actions.register(told=told, by=request.actor, at=request.at)
    return back_to("/desk/couriers", request, _("登记好了，卡号是{code}，写在卡上给他").format(code=code))
