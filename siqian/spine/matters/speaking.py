"""Verbs of whoever told it: add something, ask where it is and why it takes long, need it no more. Each: permit, decide, write, record."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, Refused
from siqian.spine.remit import queries as remit
from siqian.town.people import rules as duty
from siqian.trades.tasks import actions as tasks

from . import rules
from .events import MatterNoted, MatterUrged, MatterWithdrawn, WhyAsked
from .keeping import drop, go, locked, owe, own_telling, twice, write
from .models import Matter, Step
from .pausing import heard


@verb
def remark(*, matter: int, text: str, photos: Sequence[str] = (), by: Actor, at: datetime) -> None:
    """The teller adds something. Records matter.noted."""
    row = locked(matter, by, "remark")
    fault = None if photos else rules.text_fault(text)
    if fault is not None:
        raise BadInput(fault)
    if twice(row, "remark", text, photos, by=by, at=at):
        return
    written = write(row, "remark", text.strip(), photos=photos, values={"telling": own_telling(row, by)}, by=by, at=at)
    heard(row, by=by, at=at)
    record(MatterNoted(f"matter:{row.id}", f"step:{written.id}", True), by=by, at=at)


@verb
def urge(*, matter: int, by: Actor, at: datetime) -> None:
    """The teller asks where it is; once in ten minutes is enough. Records matter.urged."""
    row = locked(matter, by, "urge")
    if row.state not in rules.OPEN:
        raise Refused(rules.OVER)
    if _since(row, "urged", at) < rules.URGE_AGAIN:
        return
    write(row, "urged", by=by, at=at)
    record(MatterUrged(f"matter:{row.id}", row.post), by=by, at=at)


@verb
def ask_why(*, matter: int, by: Actor, at: datetime) -> None:
    """The teller asks why it takes so long: its owner owes a word, on a clock of its own. Once a day is enough. Records why.asked."""
    row = locked(matter, by, "urge")
    if row.state not in rules.OPEN:
        raise Refused(rules.OVER)
    if _since(row, "why_asked", at) < rules.course.WHY_AGAIN:
        raise Refused(rules.course.WHY_ASKED)
    owe(row, "explain", at + rules.course.EXPLAIN, duty.Owner(row.post, row.person), by=by, at=at)
    write(row, "why_asked", values={"telling": own_telling(row, by)}, by=by, at=at)
    record(WhyAsked(f"matter:{row.id}", row.post), by=by, at=at)


@office_verb
def withdraw(*, matter: int, by: Actor, at: datetime) -> None:
    """The teller needs it no more, nor its parts. While neighbours wait for it, it goes on. Records matter.withdrawn of each."""
    row = locked(matter, by, "withdraw")
    if row.state == "withdrawn":
        return
    refusal = rules.withdrawable(remit.kind(row.kind), row.tellings)
    if refusal is not None:
        raise Refused(refusal)
    _call_off(row, by=by, at=at)
    # Whoever needs the whole no more needs its parts no more, but for what is looked into whatever they want.
    parts = Matter.objects.filter(whole=row, state__in=rules.OPEN).order_by("id")
    for part in parts.select_for_update() if connection.vendor == "postgresql" else parts:
        if rules.withdrawable(remit.kind(part.kind), part.tellings) is None:
            _call_off(part, by=by, at=at)


def _since(row: Matter, kind: str, at: datetime) -> timedelta:
    """How long ago the newest step of a kind was; for ever when there is none."""
    last = Step.objects.filter(matter=row, kind=kind).order_by("-id").values_list("at", flat=True).first()
    return timedelta.max if last is None else at - last


def _call_off(row: Matter, *, by: Actor, at: datetime) -> None:
    go(row, "withdraw")
    drop(row, by=by, at=at)
    tasks.stop_all(about=f"matter:{row.id}", by=by, at=at)
    write(row, "withdrawn", by=by, at=at)
    record(MatterWithdrawn(f"matter:{row.id}"), by=by, at=at)
