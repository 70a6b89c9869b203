"""Which rows of matters somebody is shown: those of their areas and their own; a unit's people, what their unit leads or joins."""

from typing import Any

from django.db.models import Q, QuerySet

from siqian.kernel.permits import Actor

from .models import Matter, Summoned
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


def is_guest(row: Matter, seen_by: Actor) -> bool:
    """Whether somebody reads a matter only because their unit was called to it."""
    leads = row.post in seen_by.posts or any(grant.role in READERS or grant.unit == row.unit for grant in seen_by.grants)
    return bool(row.joint) and not leads
