"""Facts in words: who said it, on what ground it is kept."""

from django import template
from django.utils.translation import gettext as _

from siqian.trades.dossier import rules

register = template.Library()


@register.simple_tag
def source_word(code: str) -> str:
    return _(rules.SOURCES[code]) if code in rules.SOURCES else code


@register.simple_tag
def basis_word(code: str) -> str:
    return _(rules.BASES[code]) if code in rules.BASES else code
