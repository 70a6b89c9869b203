"""The only writers of what is learned: lessons as they come, a model a night, which of them is in force, what holds it back."""

from datetime import datetime

import msgspec

from siqian.kernel import epochs, files, rows, store
from siqian.kernel.clock import local
from siqian.kernel.journal import Ref, record, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal, Refused, declare, must

from . import governing, standing
from .events import ModelPosted, ModelTrained, ThresholdRaised
from .governing import Thought
from .models import Lesson, Night, Posting, Raised, Trained
from .refitting import Evaluation
from .standing import EPOCH, district

declare("learning", *governing.PERMITS)


@verb
def confirm(*, about: Ref, item: str, how: str, thought: Thought, by: Actor, at: datetime) -> None:
    """Somebody confirmed what a thing is about; how: ruled or settled. Whoever asks has looked whether it teaches."""
    rows.put(
        Lesson,
        about=about,
        item=item,
        how=how,
        guess=thought.guess,
        share=thought.share,
        sure=thought.sure,
        version=thought.version[:24],
        channel=thought.channel,
        letters=len(thought.text),
        age=governing.age(thought.text),
        told=thought.at,
        by=by.ref,
        at=at,
    )


@verb
def begin_night(*, by: Actor, at: datetime, anew: bool = False) -> int | None:
    """Take the day's try to learn anew, once whoever asks; gives its id. anew: somebody asks for another try."""
    must(by, "try", district())
    store.lock("learning", "night")
    night, fresh = Night.objects.get_or_create(day=local(at).date(), defaults={"began": at})
    if fresh:
        return night.id
    # A try that was cut off is taken up again; one that runs is left alone.
    if not anew and (night.ended is not None or at - night.began < standing.LONGEST_TRY):
        return None
    night.began, night.ended = at, None
    night.save(update_fields=["began", "ended"])
    return night.id


@verb
def end_night(*, night: int, made: Evaluation | None = None, why: Refusal | None = None, by: Actor, at: datetime) -> None:
    """Keep what came of a try: a model with its card, or why there is none. Records model.trained and, where it is promoted, model.posted.

    The first model of a district, and one after a roll-back, waits for a person; one that replaces another needs none.
    """
    must(by, "try", district())
    said = {"template": why.template, "values": why.values} if why else {}
    trained = _kept(made, at) if made else None
    Night.objects.filter(id=night).update(ended=at, trained=trained, said=said, checked=standing.drift(at=at, seen_by=by).checked)
    epochs.bump(EPOCH)
    if trained is None:
        return
    record(ModelTrained(f"model:{trained.id}", trained.passed, trained.why), first=True, by=by, at=at)
    now = Posting.objects.order_by("-id").first()
    if trained.passed and now is not None and now.how != "rolled_back" and now.trained_id is not None:
        _post(trained, "promoted", "", by=by, at=at)


@verb
def approve(*, model: int, by: Actor, at: datetime) -> None:
    """A person lets a model that passed take part from now on. Records model.posted."""
    must(by, "approve", district())
    store.lock("learning", "posting")
    trained = Trained.objects.filter(id=model).first()
    if trained is None:
        raise NotFound(governing.NO_MODEL)
    if not trained.passed:
        raise Refused(governing.HELD_BACK)
    now = Posting.objects.order_by("-id").first()
    if now is not None and now.trained_id == trained.id:
        raise Refused(governing.IN_FORCE)
    if not files.place(trained.weights).exists():
        raise Refused(governing.WEIGHTS_GONE)
    _post(trained, "approved", "", by=by, at=at)


@verb
def roll_back(*, why: str, by: Actor, at: datetime) -> None:
    """Back to what was in force before, words alone at last; what comes later waits for a person again. Records model.posted."""
    must(by, "roll_back", district())
    if not why.strip():
        raise BadInput(governing.NO_WHY)
    store.lock("learning", "posting")
    now = Posting.objects.order_by("-id").first()
    if now is None or now.trained_id is None:
        raise Refused(governing.NONE_BEFORE)
    _post(standing.before(now), "rolled_back", why.strip()[:200], by=by, at=at)


@verb
def raise_floor(*, model: int, floor: float, messages: int, right: int, by: Actor, at: datetime) -> None:
    """From now on nothing goes out without a person below this probability. Records threshold.raised."""
    must(by, "try", district())
    Raised.objects.create(trained_id=model, floor=floor, messages=messages, right=right, at=at)
    epochs.bump(EPOCH)
    record(ThresholdRaised(f"model:{model}", floor), by=by, at=at)


def _kept(made: Evaluation, at: datetime) -> Trained:
    return Trained.objects.create(weights=made.weights, card=msgspec.to_builtins(made), passed=made.passed, why=made.why, at=at)


def _post(trained: Trained | None, how: str, why: str, *, by: Actor, at: datetime) -> None:
    Posting.objects.create(trained=trained, how=how, why=why, by=by.ref, by_name=by.name, at=at)
    epochs.bump(EPOCH)
    record(ModelPosted(f"model:{trained.id if trained else 0}", how), by=by, at=at)
