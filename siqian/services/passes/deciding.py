"""What gates need to decide: whose passes are good, which are revoked, a compound's rules; held in memory, by epochs."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from siqian.kernel import epochs, store
from siqian.kernel.permits import NotFound

from . import cose, rules, signing
from .models import Compound, Gate, Issued, Issuer, Lock, Ruling, Visit
from .rules import Decision, Mark, Shown

BUNDLE = b"XGB"
STAYS = timedelta(minutes=30)
# Reasons of what could not be read, as a guard reads them; everything else is "unread" or "signature".
PLAIN = {"prefix", "pass_alone", "stale", "expired", "from_the_future", "issuer"}
UNREAD = {"base45", "zlib", "cbor", "cose"}


@dataclass(frozen=True)
class Known:
    """A compound as its gates know it."""

    id: int
    code: str
    name: str
    name_en: str
    version: int
    rules: rules.Rules
    gates: dict[str, tuple[int, str, str, bytes]]
    locked_until: datetime | None
    lock_why: str


@dataclass(frozen=True)
class Answer:
    """What a gate says. mark: the one that phone and gate show, only after a green; klass: empty while nothing was read."""

    decision: Decision
    compound: Known
    gate: str
    klass: str = ""
    mark: Mark | None = None

    @property
    def gate_name(self) -> tuple[str, str]:
        return self.compound.gates[self.gate][1:3]

    @property
    def other(self) -> rules.GateLine | None:
        return next((line for line in self.compound.rules.gates if line.code == self.decision.gate), None)


def judged(compound: int, gate: str, text: str, *, at: datetime) -> tuple[Answer, Shown | None]:
    """(what the gate says to this text, what was shown; None when it was not good)."""
    known = compounds()[compound]
    try:
        shown = rules.read_shown(text, issuers(at), place=gate, at=at.timestamp())
    except cose.Fault as fault:
        return Answer(Decision(colour=rules.RED, reason=_reason(fault)), known, gate), None
    if shown.key in own_issuers() and shown.pass_.index in revoked():
        return Answer(Decision(colour=rules.RED, reason="revoked"), known, gate, shown.pass_.klass), None
    return decided(compound, gate, shown.pass_.klass, shown.pass_.goes, at=at), shown


def decided(compound: int, gate: str, klass: str, goes: tuple[str, ...], *, at: datetime) -> Answer:
    """The same for somebody whose pass is known to be good."""
    known = compounds()[compound]
    inside = _inside(known, at) if known.rules.capacity else 0
    about: dict[str, Any] = {"gate": gate, "klass": klass, "goes": goes, "at": at, "locked_until": known.locked_until, "inside": inside}
    decision = rules.decide(known.rules, **about)
    mark = rules.mark_of(known.gates[gate][3], at) if decision.colour == rules.GREEN else None
    return Answer(decision, known, gate, klass, mark)


def replayed(answer: Answer) -> Answer:
    return replace(answer, decision=Decision(colour=rules.RED, reason="replayed"), mark=None)


def by_hand(compound: int, gate: str, klass: str, *, at: datetime) -> Answer:
    known = compounds()[compound]
    return Answer(Decision(colour=rules.GREEN, reason="come_in"), known, gate, klass, rules.mark_of(known.gates[gate][3], at))


def compounds() -> dict[int, Known]:
    """Every compound with its rules in force, by id; at most a second old."""
    return epochs.held("compounds", _compounds)


def compound_of(gate: str) -> Known:
    """The compound of a gate, by the gate's code. NotFound when there is none."""
    found = next((known for known in compounds().values() if gate in known.gates), None)
    if found is None:
        raise NotFound(rules.NO_GATE)
    return found


def issuers(at: datetime) -> dict[bytes, ec.EllipticCurvePublicKey]:
    """The keys whose passes are good now, by key id."""
    now = at.timestamp()
    return {key_id: key for key_id, (key, since, until, _own) in _all_issuers().items() if since <= now < until}


def own_issuers() -> frozenset[bytes]:
    return epochs.held(
        "own pass issuers", lambda: frozenset(key_id for key_id, row in _all_issuers().items() if row[3]), of=("pass issuers",)
    )


