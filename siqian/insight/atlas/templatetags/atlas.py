"""Areas in words."""

from django import template

from siqian.town.places import queries as places
from siqian.ui.words import either

register = template.Library()


@register.simple_tag
def community_of(path: str) -> str:
    """The community in which an area lies, in the reader's language."""
    names = places.both_names(path)
    return either(*names[2]) if len(names) > 2 else ""
