"""One's own data on paper: a plain sheet that can be read without any programme of ours."""

from datetime import datetime
from pathlib import Path

from django.utils.translation import get_language, gettext as _

from siqian.kernel import printing
from siqian.kernel.clock import local
from siqian.services.care import rules as visits
from siqian.trades.dossier import queries as facts, rules as fact_rules
from siqian.ui.words import either

from . import queries

LAYOUT = Path(__file__).parent / "layouts" / "mine.typ"


def sheet(found: queries.Whole, *, sample: str, at: datetime) -> bytes:
    """The PDF of all that is kept of somebody."""
    parts = [
        (_("名册"), _register(found)),
        (_("知道的情况"), [_fact(line) for line in found.facts]),
        (_("走访"), [[_minute(one.at), f"{one.by_name} {_(visits.OUTCOMES[one.outcome])}"] for one in found.made]),
        (_("说过的事"), [[one.number, f"{one.title}（{_minute(one.received)}）"] for one in found.matters]),
        (_("谁看过"), [[_minute(look.at), _look(look)] for look in found.looks]),
    ]
    return printing.typeset(
        LAYOUT,
        {
            "lang": "en" if get_language() == "en" else "zh",
            "title": _("我的资料"),
            "day": _("{day}导出").format(day=f"{local(at):%Y-%m-%d %H:%M}"),
            "sample": sample,
            "none": _("没有"),
            "note": _("写错了，可以在“我的资料”里改；不想让人用，可以收回同意、提出反对或删掉。"),
            "parts": [{"head": head, "rows": rows} for head, rows in parts],
        },
    )


def _look(look: queries.LookLine) -> str:
    return f"{look.who}：{look_words(look)}，{either(look.purpose, look.purpose.en)}"


def look_words(look: queries.LookLine) -> str:
    if look.what == "fact":
        return either(look.zh, look.en) or _("一条情况")
    # What was called through a privacy number was seen by nobody.
    return {"phone": _("电话"), "call": _("隐私号，没看到您的号码")}.get(look.what, _("姓名"))


def _register(found: queries.Whole) -> list[list[str]]:
    line, place = found.kept.line, found.place
    where = f"{either(place.words, place.words_en) if place else line.building} {line.label}"
    rows = [[_("姓名"), found.kept.name], [_("电话"), found.kept.phone], [_("住处"), where], [_("关系"), _(line.relation)]]
    moved = [[_("搬来"), line.moved_in.isoformat()]] if line.moved_in else []
    return [*rows, *moved, [_("来源"), line.source], [_("依据"), line.basis]]


def _fact(line: queries.FactLine) -> list[str]:
    known, names = line.known, facts.purposes()
    uses = _("、").join(either(names[code].zh, names[code].en) for code in known.purposes if code in names)
    said = [_(fact_rules.SOURCES[known.source]), _(fact_rules.BASES[known.basis])]
    ends = _("用到{day}").format(day=known.keep_until.isoformat())
    value = either(line.zh, line.en) or _("不再使用")
    return [either(known.kind.zh, known.kind.en), f"{value}（{_('，').join([*said, _minute(known.at), known.by_name, uses, ends])}）"]


def _minute(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}" if at else ""
