"""The verbs of a matter after it was received. Each: permit, decide, write, record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from siqian.kernel import links
from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refusal, Refused, declare
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.tasks import actions as tasks

from . import recusal, rules
from .archiving import archive
from .chronicling import chronicle
from .closing import call_back, check, close, lapse, rate, supervise
from .dividing import divide, gather, note_parts_done
from .events import (
    MatterAccepted,
    MatterAssigned,
    MatterNoted,
    MatterSorted,
    PetitionRegistered,
    TellerContacted,
    TellingParted,
)
from .following import follow_map, follow_units
from .glancing import mark_read
from .keeping import done_then, drop, give, go, laid, locked, own_telling, owner_but, owner_here, taker, twice, write
from .leading import adopt, decline_case, follow_case, hand_on_case, look_at_case, meet_teller, propose_case
from .models import Behalf, Matter, Step, Telling
from .pausing import hold, resume, review, stage, take_up
from .petitioning import (
    answer_recheck,
    answer_review,
    approve,
    ask_recheck,
    ask_review,
    end,
    follow,
    give_opinion,
    inform,
    object_to,
    prolong,
    register,
)
from .receiving import Receipt, begin_again, receive, receive_all
from .rules.parts import Wanted
from .ruling import appeal, ask, rule
from .speaking import ask_why, remark, urge, withdraw
from .summoning import (
    cancel_joint,
    confirm_joint,
    follow_joint,
    hold_joint,
    judge_call,
    judge_joint,
    miss_joint,
    note_unit_late,
    object_joint,
    report_done,
    report_in,
    summon,
    tidy_joint,
)
from .taught import teach_ruled
from .tellings import Principal, Teller, Told
from .undoing import retract, take_back

__all__ = [
    "Principal",
    "Receipt",
    "Teller",
    "Told",
    "Wanted",
    "accept",
    "adopt",
    "answer_recheck",
    "answer_review",
    "appeal",
    "approve",
    "archive",
    "ask",
    "ask_recheck",
    "ask_review",
    "ask_why",
    "assign",
    "call_back",
    "cancel_joint",
    "check",
    "chronicle",
    "close",
    "confirm_joint",
    "contact",
    "decline_case",
    "divide",
    "end",
    "follow",
    "follow_case",
    "follow_joint",
    "follow_map",
    "follow_units",
    "gather",
    "give_opinion",
    "hand_on_case",
    "hold",
    "hold_joint",
    "inform",
    "judge_call",
    "judge_joint",
    "lapse",
    "look_at_case",
    "mark_read",
    "meet_teller",
    "miss_joint",
    "move",
    "note",
    "note_late",
    "note_parts_done",
    "note_unit_late",
    "object_joint",
    "object_to",
    "part",
    "prolong",
    "propose_case",
    "rate",
    "receive",
    "receive_all",
    "register",
    "remark",
    "report_done",
    "report_in",
    "resume",
    "retract",
    "review",
    "rule",
    "sort",
    "stage",
    "summon",
    "supervise",
    "take_back",
    "take_up",
    "tidy_joint",
    "urge",
    "withdraw",
]

declare("matter", *rules.PERMITS)


@verb
def accept(*, matter: int, by: Actor, at: datetime) -> None:
    """Sign for it (签收). Accepting twice is accepting once. Records matter.accepted."""
    row = locked(matter, by, "accept")
    if row.state in ("accepted", "in_hand"):
        return
    go(row, "accept")
    tasks.stop(about=f"matter:{row.id}", what="accept", by=by, at=at)
    write(row, "accepted", by=by, at=at)
    record(MatterAccepted(f"matter:{row.id}", row.post), by=by, at=at)


@verb
def contact(
    *,
    matter: int,
    how: str,
    text: str,
    photos: Sequence[str] = (),
    promised: datetime | None = None,
    then: datetime | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Log that a person spoke or wrote to the teller: only this stops the 30 minutes. Records teller.contacted.

    how: phone, visit or message. promised: the time that the keeper names, which never moves the due time.
    then: when it was done by the keeper's telephone, where it came in later; shown, and counted by nothing.
    """
    row = locked(matter, by, "contact")
    fault = rules.contact_fault(how, text, promised, at)
    if fault is not None:
        raise BadInput(fault)
    if twice(row, how, text, photos, by=by, at=at):
        return
    go(row, "contact")
    about = f"matter:{row.id}"
    for what in ("accept", "respond", "explain"):
        tasks.stop(about=about, what=what, by=by, at=at)
    if promised is not None:
        tasks.promise(about=about, what="settle", until=promised, by=by, at=at)
    written = write(row, how, text.strip(), photos=photos, values=done_then(then, at), by=by, at=at)
    record(TellerContacted(about, f"step:{written.id}", how), by=by, at=at)


