"""Small signs of the pages of benefits: amounts, shares of a bar, how far an entitlement has come."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from siqian.services.benefits import queries
from siqian.ui.words import in_english

register = template.Library()
WAN = 1_000_000
STEPS = ("told", "accept", "confirm", "grant")


@register.simple_tag
def yuan(fen: int) -> str:
    """300元; 4,495万元."""
    if in_english():
        return f"{fen / 100:,.2f}".removesuffix(".00") + " yuan"
    if fen >= 100 * WAN:
        return f"{fen / WAN:,.0f}万元"
    return f"{fen / 100:,.2f}".removesuffix(".00") + "元"


@register.simple_tag
def wan(fen: int) -> str:
    """Fen as whole ten thousands of yuan, for a field."""
    return str(fen // WAN)


@register.simple_tag
def share(part: int, whole: int) -> str:
    """Per cent of a bar."""
    return f"{100 * part / whole:.1f}" if whole else "0"


@register.simple_tag
def benefit_stitch(line: queries.Line) -> SafeString:
    """The thread from found to had, with the light where it stands, and the same in words."""
    names = {"told": _("认出来了，告诉您了"), "accept": _("您说要"), "confirm": _("有人核对过"), "grant": _("办好")}
    steps = [step for step in STEPS if step != "accept" or line.mode != "free"]
    at = {"told": 0, "declined": 0, "accepted": 1, "confirmed": len(steps) - 2, "granted": len(steps) - 1}.get(line.state)
    if at is None:
        return SafeString("")
    done = at + 1
    signs: list[tuple[Any, ...]] = []
    for number in range(len(steps)):
        state = "" if number < done else "now" if number == done else "next"
        signs.append((state,))
    dots = format_html_join(SafeString("<u></u>"), '<i class="{}"></i>', signs)
    words = _("，").join(names[step] for step in steps[:done])
    now = _("现在等：{step}").format(step=names[steps[done]]) if done < len(steps) else ""
    label = f"{words}。{now}"
    return format_html('<div class="stitch" role="img" aria-label="{}">{}</div><p class="sm mut">{}</p>', label, dots, label)
