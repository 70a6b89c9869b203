"""What was told, as topics hear it: the words, where, when, about what. Nothing told in confidence. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from siqian.kernel import store
from siqian.kernel.permits import Actor
from siqian.spine.remit import queries as remit

from .models import Matter, Telling
from .seeing import visible

# What a machine measured, and what was made of a topic itself, is nobody's voice.
SILENT = ("sensor", "topic")
COLUMNS = ("id", "matter_id", "text", "understood", "at", "account", "phone_mark")
OF_MATTER = ("grid", "path", "building", "item", "unit")


@dataclass(frozen=True)
class Voice:
    """One telling. teller: the same for the same account or telephone, empty where neither was left; nobody is named by it.

    title: without personal data; spans: where in the text its place is named.
    """

    telling: int
    matter: int
    text: str
    title: str
    spans: tuple[tuple[int, int], ...]
    at: datetime
    teller: str
    grid: int
    path: str
    building: str
    item: str
    unit: str


def voices(tellings: Iterable[int], *, seen_by: Actor) -> dict[int, Voice]:
    """Those of these tellings that the actor may see and that topics may hear, by id."""
    with store.reading(seen_by):
        found = _heard(visible(Telling.objects.filter(id__among=list(tellings)), seen_by))
    return {voice.telling: voice for voice in found}


def voices_since(since: datetime, *, seen_by: Actor) -> list[Voice]:
    """Everything told since then that topics may hear and the actor may see, the oldest first."""
    with store.reading(seen_by):
        return _heard(visible(Telling.objects.filter(at__gte=since), seen_by))


def newest_voices(*, before: int = 0, most: int = 2000) -> list[tuple[int, datetime]]:
    """(telling, when) of the newest tellings of all, by id; before: the last of the page before. For whoever looks what is new."""
    with store.reading_all():
        rows = _topical(Telling.objects.filter(id__lt=before) if before else Telling.objects.all())
        return list(rows.order_by("-id").values_list("id", "at")[:most])


def confided_since(since: datetime) -> list[int]:
    """Ids of matters received since then that topics must not hear, or hear no more."""
    with store.reading_all():
        received = Matter.objects.filter(received__gte=since)
        ids = set(received.filter(discreet=True).values_list("id", flat=True))
        return sorted(ids | set(received.filter(kind__in=_kept_apart()).values_list("id", flat=True)))


def _heard(rows: QuerySet[Telling]) -> list[Voice]:
    wanted = (*COLUMNS, *(f"matter__{name}" for name in OF_MATTER))
    return [_voice(*row) for row in _topical(rows).order_by("id").values_list(*wanted)]


def _topical(rows: QuerySet[Telling]) -> QuerySet[Telling]:
    return rows.exclude(channel__in=SILENT).exclude(matter__kind__in=_kept_apart()).filter(matter__discreet=False)


def _voice(
    telling: int,
    matter: int,
    text: str,
    understood: dict[str, Any],
    at: datetime,
    account: str,
    phone_mark: str,
    grid: int,
    path: str,
    building: str,
    item: str,
    unit: str,
) -> Voice:
    said_by = account or phone_mark
    mark = sha256(f"voice:{said_by}".encode()).hexdigest()[:16] if said_by else ""
    title = understood.get("title", "")
    spans = tuple((start, end) for start, end, *tag in understood.get("spans", ()) if "place" in tag)
    return Voice(telling, matter, text, title, spans, at, mark, grid, path, building, item, unit)


def _kept_apart() -> list[str]:
    """Kinds that are led in confidence, petitions and disputes among them, and those that hide who told."""
    return [code for code, kind in remit.kinds().items() if kind.confided or kind.teller == "desk"]
