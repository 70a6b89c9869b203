"""The keys that sign passes. A hardware module gives a `Signer` whose key signs inside it, and replaces `signer` and `root`."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.conf import settings

from siqian.kernel import keys

from . import cose

LASTS, ROOT_LASTS = timedelta(days=90), timedelta(days=3650)
# Order of the group of P-256: a seed becomes a key below it.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
STATEMENT = b"XGK"


@dataclass(frozen=True)
class Signer:
    """key: anything that has `sign(bytes, ECDSA)` and `public_key()`."""

    number: int
    key_id: bytes
    key: ec.EllipticCurvePrivateKey


def signer(number: int, key_id: str) -> Signer:
    """The issuing key of this number."""
    return Signer(number, bytes.fromhex(key_id), _key(str(settings.SIQIAN_HOME), str(number)))


def root_point() -> bytes:
    """What a gate is given when it is bound, and holds every issuing key against."""
    return cose.point_of(_key(str(settings.SIQIAN_HOME), "root").public_key())


def certify(number: int, name: str, since: datetime) -> tuple[bytes, bytes, bytes, datetime]:
    """(certificate as DER, compressed point, the root's statement for gates, until) of an issuing key."""
    home, until = str(settings.SIQIAN_HOME), since + LASTS
    root, key = _key(home, "root"), _key(home, str(number))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} {number}")])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} root")])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(number).not_valid_before(since).not_valid_after(until)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    der = made.sign(root, hashes.SHA256()).public_bytes(Encoding.DER)
    point = cose.point_of(key.public_key())
    return der, point, stated(cose.key_id(der), point, since, until), until


def stated(key_id: bytes, point: bytes, since: datetime, until: datetime) -> bytes:
    """What the root says of a key whose passes are good, as a gate's browser reads it."""
    body = cose.to_cbor([key_id, point, int(since.timestamp()), int(until.timestamp())])
    return cose.sign(body, _key(str(settings.SIQIAN_HOME), "root"), external=STATEMENT)


@lru_cache(maxsize=16)
def _key(home: str, name: str) -> ec.EllipticCurvePrivateKey:
    # The seed is uniform over 256 bits; what is over the order is folded, and zero cannot be.
    number = int.from_bytes(keys.passes_seed(name), "big") % (ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def as_text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
