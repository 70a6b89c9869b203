"""Sealed personal facts: AES-256-GCM under the person's own key, which lies wrapped under the master key.

Masked by default, opened for a stated purpose, every look in the journal; destroying the key forgets the person and
leaves the journal's chains whole (PIPL article 47).
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import clock, keys, rows
from .journal import Event, Ref, record, verb
from .models import Key
from .permits import Actor, NotFound, Refusal

FORGOTTEN = Refusal("这个人的资料已按要求删除，看不到了")


@dataclass(frozen=True)
class Opened(Event, name="vault.opened"):
    """Somebody looked at sealed facts."""

    subject_ref: Ref
    what: str
    purpose: str


@dataclass(frozen=True)
class Erased(Event, name="vault.erased"):
    """A person's key was destroyed."""

    subject_ref: Ref
    reason: str


def seal(subject: Ref, text: str, *, at: datetime) -> str:
    """Ciphertext of `text` under the key of `subject`, made if there is none yet. Empty stays empty."""
    if not text:
        return ""
    return _sealed(_key(subject, at), subject, text)


def seal_new(subject: Ref, *texts: str, at: datetime) -> tuple[str, ...]:
    """The same for somebody whom nobody has sealed for yet: one key is made for all, and none is looked for."""
    key = _made(subject, at)
    return tuple(_sealed(key, subject, text) for text in texts)


@verb
def look(*, subject: Ref, sealed: str, what: str, purpose: str, by: Actor, at: datetime) -> str:
    """Open one sealed fact for a stated purpose; records vault.opened."""
    if not purpose.strip():
        raise NotFound(Refusal("看资料要写明用途，比如“回电话问清楼层”", field="purpose"))
    text = unseal(subject, sealed)
    record(Opened(subject, what, purpose.strip()[:200]), by=by, at=at)
    return text


def unseal(subject: Ref, sealed: str) -> str:
    """The text again, for the office's own use (a message that is sent); people go through `look`."""
    if not sealed:
        return ""
    row = Key.objects.filter(subject=subject).first()
    if row is None:
        raise NotFound(FORGOTTEN)
    raw = base64.b64decode(sealed)
    try:
        return AESGCM(_unwrap(subject, bytes(row.wrapped))).decrypt(raw[:12], raw[12:], subject.encode()).decode()
    except InvalidTag as error:
        raise NotFound(Refusal("这条资料对不上它的主人，请告诉系统管理员")) from error


@verb
def forget(*, subject: Ref, reason: str, by: Actor, at: datetime) -> None:
    """Destroy the person's key; what was sealed stays sealed for ever. Records vault.erased."""
    deleted, _ = Key.objects.filter(subject=subject).delete()
    if deleted:
        record(Erased(subject, reason), by=by, at=at)


def mark(text: str) -> str:
    """A keyed mark of a phone number: equal numbers have equal marks, and nobody reads a number from it."""
    return hmac.new(keys.marking(), text.encode(), hashlib.sha256).hexdigest()[:32] if text else ""


def masked_phone(text: str) -> str:
    return f"{text[:3]} **** {text[-4:]}" if len(text) >= 7 else "****"


def masked_name(text: str) -> str:
    return text[:1] + "**" if text else ""


def _key(subject: Ref, at: datetime) -> bytes:
    row = Key.objects.filter(subject=subject).first()
    if row is None:
        key, nonce = clock.secret_bytes(32), clock.secret_bytes(12)
        wrapped = nonce + AESGCM(keys.master()).encrypt(nonce, key, subject.encode())
        # Of two that seal at once for somebody new, both must use the key that stays.
        row, _ = Key.objects.get_or_create(subject=subject, defaults={"wrapped": wrapped, "made": at})
    return _unwrap(subject, bytes(row.wrapped))


def _made(subject: Ref, at: datetime) -> bytes:
    key, nonce = clock.secret_bytes(32), clock.secret_bytes(12)
    rows.put(Key, subject=subject, wrapped=nonce + AESGCM(keys.master()).encrypt(nonce, key, subject.encode()), made=at)
    return key


def _sealed(key: bytes, subject: Ref, text: str) -> str:
    if not text:
        return ""
    nonce = clock.secret_bytes(12)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), subject.encode())).decode()


def _unwrap(subject: Ref, wrapped: bytes) -> bytes:
    return AESGCM(keys.master()).decrypt(wrapped[:12], wrapped[12:], subject.encode())
