"""What matters teach: what was thought of one as it came in, and the words of those that taught something."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from siqian.kernel import store
from siqian.kernel.permits import Actor
from siqian.spine.learn import actions as learn, queries as understanding
from siqian.spine.learn.queries import Thought
from siqian.spine.remit import queries as remit

from . import rules
from .models import Matter, Telling
from .rules.living import Living

MOST = 500  # numbers in one question to the database


def teach_ruled(row: Matter, was: str, state: str, *, by: Actor, at: datetime) -> None:
    """A person ruled what a matter is about."""
    then, now = remit.items().get(was, remit.unsure()), remit.item(row.item)
    if rules.teaching.ruled(state, then, now, remit.kind(row.kind), discreet=row.discreet):
        learn.confirm(about=f"matter:{row.id}", item=row.item, how="ruled", thought=_thought(row), by=by, at=at)


def teach_settled(row: Matter, *, by: Actor, at: datetime) -> None:
    """Whoever told a matter says that it is settled."""
    about, thought = f"matter:{row.id}", _thought(row)
    began = thought.guess if thought.sure else ""
    if rules.teaching.settled(row.item, began, understanding.taught(about), discreet=row.discreet):
        learn.confirm(about=about, item=row.item, how="settled", thought=thought, by=by, at=at)


def teach_lived(lived: Sequence[Living], matters: Sequence[int]) -> None:
    """What lives of another system confirmed, each by whom and when."""
    for living, matter in zip(lived, matters, strict=True):
        voice = living.life.first
        read = voice.understood
        guess = read.guesses[0] if read.guesses else None
        thought = Thought(
            guess.item if guess else "", guess.share if guess else 0.0, not read.unsure, read.version, voice.channel, voice.text, voice.at
        )
        for item, how, by, when in living.taught:
            learn.confirm(about=f"matter:{matter}", item=item, how=how, thought=thought, by=Actor(ref=by, name=""), at=when)


def texts_of(matters: Collection[int]) -> dict[int, str]:
    """What was first told of each matter, without personal data (export strength): only to be learned from."""
    found: dict[int, str] = {}
    wanted = sorted(matters)
    with store.reading_all():
        for start in range(0, len(wanted), MOST):
            rows = Telling.objects.filter(matter_id__in=wanted[start : start + MOST]).order_by("-id").values_list("matter_id", "text")
            found |= dict(rows)
    return {matter: understanding.redact(text, strength="export") for matter, text in found.items() if text}


def _thought(row: Matter) -> Thought:
    first = Telling.objects.filter(matter=row).order_by("id").values("understood", "channel", "text", "at")[0]
    guess: dict[str, Any] = row.guesses[0] if row.guesses else {"item": "", "share": 0.0}
    # What the machine let go out by itself was sure then; whether a person has ruled since does not change it.
    sure = not first["understood"].get("why")
    return Thought(
        guess["item"], guess["share"], sure, first["understood"].get("version", ""), first["channel"], first["text"], first["at"]
    )
