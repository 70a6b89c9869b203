"""The list of topics as a file, as CSV and as Excel."""

import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.ui.pages import csv_file

from .queries import TopicLine
from .saying import area_name, state_word, unit_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float


def as_csv(lines: Iterable[TopicLine], at: datetime) -> HttpResponse:
    return csv_file(f"topics-{local(at):%Y%m%d}", _head(), _rows(lines))


def as_excel(lines: Iterable[TopicLine], at: datetime) -> HttpResponse:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        leaf = book.add_worksheet(_("热点话题"))
        leaf.write_row(0, 0, _head(), book.add_format({"bold": True}))
        for row, cells in enumerate(_rows(lines), start=1):
            leaf.write_row(row, 0, cells)
        leaf.freeze_panes(1, 2)
        leaf.set_column(1, 1, 40)
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="topics-{local(at):%Y%m%d}.xlsx"'
    return answer


def _head() -> list[str]:
    figures = [_("热度"), _("一周里多少人说"), _("之前平均每周"), _("涨了几倍"), _("四周里多少人说")]
    return [_("编号"), _("话题"), _("到了哪步"), *figures, _("最早"), _("最近"), _("社区"), _("主办")]


def _rows(lines: Iterable[TopicLine]) -> Iterator[list[Cell]]:
    for line in lines:
        heat = line.warmth
        figures: list[Cell] = [round(heat.heat, 2), heat.week, round(heat.before, 2), round(heat.growth, 2), heat.tellers]
        where = "、".join(f"{area_name(code)}{count}" for code, count in line.communities)
        units = "、".join(f"{unit_name(code)}{count}" for code, count in line.units)
        days = [f"{local(when):%Y-%m-%d %H:%M}" for when in (line.since, line.last)]
        yield [line.number, line.title, state_word(line), *figures, *days, where, units]
