"""Who the three administrators are, which accounts may sign in, what was done: a page each."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.kernel.permits import BadInput, NotYours, Refusal, Refused
from siqian.town.people import actions, queries as people, rules as people_rules
from siqian.ui.pages import back_to, csv_file, page, page_of, post
from siqian.ui.words import say

from . import posting, queries, rules

PAGE, MOST = 50, 20_000


@page("offices/administrators.html")
def administrators(request: HttpRequest):
    """The three, with face and name; the security administrator appoints and relieves here."""
    return _administrators(request)


@post
def appointment(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    try:
        actions.appoint(duty=sent.get("duty", ""), person=sent.get("person", ""), by=request.actor, at=request.at)
    except BadInput as error:
        faults = [say(fault) for fault in getattr(error, "faults", (error.refusal,))]
        return render(request, "offices/administrators.html", _administrators(request) | {"faults": faults}, status=400)
    return back_to("/desk/administrators", request, _("任命了，今天起就是"))


@post
def relief(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    try:
        actions.relieve(duty=sent.get("duty", ""), person=sent.get("person", ""), by=request.actor, at=request.at)
    except Refused as error:
        if error.status == 403:
            raise
        told = {"faults": [say(error.refusal)]}
        return render(request, "offices/administrators.html", _administrators(request) | told, status=error.status)
    return back_to("/desk/administrators", request, _("免去了，今天起不再是"))


@page("offices/accounts.html")
def accounts(request: HttpRequest):
    """Accounts of staff, for the security administrator."""
    return _accounts(request)


@post
def switch(request: HttpRequest, username: str) -> HttpResponse:
    active = request.POST.get("active") == "on"
    actions.switch_account(username=username, active=active, by=request.actor, at=request.at)
    return back_to(f"/desk/accounts?q={username}", request, _("启用了") if active else _("停用了，不能再登录"))


@post
def password(request: HttpRequest, username: str) -> HttpResponse:
    """A first password anew, shown once on this page and kept nowhere."""
    first = actions.give_password(username=username, by=request.actor, at=request.at)
    answer = render(request, "offices/accounts.html", _accounts(request, username) | {"given": (username, first)})
    answer["Cache-Control"] = "no-store"
    return answer


def accounts_csv(request: HttpRequest) -> HttpResponse:
    heads = ("username", "person", "name", "duties", "active", "handed")
    lines, _more = people.accounts(seen_by=request.actor, at=request.at, words=request.GET.get("q", "").strip(), most=MOST)
    rows = [(line.username, line.person, line.name, "、".join(line.duties), line.active, line.handed) for line in lines]
    return csv_file("accounts", heads, rows)


@page("offices/journal.html")
def journal(request: HttpRequest):
    """What was done to the house and who looked at persons' data, for the audit administrator."""
    group, since, until = _narrowed(request)
    before = request.GET.get("before", "")
    found = queries.done(
        seen_by=request.actor, group=group, since=since, until=until, before=int(before) if before.isdigit() else 0, most=PAGE + 1
    )
    more = found[PAGE - 1].id if len(found) > PAGE else 0
    asked = {"group": group, "since": since.isoformat() if since else "", "until": until.isoformat() if until else ""}
    return asked | {"lines": found[:PAGE], "more": more, "groups": rules.GROUPS, "first": not before}


def journal_csv(request: HttpRequest) -> HttpResponse:
    group, since, until = _narrowed(request)
    found = queries.done(seen_by=request.actor, group=group, since=since, until=until, most=MOST)
    heads = ("at", "who", "event", "what", "subject", "more")
    rows = [
        (f"{local(line.at):%Y-%m-%d %H:%M:%S}", line.who, line.name, _(rules.WORDS[line.name]), line.subject, _told(line)) for line in found
    ]
    return csv_file("journal", heads, rows)


def _told(line: queries.Done) -> str:
    return "; ".join(f"{name}={value}" for name, value in line.more)


def _administrators(request: HttpRequest) -> dict[str, object]:
    words = request.GET.get("q", "").strip()
    appoints = people.keeps_accounts(request.actor)
    return {
        "kinds": list(people.administrators(at=request.at).items()),
        "words": people_rules.ADMINISTRATOR_WORDS,
        "appoints": appoints,
        "q": words,
        "found": people.persons_called(words) if appoints else [],
        "own": request.actor.person,
    }


def _accounts(request: HttpRequest, words: str = "") -> dict[str, object]:
    if not people.keeps_accounts(request.actor):
        raise NotYours(rules.FOR_SECURITY)
    words, number = words or request.GET.get("q", "").strip(), page_of(request)
    lines, more = people.accounts(seen_by=request.actor, at=request.at, words=words, page=number)
    return {"lines": lines, "q": words, "page": number, "more": number + 1 if more else 0, "mine": request.actor.person}


def _narrowed(request: HttpRequest) -> tuple[str, date | None, date | None]:
    group = request.GET.get("group", "")
    try:
        since, until = (date.fromisoformat(request.GET[name]) if request.GET.get(name) else None for name in ("since", "until"))
    except ValueError as error:
        raise BadInput(Refusal("日期写成2026-07-13这样", field="since")) from error
    return group if group in rules.GROUPS else "", since, until


urlpatterns = [
    *posting.urlpatterns,
    path("desk/administrators", administrators, name="administrators"),
    path("desk/administrators/appointments", appointment, name="appointment"),
    path("desk/administrators/relief", relief, name="administrator-relief"),
    path("desk/accounts", accounts, name="accounts"),
    path("desk/accounts.csv", accounts_csv, name="accounts-csv"),
    path("desk/accounts/<str:username>/switch", switch, name="account-switch"),
    path("desk/accounts/<str:username>/password", password, name="account-password"),
    path("desk/journal", journal, name="journal"),
    path("desk/journal.csv", journal_csv, name="journal-csv"),
]
