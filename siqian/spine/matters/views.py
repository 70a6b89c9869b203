"""Pages of matters: the teller's time line, the receipt code, the desk's page with every verb."""

from datetime import datetime

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from siqian.kernel import files, vault
from siqian.kernel.clock import TOWN
from siqian.kernel.journal import writing
from siqian.kernel.permits import BadInput, NotFound, Refusal, Refused
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.ui.pages import back_to, form, keep, page, post
from siqian.ui.words import say

from . import actions, queries, rules


@page("matters/matter.html")
def matter(request: HttpRequest, number: str):
    """The teller's page: who has it, by when, what happened."""
    view = queries.seen(number, seen_by=request.actor, at=request.at)
    if request.actor.is_staff:
        return back_to(f"/desk/matters/{number}", request)
    receipt = request.session.get("receipt", {})
    code = receipt.get("code") if receipt.get("number") == number else ""
    return {"view": view, "line": view.line, "item": remit.item(view.line.item), "code": code, "due": queries.due_of(view.line)}


@page("matters/mine.html")
def mine(request: HttpRequest):
    return {"lines": queries.mine(seen_by=request.actor)}


@form
def receipt(request: HttpRequest) -> HttpResponse:
    """Open a matter by its receipt code; the code is then kept in this browser."""
    if request.method != "POST":
        return render(request, "matters/receipt.html", {})
    try:
        _matter, telling, number = queries.of_receipt(request.POST.get("code", ""))
    except Refused as error:
        return render(
            request, "matters/receipt.html", {"fault": say(error.refusal), "code": request.POST.get("code", "")}, status=error.status
        )
    keep(request, "receipts", telling)
    return back_to(f"/matters/{number}", request)


@post
def remark(request: HttpRequest, number: str) -> HttpResponse:
    photos = _photos(request)
    actions.remark(matter=_id(number), text=request.POST.get("text", ""), photos=photos, by=request.actor, at=request.at)
    return back_to(f"/matters/{number}", request, _("补上了，办事的人看得到"))


@post
def urge(request: HttpRequest, number: str) -> HttpResponse:
    actions.urge(matter=_id(number), by=request.actor, at=request.at)
    return back_to(f"/matters/{number}", request, _("催过了，办事的人看得到"))


@post
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    actions.withdraw(matter=_id(number), by=request.actor, at=request.at)
    return back_to(f"/matters/{number}", request, _("好，这件事不办了"))


@post
def rate(request: HttpRequest, number: str) -> HttpResponse:
    good = request.POST.get("good") == "yes"
    actions.rate(matter=_id(number), good=good, words=request.POST.get("words", "")[:500], by=request.actor, at=request.at)
    return back_to(f"/matters/{number}", request, _("谢谢，这件事办完了") if good else _("换个人重办，30分钟内联系您"))


@post
def part_mine(request: HttpRequest, number: str) -> HttpResponse:
    """The teller says that it was not the neighbours' matter after all."""
    own = actions.part(telling=_int(request, "telling"), by=request.actor, at=request.at)
    return back_to(f"/matters/{queries.number_of(own)}", request, _("分开了，这件事单独办"))


