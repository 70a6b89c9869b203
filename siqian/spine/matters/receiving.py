"""The first verb of a matter: receive what somebody told. One request, one transaction, until it has an owner and clocks."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from siqian.kernel import clock, links, store, vault
from siqian.kernel.deadline import due
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor
from siqian.spine.learn.rules import Understanding
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people, rules as duty
from siqian.town.places.queries import Place, community_of
from siqian.trades.tasks import actions as tasks

from . import rules
from .events import MatterReceived, TellingJoined
from .models import Matter, Step, Telling


@dataclass(frozen=True)
class Teller:
    """Who tells. All empty: anonymous, with a receipt code."""

    name: str = ""
    phone: str = ""
    account: str = ""


@dataclass(frozen=True)
class Told:
    """What was told and what was made of it. why_unplaced and candidates: when the place is not one building grid."""

    text: str
    understood: Understanding
    place: Place
    place_words: str
    channel: str
    external: str = ""
    why_unplaced: str = ""
    candidates: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    photos: tuple[str, ...] = ()
    joins: int | None = None
    apart: bool = False


@dataclass(frozen=True)
class Receipt:
    """What the teller gets at once.

    code opens the matter without a name, empty when this message was taken before; keeper: what to call its owner.
    """

    matter: int
    telling: int
    number: str
    code: str
    post: str
    joined: bool
    respond_due: datetime
    settle_due: datetime
    keeper: str = ""
    again: bool = False
    likely: tuple[int, ...] = ()


@office_verb
def receive(*, told: Told, teller: Teller, by: Actor, at: datetime) -> Receipt:
    """Place, join, assign and clock one telling. Records matter.received or telling.joined.

    A message with the same channel and external id is received once. Two equal reports in one instant become one matter.
    """
    if told.external:
        store.lock("external", told.channel, told.external)
        before = Telling.objects.filter(channel=told.channel, external=told.external).select_related("matter").first()
        if before is not None:
            return _receipt(before, "", joined=False, again=True)
    item = told.understood.item
    store.lock("twin", told.place.fence, item)
    twins = _twins(told, item, at)
    code = clock.code(10)
    # Only what was offered can be chosen: a number that was made up joins nothing and shows nothing.
    chosen = told.joins if told.joins in (twins.sure, *twins.likely) else None
    matter = _joinable(twins.sure if told.joins is None else chosen)
    if matter is not None:
        return _join(matter, told, teller, code, by=by, at=at)
    return _begin(told, item, teller, code, twins.likely, by=by, at=at)


def begin_again(matter: Matter, telling: Telling, *, by: Actor, at: datetime) -> Matter:
    """Give a telling that was joined by mistake a matter of its own, with the clocks of its own hour."""
    copied = (
        "kind",
        "item",
        "guesses",
        "unsure",
        "place",
        "building",
        "lon",
        "lat",
        "grid",
        "path",
        "unplaced",
        "candidates",
        "unit",
        "urgent",
        "discreet",
    )
    fields = {name: getattr(matter, name) for name in copied}
    owner = people.owner_at(matter.path, at=at)
    own = Matter.objects.create(
        state="assigned",
        title=telling.understood.get("title") or matter.title,
        post=owner.post,
        person=owner.person,
        received=telling.at,
        **fields,
    )
    _clocks(own, owner, telling.name_masked or telling.channel, by=by, at=telling.at)
    return own


def start_clocks(matter: Matter, owner: duty.Owner, said_by: str, *, by: Actor, at: datetime) -> None:
    """Accept, respond and settle from now on, for whoever owns the matter now."""
    _clocks(matter, owner, said_by, by=by, at=at)


def receipt_mark(code: str) -> str:
    """What is kept of a receipt code."""
    return hashlib.sha256(f"receipt:{code.strip().upper()}".encode()).hexdigest()


def due_times(item_code: str, at: datetime) -> tuple[datetime, datetime]:
    """(respond, settle) for an item told at this instant."""
    item = remit.item(item_code)
    respond, settle = due(at, rules.RESPOND), due(at, rules.settle_term(item.settle.hours, item.settle.working_days))
    assert respond is not None and settle is not None
    return respond, settle


def _twins(told: Told, item: str, at: datetime) -> rules.Twins:
    if told.apart or not told.place.building or rules.discreet(told.text, told.understood.kind, told.understood.duties):
        return rules.Twins()
    near = Matter.objects.filter(grid=told.place.fence, item=item, state__in=rules.OPEN, discreet=False)
    rows = near.filter(received__gt=at - rules.TWIN_WINDOW)
    rows = rows.order_by("-received").values_list("id", "item", "building", "received")[:50]
    texts = dict(Telling.objects.filter(matter_id__in=[row[0] for row in rows], how="first").values_list("matter_id", "text"))
    return rules.twins(
        told.text,
        item,
        told.place.building,
        at,
        [rules.Candidate(id_, code, building, texts.get(id_, ""), received) for id_, code, building, received in rows],
    )


def _joinable(target: int | None) -> Matter | None:
    return None if target is None else Matter.objects.filter(id=target, state__in=rules.OPEN).first()


def _join(matter: Matter, told: Told, teller: Teller, code: str, *, by: Actor, at: datetime) -> Receipt:
    how = "chosen" if told.joins is not None else "sure"
    telling = _telling(matter, told, teller, code, how, at)
    Matter.objects.filter(id=matter.id).update(tellings=matter.tellings + 1)
    Step.objects.create(matter=matter, grid=matter.grid, kind="joined", public=True, by=by.ref, at=at, values={"n": matter.tellings + 1})
    links.tie(f"telling:{telling.id}", "joined", f"matter:{matter.id}", at=at)
    record(TellingJoined(f"matter:{matter.id}", f"telling:{telling.id}", told.channel, how), by=by, at=at)
    return _receipt(telling, code, joined=True)


def _begin(told: Told, item: str, teller: Teller, code: str, likely: tuple[int, ...], *, by: Actor, at: datetime) -> Receipt:
    watch = people.Watch(told.place.path, at=at)
    # Whoever of the place's own people a complaint names must neither read nor settle it.
    against = watch.named_in(told.text) if told.understood.kind in ("complaint", "report") else set()
    owner = _owner(told, item, against, watch)
    assigned = item != remit.unsure().code and not told.why_unplaced
    matter = Matter.objects.create(
        state="assigned" if assigned else "received",
        kind=told.understood.kind,
        item=item,
        unsure=item == remit.unsure().code,
        guesses=[{"item": guess.item, "share": round(guess.share, 3)} for guess in told.understood.guesses],
        title=told.understood.title[:60],
        place=told.place_words[:80],
        building=told.place.building,
        lon=told.place.lon,
        lat=told.place.lat,
        grid=told.place.fence,
        path=told.place.path,
        unplaced=told.why_unplaced,
        candidates=list(told.candidates),
        unit=remit.unit_for(item, told.place.path.strip("/"), clock.local(at)).code,
        post=owner.post,
        person=owner.person,
        urgent=bool(told.understood.risks),
        against=sorted(against),
        discreet=rules.discreet(told.text, told.understood.kind, told.understood.duties, against),
        received=at,
    )
    telling = _telling(matter, told, teller, code, "first", at)
    _first_steps(matter, telling, watch.called(owner), by=by, at=at)
    _clocks(matter, owner, telling.name_masked or told.channel, fresh=True, by=by, at=at)
    respond, settle = due_times(item, at)
    event = MatterReceived(f"matter:{matter.id}", f"telling:{telling.id}", told.channel, item, matter.grid, owner.post, respond, settle)
    record(event, by=by, at=at)
    return Receipt(
        matter.id, telling.id, rules.number(matter.id, at), code, owner.post, False, respond, settle, watch.called(owner), likely=likely
    )


def _first_steps(matter: Matter, telling: Telling, keeper: str, *, by: Actor, at: datetime) -> None:
    own = {"telling": telling.id}
    steps = [Step(matter=matter, grid=matter.grid, kind="told", public=True, by=by.ref, at=at, photos=telling.photos, values=own)]
    if matter.state == "assigned":
        values = {"keeper": keeper, "item": matter.item, "place": matter.place}
        steps.append(Step(matter=matter, grid=matter.grid, kind="assigned", public=True, by="office", at=at, values=values))
    Step.objects.bulk_create(steps)


def _owner(told: Told, item: str, against: set[str], watch: people.Watch) -> duty.Owner:
    other = watch.other_than(*against) if against else None
    if other is not None:
        return other
    if item == remit.unsure().code or told.why_unplaced:
        level = 2 if community_of(told.place.path) else 0
        desk = watch.desk(level)
        if desk is not None and (desk.person or level == 0):
            return desk
    return watch.owner()


def _telling(matter: Matter, told: Told, teller: Teller, code: str, how: str, at: datetime) -> Telling:
    understood = {
        "version": told.understood.version,
        "title": told.understood.title,
        "why": told.understood.why,
        "risks": [risk.zh for risk in told.understood.risks],
        "call": told.understood.calls,
        "spans": told.understood.marks(told.spans),
    }
    mark = receipt_mark(code)
    name, phone = ("", "")
    if teller.name or teller.phone:
        name, phone = vault.seal_new(rules.sealed_under(mark), teller.name, teller.phone, at=at)
    return Telling.objects.create(
        matter=matter,
        grid=matter.grid,
        channel=told.channel,
        external=told.external,
        text=told.text,
        understood=understood,
        photos=list(told.photos),
        at=at,
        how=how,
        account=teller.account,
        receipt=mark,
        name_sealed=name,
        phone_sealed=phone,
        name_masked=vault.masked_name(teller.name),
        phone_masked=vault.masked_phone(teller.phone) if teller.phone else "",
        phone_mark=vault.mark(teller.phone),
    )


def _clocks(matter: Matter, owner: duty.Owner, said_by: str, *, fresh: bool = False, by: Actor, at: datetime) -> None:
    item = remit.item(matter.item)
    terms = {
        **({"assign": rules.ASSIGN} if matter.state == "received" else {"accept": rules.ACCEPT}),
        "respond": rules.RESPOND,
        "settle": rules.settle_term(item.settle.hours, item.settle.working_days),
    }
    dues = {what: until for what, term in terms.items() if (until := due(at, term)) is not None}
    tasks.open_clocks(
        about=f"matter:{matter.id}",
        dues=dues,
        owner=owner,
        path=matter.path,
        title=matter.title,
        place=matter.place,
        said_by=said_by,
        urgent=matter.urgent,
        fresh=fresh,
        by=by,
        at=at,
    )


def _receipt(telling: Telling, code: str, *, joined: bool, again: bool = False) -> Receipt:
    matter = telling.matter
    respond, settle = due_times(matter.item, matter.received)
    number, keeper = rules.number(matter.id, matter.received), people.person_name(matter.person)
    return Receipt(matter.id, telling.id, number, code, matter.post, joined, respond, settle, keeper, again)
