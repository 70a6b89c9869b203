"""Compounds for their estate managers and for those who oversee them: rules, gates, lock-downs, what the gates saw."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.kernel.permits import BadInput, NotYours
from siqian.ui.pages import back_to, page

from .. import actions, queries, rules
from .employers import number

BLANK_WINDOWS = 2


@page("passes/compounds.html")
def compounds(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """The compounds that one manages or oversees, those that shut somebody out on top."""
    found = queries.compounds_seen(seen_by=request.actor)
    if not found:
        return back_to("/desk", request, _("小区的进出规矩给物业和管片的人看"))
    return {"compounds": sorted(found, key=lambda line: -len(line.shut)), "classes": rules.CLASSES}


@page("passes/compound.html")
def compound(request: HttpRequest, code: str) -> dict[str, Any]:
    """One compound: its rules in plain words and as a form, its gates, lock-downs, the counts of its gates."""
    line = queries.compound(code, seen_by=request.actor)
    return {
        "line": line,
        "windows": [*line.rules.windows, *[None] * BLANK_WINDOWS],
        "classes": rules.CLASSES,
        "ways": rules.WAYS,
        "days": range(7),
        "authorities": rules.AUTHORITY_WORDS,
        "hours": queries.hours_of(line.id, at=request.at),
        "binding": request.session.pop("binding", None),
    }


def rule(request: HttpRequest, code: str) -> HttpResponse:
    """Put the rules of the form in force."""
    line, sent = queries.compound(code, seen_by=request.actor), request.POST
    old = line.rules
    windows = tuple(window for at in range(min(number(request, "windows"), 40)) if (window := _window(sent, at)) is not None)
    gates = tuple(
        rules.GateLine(code=one.code, name=one.name, name_en=one.name_en, toward=sent.get(f"toward/{one.code}", "").strip()[:40])
        for one in line.gates
    )
    body = rules.Rules(
        windows=windows,
        specials=_specials(sent, old),
        gates=gates,
        speed=number(request, "speed"),
        leave_by=_minute(sent.get("leave_by", "")) if sent.get("leave_by") else 0,
        parking=sent.get("parking", "").strip()[:40],
        zones=sent.get("zones", "").strip()[:60],
        capacity=number(request, "capacity"),
    )
    who = {"authority": sent.get("authority", ""), "decided": sent.get("decided", "")}
    version = actions.rule(compound=line.id, body=body, seen=number(request, "version"), **who, by=request.actor, at=request.at)
    return back_to(f"/desk/compounds/{code}", request, _("存好了，第{n}版，各门联网就会换上").format(n=version))


def open_gate(request: HttpRequest, code: str) -> HttpResponse:
    line = queries.compound(code, seen_by=request.actor)
    actions.open_gate(compound=line.id, name=request.POST.get("name", ""), by=request.actor, at=request.at)
    return back_to(f"/desk/compounds/{code}", request, _("加好了，打印门口码贴出来"))


def binding(request: HttpRequest, code: str) -> HttpResponse:
    """A binding code for a gate's phone, shown on the page once."""
    known = queries.compound_of(code)
    made = actions.call_binding(gate=code, by=request.actor, at=request.at)
    request.session["binding"] = {"gate": code, "code": made}
    return back_to(f"/desk/compounds/{known.code}#gates", request)


def end_gate(request: HttpRequest, code: str) -> HttpResponse:
    known = queries.compound_of(code)
    actions.end_gate(gate=code, by=request.actor, at=request.at)
    return back_to(f"/desk/compounds/{known.code}", request, _("这个门停用了"))


def lock(request: HttpRequest, code: str) -> HttpResponse:
    line = queries.compound(code, seen_by=request.actor)
    actions.lock(compound=line.id, why=request.POST.get("why", ""), hours=number(request, "hours"), by=request.actor, at=request.at)
    return back_to(f"/desk/compounds/{code}", request, _("等另一位有权的人两小时内确认，没确认不封"))


def confirm(request: HttpRequest, number: int) -> HttpResponse:
    actions.confirm_lock(lock=number, by=request.actor, at=request.at)
    return back_to("/desk/compounds", request, _("封控开始了，到时自己解除。急救抢险不受影响"))


def unlock(request: HttpRequest, number: int) -> HttpResponse:
    actions.unlock(lock=number, by=request.actor, at=request.at)
    return back_to("/desk/compounds", request, _("解除了"))


@page("passes/sign.html")
def sign(request: HttpRequest, code: str) -> dict[str, Any]:
    """The sign of a gate, to be printed."""
    known, gate = queries.compound_of(code), queries.gate(code)
    line = queries.compound(known.code, seen_by=request.actor)
    if not line.may_bind:
        raise NotYours(rules.NO_COMPOUND)
    url = request.build_absolute_uri(f"/gates/{code}")
    rows = [list(row) for row in segno.make(url, error="q").matrix_iter(border=4)]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"line": line, "gate": gate, "path": path, "size": len(rows), "url": url}


def _window(sent: Any, at: int) -> rules.Window | None:
    """One line of the form; None when nobody is let in by it."""
    classes = tuple(code for code in sent.getlist(f"classes/{at}"))
    if not classes or sent.get(f"drop/{at}"):
        return None
    days = "".join("1" if str(day) in sent.getlist(f"days/{at}") else "0" for day in range(7))
    begin, end = _minute(sent.get(f"begin/{at}", "00:00")), _minute(sent.get(f"end/{at}", "24:00"))
    # An end before the begin is one of the next morning.
    end = end if end > begin else end + 24 * 60
    more = {"ways": tuple(sent.getlist(f"ways/{at}")), "gates": tuple(sent.getlist(f"gates/{at}"))}
    return rules.Window(classes=classes, days=days, begin=begin, end=end, **more)


def _specials(sent: Any, old: rules.Rules) -> tuple[rules.Special, ...]:
    """Days that stand already, but for those that were taken off, and a new closed one."""
    stay = [special for special in old.specials if special.day not in sent.getlist("special_off")]
    day, why = sent.get("special_day", "").strip(), sent.get("special_why", "").strip()[:40]
    if day:
        if len(day) != 10:
            raise BadInput(rules.bad_rules("special_day"))
        emergency = rules.Window(classes=("emergency",))
        stay = [special for special in stay if special.day != day] + [rules.Special(day=day, why=why, windows=(emergency,))]
    return tuple(sorted(stay, key=lambda special: special.day))[-60:]


def _minute(text: str) -> int:
    """A time of day as a minute; 24:00 is the end of it."""
    hour, _, minute = text.strip().partition(":")
    if not (hour.isdigit() and minute.isdigit() and len(hour) <= 2 and len(minute) == 2):
        raise BadInput(rules.bad_rules("hours"))
    found = int(hour) * 60 + int(minute)
    if found > 24 * 60 or int(minute) > 59:
        raise BadInput(rules.bad_rules("hours"))
    return found
