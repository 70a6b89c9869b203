"""Hot topics for staff: the list, one topic, and what they do to it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _

from siqian.town.places import queries as places
from siqian.ui.pages import back_to, page, page_of, post

from . import actions, export, plan, queries, saying


@page("topics/list.html")
def topics(request: HttpRequest):
    """What many tell of now, the hottest first."""
    if not request.actor.is_staff:
        return HttpResponseRedirect("/sign-in?next=/topics")
    words, shown, number = _asked(request)
    found, counts = queries.listing(seen_by=request.actor, at=request.at, words=words, shown=shown)
    end = queries.PAGE * number
    return {
        "lines": found[end - queries.PAGE : end],
        "count": len(found),
        "q": words,
        "show": shown,
        "query": urlencode({"show": shown, "q": words}),
        "tabs": [(name, _(saying.SHOWN[name]), n) for name, n in counts.items()],
        "page": number,
        "more": number + 1 if len(found) > end else 0,
        "partial": not request.actor.fence.everything,
        "night": queries.last_night(),
    }


@page("topics/topic.html")
def topic(request: HttpRequest, number: int):
    """One topic: why it is hot, where, since when, in whose words, and what was made of it."""
    if not request.actor.is_staff:
        return HttpResponseRedirect(f"/sign-in?next=/topics/{number}")
    view = queries.topic(number, page=page_of(request), seen_by=request.actor, at=request.at)
    codes = [code for code, _n in view.line.communities]
    return {
        "view": view,
        "line": view.line,
        "why": saying.why_hot(view),
        "plan": plan.of_spots(view.spots, codes),
        "days": queries.days_of(view, request.at),
        "most": max(view.timeline, default=0),
        "others": queries.others(number, seen_by=request.actor, at=request.at) if "merge" in view.verbs else [],
        "page": page_of(request),
        "items": [(saying.item_name(code), count) for code, count in view.line.items],
        "units": [(saying.unit_name(code), count) for code, count in view.line.units],
        "where": [(code, saying.area_name(code), count) for code, count in view.line.communities],
        "community": codes[0] if codes and places.at_area(codes[0]) else "",
    }


def as_csv(request: HttpRequest) -> HttpResponse:
    return export.as_csv(_all(request), request.at)  # type: ignore[attr-defined]


def as_excel(request: HttpRequest) -> HttpResponse:
    return export.as_excel(_all(request), request.at)  # type: ignore[attr-defined]


@post
def merger(request: HttpRequest, number: int) -> HttpResponse:
    into = _number(request, "other")
    actions.merge(topic=number, into=into, why=request.POST.get("why", ""), by=request.actor, at=request.at)
    return back_to(f"/topics/{into}", request, _("并在一起了，夜里重新归类也不会分开"))


@post
def splits(request: HttpRequest, number: int) -> HttpResponse:
    chosen = [int(one) for one in request.POST.getlist("telling") if one.isdigit() and len(one) < 16]
    actions.split(topic=number, tellings=chosen, title=request.POST.get("title", ""), by=request.actor, at=request.at)
    return back_to(f"/topics/{number}", request, _("拆出去了，夜里重新归类也不会并回来"))


@post
def parts(request: HttpRequest, number: int) -> HttpResponse:
    actions.part(topic=number, telling=_number(request, "out"), by=request.actor, at=request.at)
    return back_to(f"/topics/{number}", request, _("移出去了，以后不再归到这里"))


@post
def name(request: HttpRequest, number: int) -> HttpResponse:
    actions.rename(topic=number, title=request.POST.get("title", ""), by=request.actor, at=request.at)
    return back_to(f"/topics/{number}", request, _("改好名了"))


@post
def closure(request: HttpRequest, number: int) -> HttpResponse:
    actions.close(topic=number, why=request.POST.get("why", ""), by=request.actor, at=request.at)
    return back_to(f"/topics/{number}", request, _("收起了，有人再说也归在这里，不再排进来"))


@post
def matter(request: HttpRequest, number: int) -> HttpResponse:
    made = actions.raise_(topic=number, by=request.actor, at=request.at)
    says = _("提成了一件事：{number}").format(number=queries.matter_number(made))
    return back_to(f"/topics/{number}", request, says)


@post
def undoing(request: HttpRequest, decision: int) -> HttpResponse:
    number = actions.undo(decision=decision, by=request.actor, at=request.at)
    return back_to(f"/topics/{number}", request, _("撤回了，和原来一样"))


def _asked(request: HttpRequest) -> tuple[str, str, int]:
    shown = request.GET.get("show", "")
    return request.GET.get("q", "").strip()[:100], shown if shown in queries.SHOWN else "live", page_of(request)


def _all(request: HttpRequest) -> list[queries.TopicLine]:
    words, shown, _page = _asked(request)
    return queries.topics(seen_by=request.actor, at=request.at, words=words, shown=shown)  # type: ignore[attr-defined]


def _number(request: HttpRequest, field: str) -> int:
    sent = request.POST.get(field, "")
    return int(sent) if sent.isdigit() and len(sent) < 16 else 0


urlpatterns: list[Any] = [
    path("topics", topics, name="topics"),
    path("topics/list.csv", as_csv, name="csv"),
    path("topics/list.xlsx", as_excel, name="excel"),
    path("topics/<int:number>", topic, name="topic"),
    path("topics/<int:number>/merger", merger, name="merger"),
    path("topics/<int:number>/splits", splits, name="splits"),
    path("topics/<int:number>/parts", parts, name="parts"),
    path("topics/<int:number>/name", name, name="name"),
    path("topics/<int:number>/closure", closure, name="closure"),
    path("topics/<int:number>/matter", matter, name="matter"),
    path("topics/decisions/<int:decision>/undoing", undoing, name="undoing"),
]
