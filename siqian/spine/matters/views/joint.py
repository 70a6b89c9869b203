"""Joint actions: the list of those that run, and each step of the caller and of the units that are called."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.kernel.permits import UNKNOWN, NotFound
from siqian.spine.remit import queries as remit
from siqian.ui.pages import back_to, csv_file, page, post

from .. import actions, queries, rules, summonses
from ..rules.joint import Call, Verdict
from ..templatetags.joint import joint_word, part_word, unit_name
from .reading import id_of, spot_in, time_in

MOST_ROWS = 10_000
# Over so long units are counted.
SPAN = timedelta(days=90)


@page("matters/joint_list.html")
def running(request: HttpRequest):
    """What runs within this person's reach, one's own first; how often units were called and came."""
    if not request.actor.is_staff:
        return back_to("/sign-in?next=/desk/joint", request)
    over = request.GET.get("over") == "1"
    found = summonses.joint_actions(seen_by=request.actor, at=request.at, over=over)
    counted = summonses.judged_units(since=request.at - SPAN, until=request.at, seen_by=request.actor)
    mine = [view for view in found if view.asks]
    return {"mine": mine, "others": [view for view in found if not view.asks], "over": over, "counted": counted, "days": SPAN.days}


def as_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file, a row a unit."""
    if not request.actor.is_staff:
        return back_to("/sign-in?next=/desk/joint", request)
    over = request.GET.get("over") == "1"
    heads = [
        _("编号"),
        _("什么事"),
        _("叫来做什么"),
        _("集合"),
        _("几点"),
        _("走到哪步"),
        _("单位"),
        _("单位到哪步"),
        _("报到"),
        _("为什么叫"),
    ]
    found = summonses.joint_actions(seen_by=request.actor, at=request.at, over=over, most=MOST_ROWS)
    return csv_file("joint", heads, (_row(view, part) for view in found for part in view.parts))


def _row(view: summonses.JointView, part: summonses.PartView) -> Sequence[object]:
    arrived = _minute(part.arrived) if part.arrived else ""
    own = (unit_name(part.unit), part_word(part.state), arrived, part.clause)
    return view.number, view.title, view.purpose, view.place, _minute(view.meets), joint_word(view.state), *own


def _minute(at: datetime) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}"


def go_to(request: HttpRequest, summons: int) -> HttpResponse:
    """From a clock of whoever called to the page of the matter."""
    return _to_matter(request, summonses.matter_of("summons", summons))


def go_to_part(request: HttpRequest, summoned: int) -> HttpResponse:
    """From a unit's clock to the page of the matter."""
    return _to_matter(request, summonses.matter_of("summoned", summoned))


@post
def call(request: HttpRequest, number: str) -> HttpResponse:
    sent = request.POST
    units = [(code, sent.get(f"clause-{code}", "")) for code in dict.fromkeys(sent.getlist("unit"))]
    units += [(sent["other"], sent.get("other-clause", ""))] if sent.get("other") else []
    asked = Call(sent.get("purpose", "")[:1000], sent.get("place", ""), time_in(request, "meets"), tuple(units))
    actions.summon(matter=id_of(number), call=asked, by=request.actor, at=request.at)
    return _back(request, number, _("叫了，各单位30分钟内确认"))


@post
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    actions.confirm_joint(matter=id_of(number), unit=_unit(request), by=request.actor, at=request.at)
    return _back(request, number, _("确认了，到时候来"))


@post
def object_to(request: HttpRequest, number: str) -> HttpResponse:
    actions.object_joint(matter=id_of(number), unit=_unit(request), text=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("记下了，互评时看。人照样要到"))


@post
def report_in(request: HttpRequest, number: str) -> HttpResponse:
    lon, lat = spot_in(request) or (None, None)
    actions.report_in(matter=id_of(number), unit=_unit(request), lon=lon, lat=lat, by=request.actor, at=request.at)
    return _back(request, number, _("报到了"))


@post
def report_done(request: HttpRequest, number: str) -> HttpResponse:
    actions.report_done(matter=id_of(number), unit=_unit(request), text=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("记下了，说事的人看得到"))


@post
def miss(request: HttpRequest, number: str) -> HttpResponse:
    actions.miss_joint(matter=id_of(number), unit=_unit(request), by=request.actor, at=request.at)
    return _back(request, number, _("记下了：没有到"))


@post
def hold(request: HttpRequest, number: str) -> HttpResponse:
    actions.hold_joint(matter=id_of(number), minutes=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("记下了，说事的人看得到。请双方互评"))


@post
def judge(request: HttpRequest, number: str) -> HttpResponse:
    sent = request.POST
    came = sent.get("came", "")
    verdict = Verdict(came in ("in_time", "late"), came == "in_time", sent.get("share", ""), sent.get("words", "")[:500])
    actions.judge_joint(matter=id_of(number), unit=_unit(request), verdict=verdict, by=request.actor, at=request.at)
    return _back(request, number, _("评了"))


@post
def judge_call(request: HttpRequest, number: str) -> HttpResponse:
    founded = {"yes": True, "no": False}.get(request.POST.get("founded", ""))
    words = request.POST.get("words", "")[:500]
    actions.judge_call(matter=id_of(number), unit=_unit(request), founded=founded, words=words, by=request.actor, at=request.at)
    return _back(request, number, _("评了"))


@post
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    actions.cancel_joint(matter=id_of(number), why=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("取消了，各单位和说事的人都看得到"))


def shown_to_staff(request: HttpRequest, line: queries.MatterLine) -> dict[str, object]:
    """What the staff page of a matter says of its joint action, and whether units may be called."""
    found = summonses.about_joint(line.id, seen_by=request.actor, at=request.at)
    why_not = summonses.why_no_call(line.id, seen_by=request.actor)
    named = summonses.to_call(line.id, seen_by=request.actor, at=request.at) if why_not is None else []
    codes = {code for code, _clause, _who in named} | set(remit.merged())
    others = [unit for unit in remit.units().values() if unit.code not in codes] if why_not is None else []
    return {"joint": found, "call_not": why_not, "may_never_call": why_not is UNKNOWN, "to_call": named, "other_units": others}


def _to_matter(request: HttpRequest, matter: int) -> HttpResponse:
    if not queries.lines([matter], seen_by=request.actor):
        raise NotFound(rules.NO_SUCH)
    return back_to(f"/desk/matters/{queries.number_of(matter)}#joint", request)


def _back(request: HttpRequest, number: str, says: str) -> HttpResponse:
    """Back to where the button was: the list, or the matter."""
    there = request.POST.get("next", "")
    return back_to(there if there == "/desk/joint" else f"/desk/matters/{number}#joint", request, says)


def _unit(request: HttpRequest) -> str:
    return request.POST.get("unit", "")


def _text(request: HttpRequest) -> str:
    return request.POST.get("text", "")[:2000]
