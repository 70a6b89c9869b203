"""A sheet as a file: every figure with what it is made of, so that anybody can reckon it again."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from siqian.spine.matters.rules.measures import MEASURES
from siqian.ui.words import either

from .assembling import DIMENSIONS
from .queries import SheetView
from .rules import numbers, words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float


def as_csv(view: SheetView) -> bytes:
    """One row for each line and measure, UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("按"), *_head()])
    for by in ("district", *DIMENSIONS):
        writer.writerows([_(words.DIMENSIONS[by]), *map(_plain, row)] for row in _rows(view, by))
    return out.getvalue().encode("utf-8-sig")


def as_excel(view: SheetView) -> bytes:
    """The same, a leaf for each dimension and one that says how each figure is counted."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for by in ("district", *DIMENSIONS):
            leaf = book.add_worksheet(_(words.DIMENSIONS[by]))
            leaf.write_row(0, 0, _head(), bold)
            for at, row in enumerate(_rows(view, by), start=1):
                leaf.write_row(at, 0, row)
            leaf.freeze_panes(1, 2)
            leaf.set_column(0, 0, 24)
        leaf = book.add_worksheet(_("怎么数的"))
        for at, (name, how) in enumerate(words.MEASURES.values()):
            leaf.write_row(at, 0, [_(name), _(how)])
        leaf.set_column(1, 1, 100)
    return out.getvalue()


def _head() -> list[str]:
    return [_("名称"), _("指标"), _("分子"), _("分母"), _("比率"), _("95%区间低"), _("95%区间高"), _("综合分"), _("名次"), _("指标代码")]


def _rows(view: SheetView, by: str) -> Iterator[list[Cell]]:
    for line in view.numbers["lines"][by]:
        name = either(line["zh"], line["en"])
        place: list[Cell] = ["" if line[what] is None else line[what] for what in ("score", "rank")]
        for code in MEASURES:
            count = line["counts"][code]
            yield [name, _(words.MEASURES[code][0]), *_count(count), *place, code]
        for what, said in (("contact", _("回应中位（分钟）")), ("settle", _("办结中位（分钟）"))):
            yield [name, said, "" if line[what] is None else line[what], "", "", "", "", *place, f"median_{what}"]


def _count(count: tuple[int, int] | None) -> list[Cell]:
    if count is None:
        return [_("不足{n}").format(n=numbers.FEW), "", "", "", ""]
    part, whole = count
    if not whole:
        return [part, whole, "", "", ""]
    low, high = numbers.wilson(part, whole)
    return [part, whole, round(part / whole, 4), round(low, 4), round(high, 4)]


def _plain(cell: Cell) -> Cell:
    """A name that begins like a formula is text to a spreadsheet, too."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