@verb
def note(*, matter: int, text: str, by: Actor, at: datetime) -> None:
    """A word among colleagues; the teller never sees it. Records matter.noted."""
    row = locked(matter, by, "note")
    if not text.strip():
        raise BadInput(rules.EMPTY)
    if twice(row, "note", text, by=by, at=at):
        return
    written = write(row, "note", text.strip(), public=False, by=by, at=at)
    record(MatterNoted(f"matter:{row.id}", f"step:{written.id}", False), by=by, at=at)


@office_verb
def assign(*, matter: int, item: str = "", building: str = "", by: Actor, at: datetime) -> None:
    """A person rules what it is and where: the guess is confirmed or replaced, the owner follows. Records matter.assigned."""
    row = locked(matter, by, "assign")
    wanted = item or row.item
    if wanted == remit.unsure().code:
        raise BadInput(rules.STILL_UNSURE)
    place = _place(building)
    path = place.path if place else row.path
    watch = people.Watch(path, at=at)
    against = _named(row, watch)
    owner = owner_but(watch, against)
    try:
        unit = recusal.lead(wanted, path, at, against=against)
    except KeyError as error:
        raise BadInput(Refusal("责任清单里没有{item}，从列表里选", field="item", item=wanted)) from error
    if row.state == "assigned" and (wanted, path, owner.post, owner.person) == (row.item, row.path, row.post, row.person):
        return
    changes: dict[str, Any] = {
        "item": wanted,
        "unsure": False,
        "unit": unit,
        "unplaced": "",
        "candidates": [],
        "post": owner.post,
        "person": owner.person,
        "against": sorted(against),
        "discreet": row.discreet or bool(against),
    }
    if place is not None:
        changes |= laid(row, place)
    was, state = row.item, row.state
    go(row, "assign" if row.state == "received" else "move", **changes)
    drop(row, by=by, at=at)
    give(row, owner, by=by, at=at)
    teach_ruled(row, was, state, by=by, at=at)
    record(MatterAssigned(f"matter:{row.id}", wanted, unit, owner.post, "ruling"), by=by, at=at)


@office_verb
def move(*, matter: int, post: str, why: str, by: Actor, at: datetime) -> None:
    """Give it to another post, with the reason; whoever has it already and has not signed gets it once. Due times stay.

    Records matter.assigned.
    """
    row = locked(matter, by, "move")
    if not why.strip():
        raise BadInput(rules.NO_REASON)
    owner = taker(row, post, at=at)
    if row.state == "assigned" and (owner.post, owner.person) == (row.post, row.person):
        return
    go(row, "move", post=owner.post, person=owner.person)
    # What the former owner asked is no longer the new one's.
    drop(row, by=by, at=at)
    give(row, owner, why.strip(), by=by, at=at)
    record(MatterAssigned(f"matter:{row.id}", row.item, row.unit, owner.post, "moved"), by=by, at=at)


@office_verb
def sort(*, matter: int, kind: str, why: str, by: Actor, at: datetime) -> None:
    """Correct what kind of message it is, with the reason; the settling clock gets the kind's term. Records matter.sorted.

    The first answer stays promised as it was. Whom a complaint turns out to name owns it no more.
    """
    row = locked(matter, by, "sort")
    if kind not in remit.kinds():
        raise BadInput(Refusal("没有{kind}这一种，从列表里选", field="kind", kind=kind))
    if not why.strip():
        raise BadInput(Refusal("写一句为什么改，以后查的人要看", field="why"))
    if row.state not in rules.OPEN:
        raise Refused(rules.OVER)
    was, meant = row.kind, remit.kind(kind)
    if kind == was:
        return
    row.kind = kind
    row.against = sorted(_named(row, people.Watch(row.path, at=at)))
    row.discreet = row.discreet or meant.confided or bool(row.against)
    row.unit = recusal.lead(row.item, row.path, at, against=row.against) if row.unit in recusal.units_of(row.against) else row.unit
    row.save(update_fields=["kind", "against", "discreet", "unit"])
    about = f"matter:{row.id}"
    due = tasks.retime(about=about, what="settle", term=rules.settle_term(remit.item(row.item), meant), by=by, at=at)
    until = {"until": rules.course.stamp(due)} if due else {}
    write(row, "sorted", why.strip(), public=False, values={"kind": kind, "was": was, **until}, by=by, at=at)
    record(MatterSorted(about, kind, was), by=by, at=at)
    if rules.petition.led_by_law(meant):
        record(PetitionRegistered(about), by=by, at=at)
    if recusal.concerns(row.against, row.person, row.post):
        _hand_on(row, by=by, at=at)


