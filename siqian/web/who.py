"""Who acts in this request: staff by their account, a resident by account or by the receipts kept in this browser."""

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation

from siqian.kernel import clock
from siqian.kernel.permits import ANYONE, Actor, BadInput, NotYours, Refusal, Refused
from siqian.spine.matters import queries as matters
from siqian.town.people import queries as people
from siqian.ui import pages

from . import tokens

STAFF_ONLY = ("/desk", "/day", "/board", "/notices", "/review")

HANDED = Refusal("这个密码是单位发的，先在 /password 换成自己的")
# What a password that the office made opens: nothing but the page on which one chooses one's own.
WITH_HANDED = ("/password", "/sign-out", "/language", "/static/", "/health")


class Language:
    """Chinese unless this browser chose English: a foreign browser setting is no wish for another language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override("en" if chosen == "en" else "zh-hans"):
            return self.get_response(request)


class Who:
    """Sets request.at, request.actor; turns refusals into pages or problem details."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = clock.now()
        request.actor = _actor(request)
        request.home = request.session.get("home", "") or people.home_of(request.actor.ref)
        # Open311 answers its faults in a form of its own.
        if not request.path.startswith("/open311/") and _unwritable(request):
            return pages.refused(request, BadInput(UNWRITABLE))
        if request.user.is_authenticated and request.user.handed and not request.path.startswith(WITH_HANDED):
            if request.path.startswith("/api/"):
                return pages.refused(request, NotYours(HANDED))
            return HttpResponseRedirect(f"/password?next={quote(request.get_full_path())}")
        if request.method in ("GET", "HEAD", "POST") and request.path.startswith(STAFF_ONLY) and not request.actor.is_staff:
            return HttpResponseRedirect(f"/sign-in?next={quote(request.get_full_path())}")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return pages.refused(request, error) if isinstance(error, Refused) else None


UNWRITABLE = Refusal("里面有写不下的字符（空字符），删掉再发")


def _unwritable(request: HttpRequest) -> bool:
    """A null character, which no database stores: refused at the door instead of failing in the middle of a verb."""
    if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    return request.method == "POST" and any("\x00" in value for values in request.POST.lists() for value in values[1])


def _actor(request: HttpRequest) -> Actor:
    account = tokens.account_of(request) or (request.user.id if request.user.is_authenticated else None)
    actor = people.actor(account, at=request.at) if account else ANYONE
    receipts = [int(id_) for id_ in request.session.get("receipts", [])]
    if actor.is_staff:
        return actor
    own = matters.matters_of(receipts, actor.ref if account else "")
    refs = frozenset([f"matter:{id_}" for id_ in own] + [f"telling:{id_}" for id_ in receipts])
    if not account and receipts:
        # Without an account the browser's receipts are who one is; the ref names none of them to the others.
        actor = Actor(ref=f"receipt:{receipts[0]}")
    return people.with_own(actor, refs, own)


class TokensNeedNoCookie(CsrfViewMiddleware):
    """A request with a bearer token carries no cookie that a foreign page could make use of.

    A method that a page does not know is answered before anybody asks for a form's token.
    """

    def process_view(self, request, view, args, kwargs):
        methods = pages.methods_of(view)
        if not request.path.startswith("/api/") and request.method not in methods:
            return pages.not_allowed(methods)
        if tokens.account_of(request):
            return None
        return super().process_view(request, view, args, kwargs)
