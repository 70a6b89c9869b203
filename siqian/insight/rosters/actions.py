"""The only writers of leave and swaps. Each: permit, decide, write, record."""

from datetime import datetime

from siqian.kernel import store
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import OFFICE, Actor, BadInput, NotFound, NotYours, Refused, declare, must, or_refuse
from siqian.kernel.said import said
from siqian.town.people import actions as people_actions, queries as people
from siqian.town.places import queries as places
from siqian.trades.notices import actions as notices
from siqian.trades.tasks import actions as tasks

from . import queries, rules
from .events import ReliefAgreed, ReliefApproved, ReliefAsked, ReliefDeclined, ReliefRefused, ReliefWithdrawn
from .models import Relief
from .sheeting import drop_sheet, keep_sheet, read_sheet, take_sheet

__all__ = ["agree", "approve", "ask", "decline", "drop_sheet", "keep_sheet", "read_sheet", "refuse", "take_sheet", "withdraw"]

declare("relief", *rules.PERMITS)

CLOCK = "relief"
ASKED = said("{name}请您替班，看看方不方便")
TO_RULE = said("{name}要请假或换班，等您批")
OUTCOME = {
    "approved": said("请假或换班批了"),
    "declined": said("请您找别人替：对方不方便"),
    "refused": said("请假或换班没批，看看原因"),
}
STANDS_IN = said("您替{name}的班定下来了")
CALLED_OFF = said("{name}不请了，不用您替了")


@office_verb
def ask(*, draft: rules.Draft, by: Actor, at: datetime) -> int:
    """Ask for leave or a swap; gives its id. The same asked twice is asked once. Records relief.asked."""
    must(by, "ask", queries.thing(draft.post, by.person))
    store.lock("relief", by.person)
    same = Relief.objects.filter(person=by.person, post=draft.post, since=draft.since, until=draft.until, state__in=rules.STANDING)
    if (there := same.filter(kind=draft.kind, stand_in=draft.stand_in).values_list("id", flat=True).first()) is not None:
        return there
    others = list(Relief.objects.filter(person=by.person, state__in=rules.STANDING).values_list("since", "until"))
    known = draft.stand_in in {person for person, _, _ in queries.colleagues(draft.post, at=at)}
    for fault in rules.draft_faults(draft, person=by.person, known=known, others=others, at=at)[:1]:
        raise BadInput(fault)
    path = people.post_line(draft.post)[2]
    since_back, until_back = draft.back or (None, None)
    row = Relief.objects.create(
        person=by.person,
        post=draft.post,
        path=path,
        grid=places.fences_of([path]).get(path, 0),
        kind=draft.kind,
        stand_in=draft.stand_in,
        since=draft.since,
        until=draft.until,
        back_since=since_back,
        back_until=until_back,
        why=draft.why.strip(),
        state="asked" if draft.stand_in else "agreed",
        asked=at,
    )
    about = f"relief:{row.id}"
    record(ReliefAsked(about, row.kind, row.stand_in, row.since, row.until), first=True, by=by, at=at)
    if row.stand_in:
        _tell(people.account_of_person(row.stand_in), about, ASKED, by.name, by=by, at=at)
    else:
        _to_rule(row, by=by, at=at)
    return row.id


@office_verb
def agree(*, relief: int, by: Actor, at: datetime) -> None:
    """Whoever is to stand in agrees; it goes on to whoever rules. Twice is once. Records relief.agreed."""
    row = _asked_of(relief, by)
    if row.state in ("agreed", "approved"):
        return
    row.state, row.agreed = or_refuse(rules.RELIEF.then(row.state, "agree")), at
    row.save(update_fields=["state", "agreed"])
    _to_rule(row, by=by, at=at)
    record(ReliefAgreed(f"relief:{row.id}"), by=by, at=at)


@office_verb
def decline(*, relief: int, by: Actor, at: datetime) -> None:
    """Whoever is to stand in cannot. Twice is once. Records relief.declined."""
    row = _asked_of(relief, by)
    if row.state == "declined":
        return
    row.state = or_refuse(rules.RELIEF.then(row.state, "decline"))
    row.save(update_fields=["state"])
    _outcome(row, by=by, at=at)
    record(ReliefDeclined(f"relief:{row.id}"), by=by, at=at)


