"""The only writers of answers: one writes, another publishes, somebody looks at it again on its day."""

from datetime import date, datetime, time
from typing import Any

from siqian.kernel import epochs, store
from siqian.kernel.clock import TOWN, local
from siqian.kernel.journal import Ref, office_verb, record, verb
from siqian.kernel.permits import OFFICE, Actor, BadInput, NotFound, NotYours, Refused, declare, must, or_refuse
from siqian.kernel.said import said
from siqian.spine.remit import queries as remit
from siqian.town.people import rules as duty
from siqian.town.places import queries as places
from siqian.trades.notices import actions as notices
from siqian.trades.tasks import actions as tasks

from . import rules
from .events import AnswerDue, AnswerMissed, AnswerPublished, AnswerRetired, AnswerReviewed, AnswerWritten
from .models import Answer, NotHelped, Step, Version
from .queries import INDEX, desk_of, thing

declare("answer", *rules.PERMITS)

EVENING = time(18)
DUE = said("“{question}”{month}月{day}日前要复核，看看说的还对不对")


@verb
def write(*, draft: rules.Draft, answer: int | None = None, seen: int = 0, once: str = "", by: Actor, at: datetime) -> int:
    """Write an answer, or a new version of one; nobody outside sees it until it is published. Gives its id. Records answer.written.

    seen: the version that the writer had before the eyes; once: the code of the form, for which it is written once.
    """
    if once:
        store.lock("answer written", once)
    if once and (known := Version.objects.filter(once=once).values_list("answer_id", flat=True).first()):
        return known
    if answer is None:
        must(by, "propose", thing(0, draft.path))
        _right(draft, at)
        row = Answer.objects.create(path=draft.path, item=draft.item, unit=draft.unit)
        _keep(row, 1, draft, once, by=by, at=at)
        record(AnswerWritten(f"answer:{row.id}", 1), first=True, by=by, at=at)
        return row.id
    row = _locked(answer, by, "write")
    if seen != row.version:
        raise Refused(rules.NEWER)
    _right(draft, at, path=row.path)
    row.state = or_refuse(rules.ANSWER.then(row.state, "write"))
    row.version += 1
    if row.state == "draft":
        row.item, row.unit = draft.item, draft.unit
    row.save(update_fields=["state", "version", "item", "unit"])
    _keep(row, row.version, draft, once, by=by, at=at)
    record(AnswerWritten(f"answer:{row.id}", row.version), by=by, at=at)
    return row.id


@verb
def publish(*, answer: int, version: int, by: Actor, at: datetime) -> None:
    """A second person lets everybody read a version. Twice is once. Records answer.published."""
    row = _locked(answer, by, "publish")
    if row.state == "live" and row.shown == version:
        return
    state = or_refuse(rules.ANSWER.then(row.state, "publish"))
    new = Version.objects.filter(answer=row, number=version).first()
    if new is None:
        raise NotFound(rules.NO_ANSWER)
    fault = rules.publish_fault(new.by, by.ref, newest=version == row.version, review=new.review, today=local(at).date())
    if fault is not None:
        raise (NotYours if fault is rules.SECOND_PERSON else Refused)(fault)
    row.state, row.shown, row.item, row.unit, row.review = state, version, new.item, new.unit, new.review
    row.save(update_fields=["state", "shown", "item", "unit", "review"])
    _step(row, "published", review=new.review, by=by, at=at)
    tasks.stop(about=f"answer:{row.id}", what=rules.CLOCK, by=by, at=at)
    epochs.bump(INDEX)
    record(AnswerPublished(f"answer:{row.id}", version, new.review), by=by, at=at)


@verb
def look_again(*, answer: int, review: date | None, note: str, by: Actor, at: datetime) -> None:
    """Say that it still holds, and when it is looked at next. Twice is once. Records answer.reviewed."""
    row = _locked(answer, by, "look_again")
    or_refuse(rules.ANSWER.then(row.state, "look_again"))
    fault = rules.review_fault(review, local(at).date()) or rules.note_fault(note)
    if fault is not None or review is None:
        raise BadInput(fault or rules.NO_ANSWER)
    if review == row.review:
        return
    row.review = review
    row.save(update_fields=["review"])
    _step(row, "reviewed", note=note, review=review, by=by, at=at)
    tasks.stop(about=f"answer:{row.id}", what=rules.CLOCK, by=by, at=at)
    record(AnswerReviewed(f"answer:{row.id}", row.shown, review), by=by, at=at)


