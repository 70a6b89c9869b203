"""Signatures of messages between systems, as Standard Webhooks 1.0 has them (standardwebhooks.com). Pure."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from siqian.kernel.permits import Refusal

PREFIX = "whsec_"
# How far a sender's clock may be off; what is older may be a copy that somebody kept.
TOLERANCE = timedelta(minutes=5)
UNSIGNED = Refusal(
    "没有签名。带上webhook-id、webhook-timestamp、webhook-signature，或Authorization: Bearer 密钥", field="webhook-signature"
)
WRONG = Refusal("签名对不上。核对密钥，签的是“编号.时间.正文”", field="webhook-signature")
OFF = Refusal("webhook-timestamp和这里的时间差了5分钟以上，校准时钟再发", field="webhook-timestamp")


def signature(secret: str, ident: str, stamp: str, body: bytes) -> str:
    """ "v1," and the HMAC-SHA-256 over id, time in whole seconds and body."""
    signed = hmac.new(_bytes(secret), f"{ident}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def fault(secrets: Iterable[str], ident: str, stamp: str, signatures: str, body: bytes, *, at: datetime) -> Refusal | None:
    """Why a signed message is not believed; None when one of its signatures is by one of the secrets."""
    if not (ident and stamp and signatures):
        return UNSIGNED
    if not stamp.isdecimal() or len(stamp) > 12 or abs(at.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        return OFF
    given = [one.encode() for one in signatures.split()]
    right = [signature(secret, ident, stamp, body).encode() for secret in secrets]
    return None if any(hmac.compare_digest(one, other) for one in given for other in right) else WRONG


def _bytes(secret: str) -> bytes:
    text = secret.removeprefix(PREFIX)
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return text.encode()