@office_verb
def approve(*, relief: int, by: Actor, at: datetime) -> None:
    """A second person approves: the roster changes at once. Twice is once. Records relief.approved, leave.taken."""
    row = _to_be_ruled(relief, "approve", by)
    if row.state == "approved":
        return
    row.state = or_refuse(rules.RELIEF.then(row.state, "approve"))
    if row.until <= at:
        raise Refused(rules.OVER)
    _ruled(row, "", by=by, at=at)
    for person, stand_in, since, until in queries.absences(row):
        people_actions.take_leave(person=person, stand_in=stand_in, since=since, until=until, by=OFFICE, at=at)
    _outcome(row, by=by, at=at)
    if row.stand_in:
        _tell(people.account_of_person(row.stand_in), f"relief:{row.id}", STANDS_IN, people.person_name(row.person), by=by, at=at)
    record(ReliefApproved(f"relief:{row.id}"), by=by, at=at)


@office_verb
def refuse(*, relief: int, word: str, by: Actor, at: datetime) -> None:
    """A second person does not approve, and says why. Twice is once. Records relief.refused."""
    row = _to_be_ruled(relief, "refuse", by)
    if row.state == "refused":
        return
    row.state = or_refuse(rules.RELIEF.then(row.state, "refuse"))
    if (fault := rules.refusing_fault(word)) is not None:
        raise BadInput(fault)
    _ruled(row, word, by=by, at=at)
    _outcome(row, by=by, at=at)
    record(ReliefRefused(f"relief:{row.id}"), by=by, at=at)


@office_verb
def withdraw(*, relief: int, by: Actor, at: datetime) -> None:
    """Whoever asked needs it no more; what was approved ends now, or never begins. Twice is once. Records relief.withdrawn."""
    row = _locked(relief)
    if row is None or row.person != by.person:
        raise NotFound(rules.NO_RELIEF)
    if row.state == "withdrawn":
        return
    approved = row.state == "approved"
    row.state = or_refuse(rules.RELIEF.then(row.state, "withdraw"))
    if approved and max(until for *_who, until in queries.absences(row)) <= at:
        raise Refused(rules.OVER)
    row.save(update_fields=["state"])
    about = f"relief:{row.id}"
    tasks.stop_all(about=about, by=by, at=at)
    for person, _stand_in, since, until in queries.absences(row) if approved else ():
        people_actions.end_leave(person=person, since=since, until=until, by=OFFICE, at=at)
    if row.stand_in:
        _tell(people.account_of_person(row.stand_in), about, CALLED_OFF, by.name, by=by, at=at)
    record(ReliefWithdrawn(about), by=by, at=at)


def _to_rule(row: Relief, *, by: Actor, at: datetime) -> None:
    """Among the work of whoever leads there: the secretary, or the first desk upward on which neither of the two sits."""
    owner = queries.ruler(row.path, row.person, row.stand_in, at=at)
    if owner is None:
        return
    about, name = f"relief:{row.id}", people.person_name(row.person)
    due = rules.due(row.since, at)
    line = people.post_line(row.post)[0]
    tasks.open_clocks(about=about, dues={CLOCK: due}, owner=owner, path=row.path, title=name, place=line, said_by="", by=by, at=at)
    notices.tell(to=f"post:{owner.post}", about=about, text=TO_RULE, values={"name": name}, by=by, at=at)


def _ruled(row: Relief, word: str, *, by: Actor, at: datetime) -> None:
    row.ruled, row.ruled_name, row.word = at, by.name[:30], word.strip()
    row.save(update_fields=["state", "ruled", "ruled_name", "word"])
    tasks.stop_all(about=f"relief:{row.id}", by=by, at=at)


def _outcome(row: Relief, *, by: Actor, at: datetime) -> None:
    _tell(people.account_of_person(row.person), f"relief:{row.id}", OUTCOME[row.state], "", by=by, at=at)


def _tell(account: str, about: str, text: str, name: str, *, by: Actor, at: datetime) -> None:
    if account:
        notices.tell(to=account, about=about, text=text, values={"name": name} if name else {}, by=by, at=at)


def _asked_of(relief: int, by: Actor) -> Relief:
    row = _locked(relief)
    if row is None or not by.person or row.stand_in != by.person:
        raise NotFound(rules.NO_RELIEF)
    return row


def _to_be_ruled(relief: int, step: str, by: Actor) -> Relief:
    row = _locked(relief)
    if row is None or not by.is_staff:
        raise NotFound(rules.NO_RELIEF)
    must(by, step, queries.thing(row.post, row.person))
    if (fault := rules.ruling_fault(by.person, row.person, row.stand_in)) is not None:
        raise NotYours(fault)
    return row


def _locked(relief: int) -> Relief | None:
    store.lock("relief asked", relief)
    return Relief.objects.filter(id=relief).first()
