"""The verbs around a gateway: claim a message, send it outside of any transaction, settle what came of it.

A crash between sending and settling sends again, with the same key: a gateway that honours it delivers once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from siqian.kernel import clock, vault
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, NotFound, Refusal, Refused, or_refuse
from siqian.town.people import queries as people

from . import queries, rules
from .events import ServiceReached
from .models import Consent, Notice, Outgoing

LEASE = timedelta(seconds=60)
MOST_TRIES = 6
KEY = "siqian-"
OFF_DUTY = timedelta(hours=1)


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to send. key: the same however often it is tried."""

    id: int
    channel: str
    address: str
    text: str
    key: str


@office_verb
def claim(*, channel: str, by: Actor, at: datetime) -> Claimed | bool:
    """Take a channel's next message that is due; False when there is none, True when one was looked at that is not to be sent now."""
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    waiting = Outgoing.objects.filter(free, state="waiting", due__lte=at, channel=channel).order_by("due", "id")
    row = (waiting.select_for_update(skip_locked=True) if connection.vendor == "postgresql" else waiting).first()
    if row is None:
        return False
    if row.channel == queries.ALARM:
        return _claimed(row, row.reader.removeprefix(queries.SERVICE), row.reader.removeprefix(queries.SERVICE), at)
    reader = _on_duty(row, at)
    consent = Consent.objects.filter(reader=reader, channel=row.channel, withdrawn=None).first() if reader else None
    if reader and consent is None:
        _move(row, "drop", fault="")
    if consent is None:
        return True
    try:
        address = vault.unseal(consent.subject, consent.sealed)
    except Refused as error:
        _move(row, "drop", fault=error.refusal.why)
        return True
    return _claimed(row, address, consent.masked, at)


@office_verb
def settle(*, outgoing: int, receipt: str = "", fault: str = "", lasting: bool = False, by: Actor, at: datetime) -> None:
    """Say what came of a try: sent, or a fault; a passing one is tried again later, each time after longer."""
    row = Outgoing.objects.filter(id=outgoing, state="waiting").first()
    if row is None:
        return
    if not fault:
        _move(row, "send", receipt=receipt[:80], sent=at, leased_until=None, fault="")
    elif lasting or row.tries >= MOST_TRIES:
        _move(row, "fail", leased_until=None, fault=fault[:300])
    else:
        row.due, row.leased_until, row.fault = at + clock.backoff(row.tries), None, fault[:300]
        row.save(update_fields=["due", "leased_until", "fault"])
    if row.channel == queries.ALARM and row.state != "waiting":
        about = Notice.objects.values_list("about", flat=True).get(id=row.notices[0])
        record(ServiceReached(row.reader, about, row.state == "sent"), by=by, at=at)


@office_verb
def answer(*, key: str, delivered: bool, fault: str = "", by: Actor, at: datetime) -> None:
    """A gateway says later whether a message arrived; the first word counts, the same again changes nothing."""
    number = key.removeprefix(KEY)
    row = Outgoing.objects.filter(id=int(number)).first() if key.startswith(KEY) and number.isdecimal() else None
    if row is None:
        raise NotFound(Refusal("没有{key}这条消息", field="key", key=key[:80]))
    if row.state == "sent":
        _move(row, "deliver" if delivered else "bounce", answered=at, fault=fault[:300])


@office_verb
def retry(*, outgoing: int, by: Actor, at: datetime) -> None:
    """Try once more what could not be sent."""
    row = Outgoing.objects.filter(id=outgoing).first()
    if row is None:
        raise NotFound(Refusal("没有{key}这条消息", field="key", key=str(outgoing)))
    _move(row, "retry", due=at, tries=0, fault="")


def _claimed(row: Outgoing, address: str, masked: str, at: datetime) -> Claimed:
    row.tries, row.leased_until = row.tries + 1, at + LEASE
    row.text, row.masked = rules.together(_lines(row.notices)), masked
    row.save(update_fields=["tries", "leased_until", "text", "masked"])
    return Claimed(row.id, row.channel, address, row.text, f"{KEY}{row.id}")


def _on_duty(row: Outgoing, at: datetime) -> str:
    """Whose consent counts; empty while nobody sits on the post: then it waits until somebody does."""
    if not row.reader.startswith("post:"):
        return row.reader
    card = people.card_of(row.reader.removeprefix("post:"), at=at)
    account = people.account_of_person(card.person) if card is not None and card.on else ""
    if account:
        return account
    row.due = card.next if card is not None and not card.on and card.next is not None else at + OFF_DUTY
    row.save(update_fields=["due"])
    return ""


def _lines(numbers: Sequence[int]) -> list[str]:
    found = {row.id: row for row in Notice.objects.filter(id__in=numbers)}
    return [_line(found[number]) for number in numbers if number in found]


def _line(row: Notice) -> str:
    text = row.text.format(**row.values)
    return f"{row.values['title']}（{row.values['number']}）：{text}" if row.values.get("number") else text


def _move(row: Outgoing, verb_: str, **changes: object) -> None:
    row.state = or_refuse(rules.OUTGOING.then(row.state, verb_))
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *changes])
