"""Staff: divide a matter into parts."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.ui.pages import back_to, post

from .. import actions
from ..rules.parts import Wanted
from .reading import id_of


@post
def divide(request: HttpRequest, number: str) -> HttpResponse:
    """A row of the form is a part; an item is its code, with or without its name behind it."""
    texts, items = request.POST.getlist("text"), request.POST.getlist("item")
    items += [""] * (len(texts) - len(items))
    wanted = [Wanted(text, (item.split() or [""])[0]) for text, item in zip(texts, items, strict=False) if text.strip()]
    made = actions.divide(matter=id_of(number), parts=wanted, by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("分出去{n}件，各有各的人和时限").format(n=len(made)))


@post
def gather(request: HttpRequest, number: str) -> HttpResponse:
    actions.gather(matter=id_of(number), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("收回来了，和总件一起办"))
