"""The gate in a phone: a page without sign-in, bound once by a code, that decides by itself."""

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from .. import actions, queries, rules
from . import shell


@csp_update(shell.SCRIPT_SRC)
def gate(request: HttpRequest) -> HttpResponse:
    """The gate's page: the same for everybody; which gate it is, the phone itself knows."""
    words = shell.words() | {
        "speed": _("限速"),
        "kmh": _("每小时{n}公里"),
        "parking": _("停车"),
        "leave": _("最晚"),
        "out": _("{at}前出来"),
        "way": _("怎么走"),
        "today": _("今天第{n}次"),
        "waits": _("没网，已记下，回头再传。"),
        "away": _("没网，照样能验。{n}次等着传"),
        "ready": _("好了，请小哥扫门口码，或者扫小哥的码"),
        "first": _("第一次要连上网取名单"),
        "badBundle": _("取来的名单不对，没有用它。告诉物业"),
        "unbound": _("这台手机不再是门岗了，要用就重新绑定"),
        "noNet": _("没网，绑定要联网"),
    }
    context = {"words": words, "classes": [(code, _(word)) for code, word in rules.CLASSES.items()]}
    if request.actor.is_staff:
        context |= {"own": queries.my_gates(request.actor)}
    answer = render(request, "passes/gate.html", context)
    # Whoever is signed in sees their gates to bind; that page is not the one to keep.
    return answer if request.actor.is_staff else shell.kept(answer, "gate")


def bind(request: HttpRequest) -> HttpResponse:
    """Make this phone a gate, by a code of the estate manager or as whoever keeps the gate; as JSON."""
    code = request.POST.get("code", "")
    if gate_ := request.POST.get("gate", ""):
        code = actions.call_binding(gate=gate_, by=request.actor, at=request.at)
    bound, token = actions.bind_gate(code=code, by=request.actor, at=request.at)
    answer = JsonResponse({"gate": bound, "token": token, "root": queries.root_point().hex()})
    answer["Cache-Control"] = "no-store"
    return answer


def worker(request: HttpRequest) -> HttpResponse:
    return shell.worker("gate")
