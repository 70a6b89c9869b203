"""Take what comes in, by whatever channel."""

from collections.abc import Sequence
from datetime import datetime

from siqian.kernel import files
from siqian.kernel.journal import office_verb
from siqian.kernel.permits import Actor, BadInput, Refusal
from siqian.spine.learn import queries as learn
from siqian.spine.matters import actions as matters
from siqian.spine.matters.actions import Receipt, Teller, Told

from . import locating, rules
from .models import Batch


@office_verb
def take(*, message: rules.Message, photos: Sequence[tuple[str, bytes]] = (), by: Actor, at: datetime) -> Receipt:
    """Understand, locate, receive: one message becomes a matter or joins one. BadInput names the first fault and its field."""
    for fault in rules.faults(message)[:1]:
        raise BadInput(fault)
    kept = keep_photos(photos=photos, by=by, at=at)
    located = locating.locate(message)
    told = Told(
        text=message.text.strip(),
        understood=learn.understand(message.text),
        place=located.place,
        place_words=located.words,
        channel=message.channel,
        external=message.external,
        why_unplaced=located.why,
        candidates=located.candidates,
        spans=located.spans,
        photos=tuple(kept),
        joins=message.joins,
        apart=message.apart,
    )
    return matters.receive(told=told, teller=Teller(message.name.strip(), message.phone.strip(), message.account), by=by, at=at)


@office_verb
def keep_photos(*, photos: Sequence[tuple[str, bytes]], by: Actor, at: datetime) -> list[str]:
    """Clean and keep photos; the first that is no photo refuses them all."""
    if len(photos) > rules.MOST_PHOTOS:
        raise BadInput(Refusal("一次最多{n}张照片，先发这些，其余的再补充", field="photos", n=rules.MOST_PHOTOS))
    kept = []
    for name, raw in photos:
        photo = files.clean(raw, name=name)
        if isinstance(photo, Refusal):
            raise BadInput(photo)
        kept.append(files.keep(photo, at=at))
    return kept


@office_verb
def begin_batch(*, sha256: str, name: str, channel: str, by: Actor, at: datetime) -> Batch:
    """The batch of a file, known by its content; one that was begun before goes on."""
    batch, _ = Batch.objects.get_or_create(sha256=sha256, defaults={"name": name[:120], "channel": channel, "started": at})
    return batch


@office_verb
def keep_batch(*, batch: Batch, by: Actor, at: datetime) -> None:
    """Note how far a batch has come, in the same transaction as its rows."""
    batch.save()
