"""What was looked at and whose it was, in words."""

from django.utils.translation import gettext as _, gettext_noop

from siqian.trades.dossier import queries as facts
from siqian.ui.words import either

WHATS = {"name": gettext_noop("姓名"), "phone": gettext_noop("电话"), "call": gettext_noop("隐私号")}
WHOSE = {
    "teller": gettext_noop("说事的人"),
    "principal": gettext_noop("事主"),
    "resident": gettext_noop("住户"),
    "household": gettext_noop("一户人家"),
}


def what_word(what: str) -> str:
    """Of which kind a fact is, only the person themself reads."""
    if what.startswith("fact:"):
        return _("一条情况")
    return _(WHATS[what]) if what in WHATS else what


def whose_word(whose: str) -> str:
    return _(WHOSE[whose]) if whose in WHOSE else whose


def purpose_said(stated: str) -> str:
    """What a look was for: the purpose in the reader's language, the rest in whoever looked's own words."""
    said = facts.purpose_said(stated)
    return either(said, said.en)
