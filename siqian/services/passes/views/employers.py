"""An employer's page: its couriers vouched for, suspended, ended; a token for its own system."""

from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from siqian.kernel.clock import TOWN
from siqian.kernel.permits import Actor, BadInput, NotYours
from siqian.ui.pages import back_to, csv_file, page

from .. import actions, queries, rules


@page("passes/employer.html")
def employer(request: HttpRequest) -> dict[str, Any]:
    """The couriers of one's own firm, who waits first."""
    by, line = _acting(request)
    return {"employer": line, "couriers": queries.couriers_of(line.id, seen_by=by), "classes": rules.CLASSES}


def as_csv(request: HttpRequest) -> HttpResponse:
    """The firm's couriers as a file; names stay masked. Its column of codes is what the page takes back."""
    by, line = _acting(request)
    heads = [_("登记号"), _("称呼"), _("做什么"), _("怎么样"), _("为什么")]
    states = {"asked": _("等核实"), "active": _("能用"), "suspended": _("停用")}
    rows = [
        (one.code, one.name, _(rules.CLASSES[one.klass]), states[one.state], one.why) for one in queries.couriers_of(line.id, seen_by=by)
    ]
    return csv_file("couriers", heads, rows)


def attest(request: HttpRequest) -> HttpResponse:
    """Vouch for one, or for all whose codes stand in a list, a code a line."""
    by, _line = _acting(request)
    codes = request.POST.get("code", "").replace(",", " ").split()
    if not codes:
        raise BadInput(rules.NO_CODE)
    actions.attest_all(codes=codes[:500], by=by, at=request.at)
    return back_to("/employer", request, _("核实了{n}位，他们的通行码马上能用").format(n=len(codes[:500])))


def suspend(request: HttpRequest) -> HttpResponse:
    by, _line = _acting(request)
    actions.suspend(courier=number(request, "courier"), why=request.POST.get("why", ""), until=day_end(request), by=by, at=request.at)
    return back_to("/employer", request, _("停用了，本人看得到原因和到期日"))


def resume(request: HttpRequest) -> HttpResponse:
    by, _line = _acting(request)
    actions.resume(courier=number(request, "courier"), by=by, at=request.at)
    return back_to("/employer", request, _("恢复了"))


def end(request: HttpRequest) -> HttpResponse:
    by, _line = _acting(request)
    actions.end(courier=number(request, "courier"), by=by, at=request.at)
    return back_to("/employer", request, _("不再是您单位的人了，通行码停了"))


def token(request: HttpRequest) -> HttpResponse:
    """A token for the firm's own system, shown once."""
    by, line = _acting(request)
    made = actions.new_token(employer=line.id, by=by, at=request.at)
    return back_to("/employer", request, _("令牌只显示这一次：{token}").format(token=made))


def number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def day_end(request: HttpRequest) -> datetime:
    """The end of the day that a form names."""
    try:
        day = parse_date(request.POST.get("until", ""))
    except ValueError:
        day = None
    if day is None:
        raise BadInput(rules.NO_TERM)
    return datetime.combine(day, time(23, 59), tzinfo=TOWN)


def _acting(request: HttpRequest) -> tuple[Actor, queries.EmployerLine]:
    by = queries.with_own(request.actor)
    line = queries.employer_of(request.actor)
    if line is None:
        raise NotYours(rules.NO_EMPLOYER)
    return by, line
