"""Tokens in codes: base45, compression, CBOR with care, COSE_Sign1 by a table of algorithms, CWT claims, status lists. Pure.

Nothing here knows of couriers. What is wrong is a `Fault` with a stage and a short reason; nothing else is ever raised for bad input.
"""

from .base45 import decode as from_base45, encode as to_base45
from .cbor import UNDEFINED, Tag, decode as from_cbor, encode as to_cbor, head
from .claims import Claims, claims_of, time_fault
from .faults import Fault
from .keys import Known, key_id, of_certificate, of_cose_key, of_point, point_of
from .reading import Answer, read
from .sign1 import ALGORITHMS, Signed, check, fits, sign, signed_of, to_bytes
from .statuses import StatusList
from .zipped import unzip

__all__ = [
    "ALGORITHMS",
    "UNDEFINED",
    "Answer",
    "Claims",
    "Fault",
    "Known",
    "Signed",
    "StatusList",
    "Tag",
    "check",
    "claims_of",
    "fits",
    "from_base45",
    "from_cbor",
    "head",
    "key_id",
    "of_certificate",
    "of_cose_key",
    "of_point",
    "point_of",
    "read",
    "sign",
    "signed_of",
    "time_fault",
    "to_base45",
    "to_bytes",
    "to_cbor",
    "unzip",
]