def _hand_on(row: Matter, *, by: Actor, at: datetime) -> None:
    """Whom it is about has it no longer."""
    owner = owner_here(row, at=at)
    row.post, row.person = owner.post, owner.person
    row.save(update_fields=["post", "person"])
    drop(row, by=by, at=at)
    give(row, owner, by=by, at=at)
    record(MatterAssigned(f"matter:{row.id}", row.item, row.unit, owner.post, "recusal"), by=by, at=at)


@office_verb
def part(*, telling: int, by: Actor, at: datetime) -> int:
    """Undo a join: this telling becomes a matter of its own, lineage kept. Records telling.parted; gives its id."""
    told = Telling.objects.filter(id=telling).first()
    if told is None:
        raise NotFound(rules.NO_SUCH)
    row = locked(told.matter_id, by, "split")
    if not by.is_staff and told.id != own_telling(row, by):
        raise NotYours(Refusal("这句话是别的邻居说的，只有TA自己能分出去"))
    if told.how == "first":
        raise Refused(Refusal("这是最早说的那一次，分不出去。要分开的是后来并进来的"))
    own = begin_again(row, told, by=by, at=at)
    Telling.objects.filter(id=told.id).update(matter=own, how="first")
    Behalf.objects.filter(telling=told).update(matter=own)
    Matter.objects.filter(id=row.id).update(tellings=row.tellings - 1)
    Step.objects.create(
        matter=own, grid=own.grid, kind="told", public=True, by=by.ref, at=told.at, photos=told.photos, values={"telling": told.id}
    )
    write(row, "parted", by=by, at=at)
    links.tie(f"matter:{row.id}", "parted", f"matter:{own.id}", at=at)
    record(TellingParted(f"matter:{row.id}", f"telling:{told.id}", f"matter:{own.id}"), by=by, at=at)
    return own.id


@office_verb
def note_handed(*, matter: int, to: str, reached: bool, by: Actor, at: datetime) -> None:
    """Show on the thread that an emergency service was told, or could not be and has to be rung."""
    row = Matter.objects.filter(id=matter).first()
    kind = "handed" if reached else "not_handed"
    if row is not None and not Step.objects.filter(matter=row, kind=kind, values__to=to).exists():
        write(row, kind, values={"to": to}, by=by, at=at)


@office_verb
def note_late(*, matter: int, what: str, level: int, to: str, by: Actor, at: datetime) -> None:
    """Show on the thread that a promise was not kept and who looks at it now."""
    row = Matter.objects.filter(id=matter).first()
    if row is None or row.state not in rules.OWED:
        return
    if not Step.objects.filter(matter=row, kind="climbed", values__what=what, values__level=level, at=at).exists():
        # That a longer term waits for approval is among colleagues; the teller learns of it when it is approved.
        write(row, "climbed", public=what != "approve", values={"what": what, "level": level, "to": to}, by=by, at=at)


def _named(row: Matter, watch: people.Watch) -> set[str]:
    """Whom a complaint is about: known before, or named in it and at work where it turns out to be."""
    if not remit.kind(row.kind).names:
        return set(row.against)
    texts = Telling.objects.filter(matter=row).values_list("text", flat=True)
    return set(row.against).union(*(recusal.named(text, watch) for text in texts))


def _place(building: str) -> places.Place | None:
    """A building that a ruling names; None when it names none."""
    place = places.at_building(building) if building else None
    if building and place is None:
        raise BadInput(Refusal("名册里没有这栋楼，从列表里选", field="building"))
    return place
