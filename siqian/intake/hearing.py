"""What a message is heard to say: understood, placed, summed up, before any verb takes it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from siqian.kernel import files
from siqian.kernel.permits import BadInput, Refusal, Refused
from siqian.spine.learn import queries as learn
from siqian.spine.matters import actions as matters
from siqian.spine.matters.actions import Teller, Told

from . import asking, rules


def read_or_refuse(message: rules.Message) -> tuple[Told, Teller] | Refused:
    try:
        return read(message)
    except Refused as refused:
        return refused


def read(message: rules.Message) -> tuple[Told, Teller]:
    rules.check(message)
    first, *others = (_told(message, ask) for ask in asking.asked(message))
    told = replace(first, external=message.external, joins=message.joins)
    if others:
        said = message.text.strip()
        told = replace(told, message=said, others=tuple(replace(other, message=said) for other in others))
    principal = matters.Principal(message.relation, message.for_name.strip(), message.for_phone.strip()) if message.relation else None
    return told, Teller(message.name.strip(), message.phone.strip(), message.account, message.agrees, principal)


def _told(message: rules.Message, ask: asking.Asked) -> Told:
    where = ask.located.words if ask.located.place.building else ""
    understood = rules.given(ask.understood, message.item) if message.item else ask.understood
    return Told(
        text=ask.text,
        understood=replace(understood, title=learn.summary(ask.text, understood, where=where)),
        place=ask.located.place,
        place_words=ask.located.words,
        channel=message.channel,
        why_unplaced=ask.located.why,
        candidates=ask.located.candidates,
        spans=ask.located.spans,
        named=ask.located.named,
        apart=message.apart,
        upstream=message.due,
    )


def kept(photos: Sequence[tuple[str, bytes]], *, at: datetime) -> list[str]:
    """Clean and keep photos, within a verb; the first that is no photo refuses them all. Gives their hashes."""
    if len(photos) > rules.MOST_PHOTOS:
        raise BadInput(Refusal("一次最多{n}张照片，先发这些，其余的再补充", field="photos", n=rules.MOST_PHOTOS))
    hashes = []
    for name, raw in photos:
        photo = files.clean(raw, name=name)
        if isinstance(photo, Refusal):
            raise BadInput(photo)
        hashes.append(files.keep(photo, at=at))
    return hashes
