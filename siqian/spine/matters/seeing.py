"""Which rows of matters somebody is shown: those of their areas and their own; a unit's people, what their unit leads or joins."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from siqian.kernel.permits import Actor

from . import rules
from .models import Matter, Step, Summoned, Telling
from .rules import READERS, joint


def visible(rows: QuerySet[Any], seen_by: Actor) -> QuerySet[Any]:
    """Of matters, or of what belongs to them, what the actor is shown. The database's fence stands behind it, area by area."""
    matter = "" if rows.model is Matter else "matter__"
    own = Q(**{"id__in" if rows.model is Matter else "matter_id__in": seen_by.fence.own})
    if not seen_by.fence.everything:
        rows = rows.filter(Q(grid__in=seen_by.fence.grids) | own)
    units = {grant.unit for grant in seen_by.grants if grant.unit}
    if not units or any(grant.role in READERS for grant in seen_by.grants):
        return rows
    called = Summoned.objects.filter(unit__in=units, summons__state__in=joint.RUNNING).values("matter_id")
    theirs = Q(**{f"{matter}unit__in": units}) | Q(**{f"{matter}id__in": called})
    return rows.filter(theirs | Q(**{f"{matter}post__in": seen_by.posts}) | own)


MOST_WORDS = 6


def with_words(rows: QuerySet[Matter], words: str, seen_by: Actor) -> QuerySet[Matter]:
    """Matters in which each of these words stands somewhere that the actor may read; or the one of this number."""
    id_ = rules.id_of(words)
    if id_ is not None:
        return rows.filter(id=id_)
    for word in words.split()[:MOST_WORDS]:
        found = Q(title__icontains=word) | Q(place__icontains=word)
        if seen_by.is_staff:
            told = Telling.objects.filter(matter=OuterRef("id"), text__icontains=word)
            found |= Exists(told) | Exists(Step.objects.filter(matter=OuterRef("id"), text__icontains=word))
        rows = rows.filter(found)
    return rows


def is_guest(row: Matter, seen_by: Actor) -> bool:
    """Whether somebody reads a matter only because their unit was called to it."""
    leads = row.post in seen_by.posts or any(grant.role in READERS or grant.unit == row.unit for grant in seen_by.grants)
    return bool(row.joint) and not leads
