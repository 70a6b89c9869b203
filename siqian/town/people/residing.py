"""The verbs of the register of residents: enroll, move out, correct, object, forget, link to an account."""

from collections.abc import Sequence
from datetime import date, datetime

from siqian.kernel import epochs, rows, vault
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal, Thing, declare, must
from siqian.town.places import queries as places

from .events import ResidentCorrected, ResidentLinked, ResidentMovedOut, ResidentObjected, ResidentsEnrolled
from .households import FORGOTTEN, PERMITS, PHONE, ResidentRow, person_faults, resident_faults
from .models import Account, Resident

declare("resident", *PERMITS)
MOST_SAID = 20


class BadResidents(BadInput):
    """A list that cannot be taken; faults: all of them, in order."""

    def __init__(self, found: Sequence[Refusal]) -> None:
        first = "；".join(fault.why for fault in found[:MOST_SAID])
        super().__init__(Refusal("{count}处要改，一个人也没有登记：{first}", count=len(found), first=first))
        self.faults = tuple(found)


@verb
def enroll(*, residents: Sequence[ResidentRow], by: Actor, at: datetime) -> list[int]:
    """Write residents into the register: all of them or, with a fault anywhere (BadResidents), none. Gives the new ids.

    Whoever lives there already by the same name and telephone is not written again. Records residents.enrolled, once.
    """
    found, spots, units = _checked(residents, by)
    if found:
        raise BadResidents(found)
    # Two who enroll the same person at once: the second waits, and then sees that somebody is there.
    rows.ids(locks=tuple(f"homes:{row.building}" for row in residents))
    marks = {_mark(row): row for row in residents}
    # The index holds no empty mark: only whoever says so is answered from it.
    there = set(Resident.objects.filter(mark__in=marks, moved_out=None).exclude(mark="").values_list("mark", flat=True))
    fresh = [(mark, row) for mark, row in marks.items() if mark not in there]
    if not fresh:
        return []
    (ids,) = rows.ids((Resident, len(fresh)))
    for id_, (mark, row) in zip(ids, fresh, strict=True):
        name, phone = vault.seal_new(f"resident:{id_}", row.name, row.phone, at=at)
        rows.put(
            Resident,
            id=id_,
            building=row.building,
            unit_id=units[row.building][row.label] if row.label else None,
            household=row.household,
            relation=row.relation,
            grid=spots[row.building].fence,
            name=name,
            phone=phone,
            name_masked=vault.masked_name(row.name),
            phone_masked=vault.masked_phone(row.phone) if row.phone else "",
            mark=mark,
            phone_mark=vault.mark(row.phone),
            moved_in=row.moved_in,
            source=row.source,
            basis=row.basis,
        )
    record(ResidentsEnrolled(f"residents:{ids[0]}-{ids[-1]}", ids[0], ids[-1], len(ids), fresh[0][1].source), first=True, by=by, at=at)
    return ids


def check(*, residents: Sequence[ResidentRow], by: Actor) -> list[Refusal]:
    """What `enroll` would say of this list. Writes nothing."""
    return _checked(residents, by)[0]


@verb
def move_out(*, resident: int, on: date | None = None, by: Actor, at: datetime) -> None:
    """Somebody no longer lives there; the account, if any, is let go. Records resident.moved_out."""
    row = _locked(resident, by, "move out")
    day = on or local(at).date()
    if row.moved_out is not None:
        raise BadInput(Refusal("这个人已在{day}搬走，不用再登记", day=row.moved_out))
    if row.moved_in is not None and day < row.moved_in:
        raise BadInput(Refusal("搬走的日子不能早于搬来的{day}", field="on", day=row.moved_in))
    row.moved_out = day
    _let_go(row)
    row.save(update_fields=["moved_out", "own"])
    record(ResidentMovedOut(f"resident:{row.id}"), by=by, at=at)


@verb
def correct(*, resident: int, name: str = "", phone: str = "", relation: str = "", by: Actor, at: datetime) -> None:
    """Put right what is kept of a person; what is left empty stays. Records resident.corrected."""
    row = _locked(resident, by, "correct")
    if row.forgotten:
        raise BadInput(FORGOTTEN)
    subject = f"resident:{row.id}"
    kept_name, kept_phone = vault.unseal(subject, row.name), vault.unseal(subject, row.phone)
    now = {"name": name.strip() or kept_name, "phone": phone.strip() or kept_phone, "relation": relation or row.relation}
    faults = person_faults(**now)
    if faults:
        raise BadInput(faults[0])
    changed = [field for field, was in (("name", kept_name), ("phone", kept_phone), ("relation", row.relation)) if now[field] != was]
    if not changed:
        return
    row.name, row.phone = (vault.seal(subject, now[field], at=at) for field in ("name", "phone"))
    row.name_masked, row.phone_masked = vault.masked_name(now["name"]), vault.masked_phone(now["phone"]) if now["phone"] else ""
    row.phone_mark, row.relation = vault.mark(now["phone"]), now["relation"]
    row.mark = vault.mark(_identity(row.building, row.unit.label if row.unit else "", now["name"], now["phone"]))
    if Resident.objects.filter(mark=row.mark, moved_out=None).exclude(mark="").exclude(id=row.id).exists():
        raise BadInput(Refusal("这一户已经有同名同电话的人，不用再登记", field="name"))
    row.save()
    record(ResidentCorrected(subject, changed), by=by, at=at)


