"""What others may know of passes. Values only; where somebody was, no query tells."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from siqian.kernel import store
from siqian.kernel.permits import Actor, Grant, NotFound, NotYours, Thing, may, must
from siqian.town.people import queries as people
from siqian.town.places import queries as places

from . import rules, signing
from .counted import Hours, hours_of
from .deciding import Answer, Known, bundle, by_hand, compound_of, compounds, decided, issuers, judged, replayed, revoked, status_list
from .measured import OpeningLine, TroubleLine, openings, opens, troubles
from .models import Complaint, Compound, Courier, Employer, Gate, Issuer, Lock, Phone, Ruling

__all__ = [
    "Answer",
    "CompoundLine",
    "CourierLine",
    "EmployerLine",
    "GateView",
    "Hours",
    "Known",
    "OpeningLine",
    "TroubleLine",
    "bundle",
    "by_hand",
    "certificate_of",
    "complaint",
    "compound",
    "compound_of",
    "compounds",
    "compounds_seen",
    "courier_by_code",
    "couriers_of",
    "decided",
    "employer_of",
    "employer_of_token",
    "employers",
    "gate",
    "gate_of_token",
    "hours_of",
    "issuers",
    "judged",
    "mine",
    "my_gates",
    "openings",
    "opens",
    "oversees",
    "registers",
    "replayed",
    "revoked",
    "root_point",
    "status_list",
    "troubles",
    "waiting",
    "with_own",
]


@dataclass(frozen=True)
class CourierLine:
    """A courier as those see them who may: masked."""

    id: int
    code: str
    name: str
    klass: str
    goes: tuple[str, ...]
    employer: str
    employer_en: str
    state: str
    how: str
    asked: datetime
    attested: datetime | None
    why: str
    until: datetime | None
    bound: datetime | None = None
    card: bool = False


@dataclass(frozen=True)
class EmployerLine:
    id: int
    code: str
    name: str
    name_en: str


@dataclass(frozen=True)
class GateView:
    code: str
    name: str
    name_en: str
    bound: datetime | None
    seen: datetime | None
    calling: bool


@dataclass(frozen=True)
class RulingLine:
    version: int
    authority: str
    decided: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class LockLine:
    """until: None while the second person has not confirmed."""

    id: int
    why: str
    hours: int
    asked_by: str
    asked_name: str
    confirmed_name: str
    until: datetime | None


@dataclass(frozen=True)
class CompoundLine:
    """A compound for whoever manages or oversees it. shut: classes that never come in."""

    id: int
    code: str
    name: str
    name_en: str
    path: str
    version: int
    rules: rules.Rules
    gates: tuple[GateView, ...]
    rulings: tuple[RulingLine, ...]
    locks: tuple[LockLine, ...]
    may_rule: bool
    may_bind: bool
    may_lock: bool

    @property
    def shut(self) -> tuple[str, ...]:
        return rules.shuts_out(self.rules)


def mine(actor: Actor) -> CourierLine | None:
    """One's own registration, the newest that is not over; None when there is none."""
    kind, _, number = actor.ref.partition(":")
    if kind != "account":
        return None
    with store.reading_all():
        row = Courier.objects.select_related("employer").filter(holder=-int(number)).order_by("-id").first()
        if row is None:
            return None
        phone = Phone.objects.filter(courier=row, ended=None).first()
    return _line(row, phone.bound if phone else None)


def with_own(actor: Actor) -> Actor:
    """The same actor, whose own registration and employers are own as well."""
    kind, _, number = actor.ref.partition(":")
    if kind != "account":
        return actor
    refs = {f"employer:{line.id}" for line in employers() if int(number) in line_keepers(line.id)}
    line = mine(actor)
    refs |= {f"courier:{line.id}"} if line else set()
    return people.with_own(actor, frozenset(refs), ())


def line_keepers(employer: int) -> Sequence[int]:
    return list(Employer.objects.values_list("keepers", flat=True).get(id=employer))


def employers() -> list[EmployerLine]:
    """The firms that vouch for couriers."""
    return [EmployerLine(row.id, row.code, row.name, row.name_en) for row in Employer.objects.filter(ended=None).order_by("id")]


def employer_of(actor: Actor) -> EmployerLine | None:
    """The employer for which an account acts."""
    return next((line for line in employers() if f"employer:{line.id}" in with_own(actor).own), None)


def registers(actor: Actor) -> bool:
    """Whether the actor registers couriers in person."""
    return may(actor, "attest", Thing("courier")) is None


def oversees(actor: Actor) -> bool:
    """Whether the actor sees how compounds treat couriers."""
    return any(actor.has(role) for role in (*rules.OVERSEERS, *rules.LOCKERS))


def waiting(*, seen_by: Actor, most: int = 50) -> list[CourierLine]:
    """Couriers without an employer who wait for somebody to look at them in person."""
    must(seen_by, "read", Thing("courier"))
    with store.reading_all():
        rows = list(Courier.objects.select_related("employer").filter(state="asked").order_by("asked")[:most])
    return [_line(row) for row in rows]


