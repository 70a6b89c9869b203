"""Who is needed and not there, now and for fourteen days; what each keeper carries."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.ui.pages import back_to, csv_file, page
from siqian.ui.words import either

from .. import manning

MOST = 100


@page("workbench/duty.html")
def duty(request: HttpRequest):
    """Gaps that nobody covers first; then those that a desk covers; then who carries most. ?post= shows one post's only."""
    if not manning.reach(request.actor):
        return back_to("/desk", request, _("在岗情况给管这里的人看"))
    found, wanted = manning.gaps(seen_by=request.actor, at=request.at), request.GET.get("post", "")
    shown = [gap for gap in found if not wanted or gap.post == wanted]
    bare, covered = ([gap for gap in shown if gap.covered == is_covered] for is_covered in (False, True))
    return {
        "now": [gap for gap in bare if gap.since <= request.at],
        "coming": [gap for gap in bare if gap.since > request.at][:MOST],
        "covered": covered[:MOST],
        "counts": {"now": sum(gap.since <= request.at for gap in bare), "bare": len(bare), "covered": len(covered)},
        "loads": [] if wanted else manning.loads(seen_by=request.actor, at=request.at),
        "wanted": shown[0] if wanted and shown else None,
        "one": wanted,
        "days": manning.AHEAD.days,
    }


def as_csv(request: HttpRequest) -> HttpResponse:
    """Every gap of the fourteen days as a file."""
    heads = [_("岗位"), _("从"), _("到"), _("有没有值班台代管")]
    return csv_file("duty", heads, map(_row, manning.gaps(seen_by=request.actor, at=request.at)))


def _row(gap: manning.GapLine) -> Sequence[object]:
    since, until = (f"{local(at):%Y-%m-%d %H:%M}" for at in (gap.since, gap.until))
    return either(gap.name, gap.name_en), since, until, _("有") if gap.covered else _("没有")
