"""Petitions: the list of those that run, their steps for staff, and what whoever petitioned may ask."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.kernel.permits import NotFound
from siqian.spine.remit import queries as remit
from siqian.ui.pages import back_to, csv_file, page, post

from .. import actions, petitions, queries, rules, terms
from ..rules import petition
from ..templatetags.petition import STAGES
from .reading import id_of

MOST_ROWS = 10_000


@page("matters/petitions.html")
def running(request: HttpRequest):
    """Every petition that runs within this person's reach, what is due first on top."""
    if not request.actor.is_staff:
        return back_to("/sign-in?next=/desk/petitions", request)
    stage, number = _stage(request), request.GET.get("page", "")
    at_page = int(number) if number.isdigit() and 0 < len(number) < 6 else 1
    lines, more = petitions.in_work(seen_by=request.actor, at=request.at, page=max(1, at_page), stage=stage)
    shown = {"lines": lines, "stage": stage, "stages": petition.RUNNING, "page": at_page}
    return shown | {"next": at_page + 1 if more else 0, "before": at_page - 1, "terms": terms.terms().values()}


def as_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    if not request.actor.is_staff:
        return back_to("/sign-in?next=/desk/petitions", request)
    lines, _more = petitions.in_work(seen_by=request.actor, at=request.at, stage=_stage(request), most=MOST_ROWS)
    heads = [_("编号"), _("什么事"), _("在哪里"), _("走到哪步"), _("从哪天算"), _("最后一天"), _("还有几天"), _("依据")]
    return csv_file("petitions", heads, map(_row, lines))


def _row(line: petitions.PetitionLine) -> Sequence[object]:
    since = f"{local(line.since):%Y-%m-%d}"
    return line.number, line.title, line.place, _(STAGES[line.stage][1]), since, line.last, line.left, line.term.clause


def go_to(request: HttpRequest, matter: int) -> HttpResponse:
    """From a clock to the page of the matter that it is about."""
    if not queries.lines([matter], seen_by=request.actor):
        raise NotFound(rules.NO_SUCH)
    return back_to(f"/desk/matters/{queries.number_of(matter)}#petition", request)


@post
def inform(request: HttpRequest, number: str) -> HttpResponse:
    taken, clause = request.POST.get("taken") == "yes", request.POST.get("clause", "")
    actions.inform(matter=id_of(number), taken=taken, text=_text(request), clause=clause, by=request.actor, at=request.at)
    return _back(request, number, _("告知了，信访受理") if taken else _("报上去了，等另一个人裁定"))


@post
def object_to(request: HttpRequest, number: str) -> HttpResponse:
    sent = request.POST
    unit, clause = sent.get("unit", ""), sent.get("clause", "")
    actions.object_to(matter=id_of(number), unit=unit, clause=clause, reason=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("异议提了，裁定之前还由您负责"))


@post
def give_opinion(request: HttpRequest, number: str) -> HttpResponse:
    actions.give_opinion(matter=id_of(number), text=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("处理意见出了，信访人30日内可以申请复查"))


@post
def prolong(request: HttpRequest, number: str) -> HttpResponse:
    days = request.POST.get("days", "")
    more = int(days) if days.isdigit() and len(days) < 4 else 0
    actions.prolong(matter=id_of(number), days=more, why=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("报上去了，批准之前期限不变"))


@post
def approve(request: HttpRequest, number: str) -> HttpResponse:
    granted = request.POST.get("granted") == "yes"
    actions.approve(matter=id_of(number), granted=granted, text=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("批准了，信访人看得到为什么延") if granted else _("没有批准，期限不变"))


@post
def answer_review(request: HttpRequest, number: str) -> HttpResponse:
    actions.answer_review(matter=id_of(number), text=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("复查意见出了"))


@post
def answer_recheck(request: HttpRequest, number: str) -> HttpResponse:
    actions.answer_recheck(matter=id_of(number), text=_text(request), by=request.actor, at=request.at)
    return _back(request, number, _("复核意见出了，信访终结"))


@post
def ask_review(request: HttpRequest, number: str) -> HttpResponse:
    actions.ask_review(matter=id_of(number), text=_text(request), by=request.actor, at=request.at)
    return back_to(f"/matters/{number}", request, _("收到复查申请了，由上一级没有经手的人办"))


@post
def ask_recheck(request: HttpRequest, number: str) -> HttpResponse:
    actions.ask_recheck(matter=id_of(number), text=_text(request), by=request.actor, at=request.at)
    return back_to(f"/matters/{number}", request, _("收到复核申请了，由上一级没有经手的人办"))


def shown_to_staff(request: HttpRequest, line: queries.MatterLine) -> dict[str, object]:
    """What the staff page of a matter says of its petition, and of the same facts told before."""
    found = petitions.about(line.id, seen_by=request.actor, at=request.at)
    return {
        "petition": found,
        "same": petitions.same_as(line.id, seen_by=request.actor),
        "gates": remit.gates().values(),
    }


def _text(request: HttpRequest) -> str:
    return request.POST.get("text", "")[:2000]


def _stage(request: HttpRequest) -> str:
    stage = request.GET.get("stage", "")
    return stage if stage in petition.RUNNING else ""


def _back(request: HttpRequest, number: str, says: str) -> HttpResponse:
    return back_to(f"/desk/matters/{number}", request, says)
