"""The verbs about phones and passes: a key bound, a pass issued, a lost phone shut out; the issuer's keys turned over."""

from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from siqian.kernel import clock, epochs, store
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, NotFound, Refused, Thing, may, must

from . import cose, rules, signing
from .events import IssuerAdmitted, IssuerEnded, PassIssued, PhoneBound, PhoneLost
from .models import Courier, Issued, Issuer, Phone
from .rules import Pass

NAME = "siqian"
# Before the last days of a key the next one is there, so that no gate meets a pass whose key it does not know.
AHEAD = timedelta(days=14)


@office_verb
def bind(*, point: bytes, proof: bytes, old: bytes = b"", by: Actor, at: datetime) -> str:
    """Bind a key that one's browser made, and issue a pass for it; gives the pass (XG1:…). Records phone.bound, pass.issued.

    proof: the new key's signature (P1363) over its own point; old: the former key's over the new point, where there is one: then it is
    a mere renewal. Without it the former phone is shut out, and that so often a day.
    """
    row = _courier(by, at)
    key = _key(point)
    compressed = cose.point_of(key)
    if not _signed(key, proof, compressed):
        raise BadInput(rules.BAD_PROOF)
    now = Phone.objects.select_for_update().filter(courier=row, ended=None).first()
    if now is not None and now.point == compressed.hex():
        return _issue(row, now, by=by, at=at)
    if Phone.objects.filter(point=compressed.hex()).exists():
        raise BadInput(rules.BAD_POINT)
    renewed = now is not None and _signed(cose.of_point(bytes.fromhex(now.point)), old, compressed)
    if not renewed:
        lately = list(Phone.objects.filter(courier=row, fresh=True, bound__gt=at - timedelta(days=1)).values_list("bound", flat=True))
        if (refusal := rules.rebind_fault(lately, at)) is not None:
            raise Refused(refusal, status=429)
    if now is not None:
        now.ended, now.why = at, "renewed" if renewed else "rebound"
        now.save(update_fields=["ended", "why"])
        if not renewed:
            revoke_all(row.id, at)
    phone = Phone.objects.create(courier=row, holder=row.holder, point=compressed.hex(), fresh=not renewed, bound=at)
    record(PhoneBound(f"courier:{row.id}", not renewed), by=by, at=at)
    return _issue(row, phone, by=by, at=at)


@office_verb
def lose(*, courier: int, by: Actor, at: datetime) -> int:
    """A phone is lost: its codes are shut out at once, at every gate that has a network since; gives how many. Records phone.lost."""
    row = Courier.objects.select_for_update(of=("self",)).filter(id=courier).first()
    if row is None:
        raise NotFound(rules.NO_COURIER)
    if may(by, "bind", Thing("courier", f"courier:{row.id}", area=row.path)) is not None:
        must(by, "suspend", Thing("courier", area=row.path))
    Phone.objects.filter(courier=row, ended=None).update(ended=at, why="lost")
    ended = revoke_all(row.id, at)
    record(PhoneLost(f"courier:{row.id}"), by=by, at=at)
    return ended


@office_verb
def sweep(*, by: Actor, at: datetime) -> int:
    """Passes whose time is over leave: nobody learns any more which code was whose. Gives how many."""
    ended, _ = Issued.objects.filter(expires__lt=at - timedelta(hours=1)).delete()
    if ended:
        epochs.bump("pass status")
    Phone.objects.filter(ended__lt=at - timedelta(days=1)).delete()
    return ended


@office_verb
def rotate(*, by: Actor, at: datetime) -> int:
    """The next issuing key, when there is none or the newest ends soon; gives its number. Records pass_issuer.admitted."""
    store.lock("pass issuer")
    newest = Issuer.objects.filter(number__gt=0, ended=None).order_by("-number").first()
    if newest is not None and newest.until - at > AHEAD:
        return newest.number
    last = Issuer.objects.order_by("-number").values_list("number", flat=True).first() or 0
    number, since = last + 1, at.replace(microsecond=0) - timedelta(hours=1)
    der, point, statement, until = signing.certify(number, NAME, since)
    _admit(number, NAME, der, point, statement, since, until, by=by, at=at)
    return number