def photo(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    if not queries.photo_shown(number, sha256, seen_by=request.actor, at=request.at) or not files.place(sha256).exists():
        raise NotFound(Refusal("没有这张照片"))
    response = FileResponse(files.place(sha256).open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@page("matters/desk.html")
def desk(request: HttpRequest, number: str):
    """Staff: the words with their evidence, the clocks, the verbs on keys."""
    view = queries.seen(number, seen_by=request.actor, at=request.at)
    return _desk(request, view)


@page("matters/list.html")
def all_matters(request: HttpRequest):
    """Every matter that this person may see: search, filter, next page."""
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    after = int(request.GET["after"]) if request.GET.get("after", "").isdigit() else 0
    lines = queries.find(seen_by=request.actor, words=words, state=state, after=after, most=51)
    return {"lines": lines[:50], "more": lines[49].id if len(lines) > 50 else 0, "q": words, "state": state, "states": STATES}


STATES = ("open", "received", "assigned", "accepted", "in_hand", "closed", "settled", "withdrawn")


@post
def accept(request: HttpRequest, number: str) -> HttpResponse:
    actions.accept(matter=_id(number), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("签收了"))


@post
def contact(request: HttpRequest, number: str) -> HttpResponse:
    sent = request.POST
    actions.contact(
        matter=_id(number),
        how=sent.get("how", "message"),
        text=sent.get("text", ""),
        photos=_photos(request),
        promised=_time(sent.get("promised", "")),
        by=request.actor,
        at=request.at,
    )
    return back_to(f"/desk/matters/{number}", request, _("记下了，说事的人看得到"))


@post
def note(request: HttpRequest, number: str) -> HttpResponse:
    actions.note(matter=_id(number), text=request.POST.get("text", ""), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("记下了，只有同事看得到"))


@post
def close(request: HttpRequest, number: str) -> HttpResponse:
    actions.close(matter=_id(number), text=request.POST.get("text", ""), photos=_photos(request), by=request.actor, at=request.at)
    return back_to("/desk", request, _("办结了，请说事的人来评"))


@post
def assign(request: HttpRequest, number: str) -> HttpResponse:
    sent = request.POST
    actions.assign(matter=_id(number), item=sent.get("item", ""), building=sent.get("building", ""), by=request.actor, at=request.at)
    where = sent.get("next", "")
    return back_to(where if where in ("/board", "/desk") else f"/desk/matters/{number}", request, _("定好了，交出去了"))


@post
def move(request: HttpRequest, number: str) -> HttpResponse:
    actions.move(matter=_id(number), post=request.POST.get("post", ""), why=request.POST.get("why", ""), by=request.actor, at=request.at)
    return back_to("/desk", request, _("转过去了"))


@post
def part(request: HttpRequest, number: str) -> HttpResponse:
    own = actions.part(telling=_int(request, "telling"), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{queries.number_of(own)}", request, _("分出来了，单独办"))


@page("matters/looked.html")
@post
def look(request: HttpRequest, number: str):
    """Name and telephone for a stated purpose; the look is in the journal."""
    purpose = request.POST.get("purpose", "")
    telling = _int(request, "telling")
    subject, name, phone = queries.sealed(number, telling, seen_by=request.actor)
    told = {
        what: vault.look(subject=subject, sealed=sealed, what=what, purpose=purpose, by=request.actor, at=request.at)
        for what, sealed in (("name", name), ("phone", phone))
        if sealed
    }
    return {"told": told, "number": number, "purpose": purpose}


@post
def accept_many(request: HttpRequest) -> HttpResponse:
    """Bulk: sign for all that are marked; each failure is named, the others stand."""
    return _many(request, lambda id_: actions.accept(matter=id_, by=request.actor, at=request.at), _("签收了{n}件"))


@post
def contact_many(request: HttpRequest) -> HttpResponse:
    """Bulk: one answer to all that are marked."""
    text = request.POST.get("text", "")
    return _many(
        request, lambda id_: actions.contact(matter=id_, how="message", text=text, by=request.actor, at=request.at), _("回复了{n}件")
    )


def _many(request: HttpRequest, act, says: str) -> HttpResponse:
    done, faults = 0, []
    for number in request.POST.getlist("number"):
        try:
            act(_id(number))
            done += 1
        except Refused as error:
            faults.append(_("{number}：{why}").format(number=number, why=say(error.refusal)))
    text = says.format(n=done) + (_("。没成的：") + _("；").join(faults) if faults else "")
    return back_to("/desk", request, text)


def _desk(request: HttpRequest, view: queries.MatterView) -> dict[str, object]:
    line, words = view.line, request.GET.get("item", "").strip()
    items = [
        item for item in remit.items().values() if words and (words in item.zh or words.lower() in item.en.lower() or words in item.words)
    ][:12]
    others = [
        card
        for card in people.my_people(line.path, at=request.at)
        if card.post != line.post and card.duty in ("keeper", "secretary", "desk", "dispatcher")
    ]
    return {
        "view": view,
        "line": line,
        "item": remit.item(line.item),
        "unit": remit.unit(view.unit),
        "due": queries.due_of(line),
        "guesses": [(remit.item(code), share) for code, share in line.guesses],
        "items": items,
        "item_words": words,
        "others": others,
        "candidates": [place for code in line.candidates[:6] if (place := places.at_building(code))],
        "found": places.find(request.GET["place"])[:8] if request.GET.get("place") else [],
        "place_words": request.GET.get("place", ""),
    }


def _id(number: str) -> int:
    id_ = rules.id_of(number)
    if id_ is None:
        raise NotFound(rules.NO_SUCH)
    return id_


def _int(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isdigit():
        raise BadInput(Refusal("少了{name}，从页面上的按钮再点一次", field=name, name=name))
    return int(text)


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None:
        raise BadInput(Refusal("时间看不懂，写成2026-07-15 18:00这样", field="promised"))
    return at if at.tzinfo else at.replace(tzinfo=TOWN)


def _photos(request: HttpRequest) -> list[str]:
    kept = []
    for file in request.FILES.getlist("photos")[:6]:
        clean = files.clean(file.read(), name=file.name or "")
        if isinstance(clean, Refusal):
            raise BadInput(clean)
        with writing(request.actor):
            kept.append(files.keep(clean, at=request.at))
    return kept


urlpatterns = [
    path("matters", mine, name="mine"),
    path("receipts", receipt, name="receipt"),
    path("matters/<str:number>", matter, name="matter"),
    path("matters/<str:number>/remarks", remark, name="remark"),
    path("matters/<str:number>/urging", urge, name="urge"),
    path("matters/<str:number>/withdrawal", withdraw, name="withdraw"),
    path("matters/<str:number>/rating", rate, name="rate"),
    path("matters/<str:number>/parting", part_mine, name="part-mine"),
    path("matters/<str:number>/photos/<str:sha256>", photo, name="photo"),
    path("desk/matters", all_matters, name="all"),
    path("desk/acceptances", accept_many, name="accept-many"),
    path("desk/contacts", contact_many, name="contact-many"),
    path("desk/matters/<str:number>", desk, name="desk"),
    path("desk/matters/<str:number>/acceptance", accept, name="accept"),
    path("desk/matters/<str:number>/contacts", contact, name="contact"),
    path("desk/matters/<str:number>/notes", note, name="note"),
    path("desk/matters/<str:number>/closure", close, name="close"),
    path("desk/matters/<str:number>/assignment", assign, name="assign"),
    path("desk/matters/<str:number>/transfer", move, name="move"),
    path("desk/matters/<str:number>/parting", part, name="part"),
    path("desk/matters/<str:number>/looks", look, name="look"),
]
