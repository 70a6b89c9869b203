"""What others may know about matters. Every row is filtered by who looks, in Django and by the database's fence."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q, QuerySet

from siqian.kernel import store
from siqian.kernel.permits import OFFICE, Actor, NotFound, NotYours, Refusal, may, must
from siqian.spine.learn.rules import Understanding
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places.queries import Place
from siqian.trades.tasks import queries as tasks

from . import recusal, rules
from .before import Before, earlier, often_before, told_before
from .checking import census, every_fault
from .facing import Face, Turn, faces, numbers_told, told_by, turns
from .glancing import readers_of, was_read
from .lines import MatterLine, MatterView, SpokenFor, StepView, TellingView
from .looked import looked_at, looks, own_looks
from .mapping import (
    Longest,
    OpenHere,
    OpenPoint,
    Order,
    hours,
    longest_open,
    open_by_area,
    open_points,
    orders,
    states,
    told_by_area,
    told_by_hour,
    told_by_item,
    walked,
)
from .measuring import counted
from .models import Behalf, Matter, Step, Telling
from .outward import audience, emergency, paths_now, post_of, settled_as_part, step_text
from .parts import PartLine, gatherable, is_mine, of_whole, told_together, whole_of
from .petitions import same as same_petitions
from .receiving import due_times
from .registers import asked_about, callbacks, ledger, load_of_posts, offered, open_of, precedents, proposals, rulings, rulings_waiting
from .rehearsal import Told, told
from .rules.offers import PERMIT
from .seeing import is_guest, visible, with_words
from .spots import spots
from .taught import texts_of
from .tellings import receipt_mark
from .topical import Voice, confided_since, newest_voices, voices, voices_since

__all__ = [
    "Before",
    "Face",
    "Longest",
    "MatterLine",
    "MatterView",
    "OpenHere",
    "OpenPoint",
    "Order",
    "PartLine",
    "Told",
    "Turn",
    "Voice",
    "asked_about",
    "audience",
    "callbacks",
    "census",
    "confided_since",
    "counted",
    "due_of",
    "earlier",
    "emergency",
    "faces",
    "faults",
    "find",
    "gatherable",
    "hours",
    "ledger",
    "likely",
    "likely_for",
    "lines",
    "load_of_posts",
    "longest_open",
    "looked_at",
    "looks",
    "matters_of",
    "mine",
    "newest_voices",
    "number_of",
    "numbers_told",
    "of_receipt",
    "of_whole",
    "open_by_area",
    "open_of",
    "open_points",
    "orders",
    "own_looks",
    "paths_now",
    "photo_shown",
    "post_of",
    "precedents",
    "promise_of",
    "proposals",
    "readers_of",
    "rulings",
    "rulings_waiting",
    "same_petitions",
    "sealed",
    "seen",
    "settled_as_part",
    "spots",
    "states",
    "step_text",
    "texts_of",
    "told",
    "told_before",
    "told_by",
    "told_by_area",
    "told_by_hour",
    "told_by_item",
    "told_together",
    "turns",
    "unowned",
    "voices",
    "voices_since",
    "walked",
    "was_read",
    "whole_of",
]


def seen(number: str, *, seen_by: Actor, at: datetime) -> MatterView:
    """One matter by its number; NotFound when there is none or it is not for this actor (which of the two is not told)."""
    with store.reading(seen_by):
        row = _row(number, seen_by)
        staff = seen_by.is_staff and f"matter:{row.id}" not in seen_by.own
        before = often_before(row)
        told, step_views = _thread(row, seen_by, staff)
        offers = offered(row, seen_by=seen_by, at=at) if staff else {}
        asked = tuple(asked_about(row.id, seen_by=seen_by)) if staff else ()
    clocks = tuple(tasks.clocks(f"matter:{row.id}"))
    verbs = frozenset(verb for verb in rules.MATTER.verbs(row.state) if _may(seen_by, verb, row))
    verbs |= {verb for verb in ("note", "look", "sort", "remark", "urge", "split") if _may(seen_by, verb, row)}
    still = tasks.pauses_of([f"matter:{row.id}"]).get(f"matter:{row.id}", ())
    last = {clock.what: clock for clock in clocks}
    return MatterView(
        _line(row),
        row.unit,
        row.reopened,
        row.building,
        told,
        step_views,
        clocks,
        people.card_of(row.post, at=at),
        last.get("respond"),
        last.get("settle"),
        verbs,
        frozenset({"rate"}) if _may(seen_by, "rate", row) else frozenset(),
        before,
        offers,
        asked,
        next((pause for pause in still if pause.until is None), None),
        row.upstream,
        tuple(sorted(recusal.units_of(row.against))) if staff else (),
    )


def lines(ids: Sequence[int], *, seen_by: Actor) -> dict[int, MatterLine]:
    """Matters of these ids that the actor may see."""
    with store.reading(seen_by):
        return {row.id: _line(row) for row in _readable(visible(Matter.objects.all(), seen_by).filter(id__in=ids), seen_by)}


def number_of(matter: int) -> str:
    """The number of a matter, for whoever has just made it."""
    with store.reading_all():
        return rules.number(matter, Matter.objects.values_list("received", flat=True).get(id=matter))


def mine(*, seen_by: Actor) -> list[MatterLine]:
    """The teller's own matters, the newest first, those that still wait on top."""
    ids = [int(ref.removeprefix("matter:")) for ref in seen_by.own if ref.startswith("matter:")]
    with store.reading(seen_by):
        rows = sorted(
            Matter.objects.filter(id__in=ids), key=lambda row: (row.state not in (*rules.OPEN, "closed"), -row.received.timestamp())
        )
        return [_line(row) for row in rows]


