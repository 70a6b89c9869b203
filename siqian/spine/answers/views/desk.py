"""Answers at the desk: what is due, what waits, what does not help; write, publish, look again, retire."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from siqian.kernel import clock
from siqian.kernel.clock import local
from siqian.kernel.permits import Refused
from siqian.spine.remit import queries as remit
from siqian.ui.pages import back_to, form, page, page_of, post
from siqian.ui.words import either, say

from .. import actions, queries, rules


@page("answers/desk.html")
def answers(request: HttpRequest) -> dict[str, Any]:
    """The list behind one filter, or what holds these words."""
    which, words = request.GET.get("show", ""), request.GET.get("q", "").strip()[:60]
    which = which if which in queries.FILTERS else ""
    page = page_of(request)
    lines = queries.lines(which, words=words, page=page, seen_by=request.actor, at=request.at)
    more = page + 1 if len(lines) > queries.DESK_PAGE else 0
    shown = {"lines": lines[: queries.DESK_PAGE], "page": page, "more": more, "show": which, "q": words}
    return shown | {"counts": queries.counts(seen_by=request.actor, at=request.at), "soon": local(request.at).date() + rules.AHEAD}


@form
def new(request: HttpRequest) -> HttpResponse:
    """Write one; whoever works here may propose it. What is copied from a matter comes as a form, so that it is in no address."""
    copied = bool(request.POST.get("copied"))
    sent = _blank(request) if copied or request.method != "POST" else request.POST
    context = _choices(request) | {"sent": sent, "copied": copied, "action": "/desk/answers/new", "back": "/desk/answers"}
    return render(request, "answers/form.html", context) if copied else _written(request, context, None)


@page("answers/written.html")
def answer(request: HttpRequest, number: int) -> dict[str, Any]:
    """One answer with its versions, what became of them, and what may be done now."""
    view = queries.view(number, seen_by=request.actor, at=request.at)
    day = local(request.at).date()
    return {"view": view, "line": view.line, "next_review": day + rules.USUAL, "latest": day + rules.LONGEST, "soon": day + rules.AHEAD}


@form
def following(request: HttpRequest, number: int) -> HttpResponse:
    """The next version of one."""
    view = queries.view(number, seen_by=request.actor, at=request.at)
    sent = request.POST if request.method == "POST" else _of(view, request)
    action = {"action": f"/desk/answers/{number}/next", "back": f"/desk/answers/{number}", "view": view}
    return _written(request, _choices(request) | action | {"sent": sent}, number)


@post
def publication(request: HttpRequest, number: int) -> HttpResponse:
    actions.publish(answer=number, version=_number(request, "version"), by=request.actor, at=request.at)
    return back_to(f"/desk/answers/{number}", request, _("发布了，一秒后大家都能搜到"))


@post
def reviews(request: HttpRequest, number: int) -> HttpResponse:
    note = request.POST.get("note", "").strip() or _("看过了，还对")
    actions.look_again(answer=number, review=_day(request), note=note, by=request.actor, at=request.at)
    return back_to(f"/desk/answers/{number}", request, _("记下了：看过还对，到下一个日子再提醒"))


@post
def retirement(request: HttpRequest, number: int) -> HttpResponse:
    actions.retire(answer=number, note=request.POST.get("note", ""), by=request.actor, at=request.at)
    return back_to("/desk/answers?show=retired", request, _("撤下了，外面搜不到了。写过的都留着"))


def _written(request: HttpRequest, context: dict[str, Any], number: int | None) -> HttpResponse:
    """Show the form, or take it: with a fault it comes back with everything that was typed."""
    if request.method != "POST":
        return render(request, "answers/form.html", context)
    try:
        seen = _number(request, "seen")
        id_ = actions.write(
            draft=_draft(request), answer=number, seen=seen, once=request.POST.get("once", ""), by=request.actor, at=request.at
        )
    except Refused as error:
        fault = {"fault": say(error.refusal), "field": error.refusal.field}
        return render(request, "answers/form.html", context | fault, status=error.status)
    return back_to(f"/desk/answers/{id_}", request, _("写好了，请另一位看过再发布"))


def _draft(request: HttpRequest) -> rules.Draft:
    sent = {name: request.POST.get(name, "").strip() for name in ("question", "text", "unit", "path", "question_en", "text_en", "basis")}
    # "14.1.6 高龄津贴": what is picked from the list begins with its code.
    item = (request.POST.get("item", "").split() or [""])[0]
    return rules.Draft(item=item, review=_day(request), **sent)


def _blank(request: HttpRequest) -> dict[str, Any]:
    review = local(request.at).date() + rules.USUAL
    given = {name: request.POST.get(name, "")[:most] for name, most in (("question", rules.QUESTION[1]), ("text", rules.TEXT[1]))}
    unit = remit.items()[code].lead if (code := request.POST.get("item", "")) in remit.items() else ""
    return given | {"item": _named(code) if unit else "", "unit": unit, "once": clock.code(16), "review": review.isoformat()}


def _of(view: queries.View, request: HttpRequest) -> dict[str, Any]:
    draft = view.newest.draft
    sent = {name: getattr(draft, name) for name in ("question", "text", "unit", "path", "question_en", "text_en", "basis")}
    review = local(request.at).date() + rules.USUAL
    return sent | {"item": _named(draft.item), "review": review.isoformat(), "seen": str(view.newest.number), "once": clock.code(16)}


def _named(code: str) -> str:
    """14.1.6 高龄津贴."""
    item = remit.items().get(code)
    return f"{code} {either(item.zh, item.en)}" if item else code


def _choices(request: HttpRequest) -> dict[str, Any]:
    return {"items": list(remit.items().values()), "units": list(remit.units().values()), "areas": queries.areas_of(request.actor)}


def _number(request: HttpRequest, name: str) -> int:
    sent = request.POST.get(name, "")
    return int(sent) if sent.isdigit() and len(sent) < 5 else 0


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.POST.get("review", ""))
    except ValueError:
        return None
