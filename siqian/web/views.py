"""Home, sign-in, language, health, and the demo's role switcher."""

import json

from django.conf import settings
from django.contrib.auth import authenticate, get_user_model, login, logout, update_session_auth_hash
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, gettext as _

from siqian.kernel import deliveries
from siqian.kernel.clock import local
from siqian.kernel.permits import BadInput, NotFound, Refusal
from siqian.spine.matters import queries as matters
from siqian.town.people import actions as people_actions, queries as people
from siqian.town.places import queries as places
from siqian.trades.notices import actions as notice_actions, queries as notices
from siqian.ui.pages import back_to, form, page, post, refused_json, wants_json
from siqian.ui.words import either

from . import roles

# Messages of the demo's outbox on one page.
MOST_SENT = 100


@page("web/home.html")
def home(request: HttpRequest):
    """The resident's first page; staff go to their own work."""
    if request.actor.is_staff and "resident" not in request.GET:
        return HttpResponseRedirect("/desk")
    place = places.at_building(request.home)
    mine = matters.mine(seen_by=request.actor)
    waiting = [line for line in mine if not line.is_over]
    hour = local(request.at).hour
    greeting = (
        _("夜深了") if hour < 5 else _("早上好") if hour < 11 else _("中午好") if hour < 13 else _("下午好") if hour < 18 else _("晚上好")
    )
    first = matters.seen(waiting[0].number, seen_by=request.actor, at=request.at) if waiting else None
    cards = people.my_people(place.path, at=request.at)[:3] if place else []
    return {
        "place": place,
        "waiting": waiting,
        "first": first,
        "cards": cards,
        "greeting": greeting,
        "settled": len(mine) - len(waiting),
        "unread": notices.unseen(notices.readers(request.actor)),
    }


@form
@page("web/sign-in.html")
def sign_in(request: HttpRequest):
    """Password and lock-out after eight wrong tries."""
    where = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(where, {request.get_host()}):
        where = "/"
    if request.method != "POST":
        return {"next": where}
    user = authenticate(request, username=request.POST.get("username", ""), password=request.POST.get("password", ""))
    if user is None:
        return HttpResponse(
            page("web/sign-in.html")(lambda _request: {"next": where, "wrong": True, "username": request.POST.get("username", "")})(
                request
            ).content,
            status=400,
        )
    login(request, user)
    people_actions.link_own(by=people.actor(user.pk, at=request.at), at=request.at)
    return HttpResponseRedirect(where)


@form
@page("web/password.html")
def password(request: HttpRequest):
    """A new password of one's own; whoever came in with one that the office made sees nothing else before."""
    where = request.POST.get("next") or request.GET.get("next") or "/"
    where = where if url_has_allowed_host_and_scheme(where, {request.get_host()}) else "/"
    if not request.user.is_authenticated:
        return HttpResponseRedirect("/sign-in?next=/password")
    if request.method != "POST":
        return {"next": where, "handed": request.user.handed}
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        raise BadInput(Refusal("两次写的新密码不一样，再写一次", field="again"))
    people_actions.change_password(old=request.POST.get("old", ""), new=new, by=people.actor(request.user.pk, at=request.at), at=request.at)
    # Every other browser that was signed in is signed out; this one stays.
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
    return back_to(where, request, _("密码改好了，下次用新密码登录"))


@post
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/")


@post
def home_place(request: HttpRequest) -> HttpResponse:
    """Remember in this browser which building is home."""
    code = request.POST.get("building", "")
    place = places.at_building(code)
    if place is None:
        raise BadInput(Refusal("名册里没有这栋楼，从列表里选", field="building"))
    request.session["home"] = code
    return back_to(
        request.POST.get("next", "/") if request.POST.get("next", "/").startswith("/") else "/",
        request,
        _("记住了，您住{place}").format(place=either(place.words, place.words_en)),
    )


@post
def language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    where = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(where, {request.get_host()}):
        where = "/"
    response = HttpResponseRedirect(where)
    if check_for_language(chosen):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=60 * 60 * 24 * 365, samesite="Lax", httponly=True)
    return response


@page("web/roles.html")
def role_list(request: HttpRequest):
    """Be any of the demo's people. Only in the demo."""
    _demo_only()
    return {"roles": roles.everyone(request.at)}


@post
def take_role(request: HttpRequest) -> HttpResponse:
    _demo_only()
    role = roles.find(request.POST.get("role", ""), request.at)
    logout(request)
    if role.username:
        user = get_user_model().objects.get(username=role.username)
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        if user.home:
            request.session["home"] = user.home
    return HttpResponseRedirect(role.start)


@page("web/notices.html")
def notice_list(request: HttpRequest):
    """What this person's posts were told, the newest first; what is shown counts as seen."""
    to = tuple(f"post:{post_}" for post_ in request.actor.posts) or (request.actor.ref,)
    told = notices.told(to)
    lines = matters.lines(
        [int(line.about.removeprefix("matter:")) for line in told if line.about.startswith("matter:")], seen_by=request.actor
    )
    if any(not line.seen for line in told):
        notice_actions.mark_seen(to=to, by=request.actor, at=request.at)
    return {"told": [(line, *_where(line.about, lines)) for line in told]}


@page("web/outbox.html")
def outbox(request: HttpRequest):
    """What would have gone out as text message or e-mail. Only in the demo."""
    _demo_only()
    path = notices.outbox()
    lines = path.read_text(encoding="utf-8").splitlines()[-MOST_SENT:] if path.exists() else []
    return {"sent": [json.loads(line) for line in reversed(lines)]}


def _where(about: str, lines: dict[int, matters.MatterLine]) -> tuple[matters.MatterLine | None, str]:
    """The matter that a notice is about, or the page of what else it is about."""
    kind, _colon, id_ = about.partition(":")
    elsewhere = {"correction": f"/review/corrections/{id_}", "answer": f"/desk/answers/{id_}", "petition": f"/desk/petitions/{id_}"}
    elsewhere |= {"round": "/desk/patrols", "incident": f"/desk/incidents/{id_}", "publicity": f"/desk/publicity/{id_}"}
    elsewhere |= {"system": f"/desk/systems/{id_}"}
    elsewhere |= {"home_call": "/desk/care?show=late", "adjustment": f"/desk/map/adjustments/{id_}"}
    return (lines.get(int(id_)) if kind == "matter" else None), elsewhere.get(kind, "")


def health(request: HttpRequest) -> JsonResponse:
    """For whoever watches the server: the database answers, how the deliveries stand. Names nobody."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    standing = deliveries.standing()
    return JsonResponse({"status": "ok", "deliveries_due": standing.due, "deliveries_dead": standing.dead})


def lost(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page: 404, as a page or as problem details."""
    if wants_json(request):
        return refused_json(NotFound(Refusal("没有这个地址，看 /api/openapi.json 里有哪些")))
    return render(request, "web/error.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Our own fault: says what was not lost, without asking the database for anything."""
    return HttpResponse(render_to_string("web/broken.html"), status=500)


def _demo_only() -> None:
    if not settings.SIQIAN_DEMO:
        raise NotFound(Refusal("没有这一页"))
