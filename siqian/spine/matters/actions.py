"""The verbs of a matter after it was received. Each: permit, decide, write, record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from siqian.kernel import links
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refusal, Refused, declare, must, or_refuse
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people, rules as duty
from siqian.town.places import queries as places
from siqian.trades.tasks import actions as tasks

from . import rules
from .chronicling import chronicle
from .events import (
    MatterAccepted,
    MatterAssigned,
    MatterClosed,
    MatterNoted,
    MatterRated,
    MatterReopened,
    MatterUrged,
    MatterWithdrawn,
    TellerContacted,
    TellingParted,
)
from .models import Matter, Step, Telling
from .receiving import Receipt, Teller, Told, begin_again, receive, receive_all, start_clocks

__all__ = [
    "Receipt",
    "Teller",
    "Told",
    "accept",
    "assign",
    "chronicle",
    "close",
    "contact",
    "lapse",
    "move",
    "note",
    "note_late",
    "part",
    "rate",
    "receive",
    "receive_all",
    "remark",
    "urge",
    "withdraw",
]

declare("matter", *rules.PERMITS)


@verb
def accept(*, matter: int, by: Actor, at: datetime) -> None:
    """Sign for it (签收). Accepting twice is accepting once. Records matter.accepted."""
    row = _locked(matter, by, "accept")
    if row.state in ("accepted", "in_hand"):
        return
    _go(row, "accept")
    tasks.stop(about=f"matter:{row.id}", what="accept", by=by, at=at)
    _step(row, "accepted", by=by, at=at)
    record(MatterAccepted(f"matter:{row.id}", row.post), by=by, at=at)


@verb
def contact(
    *, matter: int, how: str, text: str, photos: Sequence[str] = (), promised: datetime | None = None, by: Actor, at: datetime
) -> None:
    """Log that a person spoke or wrote to the teller: only this stops the 30 minutes. Records teller.contacted.

    how: phone, visit or message. promised: the time that the keeper names, which never moves the due time.
    """
    row = _locked(matter, by, "contact")
    fault = rules.contact_fault(how, text, promised, at)
    if fault is not None:
        raise BadInput(fault)
    _go(row, "contact")
    about = f"matter:{row.id}"
    for what in ("accept", "respond"):
        tasks.stop(about=about, what=what, by=by, at=at)
    if promised is not None:
        tasks.promise(about=about, what="settle", until=promised, by=by, at=at)
    step = _step(row, how, text.strip(), photos=photos, by=by, at=at)
    record(TellerContacted(about, f"step:{step.id}", how), by=by, at=at)


@verb
def note(*, matter: int, text: str, by: Actor, at: datetime) -> None:
    """A word among colleagues; the teller never sees it. Records matter.noted."""
    row = _locked(matter, by, "note")
    if not text.strip():
        raise BadInput(rules.EMPTY)
    step = _step(row, "note", text.strip(), public=False, by=by, at=at)
    record(MatterNoted(f"matter:{row.id}", f"step:{step.id}", False), by=by, at=at)


@verb
def close(*, matter: int, text: str, photos: Sequence[str] = (), by: Actor, at: datetime) -> None:
    """Close with evidence; the teller is asked whether it is true. Records matter.closed."""
    row = _locked(matter, by, "close")
    if row.state in ("closed", "settled"):
        return
    if row.state in ("assigned", "accepted"):
        raise Refused(rules.UNSPOKEN)
    refusal = rules.closable(text, photos)
    if refusal is not None:
        raise BadInput(refusal)
    _go(row, "close", closed=at)
    about = f"matter:{row.id}"
    tasks.stop_all(about=about, by=by, at=at)
    owner = duty.Owner(row.post, row.person)
    dues = {"rate": at + rules.RATE}
    tasks.open_clocks(about=about, dues=dues, owner=owner, path=row.path, title=row.title, place=row.place, said_by="", by=by, at=at)
    step = _step(row, "closed", text.strip(), photos=photos, by=by, at=at)
    record(MatterClosed(about, f"step:{step.id}", len(photos), row.post), by=by, at=at)


@office_verb
def rate(*, matter: int, good: bool, words: str = "", by: Actor, at: datetime) -> None:
    """The teller says whether it is settled. If not, somebody else takes it up again, with new clocks.

    Records matter.rated and, when it is not settled, matter.reopened.
    """
    row = _locked(matter, by, "rate")
    if row.state == "settled" and good:
        return
    about = f"matter:{row.id}"
    rating = "good" if good else "bad"
    if good:
        _go(row, "praise", rating=rating)
        tasks.stop_all(about=about, by=by, at=at)
        _step(row, "rated", words.strip(), values={"telling": _own_telling(row, by)}, by=by, at=at)
        record(MatterRated(about, rating), by=by, at=at)
        return
    watch = people.Watch(row.path, at=at)
    owner = watch.other_than(row.person) or watch.owner()
    _go(row, "reopen", rating=rating, closed=None, post=owner.post, person=owner.person, reopened=row.reopened + 1)
    tasks.stop_all(about=about, by=by, at=at)
    _step(row, "reopened", words.strip(), values={"keeper": watch.called(owner), "telling": _own_telling(row, by)}, by=by, at=at)
    start_clocks(row, owner, _said_by(row), by=by, at=at)
    record(MatterRated(about, rating), by=by, at=at)
    record(MatterReopened(about, owner.post, row.reopened), by=by, at=at)


@office_verb
def lapse(*, matter: int, by: Actor, at: datetime) -> None:
    """Seven days without a rating: taken as settled, and counted as not rated. Records matter.rated."""
    row = _locked(matter, by, "lapse")
    if row.state != "closed":
        return
    _go(row, "lapse", rating="lapsed")
    tasks.stop_all(about=f"matter:{row.id}", by=by, at=at)
    _step(row, "lapsed", by=by, at=at)
    record(MatterRated(f"matter:{row.id}", "lapsed"), by=by, at=at)


@verb
def remark(*, matter: int, text: str, photos: Sequence[str] = (), by: Actor, at: datetime) -> None:
    """The teller adds something. Records matter.noted."""
    row = _locked(matter, by, "remark")
    fault = None if photos else rules.text_fault(text)
    if fault is not None:
        raise BadInput(fault)
    step = _step(row, "remark", text.strip(), photos=photos, values={"telling": _own_telling(row, by)}, by=by, at=at)
    record(MatterNoted(f"matter:{row.id}", f"step:{step.id}", True), by=by, at=at)


@verb
def urge(*, matter: int, by: Actor, at: datetime) -> None:
    """The teller asks where it is; once in ten minutes is enough. Records matter.urged."""
    row = _locked(matter, by, "urge")
    if row.state not in rules.OPEN:
        raise Refused(rules.OVER)
    last = Step.objects.filter(matter=row, kind="urged").order_by("-id").values_list("at", flat=True).first()
    if last is not None and at - last < rules.URGE_AGAIN:
        return
    _step(row, "urged", by=by, at=at)
    record(MatterUrged(f"matter:{row.id}", row.post), by=by, at=at)


@office_verb
def withdraw(*, matter: int, by: Actor, at: datetime) -> None:
    """The teller needs it no more. With neighbours still waiting, only this telling is taken out. Records matter.withdrawn."""
    row = _locked(matter, by, "withdraw")
    if row.state == "withdrawn":
        return
    refusal = rules.withdrawable(row.kind, row.tellings)
    if refusal is not None:
        raise Refused(refusal)
    _go(row, "withdraw")
    tasks.stop_all(about=f"matter:{row.id}", by=by, at=at)
    _step(row, "withdrawn", by=by, at=at)
    record(MatterWithdrawn(f"matter:{row.id}"), by=by, at=at)


@office_verb
def assign(*, matter: int, item: str = "", building: str = "", by: Actor, at: datetime) -> None:
    """A person rules what it is and where: the guess is confirmed or replaced, the owner follows. Records matter.assigned."""
    row = _locked(matter, by, "assign")
    wanted = item or row.item
    if wanted == remit.unsure().code:
        raise BadInput(rules.STILL_UNSURE)
    place = _place(building) if building else None
    path = place.path if place else row.path
    owner = people.owner_at(path, at=at)
    try:
        unit = remit.unit_for(wanted, path.strip("/"), local(at)).code
    except KeyError as error:
        raise BadInput(Refusal("责任清单里没有{item}，从列表里选", field="item", item=wanted)) from error
    changes: dict[str, Any] = {
        "item": wanted,
        "unsure": False,
        "unit": unit,
        "unplaced": "",
        "candidates": [],
        "post": owner.post,
        "person": owner.person,
    }
    if place is not None:
        changes |= {
            "building": place.building,
            "lon": place.lon,
            "lat": place.lat,
            "path": place.path,
            "place": place.words,
            "grid": place.fence,
        }
        Telling.objects.filter(matter=row).update(grid=place.fence)
        Step.objects.filter(matter=row).update(grid=place.fence)
    _go(row, "assign" if row.state == "received" else "move", **changes)
    _give(row, owner, by=by, at=at)
    record(MatterAssigned(f"matter:{row.id}", wanted, unit, owner.post, "ruling"), by=by, at=at)


@office_verb
def move(*, matter: int, post: str, why: str, by: Actor, at: datetime) -> None:
    """Give it to another post, with the reason. Due times stay. Records matter.assigned."""
    row = _locked(matter, by, "move")
    name, _, _ = people.post_line(post)
    if not name:
        raise BadInput(Refusal("没有这个岗位，从名单里选", field="post"))
    if not why.strip():
        raise BadInput(rules.NO_REASON)
    card = people.card_of(post, at=at)
    owner = duty.Owner(post, card.person if card and card.on else "")
    _go(row, "move", post=owner.post, person=owner.person)
    _give(row, owner, why.strip(), by=by, at=at)
    record(MatterAssigned(f"matter:{row.id}", row.item, row.unit, owner.post, "moved"), by=by, at=at)


@office_verb
def part(*, telling: int, by: Actor, at: datetime) -> int:
    """Undo a join: this telling becomes a matter of its own, lineage kept. Records telling.parted; gives its id."""
    told = Telling.objects.filter(id=telling).first()
    if told is None:
        raise NotFound(rules.NO_SUCH)
    row = _locked(told.matter_id, by, "split")
    if not by.is_staff and told.id != _own_telling(row, by):
        raise NotYours(Refusal("这句话是别的邻居说的，只有TA自己能分出去"))
    if told.how == "first":
        raise Refused(Refusal("这是最早说的那一次，分不出去。要分开的是后来并进来的"))
    own = begin_again(row, told, by=by, at=at)
    Telling.objects.filter(id=told.id).update(matter=own, how="first")
    Matter.objects.filter(id=row.id).update(tellings=row.tellings - 1)
    Step.objects.create(
        matter=own, grid=own.grid, kind="told", public=True, by=by.ref, at=told.at, photos=told.photos, values={"telling": told.id}
    )
    _step(row, "parted", by=by, at=at)
    links.tie(f"matter:{row.id}", "parted", f"matter:{own.id}", at=at)
    record(TellingParted(f"matter:{row.id}", f"telling:{told.id}", f"matter:{own.id}"), by=by, at=at)
    return own.id


@office_verb
def note_late(*, matter: int, what: str, level: int, to: str, by: Actor, at: datetime) -> None:
    """Show on the thread that a promise was not kept and who looks at it now."""
    row = Matter.objects.filter(id=matter).first()
    if row is None or row.state not in rules.OPEN:
        return
    if not Step.objects.filter(matter=row, kind="climbed", values__what=what, values__level=level, at=at).exists():
        _step(row, "climbed", values={"what": what, "level": level, "to": to}, by=by, at=at)


def _give(row: Matter, owner: duty.Owner, why: str = "", *, by: Actor, at: datetime) -> None:
    about = f"matter:{row.id}"
    tasks.stop(about=about, what="assign", by=by, at=at)
    tasks.hand_over(about=about, owner=owner, path=row.path, place=row.place, by=by, at=at)
    start_clocks(row, owner, _said_by(row), by=by, at=at) if not _answered(row) else None
    keeper = people.person_name(owner.person) or people.post_line(owner.post)[0]
    _step(row, "assigned", why, values={"keeper": keeper, "item": row.item, "place": row.place}, by=by, at=at)


def _own_telling(row: Matter, by: Actor) -> int:
    """Which of a matter's tellings is this teller's; 0 when none is known."""
    kept = [int(ref.removeprefix("telling:")) for ref in by.own if ref.startswith("telling:")]
    mine = Telling.objects.filter(Q(id__in=kept) | Q(account=by.ref), matter=row)
    return mine.values_list("id", flat=True).first() or 0


def _answered(row: Matter) -> bool:
    """A contact that was logged stays logged: moving a matter never starts the 30 minutes again."""
    return Step.objects.filter(matter=row, kind__in=("phone", "visit", "message")).exists()


def _said_by(row: Matter) -> str:
    first = Telling.objects.filter(matter=row, how="first").values_list("name_masked", "channel").first()
    return (first[0] or first[1]) if first else ""


def _place(building: str) -> places.Place:
    place = places.at_building(building)
    if place is None:
        raise BadInput(Refusal("名册里没有这栋楼，从列表里选", field="building"))
    return place


def _locked(matter: int, by: Actor, verb_: str) -> Matter:
    rows = Matter.objects.select_for_update() if connection.vendor == "postgresql" else Matter.objects
    row = rows.filter(id=matter).first()
    if row is None:
        raise NotFound(rules.NO_SUCH)
    must(by, verb_, rules.thing(row))
    return row


def _go(row: Matter, verb_: str, **changes: object) -> None:
    row.state = or_refuse(rules.MATTER.then(row.state, verb_))
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *changes])


def _step(
    row: Matter,
    kind: str,
    text: str = "",
    *,
    public: bool = True,
    photos: Sequence[str] = (),
    values: dict[str, object] | None = None,
    by: Actor,
    at: datetime,
) -> Step:
    return Step.objects.create(
        matter=row,
        grid=row.grid,
        kind=kind,
        public=public,
        text=text,
        values=values or {},
        photos=list(photos),
        by=by.ref,
        by_name=by.name,
        at=at,
    )
