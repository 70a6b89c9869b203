"""COSE_Sign1 (RFC 9052): taken apart, checked and made, by one table of algorithms.

The algorithm must fit the key's kind and curve, so that nobody can talk a verifier into a weaker one; of our own tokens it is read from the
protected header alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from . import cbor
from .faults import Fault
from .keys import Public

SIGN1, CWT = 18, 61
ALG, CRIT, TYPE, KID = 1, 2, 16, 4


@dataclass(frozen=True)
class Signed:
    """A COSE_Sign1 in its parts. headers: the protected ones; loose: the others, which nobody signed."""

    protected: bytes
    headers: dict[Any, Any]
    loose: dict[Any, Any]
    payload: bytes
    signature: bytes

    @property
    def kid(self) -> bytes | None:
        """The key id: the protected one where there is one."""
        found = self.headers.get(KID, self.loose.get(KID))
        return found if isinstance(found, bytes) else None


@dataclass(frozen=True)
class Algorithm:
    """kind: EC, PSS, EdDSA. curve: the one that goes with it; RFC 9053 allows the two others of NIST as well."""

    name: str
    kind: str
    hash: hashes.HashAlgorithm | None = None
    curve: str = ""


# curve: bytes of one half of a signature
HALVES = {"secp256r1": 32, "secp384r1": 48, "secp521r1": 66}


ALGORITHMS = {
    -7: Algorithm("ES256", "EC", hashes.SHA256(), "secp256r1"),
    -35: Algorithm("ES384", "EC", hashes.SHA384(), "secp384r1"),
    -36: Algorithm("ES512", "EC", hashes.SHA512(), "secp521r1"),
    -37: Algorithm("PS256", "PSS", hashes.SHA256()),
    -38: Algorithm("PS384", "PSS", hashes.SHA384()),
    -39: Algorithm("PS512", "PSS", hashes.SHA512()),
    -8: Algorithm("EdDSA", "EdDSA"),
}


def signed_of(raw: bytes, *, own: bool = False) -> Signed:
    """The parts of a COSE_Sign1, tagged 18 or not, inside a CWT tag (61) or not. Fault when it is none.

    own: as we write it ourselves: tagged, deterministic, nothing in the loose header.
    """
    if own and (quick := _as_we_write_it(raw)) is not None:
        return quick
    found = cbor.decode(raw, own=own)
    if own and not (isinstance(found, cbor.Tag) and found.number == SIGN1):
        raise Fault("cose", "tag")
    if isinstance(found, cbor.Tag) and found.number == CWT:
        found = found.value
    if isinstance(found, cbor.Tag):
        if found.number != SIGN1:
            raise Fault("cose", "tag")
        found = found.value
    if not isinstance(found, list) or len(found) != 4:
        raise Fault("cose", "parts")
    protected, loose, payload, signature = found
    if not (isinstance(protected, bytes) and isinstance(loose, dict) and isinstance(payload, bytes) and isinstance(signature, bytes)):
        raise Fault("cose", "parts")
    if own and loose:
        raise Fault("cose", "loose_header")
    return Signed(protected, _headers(protected, own), loose, payload, signature)


def _as_we_write_it(raw: bytes) -> Signed | None:
    """The parts of what begins as all of ours do, by slices; None for everything else, which is read item by item and then refused or not.

    d2 84, a short protected header, an empty loose one (a0), the payload with its length in one or two bytes, 58 40 and the signature.
    """
    at = 3 + (raw[2] & 31) if len(raw) > 80 and raw[2] >> 5 == 2 and raw[2] & 31 < 24 else 0
    if not at or raw[:2] != b"\xd2\x84" or raw[at] != 0xA0:
        return None
    if raw[at + 1] == 0x58 and raw[at + 2] > 23:
        begin, count = at + 3, raw[at + 2]
    elif raw[at + 1] == 0x59 and raw[at + 2]:
        begin, count = at + 4, raw[at + 2] << 8 | raw[at + 3]
    else:
        return None
    end = begin + count
    if len(raw) != end + 66 or raw[end : end + 2] != b"\x58\x40":
        return None
    protected = raw[3:at]
    return Signed(protected, _headers(protected, True), {}, raw[begin:end], raw[end + 2 :])


@lru_cache(maxsize=256)
def _headers(protected: bytes, own: bool) -> dict[Any, Any]:
    """The protected header: the same few come again and again. Nobody writes into it."""
    headers = cbor.decode(protected, own=own) if protected else {}
    if not isinstance(headers, dict):
        raise Fault("cose", "headers")
    return headers


def check(signed: Signed, key: Public, *, external: bytes = b"", only: int = 0) -> None:
    """Raise Fault unless the signature is this key's. only: the one algorithm that is accepted, and only where it is signed."""
    # Some issuers write it where nobody signs it (EU test CO20); the key's kind still says which one it can be.
    number = signed.headers.get(ALG) if only else signed.headers.get(ALG, signed.loose.get(ALG))
    if type(number) is not int or number not in ALGORITHMS or (only and number != only):
        raise Fault("signature", "algorithm")
    if CRIT in signed.headers or CRIT in signed.loose:
        # A critical header of which we know nothing: RFC 9052, section 3.1.
        raise Fault("signature", "critical")
    if only and isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name != ALGORITHMS[only].curve:
        raise Fault("signature", "key_kind")
    fits(number, key, signed.signature, _to_be_signed(signed.protected, external, signed.payload))