def find(*, seen_by: Actor, words: str = "", state: str = "", after: int = 0, most: int = 50) -> list[MatterLine]:
    """Matters that the actor may see, the newest first; `after` is the last id of the page before.

    words: each of them, parted by blanks, stands in title, place, what was told or, for staff, in what was written; or the number.
    """
    with store.reading(seen_by):
        rows = visible(Matter.objects.all(), seen_by)
        if words:
            rows = with_words(rows, words, seen_by)
        if state:
            rows = rows.filter(state__in=rules.OPEN if state == "open" else [state])
        if after:
            rows = rows.filter(id__lt=after)
        return [_line(row) for row in _readable(rows.order_by("-id")[:most], seen_by)]


def unowned(*, seen_by: Actor, most: int = 60) -> list[MatterLine]:
    """What waits for a person to say what or where it is, the oldest first."""
    with store.reading(seen_by):
        return [
            _line(row)
            for row in _readable(visible(Matter.objects.all(), seen_by).filter(state="received").order_by("received")[:most], seen_by)
        ]


def likely(ids: Sequence[int]) -> list[MatterLine]:
    """What is asked of a teller: "is it this one?" Title, place and time only; public among neighbours."""
    with store.reading_all():
        rows = {row.id: _line(row) for row in Matter.objects.filter(id__in=ids, state__in=rules.OPEN)}
    return [rows[id_] for id_ in ids if id_ in rows]


def of_receipt(code: str) -> tuple[int, int, str]:
    """(matter, telling, number) that a receipt code opens; NotFound with a sentence otherwise."""
    with store.reading_all():
        telling = Telling.objects.select_related("matter").filter(receipt=receipt_mark(code)).first()
        if telling is None or not code.strip():
            raise NotFound(Refusal("查不到这个码。看看是不是抄错了：没有0、1和字母I、L、O", field="code"))
        return telling.matter_id, telling.id, rules.number(telling.matter_id, telling.matter.received)


def matters_of(tellings: Sequence[int], account: str) -> tuple[int, ...]:
    """Ids of the matters that these tellings, what came under their receipts, and this account's belong to now."""
    wanted = Q(id__in=list(tellings)) | Q(told_with__in=list(tellings)) | (Q(account=account) if account else Q())
    if not tellings and not account:
        return ()
    with store.reading_all():
        return tuple(Telling.objects.filter(wanted).values_list("matter_id", flat=True).distinct())


def photo_shown(number: str, sha256: str, *, seen_by: Actor, at: datetime) -> bool:
    """Whether this photo stands on this matter's page as the actor sees it."""
    view = seen(number, seen_by=seen_by, at=at)
    return any(sha256 in step.photos for step in view.steps) or any(sha256 in telling.photos for telling in view.tellings)


def sealed(number: str, telling: int, *, principal: bool = False, seen_by: Actor) -> tuple[str, str, str]:
    """(whose key, name, telephone) still sealed, for the verb that opens them: of the teller, or of whom they speak for."""
    with store.reading(seen_by):
        row = _row(number, seen_by)
        must(seen_by, "look", rules.thing(row))
        if remit.kind(row.kind).teller == "desk" and not any(seen_by.has(role) for role in rules.DESKS):
            raise NotYours(rules.TELLER_HELD)
        told = Telling.objects.filter(id=telling, matter=row).first()
        if told is None:
            raise NotFound(rules.NO_SUCH)
        if principal:
            behalf = Behalf.objects.get(telling=told)
            return rules.proxy.sealed_under(told.receipt), behalf.name_sealed, behalf.phone_sealed
        return rules.sealed_under(told.receipt), told.name_sealed, told.phone_sealed


def due_of(line: MatterLine) -> tuple[datetime, datetime]:
    """The (respond, settle) times that were promised when it was received."""
    return due_times(line.item, line.kind, line.received)


