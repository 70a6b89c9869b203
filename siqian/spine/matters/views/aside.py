"""Staff off the straight way: hold, stage answer, what is asked and ruled, the check on the spot, the call back, supervision."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.ui.pages import back_to, page, post

from .. import actions, queries
from ..rules.course import Ask
from .reading import id_of, photos_in, spot_in, time_in


@page("matters/rulings.html")
def rulings(request: HttpRequest):
    """What waits for a ruling, and what the rulings so far propose to change in the list."""
    if not request.actor.is_staff:
        return back_to("/sign-in?next=/desk/rulings", request)
    waiting = queries.rulings(seen_by=request.actor, at=request.at)
    proposals = [(row, remit.item(row.item), remit.unit(row.unit)) for row in queries.proposals(at=request.at)]
    return {"waiting": [(asking, remit.item(asking.item)) for asking in waiting], "proposals": proposals}


@page("matters/ruling.html")
def ruling(request: HttpRequest, number: str):
    """One request: the clause, the precedents and the units that are free, side by side."""
    view = queries.seen(number, seen_by=request.actor, at=request.at)
    asking = view.waiting
    if asking is None:
        return back_to(f"/desk/matters/{number}", request, _("这件事没有在等裁定的申请"))
    item = remit.item(asking.item)
    codes = dict.fromkeys(code for code in (asking.unit, item.lead, *item.joint) if code)
    return {
        "view": view,
        "line": view.line,
        "asking": asking,
        "item": item,
        "why_not": view.offers.get("rule"),
        "gate": remit.gates().get(asking.clause) if asking.kind in ("refuse", "appeal") else None,
        "named": remit.units().get(asking.unit),
        "units": [(remit.unit(code), code in (item.lead, *item.joint), queries.open_of(code)) for code in codes],
        "precedents": [(row, remit.units().get(row.unit)) for row in queries.precedents(asking.item, asking.kind, seen_by=request.actor)],
        "takers": [
            *people.unit_cards({asking.unit, item.lead, *item.joint}, view.line.path, at=request.at),
            *(card for card in people.my_people(view.line.path, at=request.at) if card.duty in TAKERS),
        ],
    }


TAKERS = ("keeper", "secretary", "desk", "dispatcher")


@post
def rule(request: HttpRequest, number: str) -> HttpResponse:
    sent, granted = request.POST, request.POST.get("granted") == "yes"
    actions.rule(
        matter=id_of(number),
        granted=granted,
        ruling=sent.get("ruling", ""),
        unit=sent.get("unit", ""),
        post=sent.get("post", ""),
        by=request.actor,
        at=request.at,
    )
    return back_to("/desk/rulings", request, _("裁定了：准") if granted else _("裁定了：不准"))


@post
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """A return, an extension or the long ledger, asked."""
    sent = request.POST
    amount = sent.get("amount", "")
    asked = Ask(
        sent.get("kind", ""),
        sent.get("reason", ""),
        sent.get("unit", ""),
        sent.get("clause", ""),
        int(amount) if amount.isdigit() and len(amount) < 5 else 0,
        time_in(request, "until"),
    )
    actions.ask(matter=id_of(number), ask=asked, by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("报上去了，裁定之前还由您负责"))


@post
def retract(request: HttpRequest, number: str) -> HttpResponse:
    actions.retract(matter=id_of(number), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("申请撤回了，接着办"))


@post
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    actions.take_back(matter=id_of(number), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("撤销了，这件事接着办，时限照旧"))


@post
def hold(request: HttpRequest, number: str) -> HttpResponse:
    sent = request.POST
    actions.hold(matter=id_of(number), why=sent.get("why", ""), text=sent.get("text", ""), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("挂起了，说事的人看得到在等什么"))


@post
def resume(request: HttpRequest, number: str) -> HttpResponse:
    actions.resume(matter=id_of(number), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("接着办，时限接着走"))


@post
def stage(request: HttpRequest, number: str) -> HttpResponse:
    until = time_in(request, "until")
    actions.stage(matter=id_of(number), text=request.POST.get("text", ""), until=until, by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("答复了，到那天要办好"))


@post
def review(request: HttpRequest, number: str) -> HttpResponse:
    until = time_in(request, "until")
    actions.review(matter=id_of(number), text=request.POST.get("text", ""), until=until, by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("复核了，台账上公开"))


@post
def take_up(request: HttpRequest, number: str) -> HttpResponse:
    actions.take_up(matter=id_of(number), text=request.POST.get("text", ""), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("销账了，重新开始办"))


@post
def check(request: HttpRequest, number: str) -> HttpResponse:
    passed = request.POST.get("passed") == "yes"
    text, photos, stood = request.POST.get("text", ""), photos_in(request), spot_in(request)
    actions.check(matter=id_of(number), passed=passed, text=text, photos=photos, stood=stood, by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("核查过了，请说事的人来评") if passed else _("没办好，退回去接着办"))


@post
def supervise(request: HttpRequest, number: str) -> HttpResponse:
    actions.supervise(matter=id_of(number), text=request.POST.get("text", ""), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("督办意见写上了"))


@page("matters/callbacks.html")
def callbacks(request: HttpRequest):
    """Whom to call back; of whoever handled it, no rank and no name."""
    if not request.actor.is_staff:
        return back_to("/sign-in?next=/desk/callbacks", request)
    calls = queries.callbacks(seen_by=request.actor, at=request.at)
    return {"calls": [call for call in calls if call.why_not is None], "later": [call for call in calls if call.why_not is not None]}


@post
def call_back(request: HttpRequest, number: str) -> HttpResponse:
    outcome, words = request.POST.get("outcome", ""), request.POST.get("words", "")[:500]
    reached, solved, satisfied = outcome in ("good", "unhappy", "bad"), outcome in ("good", "unhappy"), outcome == "good"
    said = {"reached": reached, "solved": solved, "satisfied": satisfied, "words": words}
    actions.call_back(matter=id_of(number), **said, by=request.actor, at=request.at)
    says = {"good": _("记下了：办好了"), "bad": _("记下了：没办好，换个人重办")}
    says |= {"unhappy": _("记下了：解决了但不满意，换个人重办")}
    return back_to("/desk/callbacks", request, says.get(outcome, _("记下了：没打通，不算满意")))
