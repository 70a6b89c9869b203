"""The pass (XG1) and how it is shown (XG2): made, read, and held against time, place and status. Pure.

A pass says nothing of who carries it: an issuer, an end, a random id, a key, what the carrier comes for and how they go.
"""

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from siqian.kernel.said import said

from .. import cose
from ..cose import Fault

PASS, SHOWN = "XG1:", "XG2:"
# What somebody comes for, by the number that stands in the pass.
CLASSES = {
    "delivery": said("送餐"),
    "parcel": said("快递"),
    "maintenance": said("维修"),
    "domestic": said("家政"),
    "emergency": said("急救抢险"),
    "visitor": said("访客"),
}
NUMBERS = tuple(CLASSES)
# How somebody goes, by the bit that stands in the pass.
WAYS = {"foot": said("步行"), "push": said("推车"), "ride": said("骑车")}
BITS = {"foot": 1, "push": 2, "ride": 4}
CLASS, GOES, INDEX = "k", "c", "s"
# Seconds. A code is new every slot and is taken for so long after its slot began; clocks may differ by so much.
SLOT, SHOWN_FOR, SKEW, LONGEST = 30, 60, 15, 24 * 3600
ES256, EXTERNAL = -7, b"XG2"
ID_BYTES, KEY_BYTES = 8, 8
# A QR code of version 12 holds so many letters at its lowest correction.
MOST_LETTERS = 535
MOST_PLACE = 24


@dataclass(frozen=True)
class Pass:
    """What a pass says. id: 16 hex digits; goes: foot, push, ride; times in seconds; point: of the carrier's key."""

    id: str
    issuer: str
    issued: int
    expires: int
    klass: str
    goes: tuple[str, ...]
    index: int
    point: bytes


@dataclass(frozen=True)
class Shown:
    """A pass as it was shown. place: the gate for which it was made, empty for any."""

    pass_: Pass
    slot: int
    place: str
    key: bytes


def bits_of(goes: tuple[str, ...]) -> int:
    return sum(BITS[way] for way in goes)


def ways_of(bits: int) -> tuple[str, ...]:
    return tuple(way for way, bit in BITS.items() if bits & bit)


def issue(one: Pass, key: ec.EllipticCurvePrivateKey, kid: bytes) -> bytes:
    """The bytes of a pass, signed by the issuer's key."""
    return cose.sign(_claims(one), key, kid=kid)


def _claims(one: Pass) -> bytes:
    """The claims as CBOR, put together by hand: an issuer signs as fast as its key does. A test holds it against the encoder."""
    issuer, head = one.issuer.encode(), cose.head
    carrier = _CARRIER + one.point[1:] + (b"\x22\xf5" if one.point[0] == 3 else b"\x22\xf4")
    numbers = b"\x04" + head(0, one.expires) + b"\x06" + head(0, one.issued) + b"\x07\x48" + bytes.fromhex(one.id)
    letters = b"\x61c" + head(0, bits_of(one.goes)) + b"\x61k" + head(0, NUMBERS.index(one.klass)) + b"\x61s" + head(0, one.index)
    return b"\xa8\x01" + head(3, len(issuer)) + issuer + numbers + b"\x08" + carrier + letters


# {1: {1: 2, -1: 1, -2: 32 bytes …
_CARRIER = b"\xa1\x01\xa4\x01\x02\x20\x01\x21\x58\x20"


def text_of(prefix: str, raw: bytes) -> str:
    return prefix + cose.to_base45(raw)


def show(raw: bytes, slot: int, place: str, key: ec.EllipticCurvePrivateKey) -> bytes:
    """What the carrier's phone does with its own key; here for tests, benches and the demo's couriers."""
    return cose.sign(cose.to_cbor([raw, slot, place.encode()]), key, external=EXTERNAL)


def read_pass(raw: bytes, issuers: dict[bytes, ec.EllipticCurvePublicKey], *, at: float) -> tuple[Pass, bytes, ec.EllipticCurvePublicKey]:
    """(pass, the issuer's key id, the carrier's key). Fault: not ours to trust, not as we write it, or not of now."""
    known = _known.get(raw)
    # Another list of keys, or a key that is not trusted any more: checked anew.
    if known is None or issuers.get(known[1]) is not known[2]:
        known = _checked(raw, issuers)
    one, kid, _issuer, carrier = known
    if at + SKEW < one.issued:
        raise Fault("time", "from_the_future")
    if at - SKEW > one.expires:
        raise Fault("time", "expired")
    return one, kid, carrier


