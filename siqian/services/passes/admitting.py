"""The verbs at a gate: who comes in, what is kept of it, and that it is erased.

None of them writes in the journal who or when: its exact times would be the path that visits do not keep.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from siqian.kernel import clock, vault
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, NotFound

from . import queries, rules
from .events import VisitsErased
from .models import Courier, Gate, Issued, MonthKey, Tally, Visit

# Whoever was let in within so long counts as inside, where a compound has room for so many: nobody writes down who leaves.
STAYS = timedelta(minutes=30)
MOST_BATCH, OLDEST = 500, timedelta(days=7)
EARLY = timedelta(minutes=10)


@dataclass(frozen=True)
class Seen:
    """What a gate kept while it had no network. code: of the pass, empty where none was read; slot: of the showing; then: when."""

    code: str
    slot: int
    klass: str
    decision: str
    reason: str
    way: str
    then: datetime
    waited: int = 0
    note: str = ""


@office_verb
def admit(*, gate: str, text: str, way: str, by: Actor, at: datetime) -> queries.Answer:
    """What this gate says to what was shown (XG2:…): online, by the courier's phone or a turnstile. The visit is counted.

    The same showing twice at a gate is refused; its number of visits stays one.
    """
    row = _gate(gate)
    answer, shown = queries.judged(row.compound_id, row.code, text, at=at)
    if shown is None:
        _put(row, "", 0, "", answer.decision.colour, answer.decision.reason, way, at)
        return answer
    new = _put(row, shown.pass_.id, shown.slot, shown.pass_.klass, answer.decision.colour, answer.decision.reason, way, at)
    # Whoever was turned away may ask again, and the courier's own page that is opened again asks for the same visit. Anybody else who
    # shows what was shown before has copied it.
    same = way == "courier" and Issued.objects.filter(code=shown.pass_.id, holder=_holder(by)).exists()
    return answer if new or same or answer.decision.colour != "green" else queries.replayed(answer)


@office_verb
def admit_by_hand(*, gate: str, klass: str, note: str, card: str = "", by: Actor, at: datetime) -> queries.Answer:
    """A guard lets somebody in by a card, or by looking at them, with a reason. The same rules hold for a card as for a phone."""
    row = _gate(gate)
    if card:
        courier = Courier.objects.filter(code=card.strip().upper(), state="active").first()
        if courier is None:
            raise NotFound(rules.NO_CODE)
        answer = queries.decided(row.compound_id, row.code, courier.klass, rules.ways_of(courier.goes), at=at)
        _write(row, courier.id, clock.secret_bytes(12).hex(), answer.decision.colour, answer.decision.reason, "card", courier.klass, at)
        return answer
    if klass not in rules.CLASSES or len(note.strip()) < 2:
        raise BadInput(rules.NO_NOTE)
    _write(row, 0, clock.secret_bytes(12).hex(), "green", "by_hand", "hand", klass, at, note=note.strip()[:60])
    return queries.by_hand(row.compound_id, row.code, klass, at=at)


@office_verb
def take_visits(*, gate: str, visits: Sequence[Seen], by: Actor, at: datetime) -> tuple[int, int]:
    """(taken, known before) of what a gate kept while it had no network. Sent again, what was taken is known."""
    row, taken = _gate(gate), 0
    if len(visits) > MOST_BATCH:
        raise BadInput(rules.TOO_MANY)
    for seen in visits:
        if not at - OLDEST <= seen.then <= at + EARLY or (seen.klass and seen.klass not in rules.CLASSES):
            continue
        known = (seen.code, seen.slot, seen.klass, seen.decision, seen.reason)
        taken += _put(row, *known, seen.way, seen.then, waited=seen.waited, note=seen.note)
    return taken, len(visits) - taken


@office_verb
def erase_old(*, by: Actor, at: datetime) -> int:
    """Visits whose term is over become counts, and month keys that are over are destroyed.

    Gives how many visits went. Records visits.erased.
    """
    over = Visit.objects.filter(bucket__lt=at - rules.VISITS_FOR)
    columns = list(over.values_list("compound_id", "gate_id", "bucket", "klass", "decision", "reason"))
    cells = Counter((compound, gate, bucket.replace(minute=0), *rest) for compound, gate, bucket, *rest in columns)
    for (compound, gate, hour, klass, decision, reason), count in cells.items():
        where = {"gate_id": gate, "hour": hour, "klass": klass, "decision": decision, "reason": reason}
        cell, made = Tally.objects.get_or_create(**where, defaults={"compound_id": compound, "count": count})
        if not made:
            cell.count += count
            cell.save(update_fields=["count"])
    over.delete()
    for key in MonthKey.objects.exclude(month__gte=rules.month_of(at - EARLY - OLDEST)):
        vault.forget(subject=_month_ref(key.compound_id, key.month), reason="月份过了", by=by, at=at)
        key.delete()
    if columns:
        record(VisitsErased(f"day:{clock.local(at):%Y-%m-%d}", len(columns)), by=by, at=at)
    return len(columns)


def _put(gate: Gate, code: str, slot: int, klass: str, decision: str, reason: str, way: str, when: datetime, **more: Any) -> bool:
    """Keep a visit under a key of its showing; False when that showing was kept before."""
    courier = Issued.objects.filter(code=code).values_list("courier_id", flat=True).first() if code else None
    key = f"{code}:{slot}" if code else clock.secret_bytes(12).hex()
    return _write(gate, courier or 0, key, decision, reason, way, klass, when, **more)


def _write(
    gate: Gate, courier: int, key: str, decision: str, reason: str, way: str, klass: str, when: datetime, *, waited: int = 0, note: str = ""
) -> bool:
    secret = _month_key(gate.compound_id, when)
    who = _marked(secret, f"courier:{courier}")[:16] if courier else ""
    columns = {"compound_id": gate.compound_id, "gate": gate, "bucket": rules.bucket(when), "klass": klass, "decision": decision}
    columns |= {"reason": reason[:16], "way": way, "who": who, "waited": min(max(waited, 0), 3600), "note": note[:60]}
    _, made = Visit.objects.get_or_create(key=_marked(secret, f"{gate.code}:{key}"), defaults=columns)
    return made


def _holder(by: Actor) -> int:
    kind, _, number = by.ref.partition(":")
    return -int(number) if kind == "account" else 1


def _marked(secret: bytes, text: str) -> str:
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:32]


def _month_key(compound: int, when: datetime) -> bytes:
    month = rules.month_of(when)
    subject = _month_ref(compound, month)
    row = MonthKey.objects.filter(compound_id=compound, month=month).first()
    if row is None:
        sealed = vault.seal(subject, clock.secret_bytes(32).hex(), at=when)
        row, _ = MonthKey.objects.get_or_create(compound_id=compound, month=month, defaults={"sealed": sealed})
    return bytes.fromhex(vault.unseal(subject, row.sealed))


def _month_ref(compound: int, month: str) -> str:
    return f"pass_month:{compound}:{month}"


def _gate(code: str) -> Gate:
    row = Gate.objects.select_related("compound").filter(code=code, ended=None).first()
    if row is None:
        raise NotFound(rules.NO_GATE)
    return row
