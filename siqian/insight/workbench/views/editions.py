"""An edition of the responsibility list as pages: what it changes, what is wrong, who would go elsewhere, put in force."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from siqian.kernel.permits import NotFound, Refused
from siqian.spine.remit import actions, queries as remit
from siqian.town.places import queries as places
from siqian.ui.pages import back_to, form, page, post
from siqian.ui.words import say

from .. import queries

ITEM_FIELDS = (
    "code",
    "zh",
    "en",
    "lead",
    "words",
    "sample",
    "hours",
    "working_days",
    "respond",
    "basis",
    "needs",
    "not_ours",
    "kind",
    "check",
)
RULE_FIELDS = ("code", "match", "unit", "why", "area", "since", "until", "daily")


@page("workbench/edition.html")
def edition(request: HttpRequest, number: int) -> dict[str, Any]:
    """One edition with every row before and after, and, when asked for, its dry run."""
    view = remit.edition(number, seen_by=request.actor)
    verbs = remit.EDITION.verbs(view.line.state)
    open_ = view.line.state in ("draft", "checked")
    items = [(code, change, remit.differences(**change)) for code, change in view.rows["items"].items()]
    rules = [(code, change, remit.differences(**change)) for code, change in view.rows["rules"].items()]
    return {
        "view": view,
        "line": view.line,
        "verbs": {verb for verb in verbs if remit.may(verb, seen_by=request.actor)},
        "mine": request.actor.ref in view.hands,
        "items": items,
        "rules": rules,
        "faults": remit.edition_faults(view) if open_ else [],
        "dry": queries.dry_run(number, seen_by=request.actor, at=request.at) if open_ and "dry" in request.GET else None,
        "begun": view.line.state == "in_force" and not remit.is_coming(view.line.effective),
        "all_items": remit.items(view.line.effective).values() if open_ else (),
    }


@post
def drafts(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    given = {"version": sent.get("version", ""), "effective": _day(request), "reason": sent.get("reason", "")}
    number = actions.draft(**given, by=request.actor, at=request.at)
    return back_to(f"/desk/remit/editions/{number}", request, _("起草了一版。选要改的事项或规则"))


@post
def from_precedent(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    given = {name: sent.get(name, "") for name in ("item", "unit", "version")}
    number = actions.draft_from_precedent(**given, effective=_day(request), by=request.actor, at=request.at)
    return back_to(f"/desk/remit/editions/{number}", request, _("照判例起草了，核对一遍再查"))


@post
def head(request: HttpRequest, number: int) -> HttpResponse:
    sent = request.POST
    given = {"version": sent.get("version", ""), "effective": _day(request), "reason": sent.get("reason", "")}
    actions.change_head(edition=number, **given, by=request.actor, at=request.at)
    return back_to(f"/desk/remit/editions/{number}", request, _("改好了，再查一遍"))


@form
def item(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """The form of one item: as this edition has it, or as it stands; "new" for one that is not there yet."""
    view = remit.edition(number, seen_by=request.actor)
    row = view.rows["items"].get(code, {}).get("row") or _standing(remit.items(view.line.effective), code)
    context = {"view": view, "code": code, "units": remit.units().values(), "kinds": remit.kinds().values()}
    if request.method != "POST":
        return render(request, "workbench/edition_item.html", context | {"sent": row, "joint": row.get("joint", [])})
    sent = {name: request.POST.get(name, "") for name in ITEM_FIELDS} | ({} if code == "new" else {"code": code})
    joint = request.POST.getlist("joint")
    try:
        actions.change_item(edition=number, sent=sent, joint=joint, by=request.actor, at=request.at)
    except Refused as error:
        shown = sent | {"words": sent["words"].splitlines()}
        fault = {"sent": shown, "joint": joint, "fault": say(error.refusal), "field": error.refusal.field}
        return render(request, "workbench/edition_item.html", context | fault, status=error.status)
    return back_to(f"/desk/remit/editions/{number}", request, _("改好了，再查一遍"))


@form
def rule(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """The form of one row of the rule table."""
    view = remit.edition(number, seen_by=request.actor)
    row = view.rows["rules"].get(code, {}).get("row") or _standing(remit.rule_table(view.line.effective), code)
    areas = [(line.path.strip("/"), line.name, line.name_en) for line in places.areas(rings=False) if line.level in (1, 2)]
    context = {"view": view, "code": code, "units": remit.units().values(), "areas": areas, "classes": remit.classes().values()}
    context |= {"weekdays": range(1, 8), "items": remit.items(view.line.effective).values()}
    if request.method != "POST":
        return render(request, "workbench/edition_rule.html", context | {"sent": row})
    sent = {name: request.POST.get(name, "") for name in RULE_FIELDS} | ({} if code == "new" else {"code": code})
    sent["match"] = (sent["match"].split() or [""])[0]
    days = request.POST.getlist("weekdays")
    try:
        actions.change_rule(edition=number, sent=sent, weekdays=days, by=request.actor, at=request.at)
    except Refused as error:
        shown = sent | {"weekdays": [int(day) for day in days if day.isdigit()]}
        fault = {"sent": shown, "fault": say(error.refusal), "field": error.refusal.field}
        return render(request, "workbench/edition_rule.html", context | fault, status=error.status)
    return back_to(f"/desk/remit/editions/{number}", request, _("改好了，再查一遍"))


@post
def drop(request: HttpRequest, number: int) -> HttpResponse:
    actions.drop_rule(edition=number, code=request.POST.get("code", ""), by=request.actor, at=request.at)
    return back_to(f"/desk/remit/editions/{number}", request, _("这条规则到生效日起不再用"))


@post
def leave(request: HttpRequest, number: int) -> HttpResponse:
    sent = request.POST
    actions.leave(edition=number, part=sent.get("part", ""), code=sent.get("code", ""), by=request.actor, at=request.at)
    return back_to(f"/desk/remit/editions/{number}", request, _("这一行不改了"))


@post
def check(request: HttpRequest, number: int) -> HttpResponse:
    found = actions.check(edition=number, by=request.actor, at=request.at)
    says = _("查过了，有{n}处要改，写在下面").format(n=found) if found else _("查过了，没有不对的地方。请另一位来批准生效")
    return back_to(f"/desk/remit/editions/{number}", request, says)


@post
def approve(request: HttpRequest, number: int) -> HttpResponse:
    actions.put_in_force(edition=number, by=request.actor, at=request.at)
    return back_to(f"/desk/remit/editions/{number}", request, _("批准了，到生效那天起照这一版分派"))


@post
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    actions.withdraw(edition=number, by=request.actor, at=request.at)
    return back_to("/desk/remit", request, _("撤回了这一版"))


def _standing(rows, code: str) -> dict[str, Any]:  # type: ignore[no-untyped-def]
    if code == "new":
        return {}
    if code not in rows:
        raise NotFound(remit.NO_ITEM)
    return remit.plain(rows[code])


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.POST.get("effective", ""))
    except ValueError:
        return None
