"""A week's roster from a file: bring it, say how it is to be read, see what it changes, take it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from siqian.kernel.permits import BadInput, Refusal, Refused
from siqian.kernel.said import said
from siqian.town.places import queries as places
from siqian.ui.pages import back_to, form, page, post
from siqian.ui.words import say

from .. import actions, importing, queries, weekly

LARGEST = 4 * 1024 * 1024
NAMES = {
    "person": said("姓名"),
    "code": said("工号"),
    "post": said("岗位或网格"),
    "d1": said("周一"),
    "d2": said("周二"),
    "d3": said("周三"),
    "d4": said("周四"),
    "d5": said("周五"),
    "d6": said("周六"),
    "d7": said("周日"),
}


@form
def sheets(request: HttpRequest) -> HttpResponse:
    """Choose a file and the area that it is of."""
    areas = [(where, *names[-1]) for where in queries.arranged(request.actor) if (names := places.both_names(where))]
    context: dict[str, Any] = {"areas": areas, "area": request.POST.get("area", "")}
    if request.method != "POST":
        return render(request, "rosters/sheets.html", context)
    try:
        file = request.FILES.get("file")
        if file is None or not file.size:
            raise BadInput(Refusal("选一个文件，.xlsx、.xls、.ods或.csv", field="file"))
        if file.size > LARGEST:
            raise BadInput(Refusal("文件太大，一周的班表用不了4 MB，删掉图片再来", field="file"))
        sheet = actions.keep_sheet(name=file.name or "", raw=file.read(), path=context["area"], by=request.actor, at=request.at)
    except Refused as error:
        fault = {"fault": say(error.refusal), "field": error.refusal.field}
        return render(request, "rosters/sheets.html", context | fault, status=error.status)
    return back_to(f"/desk/roster/sheets/{sheet}", request)


@page("rosters/sheet.html")
def sheet(request: HttpRequest, number: int) -> dict[str, Any]:
    return _context(request, number)


@post
def reading(request: HttpRequest, number: int) -> HttpResponse:
    """How it is to be read, as the page says it."""
    sent = request.POST
    columns = {at: name for at in range(weekly.MOST_COLUMNS) if (name := sent.get(f"column_{at}", ""))}
    words = dict(zip(sent.getlist("word"), sent.getlist("hours"), strict=False))
    header = int(sent["header"]) if sent.get("header", "").isdigit() and len(sent["header"]) < 4 else 0
    try:
        actions.read_sheet(sheet=number, header=header, columns=columns, words=words, by=request.actor, at=request.at)
    except BadInput as error:
        context = _context(request, number) | {"fault": say(error.refusal), "typed": words}
        return render(request, "rosters/sheet.html", context, status=error.status)
    return back_to(f"/desk/roster/sheets/{number}", request)


@post
def uptake(request: HttpRequest, number: int) -> HttpResponse:
    try:
        persons = actions.take_sheet(sheet=number, by=request.actor, at=request.at)
    except BadInput as error:
        return render(request, "rosters/sheet.html", _context(request, number) | {"fault": say(error.refusal)}, status=error.status)
    return back_to("/desk/roster", request, _("导入了{n}人的班").format(n=persons))


@post
def removal(request: HttpRequest, number: int) -> HttpResponse:
    actions.drop_sheet(sheet=number, by=request.actor, at=request.at)
    return back_to("/desk/roster/sheets", request, _("没有导入，表删掉了"))


def _context(request: HttpRequest, number: int) -> dict[str, Any]:
    view = importing.sheet(number, seen_by=request.actor)
    width = max((len(row) for row in view.head), default=0)
    columns = [(at, view.columns.get(at, "")) for at in range(width)]
    faults = [say(fault) for fault in view.outcome.faults]
    names = {code: _(name) for code, name in NAMES.items()}
    return {"view": view, "columns": columns, "names": names, "faults": faults, "weekdays": [names[day] for day in weekly.DAYS]}
