"""Care as pages: what is due by grid, one home with what is known and what to ask, its visits; a look for a purpose."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _

from siqian.kernel import clock
from siqian.kernel.clock import local
from siqian.kernel.permits import BadInput, NotFound
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.dossier import actions as dossier, queries as facts, rules as fact_rules
from siqian.ui.pages import back_to, csv_file, page, page_of, post
from siqian.ui.words import either

from . import actions, queries, rules

MOST_ROWS = 10_000
PURPOSES = ("care_visit", "service", "fire_safety", "rescue")


@page("care/plan.html")
def plan(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """Visits that are due by grid; whoever visits reads masked names, the desk only how many."""
    if not queries.overlooks(request.actor):
        return back_to("/desk", request, _("走访计划给上门的人和值班台看"))
    wanted, number = _wanted(request), page_of(request)
    names = bool(queries.visits_in(request.actor))
    found, more = queries.find(**wanted, page=number, seen_by=request.actor, at=request.at) if names else ([], False)
    grids = queries.by_grid(seen_by=request.actor, at=request.at)
    return {
        **wanted,
        "names": names,
        "counts": queries.counts(path=wanted["path"], words=wanted["words"], seen_by=request.actor, at=request.at),
        "rows": [(line, _place(line.home)) for line in found],
        "grids": [(grid, names_[-1], n, late) for grid, n, late in grids if (names_ := places.both_names(grid))],
        "page": number,
        "more": more,
    }


def as_csv(request: HttpRequest) -> HttpResponse:
    """The same visits as a file; names stay masked."""
    if not queries.visits_in(request.actor):
        raise NotFound(rules.NO_HOME)
    found, _more = queries.find(**_wanted(request), most=MOST_ROWS, seen_by=request.actor, at=request.at)
    heads = [_("哪一户"), _("称呼"), _("为什么去"), _("最晚"), _("怎么样"), _("去过几次"), _("谁去的"), _("什么时候")]
    return csv_file("home-visits", heads, map(_row, found))


def call(request: HttpRequest, number: int) -> HttpResponse:
    """A visit's own address leads to its home."""
    line = queries.call(number, seen_by=request.actor)
    return HttpResponseRedirect(_address(line.home))


@page("care/home.html")
def home(request: HttpRequest, code: str, label: str):
    """One home: whether it wants to be visited, what is known (masked), what is to be asked, its visits."""
    return _home(request, code, label, _number(request.GET.get("household", "1")))


def stance(request: HttpRequest) -> HttpResponse:
    """What a home says about being visited, told at the door or by telephone."""
    sent = request.POST
    said, how = sent.get("stance", ""), sent.get("how", "spoken")
    spot = (sent.get("building", ""), sent.get("label", ""), _number(sent.get("household", "1")))
    wish = _number(sent.get("wish", "0"))
    number = actions.agree_at(building=spot[0], label=spot[1], household=spot[2], stance=said, how=how, wish=wish, **_act(request))
    says = _("记下了，按约定来看") if said == "yes" else _("记下了，不再上门")
    return back_to(_address(queries.home(number, seen_by=request.actor)), request, says)


def visit(request: HttpRequest, number: int) -> HttpResponse:
    """A visit that was made just now."""
    sent = {name: str(value) for name, value in request.POST.items()}
    answers = rules.answers_of(sent)
    held = rules.Held(sent.get("outcome", ""), sent.get("stance", ""), answers, sent.get("text", ""))
    key = sent.get("key", "")
    if not 8 <= len(key) <= 64:
        raise BadInput(rules.NO_CALL)
    actions.record_now(home=number, held=held, key=key, **_act(request))
    return back_to(_address(queries.home(number, seen_by=request.actor)), request, _("记下了"))


@page("care/looked.html")
def look(request: HttpRequest, number: int):
    """What is known of a home, opened for a purpose; each look is in the journal, and whom it is about reads it."""
    line, sent = queries.home(number, seen_by=request.actor), request.POST
    wanted = [int(id_) for id_ in sent.getlist("fact") if id_.isdigit() and len(id_) < 19]
    if not wanted:
        raise BadInput(fact_rules.NO_FACT)
    purpose, why = sent.get("purpose", ""), sent.get("why", "")
    found = dossier.look(facts=wanted, purpose=purpose, why=why, **_act(request))
    shown = [(facts.fact(id_, seen_by=request.actor, at=request.at), value) for id_, value in found.items()]
    told = [(known, *facts.shown(known.kind, value)) for known, value in shown]
    return {
        "home": line,
        "told": told,
        "purpose": facts.purposes()[purpose],
        "why": why,
        "back": _address(line),
        "whose": _names(line, request),
    }


def fact(request: HttpRequest, number: int) -> HttpResponse:
    """Facts told at the desk or by telephone, for any purpose: noted, confirmed, put right."""
    line = queries.home(number, seen_by=request.actor)
    answers = rules.answers_of({name: str(value) for name, value in request.POST.items()})
    if not answers:
        raise BadInput(fact_rules.NO_KIND)
    actions.tell(home=number, answers=answers, **_act(request))
    return back_to(_address(line), request, _("记下了，不会再问"))


