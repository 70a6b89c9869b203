"""The first verb of a matter: receive what people told. One request, one transaction, until each has an owner and clocks.

One telling or a thousand, the same verb: ids and locks in one statement, neighbours' open matters in one, and all that is
written in one more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from siqian.kernel import links, rows
from siqian.kernel.deadline import Term, due
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people, rules as duty
from siqian.town.places.queries import community_of
from siqian.trades.tasks import actions as tasks

from . import nearby, recusal, rules
from .events import MatterAlarmed, MatterDivided, MatterReceived, PetitionRegistered, TellingJoined
from .models import Matter, Step, Telling
from .tellings import Taking, Teller, Told, put_telling, told_before


@dataclass(frozen=True)
class Receipt:
    """What the teller gets at once.

    code opens the matter without a name, empty when this message was taken before; keeper: what to call its owner;
    others: what became of the further asks of the message, which the same code opens.
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
    title: str = ""
    others: "tuple[Receipt, ...]" = ()


@office_verb
def receive(*, told: Told, teller: Teller, by: Actor, at: datetime) -> Receipt:
    """Place, join, assign and clock one telling. Records matter.received or telling.joined.

    A message with the same channel and external id is received once. Two equal reports in one instant become one matter.
    """
    return receive_all(tellings=[(told, teller)], by=by, at=at)[0]


@office_verb
def receive_all(*, tellings: Sequence[tuple[Told, Teller]], by: Actor, at: datetime) -> list[Receipt]:
    """Receive many at once, in their order, as if one after the other: some hundreds, so that others need not wait long."""
    rows.write_now()
    all_told = [ask for told, _ in tellings for ask in (told, *told.others)]
    locks = [name for told in all_told for name in _locks(told)]
    reserved = rows.ids((Matter, len(all_told)), (Telling, len(all_told)), locks=tuple(locks))
    kept = zip(*reserved, strict=True)
    before = _before(all_told)
    open_ = nearby.open_in([(told.place.fence, told.understood.item) for told in all_told if _may_join(told)], at=at)
    receipts = []
    for told, teller in tellings:
        key, own = (told.channel, told.external), [next(kept) for _ in (told, *told.others)]
        if told.external and key in before:
            receipts.append(before[key])
            continue
        matter, telling = own[0]
        receipt = _take_asks(Taking(told, teller, matter, telling, by, at), own[1:], open_)
        if told.understood.calls and told.channel not in rules.BYGONE:
            alarmed = MatterAlarmed(f"matter:{receipt.matter}", f"telling:{receipt.telling}", list(told.understood.calls))
            record(alarmed, by=by, at=at)
        before[key] = replace(receipt, code="", joined=False, again=True, likely=(), others=())
        receipts.append(receipt)
    _add_tellings(open_)
    return receipts


def begin_again(matter: Matter, telling: Telling, *, by: Actor, at: datetime) -> Matter:
    """Give a telling that was joined by mistake a matter of its own, with the clocks of its own hour."""
    fields = {name: getattr(matter, name) for name in PARTED}
    owner = people.owner_at(matter.path, at=at)
    own = Matter.objects.create(
        state="assigned",
        title=telling.understood.get("title") or matter.title,
        post=owner.post,
        person=owner.person,
        received=telling.at,
        **fields,
    )
    start_clocks(own, owner, telling.name_masked or telling.channel, by=by, at=telling.at)
    if rules.petition.led_by_law(remit.kind(own.kind)):
        record(PetitionRegistered(f"matter:{own.id}"), by=by, at=at)
    return own


def start_clocks(matter: Matter, owner: duty.Owner, said_by: str, *, only: Collection[str] = (), by: Actor, at: datetime) -> None:
    """Accept, respond and settle from now on, or only these, for whoever owns the matter now; what runs already goes on."""
    dues = {what: due for what, due in _dues(matter.item, matter.kind, matter.state, at).items() if not only or what in only}
    tasks.open_clocks(**_clocks(vars(matter), dues, owner, said_by), by=by, at=at)


def due_times(item_code: str, kind_code: str, at: datetime) -> tuple[datetime, datetime]:
    """(respond, settle) for an item told at this instant."""
    dues = _dues(item_code, kind_code, "assigned", at)
    return dues["respond"], dues["settle"]


def settle_term(item_code: str, kind_code: str) -> Term:
    """How long until a matter of this kind about this item is settled."""
    return rules.settle_term(remit.item(item_code), remit.kind(kind_code))


# Where a matter lies; what a parted telling's own matter takes over from the one that it was joined to.
LAID = ("place", "building", "lon", "lat", "grid", "path", "unplaced", "candidates")
PARTED = (*LAID, "kind", "item", "guesses", "unsure", "unit", "urgent", "discreet")


def _locks(told: Told) -> list[str]:
    twin = f"twin:{told.place.fence}:{told.understood.item}"
    return [twin, f"external:{told.channel}:{told.external}"] if told.external else [twin]


