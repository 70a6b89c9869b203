"""The report page: say it once. Works without scripts; with them it hears along."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from siqian.kernel import clock
from siqian.kernel.permits import BadInput, Refusal, Refused
from siqian.spine.answers.queries import Shown
from siqian.spine.learn import queries as learn
from siqian.spine.matters import queries as matters, rules as matter_rules
from siqian.spine.matters.actions import Receipt
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.notices import queries as notices
from siqian.ui.pages import back_to, form, keep, page, post
from siqian.ui.words import either, say, when

from . import actions, answering, asking, locating, plan, rules
from .open311 import views as open311
from .systems import views as systems


@form
def report(request: HttpRequest) -> HttpResponse:
    """GET shows the form, POST takes the message and goes to the matter's own page."""
    if request.method != "POST":
        return render(request, "intake/report.html", _empty(request))
    if helped := answering.numbers_in(request.POST.get("helped", "")):
        return back_to(f"/answers/{helped[0]}", request, _("好，没有交出去。还有事，随时再说"))
    try:
        message = _message(request)
        photos = [(file.name or "", file.read()) for file in request.FILES.getlist("photos") if file.size]
        rules.check(message)
        if not message.apart and message.joins is None and len(asks := asking.asked(message)) == 1:
            sure, twins = _likely(message, asks[0])
            if (twins and not sure) or ("answers" not in request.POST and _answers(request, asks[0])):
                return render(request, "intake/report.html", _form(request, message) | {"asked": True, "had_photos": bool(photos)})
        receipt = actions.take(message=message, photos=photos, by=request.actor, at=request.at)
    except Refused as error:
        context = _form(request, None) | {"fault": say(error.refusal), "field": error.refusal.field}
        return render(request, "intake/report.html", context, status=error.status)
    unhelped = answering.numbers_in(request.POST.get("unhelped", ""))
    answering.note_not_helped(unhelped, telling=receipt.telling, by=request.actor, at=request.at)
    return _told(request, receipt)


@post
def hearing(request: HttpRequest) -> HttpResponse:
    """What we understood so far, as a part of the page. Writes nothing."""
    try:
        message = _message(request)
        return render(request, "intake/heard.html", _heard(request, message))
    except Refused as error:
        return render(request, "intake/heard.html", {"fault": say(error.refusal)})


@page("intake/where.html")
def where(request: HttpRequest):
    """Pick a building: by words, or community, estate, house. Links only, so it works without scripts; each step is a light page."""
    words, back = request.GET.get("q", "").strip(), "/people" if request.GET.get("for") == "people" else "/report"
    communities = places.communities()
    chosen = request.GET.get("community", "")
    site = places.site_line(request.GET.get("site", "")) or (None if chosen else places.site_at(request.home))
    code = places.community_of(site.path) if site else chosen if chosen in {row.code for row in communities} else ""
    only = communities[0].code if len(communities) == 1 else ""
    community = places.at_area(code or only) if code or only else None
    shown = plan.of_site(site.code) if site else plan.of_community(community.path) if community else None
    found = places.find(words) if words else []
    facts = {"q": words, "found": found, "code": code, "communities": communities, "community": community, "site": site, "plan": shown}
    return facts | {"back": back, "aim": request.GET.get("for", "")}