def likely_for(text: str, understood: Understanding, place: Place) -> tuple[bool, list[MatterLine]]:
    """The open matter that a text not yet told may be about, and whether it is sure: such a one joins without being asked."""
    if not understood.guesses or not place.building or rules.discreet(text, remit.kind(understood.kind), understood.duties):
        return False, []
    item = understood.item
    with store.reading_all():
        rows = Matter.objects.filter(grid=place.fence, item=item, state__in=rules.OPEN, discreet=False).order_by("-received")[:50]
        texts = dict(Telling.objects.filter(matter__in=[row.id for row in rows], how="first").values_list("matter_id", "text"))
        candidates = [rules.Candidate(row.id, row.item, row.building, texts.get(row.id, ""), row.received) for row in rows]
    if not candidates:
        return False, []
    newest = max(candidate.received for candidate in candidates)
    found = rules.twins(text, item, place.building, newest, candidates)
    return found.sure is not None, likely([found.sure] if found.sure is not None else list(found.likely[:1]))


def _row(number: str, seen_by: Actor) -> Matter:
    id_ = rules.id_of(number)
    row = visible(Matter.objects.all(), seen_by).filter(id=id_).first() if id_ is not None else None
    if row is None or rules.number(row.id, row.received) != number or may(seen_by, "read", rules.thing(row)) is not None:
        raise NotFound(rules.NO_SUCH)
    return row


def _readable(rows: QuerySet[Matter], seen_by: Actor) -> list[Matter]:
    """Rows less those about the reader: whom a matter is about does not meet it in a list either."""
    return [row for row in rows if may(seen_by, "read", rules.thing(row)) is None]


def _may(seen_by: Actor, verb: str, row: Matter) -> bool:
    return may(seen_by, PERMIT.get(verb, verb), rules.thing(row)) is None


def _line(row: Matter) -> MatterLine:
    return MatterLine(
        row.id,
        rules.number(row.id, row.received),
        row.state,
        row.kind,
        row.item,
        row.title,
        row.place,
        row.received,
        row.closed,
        row.post,
        row.tellings,
        row.rating,
        row.unsure,
        row.unplaced,
        row.urgent,
        row.path,
        tuple((guess["item"], guess["share"]) for guess in row.guesses),
        tuple(row.candidates),
        row.ended,
        row.archived,
        row.whole_id,
    )


def _is_mine(row: Telling, seen_by: Actor) -> bool:
    return is_mine(row, seen_by) or seen_by is OFFICE


def _telling(row: Telling, seen_by: Actor, behalf: Behalf | None) -> TellingView:
    named = bool(row.name_sealed or row.phone_sealed)
    return TellingView(
        row.id,
        row.channel,
        row.text,
        row.at,
        row.how,
        row.understood,
        tuple(row.photos),
        row.name_masked,
        row.phone_masked,
        named,
        _is_mine(row, seen_by),
        SpokenFor(str(rules.proxy.RELATIONS[behalf.relation]), behalf.name_masked, behalf.phone_masked) if behalf else None,
    )


# What tellers wrote and showed is for the staff and for themselves, not for the neighbours who wait with them.
TELLERS_OWN = frozenset({"told", "remark", "rated", "reopened", "appealed"})


def _thread(row: Matter, seen_by: Actor, staff: bool) -> tuple[tuple[TellingView, ...], tuple[StepView, ...]]:
    """What was told and done, as the reader may see it; whoever told in confidence stays unknown to units that are called."""
    steps = Step.objects.filter(matter=row).order_by("at", "id")
    steps = steps if staff else steps.filter(public=True)
    tellings = Telling.objects.filter(matter=row).order_by("id")
    behalf = {row.telling_id: row for row in Behalf.objects.filter(matter=row)}
    told = tuple(_telling(telling, seen_by, behalf.get(telling.id)) for telling in tellings if staff or _is_mine(telling, seen_by))
    mine_ids = {telling.id for telling in told if telling.mine}
    shown = tuple(_step(step, seen_by, staff, mine_ids) for step in steps)
    if not row.discreet or not is_guest(row, seen_by):
        return told, shown
    unnamed = tuple(replace(telling, name="", phone="", named=False, speaks_for=None) for telling in told)
    return unnamed, tuple(replace(step, by="", by_name="") if step.kind in TELLERS_OWN else step for step in shown)


def _step(row: Step, seen_by: Actor, staff: bool, mine: Collection[int]) -> StepView:
    own = row.by == seen_by.ref or row.values.get("telling") in mine
    shown = staff or own or row.kind not in TELLERS_OWN
    text, photos = (row.text, tuple(row.photos)) if shown else ("", ())
    return StepView(row.id, row.kind, row.public, text, row.values, photos, row.by, row.by_name, row.at, own)


def promise_of(number: str, *, at: datetime) -> tuple[str, datetime, datetime]:
    """(keeper's name, respond due, settle due) of a matter, for the holder of its receipt."""
    with store.reading_all():
        row = Matter.objects.filter(id=rules.id_of(number) or 0).first()
        if row is None:
            raise NotFound(rules.NO_SUCH)
        card = people.card_of(row.post, at=at)
        return (card.name if card else "", *due_times(row.item, row.kind, row.received))


def faults(*, most: int = 100) -> list[Refusal]:
    """What is wrong in the rows of any matter, at most so many faults; for whoever keeps the house."""
    return every_fault(most)
