"""To-do: what is due first, on the phone as cards, at the desk as a table with keys; narrowed by filters that can be kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.spine.matters import queries as matters
from siqian.spine.remit import queries as remit
from siqian.town.people.rules import prefixes
from siqian.town.places import queries as places
from siqian.trades.tasks import queries as tasks
from siqian.ui.pages import back_to, page, post

from .. import actions, queries, turning

# Where something that is owed, and is no matter, lies.
OTHER = {
    "correction": "/review/corrections/{}",
    "answer": "/desk/answers/{}",
    "petition": "/desk/petitions/{}",
    "summons": "/desk/joint/{}",
    "summoned": "/desk/joint/units/{}",
    "adoption": "/desk/cases/{}",
    "gap": "/desk/duty?post={}",
    "visit": "/desk/visits/{}",
    "visit_item": "/desk/visits/items/{}",
    "relief": "/desk/roster/reliefs/{}",
    "round": "/day#round-{}",
    "home_call": "/desk/care/calls/{}",
    "incident": "/desk/incidents/{}",
    "system": "/desk/systems/{}",
}
# The clocks by which a list is narrowed, in the order of a matter's life.
CLOCKS = (
    "assign",
    "accept",
    "respond",
    "settle",
    "stage",
    "check",
    "rule",
    "review",
    "supervise",
    "correct",
    "inform",
    "opinion",
    "reexamine",
    "recheck",
    "approve",
    "confirm",
    "arrive",
    "judge",
    "lead",
    "meet",
    "visit",
    "promise",
    "relief",
    "explain",
    "gap",
    "round",
    "call",
    "acknowledge",
    "over",
    "reconnect",
)


@page("workbench/todo.html")
def todo(request: HttpRequest):
    """Everything that this person's posts owe, in groups as people think: first, today, waiting for others."""
    wanted = turning.wanted_of(request.GET)
    lines = tasks.todo(seen_by=request.actor, at=request.at, words=wanted.q)
    matter = {line.about: int(line.about.removeprefix("matter:")) for line in lines if line.about.startswith("matter:")}
    found = matters.lines(list(matter.values()), seen_by=request.actor)
    every = [(line, found.get(matter.get(line.about, 0)), _elsewhere(line.about)) for line in lines]
    every = [row for row in every if row[1] or row[2]]
    rows = [row for row in every if turning.fits(row[0], row[1].kind if row[1] else "", wanted, request.at)]
    today = request.at.date()
    groups = {
        "first": [row for row in rows if row[0].group == "first" or (row[0].urgent and row[0].group != "others")],
        "today": [row for row in rows if row[0].group == "today" and not row[0].urgent],
        "others": [row for row in rows if row[0].group == "others"],
    }
    kept = queries.filters(seen_by=request.actor)
    choices = _choices(every, wanted)
    shown = {
        "wanted": wanted,
        "query": wanted.query,
        "kept": kept,
        "named": {one.query for one in kept},
        "choices": choices,
        "lateness": turning.LATENESS,
    }
    left = queries.waiting(seen_by=request.actor)
    return {"groups": groups, "count": len(rows), "q": wanted.q, "today": today, "left": left} | shown


@post
def save(request: HttpRequest) -> HttpResponse:
    actions.save_filter(name=request.POST.get("name", ""), sent=request.POST, by=request.actor, at=request.at)
    return back_to(f"/desk?{turning.wanted_of(request.POST).query}", request, _("存好了，在上面一点就到"))


@page("workbench/filters.html")
def kept(request: HttpRequest) -> dict[str, Any]:
    """One's own filters: another name, or away with them."""
    return {"kept": queries.filters(seen_by=request.actor)}


@post
def rename(request: HttpRequest, number: int) -> HttpResponse:
    actions.rename_filter(filter=number, name=request.POST.get("name", ""), by=request.actor, at=request.at)
    return back_to("/desk/filters", request, _("改好名字了"))


@post
def drop(request: HttpRequest, number: int) -> HttpResponse:
    actions.drop_filter(filter=number, by=request.actor, at=request.at)
    return back_to("/desk/filters", request, _("删掉了"))


def _elsewhere(about: str) -> str:
    """The page of something that is owed and is no matter; empty for a matter."""
    kind, _, id_ = about.partition(":")
    return OTHER[kind].format(id_) if kind in OTHER else ""


def _choices(rows: list[tuple[Any, Any, str]], wanted: turning.Wanted) -> dict[str, list[Any]]:
    """What the list can be narrowed by: only what stands in it, and what is asked for now."""
    whats = {row[0].what for row in rows} | {wanted.what}
    kinds = {row[1].kind for row in rows if row[1]} | {wanted.kind}
    paths = {path for row in rows for path in prefixes(row[0].path)[1:3]} | ({wanted.path} if wanted.path else set())
    named = [(path, names[-1]) for path in sorted(paths) if (names := places.both_names(path))]
    return {
        "clocks": [what for what in CLOCKS if what in whats],
        "kinds": [code for code in remit.kinds() if code in kinds],
        "areas": [(path, zh, en) for path, (zh, en) in named],
    }


@page("workbench/peek.html")
def peek(request: HttpRequest, number: str) -> dict[str, object] | HttpResponse:
    """The preview beside the list."""
    view = matters.seen(number, seen_by=request.actor, at=request.at)
    return {"view": view, "line": view.line, "item": remit.item(view.line.item)}
