"""The whole responsibility list as a file, as it stands on a day."""

import csv
import io
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from siqian.spine.remit import queries as remit
from siqian.spine.remit.rules import Item
from siqian.ui.words import either

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(day: date) -> bytes:
    """One row an item, UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO()
    csv.writer(out).writerows(_plain(row) for row in (_heads(), *_rows(day)))
    return out.getvalue().encode("utf-8-sig")


def as_excel(day: date) -> bytes:
    """The same, and a leaf for the rule table."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for name, heads, rows in ((_("责任清单"), _heads(), _rows(day)), (_("规则表"), _rule_heads(), _rule_rows(day))):
            leaf = book.add_worksheet(name)
            leaf.write_row(0, 0, heads, bold)
            for at, row in enumerate(rows, start=1):
                leaf.write_row(at, 0, row)
            leaf.freeze_panes(1, 2)
            leaf.set_column(1, 3, 24)
    return out.getvalue()


def _heads() -> list[str]:
    return [
        *(_("编码"), _("名称"), _("英文名"), _("主责单位"), _("配合单位"), _("办结时限"), _("多少分钟内回应")),
        *(_("依据"), _("要问清"), _("不归这里"), _("居民的说法"), _("例句"), _("现场核验")),
    ]


def _rows(day: date) -> Iterator[list[str]]:
    for item in remit.items(day).values():
        units = [_unit(item.lead), "、".join(map(_unit, item.joint))]
        asked = [item.basis, item.needs, item.not_ours, "、".join(item.words), item.sample, _("是") if item.check else ""]
        yield [item.code, item.zh, item.en, *units, _term(item), str(item.respond), *asked]


def _rule_heads() -> list[str]:
    return [_("编码"), _("类或事项"), _("哪里"), _("从哪天"), _("到哪天"), _("每天几点"), _("星期几"), _("归哪个单位"), _("为什么")]


def _rule_rows(day: date) -> Iterator[list[str]]:
    for rule in remit.rule_table(day).values():
        days = [str(rule.since or ""), str(rule.until or ""), rule.daily, " ".join(map(str, rule.weekdays))]
        yield [rule.code, rule.match, rule.area, *days, _unit(rule.unit), rule.why]


def _unit(code: str) -> str:
    unit = remit.units().get(code)
    return either(unit.zh, unit.en) if unit else code


def _term(item: Item) -> str:
    term = item.settle
    return _("{n}个工作日").format(n=term.working_days) if term.working_days else _("{n}小时").format(n=term.hours)


def _plain(row: list[str]) -> list[str]:
    """What begins like a formula is text to a spreadsheet, too."""
    return [f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in row]
