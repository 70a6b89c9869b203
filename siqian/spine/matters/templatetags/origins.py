"""What a matter was made of: a hot topic. Its page lies on another floor; an address is a text."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from siqian.kernel import links
from siqian.kernel.said import said

register = template.Library()
# By what came before: what it is called, where it is read, and by whom.
ORIGINS = {"topic": (said("热点话题{n}"), "/topics/{n}", ("dispatcher", "desk", "secretary", "leader", "inspector"))}


@register.simple_tag(takes_context=True)
def origins(context: dict[str, Any], matter: int) -> list[tuple[str, str]]:
    """(sentence, address or nothing for whoever must not go there) of everything that this matter came from."""
    found = []
    for ref in links.came_from(f"matter:{matter}", "referred"):
        kind, number = ref.split(":")
        if kind in ORIGINS:
            words, address, readers = ORIGINS[kind]
            shown = any(context["actor"].has(role) for role in readers)
            found.append((_(words).format(n=number), address.format(n=number) if shown else ""))
    return found
