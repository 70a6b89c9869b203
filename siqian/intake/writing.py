"""The verbs of what is told back to outside systems: written when it happens, claimed, sent outside of any transaction, settled.

A crash between sending and settling sends again, with the same key: a system that honours it hears once.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from siqian.kernel import clock
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal, must
from siqian.spine.matters import queries as matters

from . import rules
from .events import LetterFailed, ReplyAddressed
from .models import Arrival, Letter, Reply
from .systems.listed import systems, thing

LEASE = timedelta(seconds=60)
MOST_TRIES = 8
ENDS = frozenset({"closed", "refused", "withdrawn"})
NO_LETTER = Refusal("没有这封回话，或者已经送到")


@dataclass(frozen=True)
class Claimed:
    """A letter that is ours to send. key: the same however often it is tried."""

    id: int
    system: str
    url: str
    key: str
    body: Mapping[str, Any]


@office_verb
def address(*, system: str, url: str, by: Actor, at: datetime) -> None:
    """Say where a system hears what became of its messages; empty: nowhere. Records reply.addressed."""
    must(by, "admit", thing())
    if system not in systems():
        raise NotFound(Refusal("没有登记这个系统", field="system"))
    if url and (fault := rules.url_fault(url)) is not None:
        raise BadInput(fault)
    if url:
        Reply.objects.update_or_create(system=system, defaults={"url": url})
    else:
        Reply.objects.filter(system=system).delete()
    record(ReplyAddressed(f"system:{system}"), by=by, at=at)


@office_verb
def write(*, matter: int, event: str, by: Actor, at: datetime) -> int:
    """Write to each system whose message became this matter, if it is told such things; gives how many letters are new. Twice is once."""
    tellings = matters.told_by("system", matter)
    if not tellings:
        return 0
    answering = {code for code, row in systems().items() if row.answers}
    told = Arrival.objects.filter(telling__in=list(tellings), outcome__in=("taken", "joined"), system__in=sorted(answering)).order_by("id")
    face = matters.faces([matter]).get(matter)
    written = 0
    for system, external in told.values_list("system", "external"):
        number = matters.number_of(matter)
        data = {"id": external, "number": number, "status": "closed" if event in ENDS else "open", "event": event}
        data |= {"words": face.said} if event == "closed" and face else {}
        body = {"type": f"matter.{event}", "timestamp": at.isoformat(), "data": data}
        key = hashlib.sha256(f"{system}\n{external}\n{event}\n{at.isoformat()}".encode()).hexdigest()[:40]
        line = {"system": system, "external": external, "event": event, "matter": matter, "body": body, "at": at, "due": at}
        written += Letter.objects.get_or_create(key=key, defaults=line)[1]
    return written


@office_verb
def claim(*, but: frozenset[str] = frozenset(), by: Actor, at: datetime) -> Claimed | None:
    """Take the next letter that is due, of each message the oldest first, of no system that did not answer just now."""
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    # A letter waits for the one before it about the same message, so that "closed" never comes before "accepted".
    before = Letter.objects.filter(system=OuterRef("system"), external=OuterRef("external"), state="waiting", id__lt=OuterRef("id"))
    known = Reply.objects.filter(system=OuterRef("system"))
    waiting = Letter.objects.filter(free, Exists(known), ~Exists(before), state="waiting", due__lte=at).exclude(system__in=sorted(but))
    waiting = waiting.order_by("due", "id")
    row = (waiting.select_for_update(skip_locked=True, of=("self",)) if connection.vendor == "postgresql" else waiting).first()
    if row is None:
        return None
    row.tries, row.leased_until = row.tries + 1, at + LEASE
    row.save(update_fields=["tries", "leased_until"])
    return Claimed(row.id, row.system, Reply.objects.values_list("url", flat=True).get(system=row.system), row.key, row.body)


@office_verb
def settle(*, letter: int, fault: str = "", lasting: bool = False, tries: int = 0, by: Actor, at: datetime) -> None:
    """Say what came of a try: sent, or a fault; a passing one is tried again, each time after longer. Records letter.failed at the end."""
    row = Letter.objects.filter(id=letter, state="waiting").first()
    if row is None:
        return
    row.leased_until, row.fault = None, fault[:300]
    if not fault:
        row.state, row.sent = "sent", at
    elif lasting or row.tries >= MOST_TRIES:
        row.state = "dead"
        record(LetterFailed(f"letter:{row.id}"), by=by, at=at)
    else:
        row.due = at + clock.backoff(row.tries)
    row.save(update_fields=["state", "sent", "due", "leased_until", "fault"])


@office_verb
def send_again(*, system: str, letter: int = 0, by: Actor, at: datetime) -> int:
    """Let a dead letter, or all of a system, wait for their turn once more; gives how many."""
    must(by, "mend", thing())
    dead = Letter.objects.filter(system=system, state="dead")
    dead = dead.filter(id=letter) if letter else dead
    count = dead.update(state="waiting", due=at, tries=0, leased_until=None)
    if letter and not count:
        raise NotFound(NO_LETTER)
    return count
