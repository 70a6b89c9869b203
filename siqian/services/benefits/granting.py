"""What becomes of an entitlement: the person agrees, a named person confirms, grants, refuses with a reason, another hears the appeal."""

from datetime import datetime

from siqian.kernel import journal, store
from siqian.kernel.clock import local
from siqian.kernel.journal import Ref, office_verb
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refusal, must, or_refuse
from siqian.kernel.said import said

from . import queries, rules
from .events import EntitlementMoved, QuestionSkipped, SuggestionsSwitched
from .matching import add_step, tell
from .models import Entitlement, Quiet, Skipped

TOLD = {
    "confirm": said("“{title}”核对过了，接下来办给您"),
    "queue": said("“{title}”核对过了，名额满了，替您排上了，轮到就办"),
    "grant": said("“{title}”办好了"),
    "refuse": said("“{title}”这次没有办成，理由写在“该您的”里，觉得不对可以请人再看"),
    "stop": said("“{title}”要停了，理由写在“该您的”里，觉得不对可以请人再看"),
    "allow": said("“{title}”另一位同事重新看过，照您说的办"),
    "uphold": said("“{title}”另一位同事重新看过，维持原来的决定，理由写在“该您的”里"),
}


@office_verb
def accept(*, entitlement: int, by: Actor, at: datetime) -> None:
    """The person wants it. Twice is once."""
    row = _locked(entitlement, by, "accept")
    if row.state != "accepted":
        _move(row, "accept", by=by, at=at)


@office_verb
def decline(*, entitlement: int, by: Actor, at: datetime) -> None:
    """The person does not want it; they may still change their mind. Twice is once."""
    row = _locked(entitlement, by, "decline")
    if row.state != "declined":
        _move(row, "decline", by=by, at=at)


@office_verb
def confirm(*, entitlement: int, by: Actor, at: datetime) -> None:
    """The unit has looked at it a second time. Where the person must agree first, nothing is confirmed before that."""
    row = _locked(entitlement, by, "confirm")
    if row.state in ("confirmed", "queued"):
        return
    if row.state == "told" and row.mode != "free":
        raise BadInput(NOT_AGREED)
    row.decided_by, row.doubt = by.ref, None
    # One at a time for a policy: two who take the last place at once must not both have it.
    store.lock("policy places", row.policy)
    _move(row, "confirm" if _room(row, at) else "queue", by=by, at=at)


@office_verb
def fill(*, policy: str, by: Actor, at: datetime) -> int:
    """There may be room again: whoever waits longest comes first; gives how many. As often as one likes."""
    store.lock("policy places", policy)
    filled = 0
    for row in Entitlement.objects.filter(policy=policy, state="queued").order_by("found", "id"):
        if not _room(row, at):
            break
        _move(row, "confirm", by=by, at=at)
        filled += 1
    return filled


def _room(row: Entitlement, at: datetime) -> bool:
    line = next((one for one in queries.in_force(local(at).date(), fresh=True) if one.code == row.policy), None)
    if line is None or not (line.places or line.budget):
        return True
    held, spent = queries.spent(row.policy)
    return rules.has_room(line.places, line.budget, held, spent, (row.fen or 0) * rules.PER_YEAR[row.period])


@office_verb
def grant(*, entitlement: int, why: str = "", by: Actor, at: datetime) -> None:
    """It is there: paid out, or the service is arranged. why: when and how, for the person to read."""
    row = _locked(entitlement, by, "grant")
    if row.state == "granted":
        return
    row.granted = at
    _move(row, "grant", why, by=by, at=at)


@office_verb
def refuse(*, entitlement: int, why: str, by: Actor, at: datetime) -> None:
    """A named person says no, and why; the person reads both."""
    _no(entitlement, "refuse", why, by=by, at=at)


@office_verb
def stop(*, entitlement: int, why: str, by: Actor, at: datetime) -> None:
    """What was granted ends, by a named person and with a reason."""
    _no(entitlement, "stop", why, by=by, at=at)


@office_verb
def renew(*, entitlement: int, by: Actor, at: datetime) -> None:
    """Looked at again, and it stays as it is."""
    row = _locked(entitlement, by, "renew")
    row.doubt, row.decided_by = None, by.ref
    _move(row, "renew", by=by, at=at)


