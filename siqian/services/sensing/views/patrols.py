"""Patrols as pages: what was found, what was fixed on the spot, what came of the rest, which rounds were not walked."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.kernel import files
from siqian.kernel.clock import TOWN, local
from siqian.kernel.permits import NotFound, Refusal
from siqian.spine.matters import queries as matters
from siqian.town.people import queries as people, rules as duty
from siqian.town.places import queries as places
from siqian.ui.pages import back_to, csv_file, page
from siqian.ui.words import either

from .. import queries, rules
from ..rules.publicity import MARK

DAYS = 7
MOST_ROWS = 10_000


@page("sensing/patrols.html")
def patrols(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """Records of a time, by kind, round and area, with their counts; below, the rounds that were not walked."""
    if not queries.reads(request.actor):
        return back_to("/desk", request, _("巡查给管这里的人看"))
    wanted = _wanted(request)
    span = {"since": wanted["begin"], "until": wanted["end"], "path": wanted["path"]}
    before = request.GET.get("before", "")
    number = int(before) if before.isdigit() and len(before) < 19 else 0
    found = queries.find(**span, kind=wanted["kind"], plan=wanted["plan"], before=number, most=51, seen_by=request.actor)
    missed = queries.missed(since=wanted["since"], until=wanted["until"], path=wanted["path"], seen_by=request.actor)
    return {
        **wanted,
        "counts": [(kind, rules.KINDS[kind], count) for kind, count in queries.counted(**span, seen_by=request.actor).items()],
        "rows": _with_numbers(found[:50], request),
        "more": found[49].id if len(found) > 50 else 0,
        "missed": [(line, people.post_line(line.post)) for line in missed] if not number else [],
        "plans": queries.plans().values(),
        "areas": _areas(request, wanted["path"]),
        "query": request.GET.urlencode(),
    }


@page("sensing/patrol.html")
def patrol(request: HttpRequest, number: int) -> dict[str, Any]:
    """One record: the words, the pictures, when it was done and when it came, what came of it."""
    line = queries.record(number, seen_by=request.actor)
    (shown,) = _with_numbers([line], request)
    return {"line": line, "matter": shown[1], "plan": queries.plans().get(line.plan), "kind_words": rules.KINDS[line.kind]}


def photo(request: HttpRequest, number: int, sha256: str) -> HttpResponse:
    if sha256 not in queries.record(number, seen_by=request.actor).photos or not files.place(sha256).exists():
        raise NotFound(Refusal("没有这张照片"))
    response = FileResponse(files.place(sha256).open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def as_csv(request: HttpRequest) -> HttpResponse:
    """The same records as a file."""
    wanted = _wanted(request)
    span = {"since": wanted["begin"], "until": wanted["end"], "path": wanted["path"]}
    found = queries.find(**span, kind=wanted["kind"], plan=wanted["plan"], most=MOST_ROWS, seen_by=request.actor)
    heads = [_("哪一轮"), _("结果"), _("在哪里"), _("看到什么"), _("照片"), _("谁记的"), _("当时"), _("收到"), _("变成了哪件事")]
    return csv_file("patrols", heads, [_row(line, matter) for line, matter in _with_numbers(found, request)])


def _row(line: queries.RecordLine, matter: matters.MatterLine | None) -> Sequence[object]:
    plan = queries.plans().get(line.plan)
    then, at = (f"{local(when):%Y-%m-%d %H:%M}" if when else "" for when in (line.then, line.at))
    name = either(plan.zh, plan.en) if plan else _("宣传") if line.plan.startswith(MARK) else ""
    return name, _(rules.KINDS[line.kind]), line.place, line.text, len(line.photos), line.by_name, then, at, matter.number if matter else ""


def _with_numbers(lines: Sequence[queries.RecordLine], request: HttpRequest) -> list[tuple[queries.RecordLine, matters.MatterLine | None]]:
    """Each record with the matter that came of it, as far as the viewer may see it."""
    found = matters.lines([line.matter for line in lines if line.matter], seen_by=request.actor)
    return [(line, found.get(line.matter or 0)) for line in lines]


def _wanted(request: HttpRequest) -> dict[str, Any]:
    """What an address asks for: the last seven days when it says nothing; what cannot be read is left out."""
    today = rules.today(request.at)
    until = min(_day(request, "until") or today, today)
    since = min(_day(request, "since") or until - timedelta(days=DAYS - 1), until)
    kind, plan, where = (request.GET.get(name, "") for name in ("kind", "round", "in"))
    return {
        "since": since,
        "until": until,
        "begin": datetime.combine(since, time(), tzinfo=TOWN),
        "end": datetime.combine(until + timedelta(days=1), time(), tzinfo=TOWN),
        "kind": kind if kind in rules.KINDS else "",
        "plan": plan if plan in queries.plans() else "",
        "path": where if places.both_names(where) else "",
    }


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def _areas(request: HttpRequest, chosen: str) -> list[tuple[str, str, str]]:
    """The areas by which the viewer can narrow: their own and the communities below."""
    own = {grant.area for grant in request.actor.grants if grant.role in rules.READERS and grant.area}
    below = {line.path for line in places.areas(level=2, rings=False) if any(line.path.startswith(area) for area in own)}
    named = [(path_, names[-1]) for path_ in sorted(own | below | ({chosen} - {""})) if (names := places.both_names(path_))]
    return [(path_, zh, en) for path_, (zh, en) in named if len(duty.prefixes(path_)) > 1]
