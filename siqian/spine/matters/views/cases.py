"""Leaders' own cases: the page of those that run and of what is hard, and each step."""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.kernel.permits import NotFound
from siqian.ui.pages import back_to, csv_file, page, post

from .. import actions, cases, queries, rules
from ..templatetags.joint import CASES, why_word
from .reading import id_of

MOST_ROWS = 10_000


@page("matters/cases.html")
def running(request: HttpRequest):
    """One's own cases, longest waiting first; below, hard matters that nobody owns yet, each with its reason."""
    if not request.actor.is_staff:
        return back_to("/sign-in?next=/desk/cases", request)
    found = cases.own_cases(seen_by=request.actor, at=request.at)
    asked = {view.matter for view in found if view.mine}
    hard = [line for line in cases.hard(seen_by=request.actor, at=request.at) if line.matter not in asked]
    leaders = {line.number: cases.leaders_of(line.path, at=request.at) for line in hard if line.may_propose and not line.asked}
    leaders |= {view.number: cases.leaders_of(view.path, at=request.at) for view in found if view.mine}
    return {
        "mine": [view for view in found if view.mine],
        "others": [view for view in found if not view.mine],
        "hard": hard,
        "leaders": leaders,
    }


def as_csv(request: HttpRequest) -> HttpResponse:
    """Cases that run, and what is hard and owned by nobody, as a file."""
    if not request.actor.is_staff:
        return back_to("/sign-in?next=/desk/cases", request)
    heads = [_("编号"), _("什么事"), _("在哪里"), _("等了几天"), _("谁包案"), _("走到哪步"), _("为什么难"), _("下次看"), _("最晚接访")]
    return csv_file("cases", heads, _rows(request))


def _rows(request: HttpRequest) -> Iterator[Sequence[object]]:
    for view in cases.own_cases(seen_by=request.actor, at=request.at, most=MOST_ROWS):
        days = (f"{local(day):%Y-%m-%d}" if day else "" for day in (view.look_by, None if view.met else view.meet_by))
        why = "；".join(why_word(one) for one in view.why) or view.reason
        yield view.number, view.title, view.place, view.days, view.name, _(CASES[view.state][1]), why, *days
    for line in cases.hard(seen_by=request.actor, at=request.at, most=MOST_ROWS):
        if not line.asked:
            yield line.number, line.title, line.place, line.days, "", "", "；".join(why_word(one) for one in line.why), "", ""


def go_to(request: HttpRequest, case: int) -> HttpResponse:
    """From a leader's clock to the page of the matter."""
    matter = cases.case_matter(case)
    if not queries.lines([matter], seen_by=request.actor):
        raise NotFound(rules.NO_SUCH)
    return back_to(f"/desk/matters/{queries.number_of(matter)}#case", request)


@post
def propose(request: HttpRequest, number: str) -> HttpResponse:
    leader = request.POST.get("post", "")
    actions.propose_case(matter=id_of(number), post=leader, reason=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("请了，等领导答复"))


@post
def adopt(request: HttpRequest, number: str) -> HttpResponse:
    actions.adopt(matter=id_of(number), plan=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("由您包案了，说事的人看得到"))


@post
def decline(request: HttpRequest, number: str) -> HttpResponse:
    actions.decline_case(matter=id_of(number), why=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("记下了，请您的人看得到为什么"))


@post
def look(request: HttpRequest, number: str) -> HttpResponse:
    actions.look_at_case(matter=id_of(number), text=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("记下了，7天内再看一次"))


@post
def meet(request: HttpRequest, number: str) -> HttpResponse:
    actions.meet_teller(matter=id_of(number), text=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("接访记下了"))


@post
def hand_on(request: HttpRequest, number: str) -> HttpResponse:
    leader = request.POST.get("post", "")
    actions.hand_on_case(matter=id_of(number), post=leader, why=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("交过去了，说事的人看得到为什么"))


def shown_to_staff(request: HttpRequest, line: queries.MatterLine) -> dict[str, object]:
    """What the staff page of a matter says of the leader's case, and whether it may become one."""
    return {
        "case": cases.about_case(line.id, seen_by=request.actor, at=request.at),
        "case_offers": cases.case_offers(line.id, seen_by=request.actor),
        "leaders": cases.leaders_of(line.path, at=request.at),
    }


def _text(request: HttpRequest) -> str:
    return request.POST.get("text", "")[:2000]


def _back(request: HttpRequest, number: str, says: str) -> HttpResponse:
    """Back to where the button was: the page of cases, or the matter."""
    there = request.POST.get("next", "")
    return back_to(there if there == "/desk/cases" else f"/desk/matters/{number}#case", request, says)