def courier_by_code(code: str, *, seen_by: Actor) -> CourierLine:
    """The courier who shows this code, for whoever registers in person or their employer."""
    with store.reading_all():
        row = Courier.objects.select_related("employer").filter(code=code.strip().upper()).exclude(state="ended").first()
    if row is None:
        raise NotFound(rules.NO_CODE)
    own = may(seen_by, "read", Thing("courier", f"employer:{row.employer_id}")) if row.employer_id else rules.NO_COURIER
    if own is not None:
        must(seen_by, "read", Thing("courier"))
    return _line(row)


def couriers_of(employer: int, *, seen_by: Actor, most: int = 500) -> list[CourierLine]:
    """An employer's couriers, who waits first on top."""
    if f"employer:{employer}" not in seen_by.own:
        raise NotYours(rules.NO_COURIER)
    with store.reading_all():
        rows = list(Courier.objects.select_related("employer").filter(employer_id=employer).exclude(state="ended").order_by("id")[:most])
    rank = {"asked": 0, "suspended": 1, "active": 2}
    return [_line(row) for row in sorted(rows, key=lambda row: (rank[row.state], row.id))]


def compounds_seen(*, seen_by: Actor) -> list[CompoundLine]:
    """The compounds that the actor manages, guards or oversees."""
    rows = [row for row in Compound.objects.order_by("path", "id") if may(seen_by, "read", _thing(row)) is None]
    return [_compound(row, seen_by) for row in rows]


def compound(code: str, *, seen_by: Actor) -> CompoundLine:
    """One compound, by its site's code."""
    row = Compound.objects.filter(code=code).first()
    if row is None or may(seen_by, "read", _thing(row)) is not None:
        raise NotFound(rules.NO_COMPOUND)
    return _compound(row, seen_by)


def my_gates(actor: Actor) -> list[tuple[CompoundLine, GateView]]:
    """The gates that the actor may make of a phone."""
    return [(line, one) for line in compounds_seen(seen_by=actor) if line.may_bind for one in line.gates]


def gate(code: str) -> GateView:
    """A gate by the code on its sign, for anybody who stands there."""
    row = Gate.objects.filter(code=code, ended=None).first()
    if row is None:
        raise NotFound(rules.NO_GATE)
    return _gate(row, None)


def gate_of_token(token: str) -> tuple[Actor, int, str] | None:
    """(actor, id, code) of the gate whose phone or turnstile has this token."""
    hashed = hashlib.sha256(token.encode()).hexdigest()
    row = Gate.objects.select_related("compound").filter(token_hash=hashed, ended=None).first() if token else None
    if row is None:
        return None
    return Actor(f"gate:{row.id}", row.name, grants=(Grant("gate", row.compound.path),)), row.id, row.code


def employer_of_token(token: str) -> Actor | None:
    """The employer whose own system has this token."""
    row = Employer.objects.filter(token_hash=hashlib.sha256(token.encode()).hexdigest(), ended=None).first() if token else None
    return Actor(f"employer:{row.id}", row.name, own=frozenset([f"employer:{row.id}"])) if row else None


def certificate_of(issuer: int = 0) -> bytes:
    """The newest issuing certificate as DER, for whoever checks our passes."""
    import base64

    row = Issuer.objects.filter(number__gt=0, ended=None).order_by("-number").first()
    if row is None:
        raise NotFound(rules.NO_GATE)
    return base64.b64decode(row.certificate)


def complaint(id_: int) -> tuple[str, str]:
    """(words, a building of the compound) of a complaint, for the office that hands it on."""
    row = Complaint.objects.select_related("compound").get(id=id_)
    houses = places.buildings_of(row.compound.code)
    return row.text, houses[0].code if houses else ""


def root_point() -> bytes:
    """The root's point, which a gate is given when it is bound."""
    return signing.root_point()


def _line(row: Courier, bound: datetime | None = None) -> CourierLine:
    employer, employer_en = (row.employer.name, row.employer.name_en) if row.employer else ("", "")
    who = (row.id, row.code, row.name, row.klass, rules.ways_of(row.goes), employer, employer_en)
    return CourierLine(*who, row.state, row.how, row.asked, row.attested, row.why, row.until, bound, row.holder == 0)


def _thing(row: Compound) -> Thing:
    return rules.compound_thing(row.id, row.path, row.post, row.guard)


def _compound(row: Compound, actor: Actor) -> CompoundLine:
    known, thing = compounds().get(row.id), _thing(row)
    gates = tuple(_gate(one, None) for one in Gate.objects.filter(compound=row, ended=None).order_by("id"))
    rulings = Ruling.objects.filter(compound=row).order_by("-version")[:5]
    lines = tuple(RulingLine(one.version, one.authority, one.decided, one.by_name, one.at) for one in rulings)
    locks = Lock.objects.filter(compound=row, lifted=None).order_by("-id")[:3]
    shut = tuple(LockLine(one.id, one.why, one.hours, one.asked_by, one.asked_name, one.confirmed_name, one.until) for one in locks)
    rights = (may(actor, verb, thing) is None for verb in ("rule", "bind", "lock"))
    body = known.rules if known else rules.Rules()
    return CompoundLine(row.id, row.code, row.name, row.name_en, row.path, row.version, body, gates, lines, shut, *rights)


def _gate(row: Gate, at: datetime | None) -> GateView:
    return GateView(row.code, row.name, row.name_en, row.bound, row.seen, bool(row.binding_hash))
