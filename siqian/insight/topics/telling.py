"""What a topic says of itself when it becomes a matter: the evidence, and where it is told. Reads only, for the office."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE
from siqian.spine.learn import queries as learn
from siqian.spine.matters import queries as matters
from siqian.town.places import queries as places

from . import rules
from .models import Voice


@dataclass(frozen=True)
class Raised:
    """The words of the matter, and its place: of the community where most told of it the building where most did, or the community."""

    text: str
    building: str
    address: str
    near: str
    tellers: int


def told_of(topic: int, title: str, *, at: datetime) -> Raised | None:
    """None when nobody told of it within four weeks."""
    rows = list(Voice.objects.filter(topic=topic, at__gte=at - rules.heat.SPAN).order_by("at", "telling"))
    heard = [heard_of(row) for row in rows]
    warmth = rules.heat.warmth(heard, at)
    if not warmth.tellers:
        return None
    told = matters.voices([row.telling for row in rows], seen_by=OFFICE)
    near = _most((places.community_of(row.path), rules.heat.teller(one)) for row, one in zip(rows, heard, strict=True))
    there = [(row, one) for row, one in zip(rows, heard, strict=True) if row.building and places.community_of(row.path) == near]
    building, area = _most((row.building, rules.heat.teller(one)) for row, one in there), places.at_area(near)
    text = rules.evidence.evidence(
        number=topic,
        title=title,
        week=warmth.week,
        before=warmth.before,
        tellers=warmth.tellers,
        since=day_words(rows[0].at),
        places=_places(rows, heard),
        quotes=[_quote(told[row.telling]) for row in _one_each(rows) if row.telling in told],
    )
    return Raised(text, building, "" if building or area is None else area.names[-1], near, warmth.tellers)


def heard_of(row: Voice) -> rules.heat.Heard:
    return rules.heat.Heard(row.teller, row.at, row.building)


def day_words(at: datetime) -> str:
    return rules.evidence.DAY.format(month=local(at).month, day=local(at).day)


def quoted(voice: matters.Voice) -> str:
    """Its words without personal data."""
    return learn.redact(voice.text)


def _quote(voice: matters.Voice) -> rules.evidence.Quote:
    place = places.at_building(voice.building) if voice.building else None
    return rules.evidence.Quote(quoted(voice), place.words if place else "", day_words(voice.at))


def _one_each(rows: Iterable[Voice]) -> list[Voice]:
    """The newest telling of each teller, and of those with the same words one."""
    kept: dict[int, Voice] = {}
    tellers: set[str] = set()
    for row in reversed(list(rows)):
        who = rules.heat.teller(heard_of(row))
        if who not in tellers and row.leader not in kept:
            kept[row.leader] = row
        tellers.add(who)
    return list(kept.values())


def _places(rows: Iterable[Voice], heard: Iterable[rules.heat.Heard]) -> list[tuple[str, int]]:
    """(where, how many people told there), the most first: buildings, or the areas of what has none."""
    found: dict[str, set[str]] = defaultdict(set)
    for row, one in zip(rows, heard, strict=True):
        place = places.at_building(row.building) if row.building else places.at_area(row.path.rstrip("/").rpartition("/")[2])
        found[place.words if place else ""].add(rules.heat.teller(one))
    ranked = Counter({name: len(who) for name, who in found.items() if name})
    return sorted(ranked.items(), key=lambda pair: (-pair[1], pair[0]))


def _most(told: Iterable[tuple[str, str]]) -> str:
    """Where most different people told it; of two the first by name."""
    found: dict[str, set[str]] = defaultdict(set)
    for where, who in told:
        found[where].add(who)
    return min(found, key=lambda where: (-len(found[where]), where), default="")