def _before(all_told: Sequence[Told]) -> dict[tuple[str, str], Receipt]:
    """Receipts of messages that were taken before, by channel and external id."""
    names = {told.external for told in all_told if told.external}
    if not names:
        return {}
    channels = {told.channel for told in all_told}
    # Nearly always there is none, and to ask for numbers alone takes a third of asking for whole rows.
    known = list(told_before(channels, names).values_list("id", flat=True))
    found = Telling.objects.filter(id__in=known).select_related("matter") if known else ()
    return {(row.channel, row.external): _receipt(row) for row in found}


def _may_join(told: Told) -> bool:
    discreet = rules.discreet(told.all_said, remit.kind(told.understood.kind), told.understood.duties)
    return not told.apart and bool(told.place.building) and not discreet


def _take_asks(first: Taking, kept: Sequence[tuple[int, int]], open_: nearby.Open) -> Receipt:
    """Every ask of a message by itself: a neighbour's matter that it joins, or one of its own. Of its own ones the first leads."""
    found = [_take(first, open_)]
    for told, (matter, telling) in zip(first.told.others, kept, strict=True):
        lead = next((receipt.matter for receipt in found if not receipt.joined), None)
        taking = Taking(told, first.teller, matter, telling, first.by, first.at, first.code, first, lead)
        found.append(replace(_take(taking, open_), code=""))
    own = [receipt.matter for receipt in found if not receipt.joined]
    if len(own) > 1:
        grid = next(
            told.place.fence for told, receipt in zip((first.told, *first.told.others), found, strict=True) if receipt.matter == own[0]
        )
        said = {"by": first.by.ref, "by_name": first.by.name, "at": first.at, "values": {"n": len(own) - 1}, "photos": []}
        rows.put(Step, matter_id=own[0], grid=grid, kind="divided", public=True, **said)
        tie_parts(own[0], own[1:], by=first.by, at=first.at)
    return replace(found[0], others=tuple(found[1:])) if kept else found[0]


def tie_parts(whole: int, parts: Sequence[int], *, by: Actor, at: datetime) -> None:
    """Remember both ways what came of a matter. Records matter.divided."""
    for part in parts:
        links.tie_new(f"matter:{whole}", "part", f"matter:{part}", at=at)
    record(MatterDivided(f"matter:{whole}", [f"matter:{part}" for part in parts]), by=by, at=at)


def _take(taking: Taking, open_: nearby.Open) -> Receipt:
    told, twins = taking.told, rules.Twins()
    item = told.understood.item
    near = open_.near(told.place.fence, item)
    if near and _may_join(told):
        twins = rules.twins(told.text, item, told.place.building, taking.at, [row.candidate for row in near])
    # Only what was offered can be chosen: a number that was made up joins nothing and shows nothing.
    chosen = told.joins if told.joins in (twins.sure, *twins.likely) else None
    target = twins.sure if told.joins is None else chosen
    found = next((row for row in near if row.candidate.id == target), None)
    if found is not None and _still_open(found):
        return _join(found, taking)
    return _begin(taking, twins.likely, open_)


def _still_open(found: nearby.Neighbour) -> bool:
    """Hold the matter that is joined: whoever would close it now waits, and one closed since it was read is not joined."""
    if found.row is None and not found.held:
        found.held = bool(Matter.objects.filter(id=found.candidate.id, state__in=rules.OPEN).update(tellings=F("tellings") + 0))
    return found.row is not None or found.held


def _join(found: nearby.Neighbour, taking: Taking) -> Receipt:
    told, id_ = taking.told, found.candidate.id
    how = "chosen" if told.joins is not None else "sure"
    found.joined += 1
    count = found.tellings + found.joined
    if told.upstream is not None:
        _hurry(found, told.upstream)
    put_telling(taking, id_, found.grid, how)
    rows.put(
        Step, matter_id=id_, grid=found.grid, kind="joined", public=True, by=taking.by.ref, at=taking.at, values={"n": count}, photos=[]
    )
    links.tie_new(f"telling:{taking.telling}", "joined", f"matter:{id_}", at=taking.at)
    record(TellingJoined(f"matter:{id_}", f"telling:{taking.telling}", told.channel, how), by=taking.by, at=taking.at)
    received = found.candidate.received
    respond, settle = due_times(found.candidate.item, found.kind, received)
    number, keeper = rules.number(id_, received), people.person_name(found.person)
    return Receipt(id_, taking.telling, number, taking.code, found.post, True, respond, settle, keeper, title=told.understood.title)


def _hurry(found: nearby.Neighbour, until: datetime) -> None:
    """Of several that platforms above have asked for it, the earliest day counts."""
    if found.row is not None:
        found.row["upstream"] = min(until, found.row["upstream"] or until)
    else:
        waits_longer = Q(upstream=None) | Q(upstream__gt=until)
        Matter.objects.filter(waits_longer, id=found.candidate.id).update(upstream=until)


