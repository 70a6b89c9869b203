"""The only writers of facts. Each: permit, decide, write, record; what was said before stays as its own version."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from siqian.kernel import clock, epochs, journal, store, vault
from siqian.kernel.journal import Ref, office_verb
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refused, Thing, declare, must, or_refuse
from siqian.town.places import queries as places

from . import catalogued, queries, rules
from .events import FactConfirmed, FactCorrected, FactNoted, FactObjected, FactsEnded, FactsExpired, FactWithdrawn
from .models import Fact, Version

declare("fact", *rules.PERMITS)
AT_ONCE = 500
SAME_TAP = timedelta(minutes=10)


@office_verb
def note(*, subject: Ref, building: str, saying: rules.Saying, by: Actor, at: datetime) -> int:
    """Keep what was said (记下); gives the fact's id. What is known already is refused: it is confirmed or put right, never asked again.

    building: in which the person or household lives, for the permit and the fence. Records fact.noted.
    """
    kind, place = catalogued.kinds().get(saying.kind), places.at_building(building)
    if kind is None or not subject.startswith(f"{kind.about}:") or place is None:
        raise BadInput(rules.NO_KIND)
    _may(by, "note", kind, subject, place.path)
    store.lock("fact", subject, kind.code)
    row = Fact.objects.filter(subject=subject, kind=kind.code).first()
    if row is not None and _again(row, saying, by, at):
        return row.id
    if (known := rules.note_fault(kind, row.state if row else "", subject in by.own)) is not None:
        raise Refused(known)
    if (fault := rules.saying_fault(kind, saying)) is not None:
        raise BadInput(fault)
    confirm_by, keep_until = rules.terms(kind, clock.local(at).date())
    if row is None:
        row = Fact(subject=subject, kind=kind.code)
    row.building, row.path, row.grid = building, place.path, place.fence
    row.state, row.purposes = "known", list(saying.purposes or kind.purposes)
    row.confirm_by, row.keep_until = confirm_by, keep_until
    _add(row, "noted", saying=saying, by=by, at=at)
    journal.record(FactNoted(f"fact:{row.id}", subject), by=by, at=at)
    return row.id


@office_verb
def confirm(*, fact: int, source: str = "person", by: Actor, at: datetime) -> None:
    """It is still so (还是这样): one tap, and nobody asks again until its next term. Records fact.confirmed."""
    row, kind = _locked(fact, by, "confirm")
    before = queries.newest([row.id])[row.id]
    row.state = or_refuse(rules.FACT.then(row.state, "confirm"))
    if before.by == by.ref and clock.local(before.at).date() == clock.local(at).date():
        return
    row.confirm_by, row.keep_until = rules.terms(kind, clock.local(at).date())
    _add(row, "confirmed", saying=_said(before, kind, source=source), sealed=before.value, by=by, at=at)
    journal.record(FactConfirmed(f"fact:{row.id}", row.subject), by=by, at=at)


@office_verb
def correct(*, fact: int, saying: rules.Saying, by: Actor, at: datetime) -> None:
    """It is otherwise now, or was wrong: a new version, the old one stays. Records fact.corrected."""
    row, kind = _locked(fact, by, "correct")
    if _again(row, saying, by, at):
        return
    row.state = or_refuse(rules.FACT.then(row.state, "correct"))
    if (fault := rules.saying_fault(kind, saying)) is not None:
        raise BadInput(fault)
    row.purposes = list(saying.purposes or row.purposes)
    row.confirm_by, row.keep_until = rules.terms(kind, clock.local(at).date())
    _add(row, "corrected", saying=saying, by=by, at=at)
    journal.record(FactCorrected(f"fact:{row.id}", row.subject), by=by, at=at)


@office_verb
def withdraw(*, fact: int, by: Actor, at: datetime) -> None:
    """The person takes the consent back (收回同意): nobody reads it, nobody asks again. Twice is once. Records fact.withdrawn."""
    row, _ = _locked(fact, by, "withdraw")
    if row.state == "withdrawn":
        return
    row.state = or_refuse(rules.FACT.then(row.state, "withdraw"))
    _add(row, "withdrawn", by=by, at=at)
    journal.record(FactWithdrawn(f"fact:{row.id}", row.subject), by=by, at=at)


@office_verb
def object_to_use(*, fact: int, stands: bool = True, by: Actor, at: datetime) -> None:
    """The person objects to its use (反对), or lifts it again. Twice is once. Records fact.objected."""
    row, _ = _locked(fact, by, "object")
    if row.state == ("objected" if stands else "known"):
        return
    row.state = or_refuse(rules.FACT.then(row.state, "object" if stands else "lift"))
    _add(row, "objected" if stands else "lifted", by=by, at=at)
    journal.record(FactObjected(f"fact:{row.id}", row.subject, stands), by=by, at=at)


@office_verb
def look(*, facts: Collection[int], purpose: str, why: str, by: Actor, at: datetime) -> dict[int, str]:
    """Open facts for a purpose that each was said for; gives what was said by fact. Every look is journalled (vault.opened).

    All or nothing: one that may not be used for this refuses the whole look.
    """
    if purpose not in catalogued.purposes():
        raise BadInput(rules.NO_PURPOSE)
    if not why.strip():
        raise BadInput(rules.NO_WHY)
    stated, names = f"{catalogued.purposes()[purpose].zh}：{why.strip()}", queries.purpose_names()
    newest, found = queries.newest(facts), {}
    for id_ in sorted(set(facts)):
        row, kind = _locked(id_, by, "look")
        if (fault := rules.use_fault(kind, row.state, purpose, row.purposes, names)) is not None:
            raise NotYours(fault)
        sealed = newest[row.id].value
        found[row.id] = vault.look(subject=row.subject, sealed=sealed, what=f"fact:{row.id}", purpose=stated, by=by, at=at)
    return found


@office_verb
def expire(*, most: int = AT_ONCE, by: Actor, at: datetime) -> int:
    """What nobody confirmed in time cannot be read any more; gives how many. Records facts.expired, once for all of them."""
    due = Fact.objects.filter(state__in=("known", "objected"), keep_until__lt=clock.local(at).date()).order_by("keep_until", "id")
    rows = list(due[:most])
    if not rows:
        return 0
    must(by, "expire", queries.thing(rows[0]))
    _turn(rows, "expire", "expired", by=by, at=at)
    ids = sorted(row.id for row in rows)
    journal.record(FactsExpired(f"facts:{ids[0]}-{ids[-1]}", len(ids)), by=by, at=at)
    return len(rows)


@office_verb
def end(*, subject: Ref, by: Actor, at: datetime) -> int:
    """Nobody uses what is known of somebody any more: they moved away or were forgotten. Gives how many. Records facts.ended."""
    rows = list(Fact.objects.filter(subject=subject).exclude(state="over"))
    if not rows:
        return 0
    must(by, "end", queries.thing(rows[0]))
    _turn(rows, "end", "over", by=by, at=at)
    journal.record(FactsEnded(subject, len(rows)), by=by, at=at)
    return len(rows)


@office_verb
def follow_map(*, buildings: Collection[str], by: Actor, at: datetime) -> None:
    """Facts go behind the fence of the grid in which their building lies now."""
    epochs.forget()
    for code in buildings:
        place = places.at_building(code)
        if place is not None:
            Fact.objects.filter(building=code).exclude(grid=place.fence).update(grid=place.fence, path=place.path)


def _again(row: Fact, saying: rules.Saying, by: Actor, at: datetime) -> bool:
    """Whether the same person has just said the very same: a second tap, or a page that is sent again."""
    if row.state != "known" or not row.id:
        return False
    before = queries.newest([row.id])[row.id]
    lately = before.by == by.ref and at - before.at < SAME_TAP
    return lately and vault.unseal(row.subject, before.value) == saying.value.strip()


def _turn(rows: list[Fact], step: str, what: str, *, by: Actor, at: datetime) -> None:
    """The same step for many facts, in a fixed number of statements."""
    for row in rows:
        row.state, row.number = or_refuse(rules.FACT.then(row.state, step)), row.number + 1
    Fact.objects.bulk_update(rows, ["state", "number"], batch_size=200)
    Version.objects.bulk_create(_version(row, what, by, at) for row in rows)


def _add(row: Fact, what: str, *, saying: rules.Saying | None = None, sealed: str = "", by: Actor, at: datetime) -> None:
    row.number += 1
    row.save()
    made = _version(row, what, by, at)
    if saying is not None:
        made.value = sealed or vault.seal(row.subject, saying.value.strip(), at=at)
        made.since = saying.since or made.since
        made.source, made.basis = saying.source, saying.basis
        made.how = saying.how if saying.basis in rules.AGREED else ""
    made.save()


def _version(row: Fact, what: str, by: Actor, at: datetime) -> Version:
    made: dict[str, Any] = {"by": by.ref, "by_name": by.name[:30], "at": at, "since": clock.local(at).date()}
    return Version(fact=row, number=row.number, what=what, purposes=list(row.purposes), **made)


def _said(before: Version, kind: rules.Kind, *, source: str) -> rules.Saying:
    if source not in rules.SOURCES:
        raise BadInput(rules.NO_KIND)
    return rules.Saying(kind.code, "", source, before.basis, before.how, since=before.since)


def _locked(fact: int, by: Actor, step: str) -> tuple[Fact, rules.Kind]:
    """The row and its kind, if the actor may do this; whoever may not even know of it is told that there is none."""
    store.lock("fact", fact)
    row = Fact.objects.filter(id=fact).first()
    kind = catalogued.kinds().get(row.kind) if row else None
    if row is None or kind is None or not (row.subject in by.own or queries.reads(by, kind, row.path)):
        raise NotFound(rules.NO_FACT)
    _may(by, step, kind, row.subject, row.path)
    return row, kind


def _may(by: Actor, step: str, kind: rules.Kind, subject: Ref, path: str) -> None:
    must(by, step, Thing("fact", subject, area=path))
    if subject not in by.own and not queries.reads(by, kind, path):
        raise NotYours(rules.NO_FACT)
