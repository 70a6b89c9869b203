"""The verbs about compounds: opened, ruled by whoever has the authority, shut for a while by two; their gates and the phones there."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import msgspec

from siqian.kernel import clock, epochs
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, NotFound, Refused, Thing, must
from siqian.town.places import queries as places

from . import rules
from .events import (
    ComplaintReferred,
    CompoundLocked,
    CompoundOpened,
    CompoundRuled,
    CompoundUnlocked,
    GateBound,
    GateEnded,
    GateOpened,
    LockAsked,
)
from .models import Complaint, Compound, Gate, Lock, Ruling


@office_verb
def open_compound(*, site: str, body: rules.Rules, decided: str, by: Actor, at: datetime) -> int:
    """A compound takes part, with the district's default rules until it has its own. Twice is once. Records compound.opened."""
    found = places.site_line(site)
    if found is None:
        raise NotFound(rules.NO_COMPOUND)
    houses = places.buildings_of(site)
    place = places.at_building(houses[0].code) if houses else None
    if place is None:
        raise NotFound(rules.NO_COMPOUND)
    must(by, "open", Thing("compound", area=place.path))
    columns = {"name": found.name, "name_en": found.name_en, "path": place.path, "at": at}
    row, made = Compound.objects.get_or_create(code=site, defaults=columns)
    if made:
        record(CompoundOpened(f"compound:{row.id}"), first=True, by=by, at=at)
        _ruled(row, body, "district", decided, by=by, at=at)
    return row.id


@office_verb
def post_to(*, compound: int, manager: str = "", guard: str = "", by: Actor, at: datetime) -> None:
    """Which posts manage a compound and keep its gates."""
    row = _compound(compound, "open", by)
    row.post, row.guard = manager or row.post, guard or row.guard
    row.save(update_fields=["post", "guard"])


@office_verb
def rule(*, compound: int, body: rules.Rules, authority: str, decided: str, seen: int, by: Actor, at: datetime) -> int:
    """Put other rules in force, all of them; gives their version. seen: the version they were written over. Records compound.ruled."""
    row = _compound(compound, "rule", by)
    if row.version != seen:
        raise Refused(rules.OLD_VERSION)
    if authority not in rules.AUTHORITIES or len(decided.strip()) < 4:
        raise BadInput(rules.NO_AUTHORITY)
    _ruled(row, body, authority, decided.strip()[:100], by=by, at=at)
    return row.version


@office_verb
def lock(*, compound: int, why: str, hours: int, by: Actor, at: datetime) -> int:
    """Ask for a compound to be shut; nothing changes until a second person confirms. Records compound.lock_asked."""
    row = _compound(compound, "lock", by)
    if len(why.strip()) < 4:
        raise BadInput(rules.NO_WHY)
    if not 1 <= hours <= rules.LONGEST_LOCK // timedelta(hours=1):
        raise BadInput(rules.LOCK_TERM)
    names = {"asked_by": by.ref, "asked_name": by.name[:30], "asked": at}
    made = Lock.objects.create(compound=row, why=why.strip()[:200], hours=hours, **names)
    record(LockAsked(f"compound:{row.id}", hours), by=by, at=at)
    return made.id


@office_verb
def confirm_lock(*, lock: int, by: Actor, at: datetime) -> None:
    """The second person agrees: shut from now on, for the hours that were asked for. Records compound.locked."""
    row = Lock.objects.select_for_update(of=("self",)).filter(id=lock, confirmed_by="", lifted=None).first()
    if row is None or at - row.asked > timedelta(hours=2):
        raise NotFound(rules.NO_LOCK)
    compound = _compound(row.compound_id, "lock", by)
    if by.ref == row.asked_by:
        raise Refused(rules.SAME_PERSON)
    row.confirmed_by, row.confirmed_name, row.since, row.until = by.ref, by.name[:30], at, at + timedelta(hours=row.hours)
    row.save(update_fields=["confirmed_by", "confirmed_name", "since", "until"])
    epochs.bump("compounds")
    record(CompoundLocked(f"compound:{compound.id}", row.until.isoformat()), by=by, at=at)


@office_verb
def unlock(*, lock: int, by: Actor, at: datetime) -> None:
    """Open again before the term; one person is enough. Records compound.unlocked."""
    row = Lock.objects.select_for_update(of=("self",)).filter(id=lock, lifted=None).first()
    if row is None:
        raise NotFound(rules.NO_LOCK)
    compound = _compound(row.compound_id, "lock", by)
    row.lifted = at
    row.save(update_fields=["lifted"])
    epochs.bump("compounds")
    record(CompoundUnlocked(f"compound:{compound.id}"), by=by, at=at)


