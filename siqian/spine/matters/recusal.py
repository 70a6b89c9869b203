"""Recusal (回避): whom and which units a message is against, and who leads instead of a unit that may not."""

from collections.abc import Collection
from datetime import datetime

from siqian.kernel.clock import local
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people

UNIT = "unit:"


def named(text: str, watch: people.Watch) -> set[str]:
    """Whoever of a place's own people a complaint names, and the units ("unit:urban") that it is against."""
    return watch.named_in(text) | {UNIT + code for code in remit.blamed(text)}


def units_of(against: Collection[str]) -> set[str]:
    return {name.removeprefix(UNIT) for name in against if name.startswith(UNIT)}


def concerns(against: Collection[str], person: str, post: str) -> bool:
    """Whether a matter is against this person, or against the unit whose post it is."""
    return bool(against) and (person in against or UNIT + people.unit_of(post) in against)


def lead(item: str, path: str, at: datetime, *, against: Collection[str]) -> str:
    """The unit that answers for an item in an area: by the list, or, where it is against that one, its overseer."""
    return remit.unit_for(item, path.strip("/"), local(at), but=units_of(against)).code
