"""CWT claims (RFC 8392): who says it, from when and until when it holds."""

import math
from dataclasses import dataclass
from typing import Any

from . import cbor
from .faults import Fault

ISSUER, SUBJECT, AUDIENCE, EXPIRES, NOT_BEFORE, ISSUED, ID, CONFIRMS = 1, 2, 3, 4, 5, 6, 7, 8
Number = int | float


@dataclass(frozen=True)
class Claims:
    """The claims of a token; times in seconds since 1970, None where it says nothing."""

    all: dict[Any, Any]
    expires: Number | None
    not_before: Number | None
    issued: Number | None


def claims_of(payload: bytes, *, own: bool = False) -> Claims:
    """The claims in a payload. Fault when it is no map, or a time is no number."""
    found = cbor.decode(payload, own=own)
    if not isinstance(found, dict):
        raise Fault("claims", "map")
    return Claims(found, *(_time(found.get(name)) for name in (EXPIRES, NOT_BEFORE, ISSUED)))


def _time(value: Any) -> Number | None:
    # Some issuers tag the number (1) although RFC 8392 says not to.
    if isinstance(value, cbor.Tag) and value.number == 1:
        value = value.value
    if value is None:
        return None
    if type(value) is int and abs(value) < 1 << 53:
        return value
    if type(value) is float and math.isfinite(value):
        return value
    raise Fault("claims", "time")


def time_fault(claims: Claims, at: float, *, skew: float = 0) -> str:
    """Why the token does not hold at this time (seconds since 1970), empty when it does. What never ends does not hold.

    The last second still counts, as the EU test suite has it.
    """
    if claims.expires is None:
        return "no_end"
    if at - skew > claims.expires:
        return "expired"
    if claims.not_before is not None and at + skew < claims.not_before:
        return "not_yet"
    if claims.issued is not None and at + skew < claims.issued:
        return "from_the_future"
    return ""