# Passes whose issuer's signature was checked: the same one is shown a hundred times a day. Time, status and whether the issuer is still
# trusted are asked each time.
_known: dict[bytes, tuple[Pass, bytes, ec.EllipticCurvePublicKey, ec.EllipticCurvePublicKey]] = {}
MOST_KNOWN = 50_000


def _checked(
    raw: bytes, issuers: dict[bytes, ec.EllipticCurvePublicKey]
) -> tuple[Pass, bytes, ec.EllipticCurvePublicKey, ec.EllipticCurvePublicKey]:
    signed = cose.signed_of(raw, own=True)
    kid = signed.kid
    if kid is None or kid not in issuers:
        raise Fault("signature", "issuer")
    cose.check(signed, issuers[kid], only=ES256)
    one = _pass(cose.claims_of(signed.payload, own=True).all)
    if one.expires - one.issued > LONGEST:
        raise Fault("claims", "too_long")
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[raw] = found = (one, kid, issuers[kid], cose.of_point(one.point))
    return found


def forget_known() -> None:
    """Check every pass anew; for measuring what a pass costs that nobody has shown yet."""
    _known.clear()


def _pass(claims: dict[Any, Any]) -> Pass:
    confirms = claims.get(8)
    carrier = confirms.get(1) if isinstance(confirms, dict) and len(confirms) == 1 else None
    issuer, id_ = claims.get(1), claims.get(7)
    numbers = [claims.get(name) for name in (CLASS, GOES, INDEX, 6, 4)]
    if len(claims) != 8 or not isinstance(issuer, str) or not isinstance(id_, bytes) or len(id_) != ID_BYTES:
        raise Fault("claims", "shape")
    if any(type(number) is not int or number < 0 for number in numbers):
        raise Fault("claims", "shape")
    klass, goes, index, issued, expires = (int(number) for number in numbers if number is not None)
    if klass >= len(NUMBERS) or not 0 < goes < 8:
        raise Fault("claims", "shape")
    if not isinstance(carrier, dict) or set(carrier) != {1, -1, -2, -3} or not isinstance(carrier[-3], bool):
        raise Fault("claims", "key")
    x = carrier[-2]
    if carrier[1] != 2 or carrier[-1] != 1 or isinstance(carrier[-1], bool) or not isinstance(x, bytes) or len(x) != 32:
        raise Fault("claims", "key")
    point = bytes((2 + carrier[-3],)) + x
    return Pass(id_.hex(), issuer, issued, expires, NUMBERS[klass], ways_of(goes), index, point)


def read_shown(text: str, issuers: dict[bytes, ec.EllipticCurvePublicKey], *, place: str, at: float) -> Shown:
    """What was shown at a gate. place: of this gate. Fault says at which stage it fails and why; nothing else is raised."""
    if len(text) > MOST_LETTERS:
        raise Fault("base45", "too_long")
    if not text.startswith(SHOWN):
        raise Fault("prefix", "pass_alone" if text.startswith(PASS) else "prefix")
    signed = cose.signed_of(cose.from_base45(text[len(SHOWN) :]), own=True)
    parts = cose.from_cbor(signed.payload, own=True)
    if not isinstance(parts, list) or len(parts) != 3:
        raise Fault("cose", "parts")
    raw, slot, where = parts
    if not isinstance(raw, bytes) or type(slot) is not int or not isinstance(where, bytes) or len(where) > MOST_PLACE:
        raise Fault("cose", "parts")
    # Cheap refusals first: time and place cost no signature.
    if (fault := slot_fault(slot, at)) or (where and where != place.encode()):
        raise Fault("time" if fault else "place", fault or "other_gate")
    one, kid, carrier = read_pass(raw, issuers, at=at)
    cose.check(signed, carrier, external=EXTERNAL, only=ES256)
    return Shown(one, slot, where.decode("ascii", "replace"), kid)


def slot_of(at: float) -> int:
    return int(at // SLOT)


def slot_fault(slot: int, at: float) -> str:
    """Why a code of this slot is not taken now, empty when it is."""
    begun = at - slot * SLOT
    return "from_the_future" if begun < -SKEW else "stale" if begun >= SHOWN_FOR else ""