def revoked() -> frozenset[int]:
    """Places in the status list of passes that are shut out."""
    return epochs.held("pass status", _revoked)


def status_list() -> bytes:
    """The list of all places, packed."""
    made = epochs.held(
        "pass status list",
        lambda: rules.StatusList.made(1, rules.STATUS_SIZE, ((one, 1) for one in revoked())).packed(),
        of=("pass status",),
    )
    return made


def bundle(gate: str, *, at: datetime) -> bytes:
    """Everything by which a gate decides without a network, signed: rules, keys, revoked passes, lock-down, the secret of its mark.

    A COSE_Sign1 whose content is {rules: JSON, keys: [statement…], status, mark, iat, exp, …}; the keys' statements are signed by the root.
    """
    known = compound_of(gate)
    _number, name, name_en, secret = known.gates[gate]
    issuer = Issuer.objects.filter(number__gt=0, ended=None).order_by("-number").first()
    if issuer is None:
        raise NotFound(rules.NO_GATE)
    keys_ = [
        bytes.fromhex(one) for one in Issuer.objects.filter(ended=None, until__gt=at).order_by("id").values_list("statement", flat=True)
    ]
    locked = known.locked_until if known.locked_until and at < known.locked_until else None
    content = {
        "v": known.version,
        "gate": [gate, name, name_en],
        "compound": [known.code, known.name, known.name_en],
        "rules": msgspec.json.encode(known.rules).decode(),
        "keys": keys_,
        "own": sorted(own_issuers()),
        "status": status_list(),
        "mark": secret,
        "locked": int(locked.timestamp()) if locked else 0,
        "iat": int(at.timestamp()),
        "exp": int((at + rules.LIST_FOR).timestamp()),
        "grace": int((at + rules.GRACE).timestamp()),
    }
    made = signing.signer(issuer.number, issuer.key_id)
    return cose.sign(cose.to_cbor(content), made.key, kid=made.key_id, external=BUNDLE)


def _reason(fault: cose.Fault) -> str:
    if fault.reason in PLAIN:
        return fault.reason
    if fault.stage == "place":
        return "wrong_gate"
    return "unread" if fault.stage in UNREAD else "signature"


def _compounds() -> dict[int, Known]:
    bodies = {(row.compound_id, row.version): row.body for row in Ruling.objects.all()}
    locks = {row.compound_id: row for row in Lock.objects.filter(lifted=None).exclude(until=None).order_by("until")}
    gates: dict[int, dict[str, tuple[int, str, str, bytes]]] = {}
    for gate in Gate.objects.filter(ended=None).order_by("id"):
        gates.setdefault(gate.compound_id, {})[gate.code] = (gate.id, gate.name, gate.name_en, bytes.fromhex(gate.secret))
    found = {}
    for row in Compound.objects.all():
        body = bodies.get((row.id, row.version))
        own = gates.get(row.id, {})
        read = msgspec.convert(body, rules.Rules) if body else rules.Rules()
        lines = {line.code: line for line in read.gates}
        named = tuple(lines.get(code) or rules.GateLine(code=code, name=line[1], name_en=line[2]) for code, line in own.items())
        lock = locks.get(row.id)
        more = (lock.until, lock.why) if lock else (None, "")
        found[row.id] = Known(row.id, row.code, row.name, row.name_en, row.version, msgspec.structs.replace(read, gates=named), own, *more)
    return found


def _all_issuers() -> dict[bytes, tuple[ec.EllipticCurvePublicKey, float, float, bool]]:
    return epochs.held("pass issuers", _load_issuers)


def _load_issuers() -> dict[bytes, tuple[ec.EllipticCurvePublicKey, float, float, bool]]:
    return {
        bytes.fromhex(row.key_id): (cose.of_point(bytes.fromhex(row.point)), row.since.timestamp(), row.until.timestamp(), row.number > 0)
        for row in Issuer.objects.filter(ended=None)
    }


def _revoked() -> frozenset[int]:
    with store.reading_all():
        return frozenset(Issued.objects.exclude(revoked=None).values_list("index", flat=True))


def _inside(known: Known, at: datetime) -> int:
    since = rules.bucket(at - STAYS)
    return Visit.objects.filter(compound_id=known.id, bucket__gte=since, decision=rules.GREEN).count()