def _add_tellings(open_: nearby.Open) -> None:
    for found in open_.joined():
        if found.row is not None:
            found.row["tellings"] = 1 + found.joined
        else:
            Matter.objects.filter(id=found.candidate.id).update(tellings=F("tellings") + found.joined)


def _begin(taking: Taking, likely: tuple[int, ...], open_: nearby.Open) -> Receipt:
    told, at = taking.told, taking.at
    watch = people.Watch(told.place.path, at=at)
    # Whoever of the place's own people a complaint names must neither read nor settle it.
    against = recusal.named(told.all_said, watch) if remit.kind(told.understood.kind).names else set()
    owner = _owner(told, against, watch)
    keeper = watch.called(owner)
    row = _matter(taking, owner, against)
    said_by = put_telling(taking, taking.matter, told.place.fence, "first")
    _first_steps(taking, row, keeper)
    dues = _dues(row["item"], row["kind"], row["state"], at)
    tasks.open_clocks(**_clocks(row, dues, owner, said_by), fresh=True, by=taking.by, at=at)
    about, respond, settle = f"matter:{taking.matter}", dues["respond"], dues["settle"]
    event = MatterReceived(about, f"telling:{taking.telling}", told.channel, row["item"], row["grid"], owner.post, respond, settle)
    record(event, first=True, by=taking.by, at=at)
    if rules.petition.led_by_law(remit.kind(row["kind"])):
        record(PetitionRegistered(about), by=taking.by, at=at)
    if not row["discreet"]:
        open_.add(row, told.text)
    number = rules.number(taking.matter, at)
    return Receipt(
        taking.matter, taking.telling, number, taking.code, owner.post, False, respond, settle, keeper, likely=likely, title=row["title"]
    )


def _matter(taking: Taking, owner: duty.Owner, against: set[str]) -> dict[str, Any]:
    told, understood = taking.told, taking.told.understood
    item = understood.item
    unsure = item == remit.unsure().code
    return rows.put(
        Matter,
        id=taking.matter,
        state="received" if unsure or told.why_unplaced else "assigned",
        kind=understood.kind,
        item=item,
        unsure=unsure,
        guesses=[{"item": guess.item, "share": round(guess.share, 3)} for guess in understood.guesses],
        title=understood.title[:60],
        place=told.place_words[:80],
        building=told.place.building,
        lon=told.place.lon,
        lat=told.place.lat,
        grid=told.place.fence,
        path=told.place.path,
        unplaced=told.why_unplaced,
        candidates=list(told.candidates),
        unit=recusal.lead(item, told.place.path, taking.at, against=against),
        post=owner.post,
        person=owner.person,
        urgent=bool(understood.risks),
        against=sorted(against),
        discreet=rules.discreet(told.all_said, remit.kind(understood.kind), understood.duties, against),
        received=taking.at,
        upstream=told.upstream,
        whole_id=taking.whole,
    )


def _first_steps(taking: Taking, row: Mapping[str, Any], keeper: str) -> None:
    step = {"matter_id": taking.matter, "grid": row["grid"], "public": True, "at": taking.at}
    rows.put(Step, **step, kind="told", by=taking.by.ref, photos=list(taking.told.photos), values={"telling": taking.telling})
    if row["state"] == "assigned":
        values = {"keeper": keeper, "item": row["item"], "place": row["place"]}
        rows.put(Step, **step, kind="assigned", by="office", values=values)


def _owner(told: Told, against: set[str], watch: people.Watch) -> duty.Owner:
    other = watch.other_than(*against) if against else None
    if other is not None:
        return other
    if told.understood.item == remit.unsure().code or told.why_unplaced:
        level = 2 if community_of(told.place.path) else 0
        desk = watch.desk(level)
        if desk is not None and (desk.person or level == 0):
            return desk
    return watch.owner()


def _dues(item_code: str, kind_code: str, state: str, at: datetime) -> dict[str, datetime]:
    terms = {
        **({"assign": rules.ASSIGN} if state == "received" else {"accept": rules.ACCEPT}),
        "respond": rules.respond_term(remit.kind(kind_code)),
        "settle": settle_term(item_code, kind_code),
    }
    return {what: until for what, term in terms.items() if (until := due(at, term)) is not None}


def _clocks(row: Mapping[str, Any], dues: Mapping[str, datetime], owner: duty.Owner, said_by: str) -> dict[str, Any]:
    return {
        "about": f"matter:{row['id']}",
        "dues": dues,
        "owner": owner,
        "path": row["path"],
        "title": row["title"],
        "place": row["place"],
        "said_by": said_by,
        "urgent": row["urgent"],
        "terms": {"settle": settle_term(row["item"], row["kind"])},
    }


def _receipt(telling: Telling) -> Receipt:
    matter = telling.matter
    respond, settle = due_times(matter.item, matter.kind, matter.received)
    number, keeper = rules.number(matter.id, matter.received), people.person_name(matter.person)
    return Receipt(matter.id, telling.id, number, "", matter.post, False, respond, settle, keeper, again=True)
