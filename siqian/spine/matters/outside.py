"""What an adviser outside the house says of a matter that is unsure, and which matters are still to be asked about."""

from pathlib import Path

from django.conf import settings

from siqian.kernel import store
from siqian.spine.learn import queries as understanding
from siqian.spine.learn.queries import Adviser, Endpoint, Kept, NoAnswer
from siqian.spine.remit import queries as remit
from siqian.spine.remit.rules import UNSURE, Item

from .models import Matter, Telling

MOST = 5  # in one round: the worker has more to do than to wait
NEWEST = 100


def adviser() -> Endpoint | None:
    """The one that the deployment names; none unless it does."""
    found = settings.CONFIG
    return Endpoint(found.adviser_url, found.adviser_model, found.adviser_key) if found.adviser_url else None


def ask(adviser: Adviser) -> int:
    """Ask about unsure matters that wait for a person, the newest first; gives how many answers came. Nothing told in confidence.

    Outside of every transaction: nobody waits for the answer. One that does not come ends the round.
    """
    items = {code: item.zh for code, item in remit.items().items() if code != UNSURE}
    answered = 0
    for text in _unasked()[:MOST]:
        try:
            item = adviser.item(text, items)
        except NoAnswer:
            return answered
        _kept().put(text, item)
        answered += 1
    return answered


def said_of(text: str) -> Item | None:
    """The item that the adviser named for a text; nothing where there is no adviser, or it was not asked, or knew none."""
    if adviser() is None:
        return None
    return remit.items().get(_kept().get(_clean(text)) or "")


def _unasked() -> list[str]:
    with store.reading_all():
        waiting = Matter.objects.filter(state="received", unsure=True, discreet=False).order_by("-id").values_list("id", flat=True)[:NEWEST]
        texts = list(Telling.objects.filter(matter__in=list(waiting), how="first").order_by("-id").values_list("text", flat=True))
    clean = dict.fromkeys(_clean(text) for text in texts)
    return [text for text in clean if _kept().get(text) is None]


def _clean(text: str) -> str:
    return understanding.redact(text, strength="export")


def _kept() -> Kept:
    return Kept(Path(settings.SIQIAN_HOME) / "adviser")