def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody without a telephone takes a consent back: they say so, staff write it down."""
    line = queries.home(_number(request.POST.get("home", "0")), seen_by=request.actor)
    dossier.withdraw(fact=number, **_act(request))
    return back_to(_address(line), request, _("收回了，谁也看不到，也不再问"))


def _home(request: HttpRequest, code: str, label: str, number: int) -> dict[str, Any]:
    place, line = places.at_building(code), queries.home_at(code, label, number, seen_by=request.actor)
    if place is None or not queries.may_visit(place.path, seen_by=request.actor):
        raise NotFound(rules.NO_HOME)
    shown: dict[str, Any] = {
        "place": place,
        "code": code,
        "label": label,
        "number": number,
        "home": line,
        "households": _households(request, code, label),
        "wishes": rules.WISHES,
        "key": clock.code(20),
    }
    if line is None:
        return shown
    people_ = queries.members(line, seen_by=request.actor)
    subjects = [line.ref, *(f"resident:{one.id}" for one in people_)]
    known = facts.known(subjects, seen_by=request.actor, at=request.at)
    asked = {purpose: facts.asks(dict.fromkeys(subjects, line.path), purpose, seen_by=request.actor, at=request.at) for purpose in PURPOSES}
    calls = queries.calls_of(line.id, seen_by=request.actor)
    names = {line.ref: ""} | {f"resident:{one.id}": one.name for one in people_}
    children = {f"resident:{one.id}" for one in people_ if one.relation == "child"}
    return shown | {
        "known": [(one, names[subject]) for subject in subjects for one in known[subject] if one.state in ("known", "objected", "expired")],
        "asks": _asks(asked, {subject: name for subject, name in names.items() if subject not in children}),
        "purposes": facts.purposes().values(),
        "calls": calls,
        "due": any(call.state == "due" for call in calls),
    }


def _asks(asked: dict[str, dict[str, list[facts.Ask]]], names: dict[str, str]) -> list[tuple[facts.Ask, str]]:
    """What is unknown or out of date, once for each kind, whatever it is for."""
    lines = {(line.subject, line.kind.code): line for found in asked.values() for lines in found.values() for line in lines}
    open_ = [line for line in lines.values() if line.need != "known" and line.subject in names]
    return [(line, names[line.subject]) for line in sorted(open_, key=lambda line: (facts.ORDER.index(line.need), line.subject))]


def _households(request: HttpRequest, code: str, label: str) -> list[int]:
    if not people.may_keep(code, seen_by=request.actor):
        return []
    return sorted({line.household for line in people.homes(code, seen_by=request.actor).get(label, [])})


def _names(line: queries.HomeLine, request: HttpRequest) -> dict[str, str]:
    return {f"resident:{one.id}": one.name for one in queries.members(line, seen_by=request.actor)} | {line.ref: _("这一户")}


def _wanted(request: HttpRequest) -> dict[str, Any]:
    show, path_ = request.GET.get("show", "due"), request.GET.get("in", "")
    good = show if show in queries.SHOW else "due"
    return {"show": good, "path": path_ if places.both_names(path_) else "", "words": request.GET.get("q", "").strip()[:40]}


def _row(line: queries.CallLine) -> Sequence[object]:
    zh, en = _place(line.home)
    outcome = _(rules.OUTCOMES[line.outcome]) if line.outcome else ""
    at = f"{local(line.at):%Y-%m-%d %H:%M}" if line.at else ""
    due = f"{local(line.due):%Y-%m-%d %H:%M}"
    return (
        f"{either(zh, en)} {line.home.label}",
        line.home.name,
        either(line.plan.zh, line.plan.en),
        due,
        outcome,
        line.tries,
        line.by_name,
        at,
    )


def _place(line: queries.HomeLine) -> tuple[str, str]:
    place = places.at_building(line.building)
    return (place.words, place.words_en) if place else (line.building, line.building)


def _address(line: queries.HomeLine) -> str:
    more = f"?household={line.household}" if line.household != 1 else ""
    return f"/desk/homes/{line.building}/{line.label}/care{more}"


def _act(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.actor, "at": request.at}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


urlpatterns = [
    path("desk/care", plan, name="care-plan"),
    path("desk/care/list.csv", as_csv, name="care-csv"),
    path("desk/care/calls/<int:number>", call, name="care-call"),
    path("desk/care/stances", post(stance), name="care-stance"),
    path("desk/care/homes/<int:number>/visits", post(visit), name="care-visit"),
    path("desk/care/homes/<int:number>/looks", post(look), name="care-look"),
    path("desk/care/homes/<int:number>/facts", post(fact), name="care-fact"),
    path("desk/care/facts/<int:number>/withdrawal", post(withdraw), name="care-withdraw"),
    path("desk/homes/<str:code>/<str:label>/care", home, name="care-home"),
]