@verb
def object_to_use(*, resident: int, stands: bool = True, by: Actor, at: datetime) -> None:
    """A person objects to name and telephone being looked at, or lifts it again. Records resident.objected."""
    row = _locked(resident, by, "object")
    row.objected = at if stands else None
    row.save(update_fields=["objected"])
    record(ResidentObjected(f"resident:{row.id}", stands), by=by, at=at)


@office_verb
def erase(*, resident: int, by: Actor, at: datetime) -> None:
    """Destroy a person's key and every mark of them; the row stays as a shell. Records vault.erased."""
    row = _locked(resident, by, "forget")
    if row.forgotten:
        raise BadInput(FORGOTTEN)
    row.name = row.phone = row.name_masked = row.phone_masked = row.mark = row.phone_mark = ""
    row.forgotten = at
    _let_go(row)
    row.save()
    vault.forget(subject=f"resident:{row.id}", reason="resident asked" if by.ref != "office" else "office", by=by, at=at)


@office_verb
def link(*, username: str, phone: str, by: Actor, at: datetime) -> int:
    """Say that an account is that of the person who lives here with this telephone. Gives the resident's id.

    Residents who sign in with the telephone as their user name say so themselves; else the office does. Records resident.linked.
    """
    found = list(Resident.objects.filter(phone_mark=vault.mark(phone), moved_out=None, own=0).exclude(phone_mark="")[:2]) if phone else []
    if len(found) != 1:
        raise NotFound(TWO if found else NONE)
    row, place = found[0], places.at_building(found[0].building)
    account = Account.objects.filter(username=username).first()
    if account is None:
        raise NotFound(Refusal("没有{username}这个账号，先开账号", field="username", username=username))
    if not (account.username == phone and by.ref == f"account:{account.id}"):
        must(by, "link", Thing("resident", f"resident:{row.id}", area=place.path if place else "/"))
    account.resident, account.home = row, row.building
    account.save(update_fields=["resident", "home"])
    row.own = -account.id
    row.save(update_fields=["own"])
    record(ResidentLinked(f"resident:{row.id}", f"account:{account.id}"), by=by, at=at)
    return row.id


NONE = Refusal("居民名册里没有登记这个电话，请到社区窗口登记", field="phone")
TWO = Refusal("这个电话登记了不止一个人，请到社区窗口说明是哪一位", field="phone")


def link_own(*, by: Actor, at: datetime) -> bool:
    """Whoever has just signed in by telephone is found in the register, if the telephone is one person's. Says whether."""
    account = Account.objects.filter(id=int(by.ref.removeprefix("account:")), resident=None, person=None).first()
    if account is None or not PHONE.fullmatch(account.username):
        return False
    try:
        link(username=account.username, phone=account.username, by=by, at=at)
    except NotFound:
        return False
    return True


@office_verb
def follow_map(*, buildings: Sequence[str], by: Actor, at: datetime) -> None:
    """Whoever lives in a building that lies in another grid now goes behind that grid's fence."""
    # This process may remember the old map for another second.
    epochs.forget()
    for code in buildings:
        place = places.at_building(code)
        if place is not None:
            Resident.objects.filter(building=code).exclude(grid=place.fence).update(grid=place.fence)


def _checked(residents: Sequence[ResidentRow], by: Actor) -> tuple[list[Refusal], dict[str, places.Place], dict[str, dict[str, int]]]:
    codes = {row.building for row in residents}
    spots = {code: place for code in codes if (place := places.at_building(code)) is not None}
    for path in sorted({place.path for place in spots.values()}):
        must(by, "enroll", Thing("resident", area=path))
    labelled = {row.building for row in residents if row.label}
    units = {code: {line.label: line.id for line in lines} for code, lines in places.units_of(labelled).items()}
    return resident_faults(residents, units, spots), spots, units


def _mark(row: ResidentRow) -> str:
    return vault.mark(_identity(row.building, row.label, row.name, row.phone))


def _identity(building: str, label: str, name: str, phone: str) -> str:
    return "/".join((building, label, name, phone))


def _locked(resident: int, by: Actor, step: str) -> Resident:
    """The row, if the actor may do this with it; whoever may not even know of it is told that there is none."""
    row = Resident.objects.select_for_update(of=("self",)).select_related("unit").filter(id=resident).first()
    place = places.at_building(row.building) if row else None
    if row is None or place is None:
        raise NotFound(Refusal("居民名册里没有这个人，可能已经搬走"))
    must(by, step, Thing("resident", f"resident:{row.id}", area=place.path))
    return row


def _let_go(row: Resident) -> None:
    """The account of whoever left or was forgotten is nobody's of the register any more."""
    if row.own:
        Account.objects.filter(id=-row.own).update(resident=None, home="")
        row.own = 0