@office_verb
def open_gate(*, compound: int, name: str, name_en: str = "", by: Actor, at: datetime) -> str:
    """A gate of a compound; gives its code, which stands on its printed sign. Records gate.opened."""
    row = _compound(compound, "gate", by)
    if not 1 <= len(name.strip()) <= 20:
        raise BadInput(rules.NO_GATE)
    secret = clock.secret_bytes(32).hex()
    gate = Gate.objects.create(compound=row, code=clock.code(8), name=name.strip(), name_en=name_en, secret=secret, at=at)
    epochs.bump("compounds")
    record(GateOpened(f"gate:{gate.id}"), first=True, by=by, at=at)
    return gate.code


@office_verb
def call_binding(*, gate: str, by: Actor, at: datetime) -> str:
    """A code by which a phone or a turnstile becomes this gate, good once and for half an hour."""
    row = _gate(gate, "bind", by)
    code = clock.code(8)
    row.binding_hash, row.binding_until = _hash(code), at + rules.BIND_FOR
    row.save(update_fields=["binding_hash", "binding_until"])
    return code


@office_verb
def bind_gate(*, code: str, by: Actor, at: datetime) -> tuple[str, str]:
    """(gate's code, token) for whoever has the binding code; the phone before opens nothing any more. Records gate.bound."""
    hashed = _hash(code.strip().upper())
    row = Gate.objects.select_for_update(of=("self",)).filter(binding_hash=hashed, ended=None).first() if len(code) >= 8 else None
    if row is None or row.binding_until is None or at > row.binding_until:
        raise BadInput(rules.BAD_BINDING)
    token = clock.code(32)
    row.token_hash, row.binding_hash, row.binding_until, row.bound, row.seen = _hash(token), "", None, at, at
    row.save(update_fields=["token_hash", "binding_hash", "binding_until", "bound", "seen"])
    record(GateBound(f"gate:{row.id}"), by=by, at=at)
    return row.code, token


@office_verb
def end_gate(*, gate: str, by: Actor, at: datetime) -> None:
    """A gate is no more. Records gate.ended."""
    row = _gate(gate, "gate", by)
    row.ended, row.token_hash = at, ""
    row.save(update_fields=["ended", "token_hash"])
    epochs.bump("compounds")
    record(GateEnded(f"gate:{row.id}"), by=by, at=at)


@office_verb
def saw(*, gate: int, by: Actor, at: datetime) -> None:
    """A gate asked for its bundle: it has a network. Written at most once a minute."""
    Gate.objects.filter(id=gate).exclude(seen__gt=at - timedelta(minutes=1)).update(seen=at)


@office_verb
def complain(*, compound: str, text: str, by: Actor, at: datetime) -> int:
    """A courier complains of a compound; intake makes it a matter that climbs as any other. Records pass_complaint.referred."""
    row = Compound.objects.filter(code=compound).first()
    if row is None:
        raise NotFound(rules.NO_COMPOUND)
    if not 4 <= len(text.strip()) <= 300:
        raise BadInput(rules.NO_COMPLAINT)
    made = Complaint.objects.create(compound=row, text=text.strip(), at=at)
    record(ComplaintReferred(f"pass_complaint:{made.id}", "matter"), first=True, by=by, at=at)
    return made.id


def _ruled(row: Compound, body: rules.Rules, authority: str, decided: str, *, by: Actor, at: datetime) -> None:
    gates = tuple(
        rules.GateLine(code=gate.code, name=gate.name, name_en=gate.name_en, toward=_toward(body, gate.code))
        for gate in Gate.objects.filter(compound=row, ended=None).order_by("id")
    )
    body = msgspec.structs.replace(body, gates=gates)
    if part := rules.faults(body):
        raise BadInput(rules.bad_rules(part))
    plain: dict[str, Any] = msgspec.to_builtins(body)
    row.version += 1
    row.save(update_fields=["version"])
    who = {"by": by.ref, "by_name": by.name[:30], "at": at}
    Ruling.objects.create(compound=row, version=row.version, body=plain, authority=authority, decided=decided, **who)
    epochs.bump("compounds")
    record(CompoundRuled(f"compound:{row.id}", row.version, authority), by=by, at=at)


def _toward(body: rules.Rules, code: str) -> str:
    return next((line.toward for line in body.gates if line.code == code), "")


def _compound(compound: int, step: str, by: Actor) -> Compound:
    row = Compound.objects.select_for_update().filter(id=compound).first()
    if row is None:
        raise NotFound(rules.NO_COMPOUND)
    must(by, step, rules.compound_thing(row.id, row.path, row.post, row.guard))
    return row


def _gate(code: str, step: str, by: Actor) -> Gate:
    row = Gate.objects.select_related("compound").select_for_update(of=("self",)).filter(code=code, ended=None).first()
    if row is None:
        raise NotFound(rules.NO_GATE)
    compound = row.compound
    must(by, step, rules.compound_thing(compound.id, compound.path, compound.post, compound.guard))
    return row


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
