"""The roster as pages: one's own days, the week of an area, leave and swaps."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from siqian.kernel.clock import TOWN, local
from siqian.kernel.permits import BadInput, Refusal, Refused
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.ui.pages import back_to, csv_file, form, page, post
from siqian.ui.words import either, say

from .. import actions, queries, rules

FURTHEST = timedelta(days=370)


@page("rosters/roster.html")
def roster(request: HttpRequest) -> dict[str, Any]:
    """One's own fourteen days, what was asked for, and the week of an area."""
    areas, first = queries.areas(request.actor), _first(request)
    chosen = request.GET.get("area", "")
    chosen = chosen if chosen in areas else areas[0] if areas else ""
    heads = bool(request.GET.get("heads"))
    lines = queries.mine(seen_by=request.actor, at=request.at)
    of_me = [line for line in lines if line.of_me and not line.over(request.at)]
    return {
        "own": queries.own_stints(request.actor.person, local(request.at).date(), at=request.at),
        "of_me": [line for line in of_me if line.state == "asked"],
        "mine": [line for line in lines if line.mine][:10],
        "standing_in": [line for line in of_me if line.state in ("agreed", "approved")],
        "to_rule": [(line, queries.would_leave(line)) for line in queries.to_rule(seen_by=request.actor, at=request.at)],
        "areas": [(where, *names[-1]) for where in areas if (names := places.both_names(where))],
        "chosen": chosen,
        "days": [first + timedelta(days=at) for at in range(queries.WEEK)],
        "today": local(request.at).date(),
        "before": first - timedelta(days=queries.WEEK),
        "after": first + timedelta(days=queries.WEEK),
        "rows": queries.week(chosen, first, heads=heads, at=request.at) if chosen else [],
        "heads": heads,
        "duties": {code: _(label) for label, code in people.duties().items()},
        "may_arrange": bool(queries.arranged(request.actor)),
        "may_ask": bool(request.actor.posts and request.actor.person),
    }


def as_csv(request: HttpRequest) -> HttpResponse:
    """The week of an area as a file: a row for each stint, and for each gap."""
    first, chosen = _first(request), request.GET.get("area", "")
    rows = queries.week(chosen, first, at=request.at) if chosen in queries.areas(request.actor) else []
    return csv_file("roster", [_("岗位"), _("从"), _("到"), _("谁"), _("替谁")], _cells(rows))


@form
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for leave or a swap; with a fault the form comes back with everything that was typed."""
    sent = request.POST if request.method == "POST" else _blank(request)
    own = [(code, people.post_line(code)[0]) for code in request.actor.posts if request.actor.person in people.holders(code)]
    others: dict[str, tuple[str, str, str]] = {}
    for code, _name in own:
        others |= {one[0]: one for one in queries.colleagues(code, at=request.at) if one[0] != request.actor.person}
    context = {"sent": sent, "own": own, "others": list(others.values()), "kinds": rules.KINDS}
    if request.method != "POST":
        return render(request, "rosters/ask.html", context)
    try:
        relief = actions.ask(draft=_draft(request), by=request.actor, at=request.at)
    except Refused as error:
        fault = {"fault": say(error.refusal), "field": error.refusal.field}
        return render(request, "rosters/ask.html", context | fault, status=error.status)
    return back_to(f"/desk/roster/reliefs/{relief}", request, _("交上去了"))


@page("rosters/relief.html")
def relief(request: HttpRequest, number: int) -> dict[str, Any]:
    line = queries.relief(number, seen_by=request.actor)
    return {"line": line, "bare": queries.would_leave(line) if line.state in ("asked", "agreed") else [], "over": line.over(request.at)}


@post
def agreement(request: HttpRequest, number: int) -> HttpResponse:
    actions.agree(relief=number, by=request.actor, at=request.at)
    return back_to(f"/desk/roster/reliefs/{number}", request, _("答应了，等人批"))


@post
def declining(request: HttpRequest, number: int) -> HttpResponse:
    actions.decline(relief=number, by=request.actor, at=request.at)
    return back_to("/desk/roster", request, _("回了：不方便"))


@post
def approval(request: HttpRequest, number: int) -> HttpResponse:
    actions.approve(relief=number, by=request.actor, at=request.at)
    return back_to("/desk/roster", request, _("批了，班表已经改好"))


@post
def refusal(request: HttpRequest, number: int) -> HttpResponse:
    try:
        actions.refuse(relief=number, word=request.POST.get("word", ""), by=request.actor, at=request.at)
    except BadInput as error:
        line = queries.relief(number, seen_by=request.actor)
        context = {"line": line, "bare": queries.would_leave(line), "fault": say(error.refusal)}
        return render(request, "rosters/relief.html", context, status=error.status)
    return back_to("/desk/roster", request, _("没批，原因告诉了"))


@post
def withdrawal(request: HttpRequest, number: int) -> HttpResponse:
    actions.withdraw(relief=number, by=request.actor, at=request.at)
    return back_to("/desk/roster", request, _("撤回了，班还是您的"))


def _draft(request: HttpRequest) -> rules.Draft:
    sent = {name: request.POST.get(name, "").strip() for name in ("kind", "post", "stand_in", "why")}
    since, until = (_moment(request, name) for name in ("since", "until"))
    swap = sent["kind"] == "swap" and request.POST.get("back_since") and request.POST.get("back_until")
    back = (_moment(request, "back_since"), _moment(request, "back_until")) if swap else None
    return rules.Draft(**sent, since=since, until=until, back=back)


def _moment(request: HttpRequest, name: str) -> datetime:
    try:
        return datetime.fromisoformat(request.POST.get(name, "")).replace(tzinfo=TOWN)
    except ValueError as error:
        raise BadInput(Refusal("时间没写全，写成2026-07-14T10:00这样", field=name)) from error


def _blank(request: HttpRequest) -> dict[str, str]:
    """The hours of the stint from which one came, or tomorrow's day."""
    tomorrow = local(request.at).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=1)
    given = {name: request.GET.get(name, "")[:16] for name in ("since", "until")}
    since, until = given["since"] or f"{tomorrow:%Y-%m-%dT%H:%M}", given["until"] or f"{tomorrow + timedelta(hours=12):%Y-%m-%dT%H:%M}"
    return {"kind": "leave", "since": since, "until": until, "post": request.GET.get("post", "")}


def _first(request: HttpRequest) -> date:
    """The day on which the week begins: the one that was asked for, or this week's Monday."""
    today = local(request.at).date()
    monday = today - timedelta(days=today.weekday())
    try:
        asked = date.fromisoformat(request.GET.get("first", ""))
    except ValueError:
        return monday
    return asked if abs(asked - today) < FURTHEST else monday


def _cells(rows: list[queries.Row]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        name = either(row.name, row.name_en)
        for stints, gaps in row.days:
            for stint in stints:
                who, of = people.person_name(stint.person), people.person_name(stint.stands_in_for)
                yield name, f"{local(stint.begin):%Y-%m-%d %H:%M}", f"{local(stint.end):%Y-%m-%d %H:%M}", who, of
            for gap in gaps:
                yield name, f"{local(gap.since):%Y-%m-%d %H:%M}", f"{local(gap.until):%Y-%m-%d %H:%M}", _("没人"), ""
