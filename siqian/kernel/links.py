"""Lineage both ways: what came of this, and where did this come from."""

from collections.abc import Collection
from datetime import datetime

from . import rows
from .journal import Ref, in_verb
from .models import Link


def tie(source: Ref, kind: str, target: Ref, *, at: datetime) -> None:
    """Remember that `target` came of `source`. Twice is once."""
    if not in_verb():
        raise RuntimeError("a link is tied outside a verb")
    Link.objects.get_or_create(source=source, kind=kind, target=target, defaults={"at": at})


def tie_new(source: Ref, kind: str, target: Ref, *, at: datetime) -> None:
    """The same for a source that is new itself, so that nothing of it can be tied yet."""
    rows.put(Link, source=source, kind=kind, target=target, at=at)


def came_of(source: Ref, kind: str) -> list[Ref]:
    return list(Link.objects.filter(source=source, kind=kind).order_by("id").values_list("target", flat=True))


def came_of_each(sources: Collection[Ref], kind: str) -> list[tuple[Ref, Ref]]:
    """(source, target) of what came of many things at once."""
    return list(Link.objects.filter(source__in=list(sources), kind=kind).order_by("id").values_list("source", "target"))


def came_from(target: Ref, kind: str) -> list[Ref]:
    return list(Link.objects.filter(target=target, kind=kind).order_by("id").values_list("source", flat=True))
