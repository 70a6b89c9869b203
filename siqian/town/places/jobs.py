"""Timed work on places."""

from datetime import datetime

from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE

from . import actions, queries


def draw_what_is_due(*, at: datetime) -> int:
    """Draw every planned map whose day has come, in order of day; gives how many. Safe to run as often as one likes."""
    due = [drawing.id for drawing in queries.drawings() if drawing.state == "planned" and drawing.day <= local(at).date()]
    return sum(actions.draw_planned(drawing=drawing, by=OFFICE, at=at) for drawing in due)
