"""Verbs that take a step back: what one asked, and a closing by mistake, while nobody has built on it. Permit, decide, write, record."""

from datetime import datetime

from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, NotYours, Refused
from siqian.trades.tasks import actions as tasks

from .events import MatterTakenBack
from .keeping import go, locked, owes_answer, rule_on, waiting, write
from .models import Step
from .rules import course
from .ruling import ASKS


@office_verb
def retract(*, matter: int, by: Actor, at: datetime) -> None:
    """Take back what one asked (撤回申请) before anybody ruled: the matter stands as if it had not been asked. Records request.ruled.

    Twice is once. Whoever asked it may, and whoever sits on the post by now.
    """
    row = locked(matter, by, "note")
    asked = waiting(row)
    if asked is None:
        return
    if asked.kind not in ASKS:
        raise Refused(course.NOT_RETRACTED)
    if by.ref != asked.by and row.post not in by.posts:
        raise NotYours(course.NOT_ASKER)
    if asked.kind == "return":
        go(row, "deny" if owes_answer(row) else "keep")
    rule_on(asked, "drop", "", by=by, at=at)
    write(row, "retracted", public=asked.kind == "return", values={"asked": asked.kind}, by=by, at=at)


@office_verb
def take_back(*, matter: int, by: Actor, at: datetime) -> None:
    """Undo a closing within minutes, by whoever closed it, before its teller said anything: its clocks run on. Records matter.taken_back.

    The settling clock is the same one with the same due time: nobody gains time by closing and taking back.
    """
    row = locked(matter, by, "close")
    if row.state == "in_hand":
        return
    last = Step.objects.filter(matter=row).exclude(kind="climbed").order_by("-at", "-id").first()
    refusal = course.take_back_fault(row.state, row.closed, last.kind if last else "", last.by if last else "", by, at)
    if refusal is not None:
        raise Refused(refusal)
    assert row.closed is not None
    about, closed = f"matter:{row.id}", row.closed
    if not tasks.run_on(about=about, what="settle", stopped=closed, by=by, at=at):
        raise Refused(course.NOT_TAKEN_BACK)
    go(row, "take_back", closed=None)
    tasks.stop(about=about, what="rate", by=by, at=at)
    write(row, "taken_back", by=by, at=at)
    record(MatterTakenBack(about, row.post), by=by, at=at)