def _told(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    if receipt.again:
        # The same form sent twice: a double tap, or a retry whose first answer was lost on the way, cookie and all.
        # The form's own code, which nobody else has seen, shows that it is the same teller.
        if not request.actor.is_staff:
            keep(request, "receipts", receipt.telling)
        where = "/desk/matters" if request.actor.is_staff else "/matters"
        return back_to(f"{where}/{receipt.number}", request, _("刚才已经收到了"))
    number = receipt.number
    if not request.actor.is_staff:
        keep(request, "receipts", receipt.telling)
    card = people.card_of(receipt.post, at=request.at)
    request.session["receipt"] = {"number": number, "code": receipt.code}
    by = when(receipt.respond_due, request.at)
    says = _("算您一个了。办好了也会告诉您") if receipt.joined else _("说好了。{by}前有人联系您").format(by=by)
    if receipt.others:
        says = _("说好了，{n}件事分开办，一个查询码都能查").format(n=1 + len(receipt.others))
    if request.actor.is_staff:
        return back_to(
            f"/desk/matters/{number}",
            request,
            _("登记好了，交到{name}手上。查询码{code}").format(name=either(card.name, card.name_en) if card else "", code=receipt.code),
        )
    return back_to(f"/matters/{number}", request, says)


def _message(request: HttpRequest) -> rules.Message:
    sent = request.POST
    try:
        lon = float(str(sent["lon"])) if sent.get("lon") else None
        lat = float(str(sent["lat"])) if sent.get("lat") else None
        joins = int(sent["joins"]) if sent.get("joins") else None
    except ValueError as error:
        raise BadInput(Refusal("经纬度不是数字，写成114.03这样", field="lon")) from error
    staff = request.actor.is_staff
    message = rules.Message(
        text=sent.get("text", ""),
        channel=sent.get("channel", "phone") if staff else "web",
        building=sent.get("building", "") or (request.home if sent.get("at_home") else ""),
        lon=lon,
        lat=lat,
        address=sent.get("address", ""),
        near="" if staff else request.home,
        name=sent.get("name", "").strip(),
        phone=sent.get("phone", "").replace(" ", "").replace("-", ""),
        account="" if staff or sent.get("anonymous") else _account(request),
        external=sent.get("once", "")[:32],
        joins=joins,
        apart=bool(sent.get("apart")),
        together=bool(sent.get("together")),
        agrees=bool(sent.get("agrees")),
        relation=sent.get("relation", ""),
        for_name=sent.get("for_name", "").strip(),
        for_phone=sent.get("for_phone", "").replace(" ", "").replace("-", ""),
        for_agreed=bool(sent.get("for_agreed")),
    )
    return replace(message, name="", phone="", account="") if sent.get("anonymous") else message


def _account(request: HttpRequest) -> str:
    return request.actor.ref if request.actor.ref.startswith("account:") else ""


def _heard(request: HttpRequest, message: rules.Message) -> dict[str, object]:
    several = asking.asked(replace(message, together=False, joins=None))
    if len(several) > 1:
        calls = learn.understand(message.text).calls
        return {"several": [_one_of(request, ask) for ask in several], "together": message.together, "calls": calls}
    (ask,) = several
    understood, located = ask.understood, ask.located
    owner = people.owner_at(located.place.path, at=request.at)
    return {
        "text": message.text,
        "spans": understood.marks(located.spans),
        "item": None if understood.unsure else remit.item(understood.item),
        "guesses": [remit.item(guess.item) for guess in understood.guesses[:2]],
        "located": located,
        "room": _room(message, located),
        "card": people.card_of(owner.post, at=request.at),
        "twins": [(line, matters.due_of(line)[1]) for line in _likely(message, ask)[1]],
        "calls": understood.calls,
        "doors": remit.doors(message.text),
        "same": matters.same_petitions(item=understood.item, building=located.place.building, seen_by=request.actor),
        "answers": _answers(request, ask),
        "before": matters.told_before(item=understood.item, building=located.place.building, seen_by=request.actor, at=request.at),
    }


def _one_of(request: HttpRequest, ask: asking.Asked) -> dict[str, object]:
    """One of several asks, as the page shows that it was heard."""
    owner = people.owner_at(ask.located.place.path, at=request.at)
    understood = ask.understood
    return {
        "text": ask.text,
        "spans": understood.marks(ask.located.spans),
        "title": understood.title,
        "item": None if understood.unsure else remit.item(understood.item),
        "located": ask.located,
        "card": None if understood.unsure else people.card_of(owner.post, at=request.at),
    }


def _answers(request: HttpRequest, ask: asking.Asked) -> list[Shown]:
    return answering.offered(ask.text, ask.understood, but=request.session.get("unhelped", []))


def _room(message: rules.Message, located: locating.Located) -> str:
    """Why the room that was said is not in the register of this building; empty when it is, or the building has none."""
    reading = places.read(message.address or message.text, near=message.near, home=message.near)
    # Of several that are named nobody knows whose room it is.
    if not reading.room or not located.place.building or len(reading.buildings) > 1:
        return ""
    found = places.unit(located.place.building, reading.unit, reading.room)
    return say(found) if isinstance(found, Refusal) else ""


def _likely(message: rules.Message, ask: asking.Asked) -> tuple[bool, list[matters.MatterLine]]:
    return (False, []) if message.apart else matters.likely_for(ask.text, ask.understood, ask.located.place)


def _empty(request: HttpRequest) -> dict[str, object]:
    home = places.at_building(request.home)
    picked = places.at_building(request.GET.get("building", ""))
    return {
        "once": clock.code(16),
        "home": home,
        "picked": picked,
        "text": request.GET.get("text", ""),
        "channels": _channels(),
        "texts": "sms" in notices.channels(),
        "relations": matter_rules.proxy.RELATIONS,
    }


def _form(request: HttpRequest, message: rules.Message | None) -> dict[str, object]:
    sent = request.POST
    context = _empty(request) | {name: sent.get(name, "") for name in KEPT}
    context["picked"] = places.at_building(sent.get("building", ""))
    return context | (_heard(request, message) if message else {})


BEHALF = ("relation", "for_name", "for_phone", "for_agreed")
KEPT = (
    *BEHALF,
    "once",
    "text",
    "name",
    "phone",
    "address",
    "lon",
    "lat",
    "anonymous",
    "agrees",
    "channel",
    "at_home",
    "together",
    "unhelped",
)


def _channels() -> list[tuple[str, str]]:
    return [(code, _(name)) for code, name in rules.CHANNELS.items() if code in ("phone", "desk")]


urlpatterns = [
    *open311.urlpatterns,
    *systems.urlpatterns,
    path("report", report, name="report"),
    path("report/hearing", hearing, name="hearing"),
    path("report/where", where, name="where"),
]
