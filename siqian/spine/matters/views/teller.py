"""Pages of whoever told: the time line, the receipt code, the public long ledger."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from siqian.kernel import files
from siqian.kernel.permits import NotFound, Refusal, Refused
from siqian.spine.remit import queries as remit
from siqian.ui.pages import back_to, form, keep, page, post
from siqian.ui.words import say

from .. import actions, looked, papering, petitions, queries, rules
from .reading import id_of, number_in, photos_in


@page("matters/matter.html")
def matter(request: HttpRequest, number: str):
    """The teller's page: who has it, by when, what happened."""
    view = queries.seen(number, seen_by=request.actor, at=request.at)
    if request.actor.is_staff:
        return back_to(f"/desk/matters/{number}", request)
    receipt = request.session.get("receipt", {})
    code = receipt.get("code") if receipt.get("number") == number else ""
    gate = remit.gates().get(next((step.values["gate"] for step in reversed(view.steps) if "gate" in step.values), ""))
    gate = gate if view.line.became in ("refused", "appealed", "dismissed") else None
    line = view.line
    shown = {"view": view, "line": line, "item": remit.item(line.item), "code": code, "due": queries.due_of(line), "gate": gate}
    shown |= {"petition": petitions.about(line.id, seen_by=request.actor, at=request.at)}
    shown |= {"stays": rules.withdrawable(remit.kind(line.kind), line.tellings)}
    shown |= {"together": queries.told_together(line.id, seen_by=request.actor)}
    shown |= {"whole": queries.whole_of(line.id, seen_by=request.actor) if line.is_part else None}
    return shown | {
        "papers": papering.about(line.id, seen_by=request.actor),
        "readers": queries.readers_of(line.id, seen_by=request.actor),
        "looks": _looks(view),
    }


@page("matters/mine.html")
def mine(request: HttpRequest):
    lines = queries.mine(seen_by=request.actor)
    return {"lines": lines, "own": {line.id for line in lines}}


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
    photos = photos_in(request)
    actions.remark(matter=id_of(number), text=request.POST.get("text", ""), photos=photos, by=request.actor, at=request.at)
    return back_to(f"/matters/{number}", request, _("补上了，办事的人看得到"))


@post
def urge(request: HttpRequest, number: str) -> HttpResponse:
    actions.urge(matter=id_of(number), by=request.actor, at=request.at)
    return back_to(f"/matters/{number}", request, _("催过了，办事的人看得到"))


@post
def ask_why(request: HttpRequest, number: str) -> HttpResponse:
    actions.ask_why(matter=id_of(number), by=request.actor, at=request.at)
    return back_to(f"/matters/{number}", request, _("问过了，负责的人4小时内回您"))


@post
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    actions.withdraw(matter=id_of(number), by=request.actor, at=request.at)
    return back_to(f"/matters/{number}", request, _("好，这件事不办了"))


@post
def rate(request: HttpRequest, number: str) -> HttpResponse:
    good = request.POST.get("good") == "yes"
    actions.rate(matter=id_of(number), good=good, words=request.POST.get("words", "")[:500], by=request.actor, at=request.at)
    return back_to(f"/matters/{number}", request, _("谢谢，这件事办完了") if good else _("换个人重办，30分钟内联系您"))


@post
def appeal(request: HttpRequest, number: str) -> HttpResponse:
    actions.appeal(matter=id_of(number), text=request.POST.get("text", ""), by=request.actor, at=request.at)
    return back_to(f"/matters/{number}", request, _("申诉收到了，由区里没有经手过的人来裁"))


@post
def part_mine(request: HttpRequest, number: str) -> HttpResponse:
    """The teller says that it was not the neighbours' matter after all."""
    own = actions.part(telling=number_in(request, "telling"), by=request.actor, at=request.at)
    return back_to(f"/matters/{queries.number_of(own)}", request, _("分开了，这件事单独办"))


def photo(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    if not queries.photo_shown(number, sha256, seen_by=request.actor, at=request.at) or not files.place(sha256).exists():
        raise NotFound(Refusal("没有这张照片"))
    response = FileResponse(files.place(sha256).open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@page("matters/ledger.html")
def ledger(request: HttpRequest):
    """What cannot be done now, in public: why, who approved it, when it is looked at again."""
    after = int(request.GET["after"]) if request.GET.get("after", "").isdigit() else 0
    entries, more = queries.ledger(after=after)
    return {"entries": [(entry, remit.item(entry.item)) for entry in entries], "more": more, "first": not after}


def _looks(view: queries.MatterView) -> list[looked.Look]:
    """Who opened the teller's own name or telephone."""
    return queries.looked_at([telling.id for telling in view.tellings if telling.mine])
