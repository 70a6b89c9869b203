"""Lists of papers as files: what stands in the list, UTF-8 with the mark by which spreadsheets know it."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.kernel.permits import Actor
from siqian.ui.words import either

from . import queries
from .queries import Asked, PaperLine
from .queries.shelves import Registered
from .words import RETENTION, STATES

MOST = 20_000


def as_csv(asked: Asked, *, seen_by: Actor) -> bytes:
    """Every paper that was asked for, at most 20,000."""
    lines: list[PaperLine] = []
    while len(lines) < MOST and (found := queries.find(asked, seen_by=seen_by, after=lines[-1].id if lines else 0, most=500)):
        lines += found
    head = [_("文号"), _("种类"), _("状态"), _("出具单位"), _("关于哪件"), _("签发日期"), _("签发人"), _("保管期限"), _("已更正")]
    return _written(head, (_cells(line) for line in lines))


def register(registered: Sequence[Registered]) -> bytes:
    """A volume's register (卷内目录)."""
    head = [_("顺序号"), _("文号"), _("种类"), _("签发日期"), _("摘要"), _("已销毁")]
    rows = (
        [line.place, line.number, either(line.zh, line.en), _day(line.issued), line.sha256, _("是") if line.destroyed else ""]
        for line in registered
    )
    return _written(head, rows)


def _cells(line: PaperLine) -> list[object]:
    about = line.called or line.about
    kept = _(RETENTION[line.retention])
    replaced = _("是") if line.replaced else ""
    issuer = either(line.issuer, line.issuer_en)
    return [
        line.number,
        either(line.zh, line.en),
        _(STATES[line.state][1]),
        issuer,
        about,
        _day(line.issued),
        line.signatory,
        kept,
        replaced,
    ]


def _day(at: object) -> str:
    return f"{local(at):%Y-%m-%d}" if at else ""  # type: ignore[arg-type]


def _written(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")
