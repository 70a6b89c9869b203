"""A token read stage by stage, for whoever wants to know how far it came: prefix, base45, zlib, signature, time."""

from dataclasses import dataclass, field
from typing import Any

from .base45 import decode as from_base45
from .claims import Claims, claims_of, time_fault
from .faults import Fault
from .keys import Known
from .sign1 import check, signed_of
from .zipped import unzip


@dataclass
class Answer:
    """valid only when every stage is. reason: of the first fault, empty when there is none.

    claims: as they stand, None where not reached.
    """

    valid: bool = False
    reason: str = ""
    text: str = ""
    claims: dict[Any, Any] | None = None
    stages: dict[str, bool] = field(default_factory=dict)

    def fails(self, stage: str, reason: str) -> "Answer":
        self.stages[stage] = False
        self.reason = self.reason or reason
        return self


def read(text: str, *, prefix: str, zipped: bool, known: Known | None, at: float) -> Answer:
    """Verify one token. at: seconds since 1970; known: None when the issuer's certificate cannot be read.

    A stage that was not reached is absent; time is judged even where the signature fails.
    """
    answer = Answer(text=text)
    if not text.startswith(prefix):
        return answer.fails("prefix", "prefix")
    answer.stages["prefix"] = True
    try:
        raw = from_base45(text[len(prefix) :])
        answer.stages["base45"] = True
        if zipped:
            raw = unzip(raw)
            answer.stages["zlib"] = True
    except Fault as fault:
        return answer.fails(fault.stage, fault.reason)
    claims = _signature(answer, raw, known)
    if claims is not None:
        answer.claims = claims.all
        fault_ = time_fault(claims, at)
        if fault_:
            answer.fails("time", fault_)
        else:
            answer.stages["time"] = True
    answer.valid = not answer.reason
    return answer


def _signature(answer: Answer, raw: bytes, known: Known | None) -> Claims | None:
    """Checks the signature stage; the claims, where there are any that can be read."""
    try:
        signed = signed_of(raw)
    except Fault as fault:
        answer.fails("signature", fault.reason)
        return None
    claims: Claims | None = None
    try:
        claims = claims_of(signed.payload)
        if known is None:
            raise Fault("signature", "certificate")
        if signed.kid != known.id:
            raise Fault("signature", "key_id")
        check(signed, known.key)
        answer.stages["signature"] = True
    except Fault as fault:
        answer.fails("signature", fault.reason)
    return claims
