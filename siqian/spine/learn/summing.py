"""One line that says where, what and how bad, for a message whose own first words do not fit. Pure.

Nothing of it is the teller's free text: the place is the register's, the thing the list's, the danger the catalogue's, and how bad is
one of the few shapes below, with a number of two figures at most. So it can hold no name and no telephone, without redacting.
"""

import re
from collections.abc import Sequence

MOST = 24  # characters
CUT = "…"

_NUMBER = r"(?:(?<!\d)\d{1,2}|[一二两三四五六七八九十半几]{1,3})"
# How long, only where it lasts: 三天了, 半个月没人管; not 三天后.
_LASTS = re.compile(rf"(好?{_NUMBER}个?多?(?:小时|天|星期|礼拜|周|月|年)多?)(?=了|没|都|还|以来|不)")
_MANY = re.compile(rf"(整[栋个](?:楼|小区)?|全(?:楼|小区)|几十户|好多户|{_NUMBER}多?户)")
_OFTEN = re.compile(r"(每天|天天|每晚|半夜|深夜|凌晨|通宵|夜里)")


def summed(title: str, text: str, *, where: str, what: str, dangers: Sequence[str] = ()) -> str:
    """At most 24 characters in place of a title that was cut off; the title where that says it whole or the item is not known.

    title: of `rules.title`; where: the register's words, empty where it is not known; what: the item.
    """
    if not what or not title.endswith(CUT):
        return title
    line = next((said for said in (where + what, what) if len(said) <= MOST), "")
    if not line:
        return title
    joint = "，"
    for bad in _how_bad(text, dangers):
        if len(line) + len(joint) + len(bad) <= MOST:
            line, joint = line + joint + bad, "、"
    return line


def _how_bad(text: str, dangers: Sequence[str]) -> list[str]:
    """Danger first, then for how long, for how many, how often."""
    found = [match[1] for shape in (_LASTS, _MANY, _OFTEN) if (match := shape.search(text))]
    return [*dangers[:1], *found]
