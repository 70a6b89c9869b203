"""The end of a shift: what is open, with a note a row, left to whoever sits on the post next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.spine.matters import queries as matters
from siqian.town.people import queries as people
from siqian.ui.pages import back_to, page, post

from .. import actions, queries


@page("workbench/handover.html")
def shift(request: HttpRequest) -> dict[str, Any]:
    """What the post still has open, what is due in the next shift first, and who comes next."""
    posts = [(code, people.post_line(code)[0]) for code in request.actor.posts]
    chosen = request.GET.get("post", "")
    chosen = chosen if chosen in request.actor.posts else (request.actor.posts or ("",))[0]
    lines = queries.open_on(chosen, seen_by=request.actor, at=request.at)
    ends = queries.next_due(chosen, at=request.at)
    written = [view for view in queries.waiting(seen_by=request.actor) if view.post == chosen]
    numbers = _numbers([line.about for line in lines], request)
    notes = {item.about: item.note for view in written if view.by == request.actor.person for item in view.items}
    rows = [(line, numbers.get(line.about, ""), notes.get(line.about, "")) for line in lines]
    return {
        "posts": posts,
        "chosen": chosen,
        "post_name": people.post_line(chosen)[0] if chosen else "",
        "next": queries.next_on(chosen, at=request.at) if chosen else None,
        "soon": [row for row in rows if ends is None or row[0].due < ends],
        "later": [row for row in rows if ends is not None and row[0].due >= ends],
        "count": len(rows),
        "note": next((view.note for view in written if view.by == request.actor.person), ""),
        "blocked": next((view for view in written if view.by != request.actor.person), None),
        "lately": queries.lately(chosen, seen_by=request.actor) if chosen else [],
    }


@post
def write(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    notes = {name.removeprefix("note:"): text for name, text in sent.items() if name.startswith("note:") and isinstance(text, str)}
    given = {"post": sent.get("post", ""), "note": sent.get("note", ""), "notes": notes}
    number = actions.hand_over_shift(**given, by=request.actor, at=request.at)
    return back_to(f"/desk/handovers/{number}", request, _("交好班了，下一班一打开就看到"))


@page("workbench/handed.html")
def handed(request: HttpRequest, number: int) -> dict[str, Any]:
    """One hand-over as it was written, to be read, printed and taken over."""
    view = queries.handover(number, seen_by=request.actor)
    numbers = _numbers([item.about for item in view.items], request)
    return {"view": view, "rows": [(item, numbers.get(item.about, "")) for item in view.items]}


@post
def take(request: HttpRequest, number: int) -> HttpResponse:
    actions.take_over(handover=number, by=request.actor, at=request.at)
    return back_to("/desk", request, _("接班了，这些事现在您来办"))


def _numbers(abouts: list[str], request: HttpRequest) -> dict[str, str]:
    """The number of each matter among these things that the viewer may see."""
    ids = {about: int(about.removeprefix("matter:")) for about in abouts if about.startswith("matter:")}
    found = matters.lines(list(ids.values()), seen_by=request.actor)
    return {about: found[id_].number for about, id_ in ids.items() if id_ in found}
