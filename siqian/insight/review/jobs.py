"""Timed work on the weekly review."""

from datetime import datetime

from siqian.kernel.permits import OFFICE

from . import actions, queries, rules


def draw_up_last_week(*, at: datetime) -> bool:
    """On Monday at eight the week that is over is drawn up, once; whoever issues it does so by hand."""
    week = rules.last_due(at)
    if week is None or queries.is_drawn(week):
        return False
    actions.draft(week=week, by=OFFICE, at=at)
    return True
