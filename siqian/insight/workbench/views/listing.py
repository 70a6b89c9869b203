"""The responsibility list as pages: search, classes, one item, the rule table, files."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from siqian.kernel.clock import local
from siqian.kernel.permits import NotFound
from siqian.spine.matters import queries as matters
from siqian.spine.remit import queries as remit
from siqian.ui.pages import page

from .. import export
from ..queries import MONTH

MOST = 120


@page("workbench/remit.html")
def listing(request: HttpRequest) -> dict[str, Any]:
    """Items of a class, or those that a word finds; the edition in force, and those to come."""
    editions = remit.editions(seen_by=request.actor)
    words, top = request.GET.get("q", "").strip()[:40], request.GET.get("class", "")
    classes = remit.classes()
    top = top if top in classes else "" if words else next(iter(classes))
    found = [row for row in remit.items().values() if _fits(row, words, top)]
    today = local(request.at).date()
    edits = remit.may("draft", seen_by=request.actor)
    return {
        "q": words,
        "top": top,
        "tops": [row for code, row in classes.items() if "." not in code],
        "groups": _by_subclass(found[:MOST]),
        "count": len(found),
        "most": MOST,
        "in_force": remit.in_force(),
        "waiting": [line for line in editions if line.state in ("draft", "checked")],
        "coming": [line for line in editions if line.state == "in_force" and line.effective > today],
        "past": [line for line in editions if line.state == "in_force" and line.effective <= today],
        "edits": edits,
        "suggested": _next_name(today.year, [line.version for line in editions]),
        "tomorrow": (today + timedelta(days=1)).isoformat(),
        "today": today.isoformat(),
        "proposals": _proposals(request) if edits else [],
    }


@page("workbench/remit_rules.html")
def table(request: HttpRequest) -> dict[str, Any]:
    """The rule table: class x area x time -> unit."""
    editions = remit.editions(seen_by=request.actor)
    drafts = [line for line in editions if line.state in ("draft", "checked")] if remit.may("change", seen_by=request.actor) else []
    return {"rules": remit.rule_table().values(), "drafts": drafts, "in_force": remit.in_force()}


@page("workbench/remit_item.html")
def item(request: HttpRequest, code: str) -> dict[str, Any]:
    """One item: its facts, what editions did to it, last month's matters, where it can be changed."""
    editions = remit.editions(seen_by=request.actor)
    row = remit.items().get(code)
    if row is None:
        raise NotFound(remit.NO_ITEM)
    views = [remit.edition(line.id, seen_by=request.actor) for line in editions if line.state in ("in_force", "draft", "checked")]
    touched = [view for view in views if code in view.rows["items"]]
    told = matters.told(request.at - MONTH, request.at, item=code, seen_by=request.actor, most=50)
    return {
        "item": row,
        "top": remit.classes().get(row.top),
        "sub": remit.classes().get(row.sub),
        "history": [(view.line, remit.differences(**view.rows["items"][code])) for view in touched if view.line.state == "in_force"],
        "drafts": [(view.line, view in touched) for view in views if view.line.state in ("draft", "checked")],
        "edits": remit.may("change", seen_by=request.actor),
        "rules": [rule for rule in remit.rule_table().values() if row.code == rule.match or row.code.startswith(f"{rule.match}.")],
        "told": told,
    }


def as_csv(request: HttpRequest) -> HttpResponse:
    """The whole list as CSV."""
    return _file(request, export.as_csv, "text/csv; charset=utf-8", "csv")


def as_excel(request: HttpRequest) -> HttpResponse:
    """The whole list with its rule table as Excel."""
    return _file(request, export.as_excel, export.XLSX, "xlsx")


def _file(request: HttpRequest, made, kind: str, ending: str) -> HttpResponse:  # type: ignore[no-untyped-def]
    remit.editions(seen_by=request.actor)
    day = local(request.at).date()
    response = HttpResponse(made(day), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="remit-{day.isoformat()}.{ending}"'
    return response


def _fits(row, words: str, top: str) -> bool:  # type: ignore[no-untyped-def]
    if top and not (row.code == top or row.code.startswith(f"{top}.")):
        return False
    unit = remit.units().get(row.lead)
    names = (row.zh, row.en.lower(), *row.words, unit.zh if unit else "", unit.en.lower() if unit else "")
    return not words or row.code.startswith(words) or any(words.lower() in name for name in names)


def _by_subclass(items) -> list[tuple[Any, list[Any]]]:  # type: ignore[no-untyped-def]
    groups: dict[str, list[Any]] = {}
    for row in items:
        groups.setdefault(row.sub, []).append(row)
    return [(remit.classes().get(code), rows) for code, rows in groups.items()]


def _next_name(year: int, names: list[str]) -> str:
    """2026.2 where 2026.1 is what the files call theirs."""
    number = 2
    while f"{year}.{number}" in names:
        number += 1
    return f"{year}.{number}"


def _proposals(request: HttpRequest) -> list[tuple[Any, Any, Any]]:
    """What rulings propose and the list does not say yet."""
    items, units = remit.items(), remit.units()
    found = [(row, items.get(row.item), units.get(row.unit)) for row in matters.proposals(at=request.at)]
    return [(row, item, unit) for row, item, unit in found if item and unit and item.lead != unit.code]
