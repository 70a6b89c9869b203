"""The only writers of the workbench: filters of one's own, and the hand-over of a shift."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from siqian.intake import actions as intake
from siqian.kernel import once, store
from siqian.kernel.journal import record, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refused, Thing, declare, must
from siqian.trades.tasks.queries import Line

from . import queries, sending, turning
from .events import FilterDropped, FilterRenamed, FilterSaved, HandOverTaken, HandOverWritten
from .models import HandOver, SavedFilter
from .turning import wanted_of

declare("workbench", *turning.PERMITS)


@verb
def take(*, entry: sending.Entry, photos: Sequence[tuple[str, bytes]] = (), by: Actor, at: datetime) -> once.Kept:
    """Do what waited in a worker's telephone, once: sent again, it gets the answer that was kept (its `then` and `at` are the first's).

    Everything that is done records its own event. A refusal changes nothing and leaves the key free.
    """
    must(by, "send", Thing("workbench"))
    if entry.kind not in sending.DO:
        raise NotFound(turning.NO_ENTRY)
    then = turning.done_then(entry.then, at)
    digest = once.digest(entry.kind, {**entry.fields, "then": entry.then or ""}, [raw for _, raw in photos])
    known = once.before(entry.key, digest, by=by)
    if known is not None:
        return replace(known, answer={**known.answer, "again": True})
    kept = intake.keep_photos(photos=photos, by=by, at=at)
    answer = sending.DO[entry.kind](replace(entry, then=then), kept, by=by, at=at)
    return once.done(entry.key, digest, entry.kind, answer, then=then, by=by, at=at)


@verb
def save_filter(*, name: str, sent: Mapping[str, str], by: Actor, at: datetime) -> int:
    """Keep a way of looking at the to-do list under a name; gives its id. Records filter.saved."""
    must(by, "keep filters", Thing("workbench"))
    store.lock("filter", by.person)
    query = wanted_of(sent).query
    same = SavedFilter.objects.filter(person=by.person, name=name.strip(), query=query).first()
    if same is not None and query:
        return same.id
    _good_name(name, query, by)
    row = SavedFilter.objects.create(person=by.person, name=name.strip(), query=query, at=at)
    record(FilterSaved(f"filter:{row.id}"), first=True, by=by, at=at)
    return row.id


@verb
def rename_filter(*, filter: int, name: str, by: Actor, at: datetime) -> None:
    """Another name for it. Records filter.renamed."""
    row = _own(filter, by)
    _good_name(name, row.query, by, row.id)
    row.name = name.strip()
    row.save(update_fields=["name"])
    record(FilterRenamed(f"filter:{row.id}"), by=by, at=at)


@verb
def drop_filter(*, filter: int, by: Actor, at: datetime) -> None:
    """It is no longer needed. Records filter.dropped."""
    row = _own(filter, by)
    record(FilterDropped(f"filter:{row.id}"), by=by, at=at)
    row.delete()


@verb
def hand_over_shift(*, post: str, note: str = "", notes: Mapping[str, str] | None = None, by: Actor, at: datetime) -> int:
    """Leave what is open on a post to whoever sits there next (交班); gives its id. Records handover.written.

    notes: by thing ("matter:7"). Written again before it was taken over, it says what was said last. The work stays with the post.
    """
    must(by, "hand over", Thing("workbench", posts=frozenset({post})))
    notes = notes or {}
    if max(map(len, (note.strip(), *notes.values())), default=0) > 400:
        raise BadInput(turning.TOO_LONG)
    store.lock("handover", post)
    waiting = HandOver.objects.filter(post=post, taken_at=None).first()
    if waiting is not None and waiting.by != by.person:
        raise Refused(turning.NOT_TAKEN)
    follower = queries.next_on(post, at=at)
    lines = queries.open_on(post, seen_by=by, at=at)
    items = [_left(line, notes.get(line.about, "")) for line in lines]
    row = waiting or HandOver(post=post, by=by.person)
    row.by_name, row.note, row.items, row.at = by.name, note.strip(), items, at
    row.next, row.next_name = (follower.person, follower.name) if follower else ("", "")
    row.save()
    record(HandOverWritten(f"handover:{row.id}", post, row.next, len(items)), by=by, at=at)
    return row.id


@verb
def take_over(*, handover: int, by: Actor, at: datetime) -> None:
    """Take a shift over (接班). Twice is once. Records handover.taken."""
    row = HandOver.objects.filter(id=handover).first()
    if row is None:
        raise NotFound(turning.NO_HANDOVER)
    must(by, "take over", Thing("workbench", posts=frozenset({row.post})))
    fault = turning.taking_fault(by, row.by, row.next)
    if fault is not None:
        raise NotYours(fault)
    if HandOver.objects.filter(id=row.id, taken_at=None).update(taken_by=by.person, taken_name=by.name, taken_at=at):
        record(HandOverTaken(f"handover:{row.id}", row.post), by=by, at=at)


def _left(line: Line, note: str) -> dict[str, str]:
    return {"about": line.about, "title": line.title, "place": line.place, "due": line.due.isoformat(), "note": note.strip()}


def _good_name(name: str, query: str, by: Actor, own: int = 0) -> None:
    others = dict(SavedFilter.objects.filter(person=by.person).values_list("name", "id"))
    fault = turning.filter_fault(name, query, others, own)
    if fault is not None:
        raise BadInput(fault)


def _own(filter: int, by: Actor) -> SavedFilter:
    must(by, "keep filters", Thing("workbench"))
    row = SavedFilter.objects.filter(id=filter, person=by.person).first()
    if row is None:
        raise NotFound(turning.NO_FILTER)
    return row
