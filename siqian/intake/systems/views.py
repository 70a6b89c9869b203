"""How the outside systems stand, what came wrong and is mended here, and what could not be told back."""

import json
from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from siqian.kernel.permits import NotYours, Refusal, Refused
from siqian.ui.pages import back_to, page, post
from siqian.ui.words import say

from .. import arriving, reporting, standing, writing

SHOWN = ("silent", "faulty", "well", "new")


@page("intake/systems.html")
def system_list(request: HttpRequest):
    """All of them, those in trouble first."""
    rows = standing.standings(seen_by=request.actor, at=request.at)
    show, words = request.GET.get("show", ""), request.GET.get("q", "").strip()
    fits = [row for row in rows if words.lower() in f"{row.system.code} {row.system.zh} {row.system.en}".lower()]
    counts = {name: sum(row.state == name for row in fits) for name in SHOWN}
    shown = [row for row in fits if row.state == show] if show in SHOWN else fits
    return {"rows": shown, "counts": counts, "show": show if show in SHOWN else "", "words": words, "all": len(fits)}


@page("intake/system.html")
def system(request: HttpRequest, code: str):
    row = standing.standing(code, seen_by=request.actor, at=request.at)
    return {
        "row": row,
        "arrivals": standing.arrivals(code, seen_by=request.actor),
        "letters": standing.letters(code, seen_by=request.actor),
        "verbs": standing.verbs(request.actor),
        "key": request.session.pop("new-key", ""),
        "door": request.build_absolute_uri(f"/api/intake/systems/{code}"),
        "fields": [(name, row.system.where(name)) for name in row.system.fields],
    }


@page("intake/refused.html")
def refused(request: HttpRequest, code: str, number: int):
    """One message that was refused, as it came."""
    text = standing.refused_text(number, seen_by=request.actor)
    line = next(one for one in standing.arrivals(code, seen_by=request.actor) if one.id == number)
    with suppress(ValueError):
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return {"row": standing.standing(code, seen_by=request.actor, at=request.at), "line": line, "text": text}


@post
def mending(request: HttpRequest, code: str) -> HttpResponse:
    """Take again what was refused: one, or all of a system."""
    number = request.POST.get("arrival", "")
    wanted = [int(number)] if number.isdecimal() and len(number) < 10 else standing.refused_of(code, seen_by=request.actor)
    left = [refusal for one in wanted if (refusal := _taken_again(request, one)) is not None]
    said = _("收了{n}件").format(n=len(wanted) - len(left))
    return back_to(f"/desk/systems/{code}", request, f"{said}{_('。还不行的：')}{say(left[0])}" if left else said)


def _taken_again(request: HttpRequest, arrival: int) -> Refusal | None:
    """Why it is refused still. What cannot even be read keeps none of the others out."""
    try:
        return arriving.take_again(arrival=arrival, by=request.actor, at=request.at).refusal
    except NotYours:
        raise
    except Refused as refused:
        return refused.refusal


@post
def dropping(request: HttpRequest, code: str) -> HttpResponse:
    number = request.POST.get("arrival", "")
    arriving.drop(arrival=int(number) if number.isdecimal() and len(number) < 10 else 0, by=request.actor, at=request.at)
    return back_to(f"/desk/systems/{code}", request, _("扔掉了"))


@post
def resending(request: HttpRequest, code: str) -> HttpResponse:
    """Let dead letters wait for their turn once more: one, or all of a system."""
    number = request.POST.get("letter", "")
    count = writing.send_again(system=code, letter=int(number) if number.isdecimal() else 0, by=request.actor, at=request.at)
    return back_to(f"/desk/systems/{code}", request, _("{n}封重新排上了，一会儿就发").format(n=count))


@post
def addressing(request: HttpRequest, code: str) -> HttpResponse:
    writing.address(system=code, url=request.POST.get("url", "").strip(), by=request.actor, at=request.at)
    return back_to(f"/desk/systems/{code}", request, _("回话地址记下了"))


@post
def keying(request: HttpRequest, code: str) -> HttpResponse:
    """A new key, shown once."""
    standing.standing(code, seen_by=request.actor, at=request.at)
    request.session["new-key"] = reporting.admit(system=code, by=request.actor, at=request.at)
    return back_to(f"/desk/systems/{code}", request, "")


@post
def ending(request: HttpRequest, code: str) -> HttpResponse:
    count = reporting.shut_out(system=code, by=request.actor, at=request.at)
    return back_to(f"/desk/systems/{code}", request, _("停用了{n}个密钥，它现在进不来").format(n=count))


urlpatterns = [
    path("desk/systems", system_list, name="systems"),
    path("desk/systems/<slug:code>", system, name="system"),
    path("desk/systems/<slug:code>/refused/<int:number>", refused, name="system-refused"),
    path("desk/systems/<slug:code>/retaken", mending, name="system-mending"),
    path("desk/systems/<slug:code>/dropped", dropping, name="system-dropping"),
    path("desk/systems/<slug:code>/letters", resending, name="system-resending"),
    path("desk/systems/<slug:code>/address", addressing, name="system-addressing"),
    path("desk/systems/<slug:code>/key", keying, name="system-keying"),
    path("desk/systems/<slug:code>/key/end", ending, name="system-ending"),
]
