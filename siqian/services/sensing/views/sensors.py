"""Sensors as pages: how each is now, what it showed in the last day, which alarms it gave."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.town.places import queries as places
from siqian.ui.pages import back_to, csv_file, page, page_of
from siqian.ui.words import either, in_english

from .. import queries
from ..rules import sensors as rules
from ..sensor_lines import CURVE

MOST, MOST_ROWS = 50, 20_000


@page("sensing/sensors.html")
def sensors(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """Those that want somebody first; by kind, state and words."""
    if not _reads(request):
        return back_to("/desk", request, _("传感器给管这里的人看"))
    wanted, number = _wanted(request), page_of(request)
    found = queries.sensor_list(**wanted, page=number, most=MOST, seen_by=request.actor)
    narrowed = {name: value for name, value in wanted.items() if name != "state"}
    return {
        **wanted,
        "rows": found[:MOST],
        "counts": queries.sensor_counts(**narrowed, seen_by=request.actor),
        "kinds": queries.sensor_kinds().values(),
        "page": number,
        "more": number + 1 if len(found) > MOST else 0,
        "query": _query(wanted),
    }


@page("sensing/sensor.html")
def sensor(request: HttpRequest, code: str) -> dict[str, Any]:
    """One: where, last reading, the curve of twenty-four hours, what was kept aside, its alarms."""
    line = queries.sensor(code, seen_by=request.actor)
    since = request.at - CURVE
    return {
        "line": line,
        "since": since,
        "curves": queries.curves([line.id], since=since, until=request.at).get(line.id, []),
        "held": queries.held_of(line.id, since=since),
        "alarms": queries.alarms_of(line.id),
    }


def as_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file, as `siqian import sensors` takes its first columns back."""
    found = queries.sensor_list(**_wanted(request), most=MOST_ROWS, seen_by=request.actor) if _reads(request) else []
    heads = [
        _("编码"),
        _("类别"),
        _("名称"),
        _("楼栋编码"),
        _("经度"),
        _("纬度"),
        _("在哪里"),
        _("状态"),
        _("最近读数"),
        _("最近听到"),
        _("误报次数"),
    ]
    return csv_file("sensors", heads, [_row(line) for line in found])


def _row(line: queries.SensorLine) -> Sequence[object]:
    last = "；".join(f"{either(quantity.zh, quantity.en)} {value:g}{quantity.unit}" for quantity, value, _at in line.last)
    heard, kind = f"{local(line.heard):%Y-%m-%d %H:%M}", either(line.kind.zh, line.kind.en)
    where = (line.building, line.lon, line.lat, places.in_english(line.place) if in_english() else line.place)
    return line.code, kind, line.name, *where, _(rules.STATES[line.state]), last, heard, line.false_alarms


def _reads(request: HttpRequest) -> bool:
    return any(grant.role in rules.READERS for grant in request.actor.grants)


def _wanted(request: HttpRequest) -> dict[str, Any]:
    """What an address asks for; what cannot be read is left out."""
    kind, state, words, where = (request.GET.get(name, "").strip() for name in ("kind", "state", "q", "in"))
    return {
        "kind": kind if kind in queries.sensor_kinds() else "",
        "state": state if state in rules.STATES else "",
        "words": words[:60],
        "path": where if places.both_names(where) else "",
    }


def _query(wanted: dict[str, Any]) -> str:
    names = {"kind": "kind", "words": "q", "path": "in"}
    return urlencode({names[name]: value for name, value in wanted.items() if value and name in names})
