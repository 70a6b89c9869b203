"""Verbs of what cannot be done at once: hold, stage answer, long ledger. Each: permit, decide, write, record."""

from datetime import datetime

from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput
from siqian.town.people import rules as duty
from siqian.trades.tasks import actions as tasks, queries as clocks

from . import parts
from .events import MatterHeld, MatterResumed, MatterShelved, MatterStaged, MatterTakenUp
from .keeping import desk_of, drop, go, locked, owe, said_by, twice, write
from .models import Matter, Step
from .receiving import start_clocks
from .rules import course


@verb
def hold(*, matter: int, why: str, text: str, by: Actor, at: datetime) -> None:
    """Wait for the teller, a third party, works or its own parts (挂起): the settling clock stands still, for a bounded time.

    Records matter.held.
    """
    row = locked(matter, by, "hold")
    if row.state == "on_hold":
        return
    fault = course.hold_fault(why, text, Step.objects.filter(matter=row, kind="held").count(), len(parts.open_of(row.id)))
    if fault is not None:
        raise BadInput(fault)
    go(row, "hold")
    limit = at + course.HOLDS_OF_WHOLE[why]
    tasks.pause(about=f"matter:{row.id}", what="settle", why=why, limit=limit, by=by, at=at)
    write(row, "held", text.strip(), values={"why": why, "until": course.stamp(limit)}, by=by, at=at)
    record(MatterHeld(f"matter:{row.id}", why, limit), by=by, at=at)


@verb
def resume(*, matter: int, by: Actor, at: datetime) -> None:
    """Go on after a hold, by hand or because its limit was reached. Twice is once. Records matter.resumed."""
    row = locked(matter, by, "resume")
    if row.state == "on_hold":
        _go_on(row, by=by, at=at)
    elif row.state == "to_check":
        # The checker let the time pass: the promise to the teller goes on.
        tasks.resume(about=f"matter:{row.id}", what="settle", by=by, at=at)


def heard(row: Matter, *, by: Actor, at: datetime) -> None:
    """The teller spoke: whoever waited for just that goes on."""
    if row.state == "on_hold" and clocks.waits_for(f"matter:{row.id}", "settle") == "resident":
        _go_on(row, by=by, at=at)


@verb
def stage(*, matter: int, text: str, until: datetime | None, by: Actor, at: datetime) -> None:
    """Answer with a plan and a day (阶段答复): the promise to settle is kept, the matter stays open under the plan's clock.

    Records matter.staged.
    """
    row = locked(matter, by, "stage")
    fault = course.stage_fault(text, until, at)
    if fault is not None:
        raise BadInput(fault)
    assert until is not None
    go(row, "stage")
    drop(row, by=by, at=at)
    tasks.stop(about=f"matter:{row.id}", what="settle", by=by, at=at)
    owe(row, "stage", until, duty.Owner(row.post, row.person), by=by, at=at)
    written = write(row, "staged", text.strip(), values={"until": course.stamp(until)}, by=by, at=at)
    record(MatterStaged(f"matter:{row.id}", f"step:{written.id}", until), by=by, at=at)


@verb
def review(*, matter: int, text: str, until: datetime | None, by: Actor, at: datetime) -> None:
    """Look at an entry of the long ledger again, every month, in public. Records matter.shelved."""
    row = locked(matter, by, "review")
    fault = course.review_fault(text, until, at)
    if fault is not None:
        raise BadInput(fault)
    assert until is not None
    if twice(row, "reviewed", text, by=by, at=at):
        return
    go(row, "review")
    tasks.stop(about=f"matter:{row.id}", what="review", by=by, at=at)
    shelve(row, until, by=by, at=at)
    write(row, "reviewed", text.strip(), values={"until": course.stamp(until)}, by=by, at=at)


@office_verb
def take_up(*, matter: int, text: str, by: Actor, at: datetime) -> None:
    """What could not be done can be done now: out of the ledger, with a new settling clock. Records matter.taken_up."""
    row = locked(matter, by, "review")
    if len(text.strip()) < 4:
        raise BadInput(course.UNSAID)
    go(row, "take_up")
    tasks.stop(about=f"matter:{row.id}", what="review", by=by, at=at)
    start_clocks(row, duty.Owner(row.post, row.person), said_by(row), only=("settle",), by=by, at=at)
    write(row, "taken_up", text.strip(), by=by, at=at)
    record(MatterTakenUp(f"matter:{row.id}"), by=by, at=at)


def shelve(row: Matter, until: datetime, *, by: Actor, at: datetime) -> None:
    """Start the clock of the ledger's next review, for the street's desk."""
    owe(row, "review", until, desk_of(row, 1, at=at), by=by, at=at)
    record(MatterShelved(f"matter:{row.id}", until), by=by, at=at)


def _go_on(row: Matter, *, by: Actor, at: datetime) -> None:
    go(row, "resume")
    tasks.resume(about=f"matter:{row.id}", what="settle", by=by, at=at)
    write(row, "resumed", by=by, at=at)
    record(MatterResumed(f"matter:{row.id}"), by=by, at=at)
