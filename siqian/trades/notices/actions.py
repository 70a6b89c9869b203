"""The only writers of notices, with `sending` beside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from siqian.kernel import rows, vault
from siqian.kernel.clock import local
from siqian.kernel.journal import Ref, record, verb
from siqian.kernel.permits import Actor, BadInput, Refusal

from . import queries, rules
from .events import ConsentGiven, ConsentWithdrawn
from .models import Consent, Habit, Notice, Outgoing
from .sending import answer, claim, retry, settle

__all__ = [
    "Leaf",
    "agree",
    "answer",
    "claim",
    "keep_hours",
    "mark_seen",
    "put_consent",
    "retry",
    "settle",
    "tell",
    "tell_all",
    "tell_each",
    "withdraw",
]


@dataclass(frozen=True)
class Leaf:
    """One sentence for one reader."""

    to: Ref
    about: Ref
    text: str
    values: dict[str, str]


@verb
def tell(*, to: Ref, about: Ref, text: str, values: dict[str, str] | None = None, urgency: str = "now", by: Actor, at: datetime) -> None:
    """Leave a sentence for somebody. The same sentence of the same instant is left once, however often it is told."""
    tell_all(to=[to], about=about, text=text, values=values, urgency=urgency, by=by, at=at)


@verb
def tell_all(
    *, to: Sequence[Ref], about: Ref, text: str, values: dict[str, str] | None = None, urgency: str = "now", by: Actor, at: datetime
) -> int:
    """Leave the same sentence for many, and have it sent to those who agreed; gives how many had not been told yet."""
    return tell_each(leaves=[Leaf(one, about, text, values or {}) for one in to], urgency=urgency, by=by, at=at)


@verb
def tell_each(*, leaves: Sequence[Leaf], urgency: str = "now", by: Actor, at: datetime) -> int:
    """Leave each reader's own sentence; gives how many had not been told yet. A fixed number of statements, however many they are."""
    abouts = sorted({leaf.about for leaf in leaves})
    told = set(Notice.objects.filter(about__among=abouts, at=at).values_list("to", "about", "text")) if leaves else set()
    fresh = list({key: leaf for leaf in leaves if (key := (leaf.to, leaf.about, leaf.text)) not in told}.values())
    if not fresh:
        return 0
    numbered: dict[Ref, list[int]] = {}
    for leaf, number in zip(fresh, rows.ids((Notice, len(fresh)))[0], strict=True):
        rows.put(Notice, id=number, at=at, to=leaf.to, about=leaf.about, text=leaf.text, values=leaf.values)
        numbered.setdefault(leaf.to, []).append(number)
    _plan(numbered, urgency, at)
    return len(fresh)


@verb
def mark_seen(*, to: tuple[Ref, ...], by: Actor, at: datetime) -> None:
    """What is on the page has been seen."""
    Notice.objects.filter(to__in=to, seen=None).update(seen=at)


@verb
def agree(*, reader: Ref, channel: str, address: str, by: Actor, at: datetime) -> None:
    """Agree to be told by a channel at an address; another address replaces the one before. Records consent.given."""
    address = address.replace(" ", "").replace("-", "") if channel == "sms" else address.strip()
    if fault := rules.address_fault(channel, address):
        raise BadInput(fault)
    if channel not in queries.channels():
        raise BadInput(Refusal("这个区还没有开通这种通知", field="channel"))
    _end(reader, channel, at)
    # Under the person's own key where the register knows them: forgetting the person forgets the address.
    subject = next((ref for ref in sorted(by.own) if ref.startswith("resident:")), f"notices:{reader}")
    Consent.objects.create(
        reader=reader,
        channel=channel,
        subject=subject,
        sealed=vault.seal(subject, address, at=at),
        masked=rules.masked(channel, address),
        given=at,
    )
    record(ConsentGiven(reader, channel), by=by, at=at)


def put_consent(reader: Ref, channel: str, *, subject: Ref, sealed: str, masked: str, at: datetime) -> None:
    """Put the consent of somebody new beside what is put of them: their address lies sealed already. Costs no statement."""
    rows.put(Consent, reader=reader, channel=channel, subject=subject, sealed=sealed, masked=masked, given=at)


@verb
def withdraw(*, reader: Ref, channel: str, by: Actor, at: datetime) -> None:
    """No longer be told by a channel, from now on: what still waits is not sent. Records consent.withdrawn."""
    if not _end(reader, channel, at):
        return
    Outgoing.objects.filter(reader=reader, channel=channel, state="waiting").update(state="dropped")
    record(ConsentWithdrawn(reader, channel), by=by, at=at)


@verb
def keep_hours(*, reader: Ref, hours: rules.Hours, by: Actor, at: datetime) -> None:
    """Keep when somebody is not to be disturbed and when their digest comes; what waits keeps its time."""
    if fault := rules.hours_fault(hours):
        raise BadInput(fault)
    Habit.objects.update_or_create(reader=reader, defaults=asdict(hours))


def _end(reader: Ref, channel: str, at: datetime) -> int:
    return Consent.objects.filter(reader=reader, channel=channel, withdrawn=None).update(withdrawn=at)


def _plan(numbers: Mapping[Ref, list[int]], urgency: str, at: datetime) -> None:
    """Put what goes out to those who agreed; what can wait joins the digest of its day."""
    agreed = queries.agreed(numbers)
    if not agreed:
        return
    hours = queries.hours_of(reader for reader, _ in agreed)
    daily = {(reader, channel) for reader, channel in agreed if urgency == "daily" and not reader.startswith(queries.POST)}
    waiting = _digests({reader for reader, _ in daily}, at)
    joined: list[Outgoing] = []
    for reader, channel in agreed:
        own = hours.get(reader, rules.USUAL)
        # Whoever sits on a post is told while on duty, which is looked up when it goes out; quiet hours are for those at home.
        due, day = at if reader.startswith(queries.POST) else rules.due(urgency, own, at), None
        if (reader, channel) in daily:
            due, day = _free(waiting, reader, channel, due, own)
        digest = waiting.get((reader, channel, day)) if day else None
        if digest is not None:
            digest.notices.extend(numbers[reader])
            joined.append(digest)
        else:
            rows.put(Outgoing, reader=reader, channel=channel, urgency=urgency, day=day, notices=numbers[reader], due=due)
    Outgoing.objects.bulk_update(joined, ["notices"], batch_size=200)


def _free(
    waiting: Mapping[tuple[Ref, str, date], Outgoing], reader: Ref, channel: str, due: datetime, hours: rules.Hours
) -> tuple[datetime, date]:
    """The next digest that has not gone out yet: at most one a day."""
    while (found := waiting.get((reader, channel, local(due).date()))) is not None and found.state != "waiting":
        due = rules.due("daily", hours, due)
    return due, local(due).date()


def _digests(readers: Collection[Ref], at: datetime) -> dict[tuple[Ref, str, date], Outgoing]:
    if not readers:
        return {}
    rows_ = Outgoing.objects.filter(reader__among=sorted(readers), day__gte=local(at).date())
    return {(row.reader, row.channel, row.day): row for row in rows_ if row.day is not None}
