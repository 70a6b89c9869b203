"""To-do: what is due first, on the phone as cards, at the desk as a table with keys."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from siqian.spine.matters import queries as matters
from siqian.spine.remit import queries as remit
from siqian.trades.tasks import queries as tasks
from siqian.ui.pages import page

# Where something that is owed, and is no matter, lies.
OTHER = {"correction": "/review/corrections/{}", "answer": "/desk/answers/{}"}


@page("workbench/todo.html")
def todo(request: HttpRequest):
    """Everything that this person's posts owe, in groups as people think: first, today, waiting for others."""
    words = request.GET.get("q", "").strip()
    lines = tasks.todo(seen_by=request.actor, at=request.at, words=words)
    matter = {line.about: int(line.about.removeprefix("matter:")) for line in lines if line.about.startswith("matter:")}
    found = matters.lines(list(matter.values()), seen_by=request.actor)
    rows = [(line, found.get(matter.get(line.about, 0)), _elsewhere(line.about)) for line in lines]
    rows = [row for row in rows if row[1] or row[2]]
    today = request.at.date()
    groups = {
        "first": [row for row in rows if row[0].group == "first" or (row[0].urgent and row[0].group != "others")],
        "today": [row for row in rows if row[0].group == "today" and not row[0].urgent],
        "others": [row for row in rows if row[0].group == "others"],
    }
    return {"groups": groups, "count": len(rows), "q": words, "today": today}


def _elsewhere(about: str) -> str:
    """The page of something that is owed and is no matter; empty for a matter."""
    kind, _, id_ = about.partition(":")
    return OTHER[kind].format(id_) if kind in OTHER else ""


@page("workbench/peek.html")
def peek(request: HttpRequest, number: str) -> dict[str, object] | HttpResponse:
    """The preview beside the list."""
    view = matters.seen(number, seen_by=request.actor, at=request.at)
    return {"view": view, "line": view.line, "item": remit.item(view.line.item)}


urlpatterns = [path("desk", todo, name="todo"), path("desk/peeks/<str:number>", peek, name="peek")]
