"""What people do when others tell something."""

from datetime import datetime

from siqian.kernel.journal import on
from siqian.kernel.permits import Actor
from siqian.town.places.events import BuildingsMoved

from . import actions


@on(BuildingsMoved)
def follow(event: BuildingsMoved, *, by: Actor, at: datetime) -> None:
    """Residents stand behind the fence of the grid in which their building lies now."""
    actions.follow_map(buildings=event.codes, by=by, at=at)