@office_verb
def appeal(*, entitlement: int, why: str, by: Actor, at: datetime) -> None:
    """The person says that it is wrong; another than whoever decided looks at it."""
    row = _locked(entitlement, by, "appeal")
    if row.state == "appealed":
        return
    if (fault := rules.reason_fault(why)) is not None:
        raise BadInput(fault)
    row.due = rules.due_day(local(at).date())
    _move(row, "appeal", why, by=by, at=at)


@office_verb
def allow(*, entitlement: int, why: str, by: Actor, at: datetime) -> None:
    """The appeal was right."""
    _heard(entitlement, "allow", why, by=by, at=at)


@office_verb
def uphold(*, entitlement: int, why: str, by: Actor, at: datetime) -> None:
    """The decision stays, with why."""
    _heard(entitlement, "uphold", why, by=by, at=at)


@office_verb
def skip(*, subject: Ref, kind: str, path: str, grid: int, by: Actor, at: datetime) -> None:
    """One does not want to say: it is not asked again. Records benefit_question.skipped."""
    if subject not in by.own:
        raise NotYours(rules.NO_ENTITLEMENT)
    _, made = Skipped.objects.get_or_create(subject=subject, kind=kind[:24], defaults={"grid": grid, "at": at})
    if made:
        journal.record(QuestionSkipped(subject), by=by, at=at)


@office_verb
def suggest(*, subject: Ref, on: bool, grid: int, by: Actor, at: datetime) -> None:
    """Whether one is looked for. What was granted already stays. Twice is once. Records suggestions.switched."""
    if subject not in by.own:
        raise NotYours(rules.NO_ENTITLEMENT)
    changed = (
        bool(Quiet.objects.filter(subject=subject).delete()[0])
        if on
        else Quiet.objects.get_or_create(subject=subject, defaults={"grid": grid, "at": at})[1]
    )
    if changed:
        journal.record(SuggestionsSwitched(subject, on), by=by, at=at)


NOT_AGREED = Refusal("本人还没点头，先等本人同意，或者请网格员上门问一声")


def _no(entitlement: int, step: str, why: str, *, by: Actor, at: datetime) -> None:
    row = _locked(entitlement, by, step)
    if (fault := rules.reason_fault(why)) is not None:
        raise BadInput(fault)
    row.decided_by, row.doubt = by.ref, None
    _move(row, step, why, by=by, at=at)


def _heard(entitlement: int, step: str, why: str, *, by: Actor, at: datetime) -> None:
    row = _locked(entitlement, by, step)
    if row.decided_by == by.ref:
        raise NotYours(rules.SAME_HAND)
    if (fault := rules.reason_fault(why)) is not None:
        raise BadInput(fault)
    row.decided_by = by.ref
    _move(row, step, why, by=by, at=at)


def _move(row: Entitlement, step: str, why: str = "", *, by: Actor, at: datetime) -> None:
    row.state = or_refuse(rules.ENTITLEMENT.then(row.state, step))
    row.save()
    add_step(row, step, why, by=by, at=at)
    journal.record(EntitlementMoved(f"entitlement:{row.id}", step, f"policy:{row.policy}"), by=by, at=at)
    if step in TOLD:
        shown = queries.public_title(row.title, row.title_en, row.gives, row.tender)
        values = {"title": str(shown), "title_en": shown.en}
        tell(row, TOLD[step], values, by=by, at=at)


def _locked(entitlement: int, by: Actor, step: str) -> Entitlement:
    store.lock("entitlement", entitlement)
    row = Entitlement.objects.filter(id=entitlement).first()
    if row is None:
        raise NotFound(rules.NO_ENTITLEMENT)
    thing = queries.thing(row)
    if row.subject in by.own:
        # One's own is asked as a teller's: the table knows it by the relation, not by an area.
        if step not in ("accept", "decline", "appeal"):
            raise NotYours(rules.NO_ENTITLEMENT)
        return row
    if queries.may(by, "read", thing) is not None and queries.may(by, step, thing) is not None:
        raise NotFound(rules.NO_ENTITLEMENT)
    must(by, step, thing)
    return row
