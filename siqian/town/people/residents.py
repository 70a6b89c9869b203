"""Reads of the register of residents: masked, behind the reader's fence; one's own in full."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from siqian.kernel import journal, store, vault
from siqian.kernel.permits import Actor, NotFound, NotYours, Refusal, Thing, may, must
from siqian.town.places import queries as places

from .households import OBJECTED, RELATIONS
from .models import Account, Resident


@dataclass(frozen=True)
class ResidentLine:
    """A resident as staff see one: masked. label: of the unit, empty when it is not known."""

    id: int
    building: str
    label: str
    household: int
    relation: str
    name: str
    phone: str
    moved_in: date | None
    moved_out: date | None
    source: str
    basis: str
    objected: bool
    forgotten: bool
    linked: bool


@dataclass(frozen=True)
class Look:
    """One look at what is kept of somebody: when, who, at what, for what purpose."""

    at: datetime
    who: str
    what: str
    purpose: str


@dataclass(frozen=True)
class Mine:
    """What is kept of oneself, in full, and who looked at it, the last look first."""

    line: ResidentLine
    name: str
    phone: str
    looks: tuple[Look, ...]


def homes(building: str, *, seen_by: Actor) -> dict[str, list[ResidentLine]]:
    """Whoever lives in a building now, by unit label; raises NotYours for whoever may not read the register there."""
    place = places.at_building(building)
    if place is None:
        raise NotFound(Refusal("名册里没有这栋楼，从列表里选"))
    must(seen_by, "read", Thing("resident", area=place.path))
    found: dict[str, list[ResidentLine]] = {}
    with store.reading(seen_by):
        for row in _seen(seen_by).filter(building=building, moved_out=None).order_by("unit__label", "household", "id"):
            line = _line(row)
            found.setdefault(line.label, []).append(line)
    return found


def may_keep(building: str, *, seen_by: Actor) -> bool:
    """Whether the actor may enroll, correct and move out here."""
    place = places.at_building(building)
    return place is not None and may(seen_by, "enroll", Thing("resident", area=place.path)) is None


def resident(id_: int, *, seen_by: Actor) -> ResidentLine:
    """One resident, masked."""
    return _line(_one(id_, seen_by, "read"))


def sealed_resident(id_: int, *, seen_by: Actor) -> tuple[str, str, str]:
    """(subject, sealed name, sealed telephone) for a look; refused while the person objects."""
    row = _one(id_, seen_by, "look")
    if row.objected:
        raise NotYours(OBJECTED)
    return f"resident:{row.id}", row.name, row.phone


def mine(actor: Actor) -> Mine | None:
    """What the register keeps of the actor; None for whoever is not in it."""
    with store.reading(actor):
        row = Resident.objects.select_related("unit").filter(own__in=[own for own in actor.fence.own if own < 0]).first()
        if row is None:
            return None
        subject = f"resident:{row.id}"
        name, phone = vault.unseal(subject, row.name), vault.unseal(subject, row.phone)
        return Mine(_line(row), name, phone, _looks(subject))


def resident_faults() -> list[Refusal]:
    """What cannot be so in the register: a row behind another grid's fence, a room of another building, what is left of the forgotten."""
    with store.reading_all():
        found = [
            Refusal("{building}的住户落在别的网格里，运行 siqian worker，让它跟上新网格", building=building)
            for building, grid in Resident.objects.order_by("building").values_list("building", "grid").distinct()
            if (place := places.at_building(building)) is None or place.fence != grid
        ]
        elsewhere = Resident.objects.exclude(unit=None).exclude(unit__building__code=F("building"))
        found += [Refusal("住户{id}的房号不在登记的那栋楼里，核对后改正", id=id_) for id_ in elsewhere.values_list("id", flat=True)]
        left = Resident.objects.exclude(forgotten=None).exclude(name="", phone="", mark="", phone_mark="", own=0)
        found += [Refusal("住户{id}说要删除，还留着痕迹，再删一次", id=id_) for id_ in left.values_list("id", flat=True)]
        linked = {account: resident for resident, account in Resident.objects.exclude(own=0).values_list("id", "own")}
        named = dict(Account.objects.exclude(resident=None).values_list("id", "resident_id"))
    wrong = sorted({-own for own, id_ in linked.items() if named.get(-own) != id_} | {id_ for id_ in named if -id_ not in linked})
    return found + [Refusal("账号{id}和住户对不上，重新认领", id=id_) for id_ in wrong]


def _looks(subject: str) -> tuple[Look, ...]:
    lines = [line for line in journal.of(subject) if line.name == "vault.opened"]
    called = _called([line.by for line in lines])
    return tuple(Look(line.at, called.get(line.by, line.by), line.body["what"], line.body["purpose"]) for line in reversed(lines))


def looks_at(subjects: Sequence[str], *, seen_by: Actor) -> tuple[Look, ...]:
    """Who looked at what is sealed under these, the last look first; one's own only."""
    if not set(subjects) <= seen_by.own:
        raise NotYours(Refusal("谁看过资料，只给本人看"))
    return tuple(look for subject in subjects for look in _looks(subject))


def called(refs: Collection[str]) -> dict[str, str]:
    """What accounts (account:N) are called: the person's name where they work here, else their own."""
    return _called(list(refs))


def _called(refs: Sequence[str]) -> dict[str, str]:
    ids = {int(ref.removeprefix("account:")) for ref in refs if ref.startswith("account:")}
    rows = Account.objects.filter(id__in=ids).values_list("id", "person__name", "name")
    return {f"account:{id_}": person or name for id_, person, name in rows}


def _one(id_: int, seen_by: Actor, verb: str) -> Resident:
    with store.reading(seen_by):
        row = _seen(seen_by).filter(id=id_).first()
    place = places.at_building(row.building) if row else None
    if row is None or place is None:
        raise NotFound(Refusal("居民名册里没有这个人，可能已经搬走"))
    must(seen_by, verb, Thing("resident", f"resident:{row.id}", area=place.path))
    return row


def _seen(seen_by: Actor) -> QuerySet[Resident]:
    rows = Resident.objects.select_related("unit")
    if seen_by.fence.everything:
        return rows
    return rows.filter(Q(grid__in=seen_by.fence.grids) | Q(own__in=[own for own in seen_by.fence.own if own < 0]))


def _line(row: Resident) -> ResidentLine:
    return ResidentLine(
        row.id,
        row.building,
        row.unit.label if row.unit else "",
        row.household,
        str(RELATIONS.get(row.relation, row.relation)),
        row.name_masked,
        row.phone_masked,
        row.moved_in,
        row.moved_out,
        row.source,
        row.basis,
        row.objected is not None,
        row.forgotten is not None,
        row.own != 0,
    )