def fits(number: int, key: Public, signature: bytes, signed: bytes) -> None:
    """Raise Fault unless these bytes are the key's signature by the algorithm of this number; ECDSA as two halves (IEEE P1363)."""
    algorithm = ALGORITHMS[number]
    try:
        _CHECKS[algorithm.kind](algorithm, key, signature, signed)
    except InvalidSignature:
        raise Fault("signature", "signature") from None


# An array of four that begins with the text Signature1.
_CONTEXT = b"\x84\x6aSignature1"


def _to_be_signed(protected: bytes, external: bytes, payload: bytes) -> bytes:
    parts = (b"" if protected == b"\xa0" else protected, external, payload)
    return _CONTEXT + b"".join([cbor.head(2, len(part)) + part for part in parts])


def _check_ec(algorithm: Algorithm, key: Public, signature: bytes, signed: bytes) -> None:
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name not in HALVES or algorithm.hash is None:
        raise Fault("signature", "key_kind")
    half = HALVES[key.curve.name]
    if len(signature) != 2 * half:
        raise Fault("signature", "length")
    halves = (int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
    key.verify(encode_dss_signature(*halves), signed, _ECDSA[algorithm.name])


def _check_pss(algorithm: Algorithm, key: Public, signature: bytes, signed: bytes) -> None:
    if not isinstance(key, rsa.RSAPublicKey) or algorithm.hash is None:
        raise Fault("signature", "key_kind")
    salted = padding.PSS(mgf=padding.MGF1(algorithm.hash), salt_length=algorithm.hash.digest_size)
    key.verify(signature, signed, salted, algorithm.hash)


def _check_eddsa(algorithm: Algorithm, key: Public, signature: bytes, signed: bytes) -> None:
    if not isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        raise Fault("signature", "key_kind")
    key.verify(signature, signed)


_CHECKS: dict[str, Callable[[Algorithm, Public, bytes, bytes], None]] = {"EC": _check_ec, "PSS": _check_pss, "EdDSA": _check_eddsa}
_ECDSA = {row.name: ec.ECDSA(row.hash) for row in ALGORITHMS.values() if row.kind == "EC" and row.hash is not None}


def sign(
    payload: bytes, key: ec.EllipticCurvePrivateKey, *, kid: bytes = b"", headers: dict[Any, Any] | None = None, external: bytes = b""
) -> bytes:
    """A tagged COSE_Sign1 by ES256 over the payload; kid and further headers are protected."""
    protected = cbor.encode({ALG: -7, **({KID: kid} if kid else {}), **headers}) if headers else _protected(kid)
    first, second = decode_dss_signature(key.sign(_to_be_signed(protected, external, payload), _ECDSA["ES256"]))
    return to_bytes(protected, payload, first.to_bytes(32, "big") + second.to_bytes(32, "big"))


def to_bytes(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """A COSE_Sign1 from its parts, tagged, with nothing in the loose header."""
    parts = [cbor.head(2, len(part)) + part for part in (protected, payload, signature)]
    return b"\xd2\x84" + parts[0] + b"\xa0" + parts[1] + parts[2]


@lru_cache(maxsize=64)
def _protected(kid: bytes) -> bytes:
    return cbor.encode({ALG: -7, KID: kid} if kid else {ALG: -7})
