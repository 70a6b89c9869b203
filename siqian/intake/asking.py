"""What is asked in one message: one thing, or several that each go their own way under one receipt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from siqian.spine.learn import queries as learn
from siqian.spine.learn.rules import Understanding
from siqian.spine.matters import rules as matters
from siqian.spine.remit import queries as remit

from . import locating
from .locating import Located
from .rules import Message


@dataclass(frozen=True)
class Asked:
    """One ask: its words, what was understood of them, and where it is."""

    text: str
    understood: Understanding
    located: Located


def asked(message: Message) -> list[Asked]:
    """The asks of a message in their order; one where it is one, where the teller wants them together, and where they must stay so."""
    whole = Asked(message.text.strip(), learn.understand(message.text), locating.locate(message))
    if message.together or message.joins is not None:
        return [whole]
    several = learn.asks(whole.text)
    if len(several) < 2:
        return [whole]
    # The comma before the next ask is nobody's word.
    said = [(ask.text.strip().rstrip("，,、；; "), ask.bare) for ask in several]
    read = [(text, replace(learn.understand(text), title=learn.title(bare))) for text, bare in said]
    kinds = [remit.kind(kind) for kind in {whole.understood.kind, *(understood.kind for _, understood in read)}]
    discreet = any(matters.discreet(whole.text, kind, whole.understood.duties) for kind in kinds)
    if not matters.parts.told_apart(kinds, discreet=discreet, danger=bool(whole.understood.risks)):
        return [whole]
    places = _places(message, whole.located, [text for text, _ in read])
    return [Asked(text, understood, located) for (text, understood), located in zip(read, places, strict=True)]


def _places(message: Message, whole: Located, texts: Sequence[str]) -> list[Located]:
    """Where each ask is: where its own words say, else where the one before is, else where the message is."""
    if message.building or message.lon is not None or message.address:
        # Somebody pointed at the place: it is that of everything they say.
        return [replace(whole, spans=(), named=()) for _ in texts]
    found: list[Located] = []
    for text in texts:
        own = locating.locate(replace(message, text=text))
        before = next((place for place in reversed(found) if not place.why and not place.guessed), None)
        fallback = before or whole
        placed = not own.why and not own.guessed
        found.append(own if placed or (fallback.why and fallback is whole) else replace(fallback, spans=(), named=()))
    return found
