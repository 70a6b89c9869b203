"""Timed work on tasks."""

from datetime import datetime

from siqian.kernel.permits import OFFICE

from . import actions
from .models import Task


def climb_what_is_late(*, at: datetime, most: int = 500) -> int:
    """One overdue job for every module: each late task climbs, in its own transaction."""
    late = list(Task.objects.filter(stopped=None, climbs_at__lte=at).order_by("climbs_at").values_list("id", flat=True)[:most])
    for task in late:
        actions.climb(task=task, by=OFFICE, at=at)
    return len(late)
