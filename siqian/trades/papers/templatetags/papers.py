"""Papers' states, terms and addresses."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from siqian.trades.papers.words import DISPOSALS, RETENTION, STATES
from siqian.ui.templatetags.ui import status

register = template.Library()


@register.simple_tag
def paper_sign(line: Any) -> SafeString:
    """The state of a paper; one that was corrected says so first."""
    if line.replaced:
        return status("back", _("已更正"))
    kind, word = STATES[line.state]
    return status("done" if line.state == "issued" else kind, _(word))


@register.filter
def state_words(state: str) -> str:
    return _(STATES[state][1])


@register.simple_tag
def disposal_sign(state: str) -> SafeString:
    kind, word = DISPOSALS[state]
    return status(kind, _(word))


@register.filter
def kept(retention: str) -> str:
    """永久, 30年, 10年."""
    return _(RETENTION[retention])


@register.filter
def thing_page(line: Any) -> str:
    """Where the thing is that a paper is about; empty when it has no page."""
    return f"/desk/matters/{line.called}" if line.about.startswith("matter:") and line.called else ""


@register.filter
def field_words(name: str) -> str:
    return _(name)