@verb
def retire(*, answer: int, note: str, by: Actor, at: datetime) -> None:
    """Take it away: nobody outside finds it any more; what was written stays. Records answer.retired."""
    row = _locked(answer, by, "retire")
    row.state = or_refuse(rules.ANSWER.then(row.state, "retire"))
    fault = rules.note_fault(note)
    if fault is not None:
        raise BadInput(fault)
    last, row.shown, row.review = row.shown or row.version, 0, None
    row.save(update_fields=["state", "shown", "review"])
    _step(row, "retired", version=last, note=note, by=by, at=at)
    tasks.stop_all(about=f"answer:{row.id}", by=by, at=at)
    epochs.bump(INDEX)
    record(AnswerRetired(f"answer:{row.id}", last), by=by, at=at)


@office_verb
def mark_not_helped(*, answer: int, mark: str, telling: Ref = "", by: Actor, at: datetime) -> bool:
    """Note that it did not help somebody; says whether it was news. Records answer.missed.

    mark: what may say so once for a version: a telling, or a browser's own code. Of what nobody reads any more nothing is noted.
    """
    shown = Answer.objects.filter(id=answer, state="live").values_list("shown", flat=True).first()
    if not shown or not mark:
        return False
    missed = {"day": local(at).date(), "telling": telling}
    _, news = NotHelped.objects.get_or_create(answer_id=answer, version=shown, mark=mark[:64], defaults=missed)
    if news:
        record(AnswerMissed(f"answer:{answer}", shown, telling), by=by, at=at)
    return news


@office_verb
def remind(*, answer: int, by: Actor, at: datetime) -> bool:
    """Put an answer whose day is near onto its desk's page, with a clock that climbs; says whether it was new. Records answer.due."""
    store.lock("answer", answer)
    row = Answer.objects.filter(id=answer, state="live").first()
    owner = desk_of(row.path, at=at) if row else None
    if row is None or row.review is None or owner is None:
        return False
    due = datetime.combine(row.review, EVENING, TOWN)
    if Step.objects.filter(answer=row, what="due", version=row.shown, review=row.review).exists():
        return False
    _step(row, "due", review=row.review, by=by, at=at)
    _open_clock(row, owner, due, by=by, at=at)
    record(AnswerDue(f"answer:{row.id}", row.review, owner.post), by=by, at=at)
    return True


def _open_clock(row: Answer, owner: duty.Owner, due: datetime, *, by: Actor, at: datetime) -> None:
    question = Version.objects.values_list("question", flat=True).get(answer=row, number=row.shown)
    told: dict[str, Any] = {
        "owner": owner,
        "path": row.path,
        "title": question,
        "place": remit.units()[row.unit].zh,
        "said_by": OFFICE.name,
    }
    tasks.open_clocks(about=f"answer:{row.id}", dues={rules.CLOCK: due}, **told, by=by, at=at)
    day = {"question": question, "month": str(due.month), "day": str(due.day)}
    notices.tell(to=f"post:{owner.post}", about=f"answer:{row.id}", text=DUE, values=day, by=by, at=at)


def _locked(answer: int, by: Actor, step: str) -> Answer:
    """The row, while others who would write it wait. An answer that the actor may not touch is told as such: it is public anyway."""
    store.lock("answer", answer)
    row = Answer.objects.filter(id=answer).first()
    if row is None or not by.is_staff:
        raise NotFound(rules.NO_ANSWER)
    must(by, step, thing(row.id, row.path))
    return row


def _right(draft: rules.Draft, at: datetime, *, path: str = "") -> None:
    known = {"item": draft.item in remit.items(), "unit": draft.unit in remit.units(), "path": bool(path or places.both_names(draft.path))}
    for fault in rules.draft_faults(draft, **known, today=local(at).date())[:1]:
        raise BadInput(fault)


def _keep(row: Answer, number: int, draft: rules.Draft, once: str, *, by: Actor, at: datetime) -> None:
    words = {name: getattr(draft, name).strip() for name in ("question", "text", "question_en", "text_en", "basis")}
    placed = {"item": draft.item, "unit": draft.unit, "review": draft.review, "once": once[:32]}
    Version.objects.create(answer=row, number=number, **words, **placed, by=by.ref, by_name=by.name, at=at)


def _step(row: Answer, what: str, *, version: int = 0, note: str = "", review: date | None = None, by: Actor, at: datetime) -> None:
    told = {"note": note.strip(), "review": review}
    Step.objects.create(answer=row, version=version or row.shown, what=what, **told, by=by.ref, by_name=by.name, at=at)
