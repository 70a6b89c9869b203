"""Staff draw up a paper about a matter by hand: which kind, then what has to be said."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from siqian.trades.papers import queries as shelf
from siqian.trades.papers.rules import FIELDS
from siqian.ui.pages import back_to, form, page

from .. import papering, queries
from .reading import id_of


@form
@page("matters/papering.html")
def papers(request: HttpRequest, number: str):
    """The form of a kind, or the kinds to choose from; sent, the draft waits for somebody else's signature."""
    view = queries.seen(number, seen_by=request.actor, at=request.at)
    if not request.actor.is_staff:
        return back_to(f"/sign-in?next=/desk/matters/{number}/papers", request)
    if request.method == "POST":
        sent = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in FIELDS}
        kind = request.POST.get("kind", "")
        paper = papering.draw_up(matter=id_of(number), kind=kind, values=sent, by=request.actor, at=request.at)
        return back_to(f"/papers/{paper}", request, _("拟好了。看一遍，请另一位签发"))
    kinds = [kind for kind in shelf.kinds().values() if kind.made in papering.HANDS]
    chosen = next((kind for kind in kinds if kind.code == request.GET.get("kind")), None)
    fields = [(name, *FIELDS[name]) for name in chosen.needs] if chosen else []
    return {"view": view, "line": view.line, "kinds": kinds, "chosen": chosen, "fields": fields}
