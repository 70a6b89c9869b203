"""The pages on which the system administrator keeps posts."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.kernel.permits import BadInput, Refused
from siqian.town.people import actions as people_actions, queries as people
from siqian.ui.pages import back_to, page, page_of, post
from siqian.ui.words import say

from . import actions, posts, rules


@page("offices/posts.html")
def listed(request: HttpRequest):
    """Posts of an area, by duty, level and words."""
    sent, number = request.GET, page_of(request)
    level = int(sent["level"]) if sent.get("level", "") in ("0", "1", "2", "3", "4", "5") else None
    asked = {"area": sent.get("area", "").strip(), "duty": sent.get("duty", ""), "q": sent.get("q", "").strip()}
    found, more = posts.kept(
        seen_by=request.actor, at=request.at, area=asked["area"], words=asked["q"], duty=asked["duty"], level=level, page=number
    )
    pages = {"page": number, "more": number + 1 if more else 0}
    return asked | pages | {"lines": found, "level": level, "levels": rules.LEVELS, "duties": people.levels()}


@page("offices/opening.html")
def opening(request: HttpRequest):
    """Find the area, then say what for."""
    return _opening(request, request.GET.get("area", ""))


@post
def opened(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    asked = {name: sent.get(name, "").strip() for name in ("duty", "area", "name", "name_en", "unit")}
    try:
        code = people_actions.open_post(**asked, by=request.actor, at=request.at)
    except BadInput as error:
        told = {"fault": say(error.refusal), "field": error.refusal.field, "asked": asked}
        return render(request, "offices/opening.html", _opening(request, asked["area"]) | told, status=400)
    return back_to(f"/desk/posts/{code}", request, _("设好了。谁坐这个岗位，在班表里排"))


@page("offices/post.html")
def shown(request: HttpRequest, code: str):
    return _shown(request, code)


@post
def renamed(request: HttpRequest, code: str) -> HttpResponse:
    name, name_en = (request.POST.get(field, "") for field in ("name", "name_en"))
    return _done(request, code, lambda act: people_actions.rename_post(post=code, name=name, name_en=name_en, **act), _("改好了"))


@post
def closed(request: HttpRequest, code: str) -> HttpResponse:
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        return _again(request, code, BadInput(rules.BAD_DAY))
    return _done(
        request, code, lambda act: actions.close_post(post=code, day=day, **act), _("记下了，那天起这个岗位没有人坐，也不再接新的事")
    )


@post
def restored(request: HttpRequest, code: str) -> HttpResponse:
    return _done(request, code, lambda act: people_actions.restore_post(post=code, **act), _("恢复了"))


def _done(request, code, verb, says) -> HttpResponse:  # type: ignore[no-untyped-def]
    try:
        verb({"by": request.actor, "at": request.at})
    except Refused as error:
        if error.status in (403, 404):
            raise
        return _again(request, code, error)
    return back_to(f"/desk/posts/{code}", request, says)


def _again(request: HttpRequest, code: str, error: Refused) -> HttpResponse:
    """The page as it was, with what is wrong and what was typed."""
    told = {"fault": say(error.refusal), "field": error.refusal.field, "typed": request.POST}
    return render(request, "offices/post.html", _shown(request, code) | told, status=error.status)


def _shown(request: HttpRequest, code: str) -> dict[str, object]:
    one = posts.one(code, seen_by=request.actor, at=request.at)
    return {"one": one.entry, "owes": one.owes, "today": local(request.at).date(), "duties": people.levels(), "levels": rules.LEVELS}


def _opening(request: HttpRequest, area: str) -> dict[str, object]:
    words = request.GET.get("q", "").strip()
    found = posts.areas_called(area or words, seen_by=request.actor)
    chosen = next((row for row in found if row.code == area), None)
    fits = people.duties_at(chosen.level) if chosen else {}
    return {"q": words, "found": [] if chosen else found, "chosen": chosen, "fits": fits, "levels": rules.LEVELS, "duties": people.levels()}


urlpatterns = [
    path("desk/posts", listed, name="posts"),
    path("desk/posts/new", opening, name="post-new"),
    path("desk/posts/openings", opened, name="post-opening"),
    path("desk/posts/<str:code>", shown, name="post"),
    path("desk/posts/<str:code>/name", renamed, name="post-name"),
    path("desk/posts/<str:code>/closure", closed, name="post-closure"),
    path("desk/posts/<str:code>/restoration", restored, name="post-restoration"),
]
