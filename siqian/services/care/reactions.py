"""What care does when others speak: a fact changes how often a home is visited; whoever leaves is visited no more; late is told."""

from datetime import datetime

from siqian.kernel.journal import on
from siqian.kernel.permits import Actor
from siqian.kernel.vault import Erased
from siqian.town.people.events import ResidentCorrected, ResidentMovedOut
from siqian.town.places.events import BuildingsMoved
from siqian.trades.dossier.events import FactConfirmed, FactCorrected, FactNoted, FactObjected, FactWithdrawn
from siqian.trades.tasks.events import TaskOverdue

from . import actions


@on(FactNoted)
def noted(event: FactNoted, *, by: Actor, at: datetime) -> None:
    actions.weigh(subject=event.about, by=by, at=at)


@on(FactConfirmed)
def confirmed(event: FactConfirmed, *, by: Actor, at: datetime) -> None:
    actions.weigh(subject=event.about, by=by, at=at)


@on(FactCorrected)
def corrected(event: FactCorrected, *, by: Actor, at: datetime) -> None:
    actions.weigh(subject=event.about, by=by, at=at)


@on(FactWithdrawn)
def withdrawn(event: FactWithdrawn, *, by: Actor, at: datetime) -> None:
    actions.weigh(subject=event.about, by=by, at=at)


@on(FactObjected)
def objected(event: FactObjected, *, by: Actor, at: datetime) -> None:
    actions.weigh(subject=event.about, by=by, at=at)


@on(ResidentMovedOut)
def moved_out(event: ResidentMovedOut, *, by: Actor, at: datetime) -> None:
    actions.leave(subject=event.resident, by=by, at=at)


@on(Erased, of=("resident",))
def forgotten(event: Erased, *, by: Actor, at: datetime) -> None:
    actions.leave(subject=event.subject_ref, by=by, at=at)


@on(ResidentCorrected)
def renamed(event: ResidentCorrected, *, by: Actor, at: datetime) -> None:
    actions.refresh(subject=event.resident, by=by, at=at)


@on(TaskOverdue, of=("home_call",))
def late(event: TaskOverdue, *, by: Actor, at: datetime) -> None:
    actions.miss(call=int(event.about.removeprefix("home_call:")), by=by, at=at)


@on(BuildingsMoved)
def follow(event: BuildingsMoved, *, by: Actor, at: datetime) -> None:
    actions.follow_map(buildings=event.codes, by=by, at=at)
