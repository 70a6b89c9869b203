"""What is sent again and again until it is acknowledged, and done once: keys that senders make, kept with the answer.

A verb asks `before` first thing and says `done` last thing, so that the key is written in the transaction of what it stands for:
a crash before the commit forgets both, one after it answers the next try from what was kept.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from . import store
from .journal import in_verb
from .models import Taken
from .permits import Actor, BadInput, Refusal, Refused

LONGEST = 64
NO_KEY = Refusal("少了这一条的编号，从页面上再点一次", field="key")
OTHER = Refusal("这个编号下已经收过别的内容，没有再收。两样都要，就另写一条", field="key")


@dataclass(frozen=True)
class Kept:
    """What was answered under a key. then: when its sender did it, by their own clock; at: when it was taken."""

    key: str
    kind: str
    answer: dict[str, Any]
    then: datetime | None
    at: datetime


def digest(kind: str, fields: Mapping[str, object], photos: Iterable[bytes] = ()) -> str:
    """What was sent, in short: the same words and pictures give the same."""
    sent = hashlib.sha256(msgspec.json.encode([kind, sorted((name, str(value)) for name, value in fields.items())]))
    for photo in photos:
        sent.update(hashlib.sha256(photo).digest())
    return sent.hexdigest()


def before(key: str, digest_: str, *, by: Actor) -> Kept | None:
    """What was answered when this was taken before, None when it is new; others with the same key wait until this verb ends.

    Refused (409) when something else came under the key.
    """
    if not in_verb():
        raise RuntimeError("a key is asked for outside a verb")
    if not 8 <= len(key) <= LONGEST:
        raise BadInput(NO_KEY)
    store.lock("key", by.ref, key)
    row = Taken.objects.filter(who=by.ref, key=key).first()
    if row is None:
        return None
    if row.digest != digest_:
        raise Refused(OTHER)
    return _kept(row)


def done(key: str, digest_: str, kind: str, answer: dict[str, Any], *, then: datetime | None, by: Actor, at: datetime) -> Kept:
    """Keep the answer under the key."""
    if not in_verb():
        raise RuntimeError("a key is kept outside a verb")
    return _kept(Taken.objects.create(who=by.ref, key=key, digest=digest_, kind=kind, answer=answer, then=then, at=at))


def lately(*, since: datetime, seen_by: Actor, most: int = 100) -> list[Kept]:
    """What was taken of this sender since then, the newest first."""
    return [_kept(row) for row in Taken.objects.filter(who=seen_by.ref, at__gte=since).order_by("-at", "-id")[:most]]


def known(keys: Iterable[str], *, seen_by: Actor) -> set[str]:
    """Which of these keys of one's own were taken."""
    return set(Taken.objects.filter(who=seen_by.ref, key__in=list(keys)).values_list("key", flat=True))


def _kept(row: Taken) -> Kept:
    return Kept(row.key, row.kind, row.answer, row.then, row.at)