@office_verb
def trust(*, name: str, certificate: bytes, until: datetime, by: Actor, at: datetime) -> int:
    """Take the passes of another issuer (a platform, a large manager) as our own until a day. Records pass_issuer.admitted."""
    must(by, "attest", Thing("courier", area="/"))
    try:
        known = cose.of_certificate(certificate)
    except cose.Fault:
        raise BadInput(rules.BAD_CERTIFICATE) from None
    if not isinstance(known.key, ec.EllipticCurvePublicKey) or known.key.curve.name != "secp256r1":
        raise BadInput(rules.BAD_CERTIFICATE)
    point = cose.point_of(known.key)
    statement = signing.stated(known.id, point, at, until)
    return _admit(0, name, known.der, point, statement, at, until, by=by, at=at)


@office_verb
def end_issuer(*, issuer: int, by: Actor, at: datetime) -> None:
    """No pass of this key is good any more. Records pass_issuer.ended."""
    must(by, "attest", Thing("courier", area="/"))
    if Issuer.objects.filter(id=issuer, ended=None).update(ended=at):
        epochs.bump("pass issuers")
        record(IssuerEnded(f"pass_issuer:{issuer}"), by=by, at=at)


def revoke_all(courier: int, at: datetime) -> int:
    """Every pass of a courier that still runs is in the status list from now on."""
    ended = Issued.objects.filter(courier_id=courier, revoked=None, expires__gt=at).update(revoked=at)
    if ended:
        epochs.bump("pass status")
    return ended


def _admit(
    number: int, name: str, der: bytes, point: bytes, statement: bytes, since: datetime, until: datetime, *, by: Actor, at: datetime
) -> int:
    row, made = Issuer.objects.get_or_create(
        key_id=cose.key_id(der).hex(),
        defaults={
            "number": number,
            "name": name[:30],
            "certificate": signing.as_text(der),
            "point": point.hex(),
            "statement": statement.hex(),
            "since": since,
            "until": until,
        },
    )
    if made:
        epochs.bump("pass issuers")
        record(IssuerAdmitted(f"pass_issuer:{row.id}", f"{until:%Y-%m-%d}"), by=by, at=at)
    return row.id


def _courier(by: Actor, at: datetime) -> Courier:
    kind, _, number = by.ref.partition(":")
    if kind != "account":
        raise Refused(rules.SIGN_IN)
    row = Courier.objects.select_for_update(of=("self",)).filter(holder=-int(number)).exclude(state="ended").first()
    if row is None:
        raise NotFound(rules.NOT_REGISTERED)
    _active(row, at)
    return row


def _active(row: Courier, at: datetime) -> None:
    if row.state == "suspended" and (row.until is None or at < row.until):
        until = f"{clock.local(row.until):%Y-%m-%d}" if row.until else ""
        raise Refused(rules.suspended(until, row.why))
    if row.state == "asked":
        raise Refused(rules.NOT_ACTIVE)


def _issue(row: Courier, phone: Phone, *, by: Actor, at: datetime) -> str:
    number = rotate(by=by, at=at)
    issuer = Issuer.objects.get(number=number)
    one = Pass(
        clock.secret_bytes(rules.ID_BYTES).hex(),
        NAME,
        int(at.timestamp()),
        int(rules.ends_at(at).timestamp()),
        row.klass,
        rules.ways_of(row.goes),
        _free_index(),
        bytes.fromhex(phone.point),
    )
    made = signing.signer(number, issuer.key_id)
    raw = rules.issue(one, made.key, made.key_id)
    Issued.objects.create(code=one.id, courier=row, phone=phone, holder=row.holder, index=one.index, issued=at, expires=rules.ends_at(at))
    record(PassIssued(f"courier:{row.id}"), by=by, at=at)
    return rules.text_of(rules.PASS, raw)


def _free_index() -> int:
    """A place in the status list that nobody has, by chance: neighbours in it say nothing."""
    while True:
        index = int.from_bytes(clock.secret_bytes(4), "big") % rules.STATUS_SIZE
        if not Issued.objects.filter(index=index).exists():
            return index


def _key(point: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return cose.of_point(point)
    except cose.Fault:
        raise BadInput(rules.BAD_POINT) from None


def _signed(key: ec.EllipticCurvePublicKey, signature: bytes, what: bytes) -> bool:
    if len(signature) != 64:
        return False
    halves = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        key.verify(halves, b"XGP" + what, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
