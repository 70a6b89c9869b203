"""Keys that verify: from certificates, from COSE keys, from points; and what they are called."""

import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .faults import Fault

Public = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey | rsa.RSAPublicKey
KINDS = (ec.EllipticCurvePublicKey, ed25519.Ed25519PublicKey, ed448.Ed448PublicKey, rsa.RSAPublicKey)
CURVES: dict[int, ec.EllipticCurve] = {1: ec.SECP256R1(), 2: ec.SECP384R1(), 3: ec.SECP521R1()}
LEAST_RSA, MOST_RSA = 2048, 8192


@dataclass(frozen=True)
class Known:
    """A key with its id: the first 8 bytes of SHA-256 over the certificate, or over the point."""

    key: Public
    id: bytes
    der: bytes = b""


def key_id(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()[:8]


def of_certificate(raw: bytes) -> Known:
    """The key of an X.509 certificate, PEM or DER. Fault when it is none, or its key is of a kind that nobody signs with here."""
    try:
        found = x509.load_pem_x509_certificate(raw) if raw.lstrip().startswith(b"-----") else x509.load_der_x509_certificate(raw)
        key, der = found.public_key(), found.public_bytes(Encoding.DER)
    except Exception:
        # Of a broken certificate the library raises many kinds.
        raise Fault("signature", "certificate") from None
    if not isinstance(key, KINDS) or (isinstance(key, rsa.RSAPublicKey) and not LEAST_RSA <= key.key_size <= MOST_RSA):
        raise Fault("signature", "certificate_key")
    return Known(key, key_id(der), der)


def of_cose_key(key: Any) -> Public:
    """The public key of a COSE_Key map (RFC 9053): EC2 on P-256, P-384, P-521, with y or its sign; Ed25519. Fault otherwise."""
    if not isinstance(key, dict):
        raise Fault("claims", "key")
    kind, curve, x, y = key.get(1), key.get(-1), key.get(-2), key.get(-3)
    try:
        if kind == 1 and curve == 6 and isinstance(x, bytes):
            return ed25519.Ed25519PublicKey.from_public_bytes(x)
        if kind == 2 and type(curve) is int and curve in CURVES and isinstance(x, bytes):
            size = (CURVES[curve].key_size + 7) // 8
            if len(x) == size and isinstance(y, bytes) and len(y) == size:
                return ec.EllipticCurvePublicKey.from_encoded_point(CURVES[curve], b"\x04" + x + y)
            if len(x) == size and isinstance(y, bool):
                return ec.EllipticCurvePublicKey.from_encoded_point(CURVES[curve], bytes((2 + y,)) + x)
    except ValueError:
        raise Fault("claims", "point") from None
    raise Fault("claims", "key")


def of_point(point: bytes) -> ec.EllipticCurvePublicKey:
    """The P-256 key of a compressed (33 bytes) or whole (65 bytes) point. Fault when it is not on the curve."""
    if len(point) not in (33, 65):
        raise Fault("claims", "point")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVES[1], point)
    except ValueError:
        raise Fault("claims", "point") from None


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """The compressed point of a key."""
    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
