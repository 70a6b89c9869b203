"""What becomes of facts when their person moves away or is forgotten, and when a grid is drawn anew."""

from datetime import datetime

from siqian.kernel.journal import on
from siqian.kernel.permits import Actor
from siqian.kernel.vault import Erased
from siqian.town.people.events import ResidentMovedOut
from siqian.town.places.events import BuildingsMoved

from . import actions


@on(ResidentMovedOut)
def moved_out(event: ResidentMovedOut, *, by: Actor, at: datetime) -> None:
    actions.end(subject=event.resident, by=by, at=at)


@on(Erased, of=("resident", "household"))
def forgotten(event: Erased, *, by: Actor, at: datetime) -> None:
    """The key is gone and nothing can be opened; that there was something is not kept open either."""
    actions.end(subject=event.subject_ref, by=by, at=at)


@on(BuildingsMoved)
def follow(event: BuildingsMoved, *, by: Actor, at: datetime) -> None:
    actions.follow_map(buildings=event.codes, by=by, at=at)
