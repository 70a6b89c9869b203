"""What benefits do when others speak: a fact changes, somebody moves away, a policy comes into force."""

from datetime import datetime

from siqian.kernel.journal import on
from siqian.kernel.permits import Actor
from siqian.kernel.vault import Erased
from siqian.town.people.events import ResidentMovedOut
from siqian.trades.dossier.events import FactConfirmed, FactCorrected, FactNoted, FactObjected, FactWithdrawn

from . import actions, rules
from .events import EntitlementMoved, PolicyPublished, SuggestionsSwitched


@on(FactNoted)
def noted(event: FactNoted, *, by: Actor, at: datetime) -> None:
    _again(event.about, by, at)


@on(FactConfirmed)
def confirmed(event: FactConfirmed, *, by: Actor, at: datetime) -> None:
    _again(event.about, by, at)


@on(FactCorrected)
def corrected(event: FactCorrected, *, by: Actor, at: datetime) -> None:
    _again(event.about, by, at)


@on(FactWithdrawn)
def withdrawn(event: FactWithdrawn, *, by: Actor, at: datetime) -> None:
    _again(event.about, by, at)


@on(FactObjected)
def objected(event: FactObjected, *, by: Actor, at: datetime) -> None:
    _again(event.about, by, at)


@on(SuggestionsSwitched)
def looked_for_again(event: SuggestionsSwitched, *, by: Actor, at: datetime) -> None:
    if event.on:
        _again(event.about, by, at)


@on(PolicyPublished)
def published(event: PolicyPublished, *, by: Actor, at: datetime) -> None:
    code = event.policy.removeprefix("policy:")
    actions.match_policy(code=code, by=by, at=at)
    actions.fill(policy=code, by=by, at=at)


@on(EntitlementMoved)
def room_again(event: EntitlementMoved, *, by: Actor, at: datetime) -> None:
    """Somebody lets a place go: whoever waits longest has it."""
    if event.step in rules.FREES:
        actions.fill(policy=event.policy.removeprefix("policy:"), by=by, at=at)


@on(ResidentMovedOut)
def moved_out(event: ResidentMovedOut, *, by: Actor, at: datetime) -> None:
    actions.leave(subject=event.resident, by=by, at=at)


@on(Erased, of=("resident",))
def forgotten(event: Erased, *, by: Actor, at: datetime) -> None:
    actions.leave(subject=event.subject_ref, by=by, at=at)


def _again(subject: str, by: Actor, at: datetime) -> None:
    if subject.startswith("resident:"):
        actions.match(subject=subject, by=by, at=at)
