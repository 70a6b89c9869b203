"""Take what comes in, by whatever channel."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from siqian.kernel import links, rows, store
from siqian.kernel.journal import Ref, office_verb, record
from siqian.kernel.permits import Actor, Refusal, Refused
from siqian.kernel.sheets import Row
from siqian.spine.matters import actions as matters
from siqian.spine.matters.actions import Receipt, Teller, Told
from siqian.spine.remit.rules import KIND

from . import hearing, rules
from .arriving import receive
from .events import ReferralTaken
from .models import Batch, Chunk
from .reporting import Filed, add, admit, report, shut_out
from .writing import address

__all__ = ["Filed", "add", "address", "admit", "receive", "report", "shut_out"]


@office_verb
def take(*, message: rules.Message, photos: Sequence[tuple[str, bytes]] = (), by: Actor, at: datetime) -> Receipt:
    """Understand, locate, receive: one message becomes a matter or joins one, and so does each thing that is asked in it.

    BadInput names the first fault and its field.
    """
    told, teller = hearing.read(message)
    if photos:
        told = told.with_photos(keep_photos(photos=photos, by=by, at=at))
    return matters.receive(told=told, teller=teller, by=by, at=at)


@office_verb
def take_all(*, messages: Sequence[rules.Message], by: Actor, at: datetime) -> list[Receipt | Refused]:
    """Take many in their order; where one is faulty stands its refusal, and the others are taken."""
    read: list[tuple[Told, Teller] | Refused] = [hearing.read_or_refuse(message) for message in messages]
    good = [one for one in read if not isinstance(one, Refused)]
    receipts = iter(matters.receive_all(tellings=good, by=by, at=at))
    return [one if isinstance(one, Refused) else next(receipts) for one in read]


@office_verb
def keep_photos(*, photos: Sequence[tuple[str, bytes]], by: Actor, at: datetime) -> list[str]:
    """Clean and keep photos; the first that is no photo refuses them all."""
    return hearing.kept(photos, at=at)


@office_verb
def take_referral(
    *, ref: Ref, message: rules.Message, channel: str, photos: Sequence[str] = (), kind: KIND | None = None, by: Actor, at: datetime
) -> int:
    """Make a matter of what a sibling refers, or join it to one; gives the matter. Twice is once. Records referral.taken.

    ref: what is referred ("patrol:7"); photos: hashes of files that are kept already; kind: where somebody said which it is.
    """
    told, teller = hearing.read(replace(message, external=ref, together=True))
    understood = replace(told.understood, kind=kind) if kind else told.understood
    told = replace(told, channel=channel, understood=understood).with_photos(photos)
    receipt = matters.receive(told=told, teller=teller, by=by, at=at)
    if not receipt.again:
        links.tie(ref, "referred", f"matter:{receipt.matter}", at=at)
        record(ReferralTaken(ref, f"matter:{receipt.matter}"), by=by, at=at)
    return receipt.matter


@office_verb
def take_on_the_way(*, message: rules.Message, photos: Sequence[str] = (), by: Actor, at: datetime) -> Receipt:
    """Take what a worker saw on the way (随手报). message.external: the key of the telephone; photos: files that are kept already."""
    told, teller = hearing.read(message)
    receipt = matters.receive(told=replace(told, channel="patrol").with_photos(photos), teller=teller, by=by, at=at)
    # What was put lies in whosever grid it was seen: written here, past the fence of the worker whose verb this is part of.
    rows.write_now()
    return receipt


@office_verb
def begin_batch(*, sha256: str, name: str, channel: str, rows: int, by: Actor, at: datetime) -> Batch:
    """The batch of a file, known by its content; one that was begun before goes on, in chunks as long as they were."""
    batch, _ = Batch.objects.get_or_create(sha256=sha256, defaults={"name": name[:120], "channel": channel, "rows": rows, "started": at})
    return batch


@office_verb
def end_batch(*, batch: int, by: Actor, at: datetime) -> None:
    Batch.objects.filter(id=batch, ended=None).update(ended=at)


@office_verb
def take_chunk(
    *, batch: int, number: int, numbered: Sequence[tuple[int, Row | Refusal]], where: Mapping[str, str], by: Actor, at: datetime
) -> rules.Tally:
    """Take one chunk of a batch's rows, once: a chunk that is done says what it has done."""
    store.lock("chunk", batch, number)
    done = Chunk.objects.filter(batch=batch, number=number).first()
    if done is not None:
        return rules.Tally(len(numbered), done.taken, done.joined, done.again, [(int(row), str(why)) for row, why in done.faults])
    own = Batch.objects.get(id=batch)
    read = [
        row if isinstance(row, Refusal) else rules.from_row(row, where, channel=own.channel, fallback_id=f"{own.sha256[:20]}:{at_row}")
        for at_row, row in numbered
    ]
    answers = iter(take_all(messages=[one for one in read if not isinstance(one, Refusal)], by=by, at=at))
    tally = rules.Tally(len(numbered))
    for (at_row, _), one in zip(numbered, read, strict=True):
        tally.add(at_row, one if isinstance(one, Refusal) else _outcome(next(answers)))
    rows.put(Chunk, batch_id=batch, number=number, taken=tally.taken, joined=tally.joined, again=tally.again, faults=tally.faults)
    return tally


def _outcome(answer: Receipt | Refused) -> str | Refusal:
    if isinstance(answer, Refused):
        return answer.refusal
    return "again" if answer.again else "joined" if answer.joined else "taken"
