"""What others may know of hot topics: figures of what the reader may see, and the redacted words behind them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from siqian.kernel import store
from siqian.kernel.clock import local
from siqian.kernel.permits import Actor, NotFound, Thing, may, must
from siqian.spine.matters import queries as matters
from siqian.spine.matters.queries import MatterLine
from siqian.town.places import queries as places

from . import rules
from .models import Decision, Night, Topic, Voice
from .rules.heat import Heard, Warmth, by_day, teller, warmth
from .telling import heard_of, quoted

DAYS, TIMELINE = 14, 28
SHOWN = ("live", "rising", "raised", "closed")
PAGE = 20
MOST_MATTERS = 200


@dataclass(frozen=True)
class TopicLine:
    """A topic in a list. tellings: all that the reader may see; places, units, items: (code, how many told), the most first."""

    number: int
    title: str
    state: str
    warmth: Warmth
    days: tuple[int, ...]
    tellings: int
    since: datetime
    last: datetime
    communities: tuple[tuple[str, int], ...]
    units: tuple[tuple[str, int], ...]
    items: tuple[tuple[str, int], ...]
    matter: int | None


@dataclass(frozen=True)
class Quote:
    """One telling of a topic, without personal data."""

    telling: int
    text: str
    at: datetime
    place: str
    building: str
    number: str
    how: str


@dataclass(frozen=True)
class Deed:
    """What somebody of the staff did to a topic. other: the number of the topic that was merged into it, or split off."""

    id: int
    kind: str
    why: str
    by_name: str
    at: datetime
    other: int
    words: str
    undone: datetime | None
    undone_name: str
    undoable: bool


@dataclass(frozen=True)
class TopicView:
    """A whole topic as one reader may see it. partial: other places may have told of it, too. matters: (matter, how many told)."""

    line: TopicLine
    partial: bool
    timeline: tuple[int, ...]
    spots: tuple[tuple[str, int], ...]
    quotes: tuple[Quote, ...]
    pages: int
    matters: tuple[MatterLine, ...]
    matter: MatterLine | None
    raised: datetime | None
    later: int
    deeds: tuple[Deed, ...]
    verbs: frozenset[str]
    became: int


def topics(*, seen_by: Actor, at: datetime, words: str = "", shown: str = "live") -> list[TopicLine]:
    """Topics that were told of within four weeks where the reader looks after, the hottest first.

    shown: live, rising, raised or closed ones; words: each stands in the title, or the number.
    """
    return listing(seen_by=seen_by, at=at, words=words, shown=shown)[0]


def listing(*, seen_by: Actor, at: datetime, words: str = "", shown: str = "live") -> tuple[list[TopicLine], dict[str, int]]:
    """The same, and how many topics each choice of the list shows, whatever the words."""
    must(seen_by, "read", Thing("topic"))
    every = _lines(list(Topic.objects.filter(state__in=(*rules.LIVE, "closed"))), seen_by=seen_by, at=at)
    lines = sorted(every, key=lambda line: (-line.warmth.heat, -line.last.timestamp(), line.number))
    found = [line for line in lines if _is_shown(line, shown) and _is_called(line, words)]
    return found, {choice: sum(_is_shown(line, choice) for line in lines) for choice in SHOWN}


def topic(number: int, *, page: int = 1, seen_by: Actor, at: datetime) -> TopicView:
    """One topic; NotFound where there is none, or nothing of it was told where the reader looks after."""
    must(seen_by, "read", Thing("topic"))
    row = Topic.objects.filter(id=number).first()
    if row is None:
        raise NotFound(rules.NO_TOPIC)
    with store.reading(seen_by):
        told = list(_visible(Voice.objects.filter(topic=number), seen_by).order_by("-at", "-telling"))
    if not told and not (row.became_id and _sees(row.became_id, seen_by)):
        raise NotFound(rules.NO_TOPIC)
    line = _line(row, told, at)
    lines = matters.lines(_matters_of(told), seen_by=seen_by)
    own = matters.lines([row.matter], seen_by=seen_by).get(row.matter) if row.matter else None
    return TopicView(
        line,
        not seen_by.fence.everything,
        tuple(by_day(map(heard_of, told), at, TIMELINE)),
        _counted(told, "building"),
        tuple(_quotes(told[PAGE * (page - 1) : PAGE * page], seen_by)),
        max(1, -(-len(told) // PAGE)),
        tuple(sorted(lines.values(), key=lambda one: -one.id)),
        own,
        row.raised,
        len({teller(heard_of(one)) for one in told if row.raised and one.at > row.raised}),
        tuple(_deeds(number, seen_by)),
        _verbs(row, told, seen_by),
        row.became_id or 0,
    )


def others(number: int, *, seen_by: Actor, at: datetime, most: int = 30) -> list[tuple[int, str]]:
    """(number, title) of live topics into which this one may be merged: those about the same things first, then the hottest."""
    lines = topics(seen_by=seen_by, at=at)
    own = next((set(dict(line.items)) for line in lines if line.number == number), set())
    found = sorted((line for line in lines if line.number != number), key=lambda line: not own & set(dict(line.items)))
    return [(line.number, line.title) for line in found[:most]]


def may_read(seen_by: Actor) -> bool:
    return may(seen_by, "read", Thing("topic")) is None


def last_night() -> datetime | None:
    """When the topics were last grouped anew."""
    return Night.objects.order_by("-day").values_list("at", flat=True).first()


def matter_number(matter: int) -> str:
    """What people call the matter by that was made of a topic."""
    return matters.number_of(matter)


def days_of(view: TopicView, at: datetime) -> list[tuple[date, int, bool]]:
    """(day of the town, how many told, whether it had become a matter by then) of a topic's time line, today last."""
    today, count = local(at).date(), len(view.timeline)
    raised = local(view.raised).date() if view.raised else date.max
    days = [today - timedelta(days=count - 1 - back) for back in range(count)]
    return [(day, told, day >= raised) for day, told in zip(days, view.timeline, strict=True)]


def is_grouped(day: date) -> bool:
    return Night.objects.filter(day=day).exists()


def _lines(rows: Sequence[Topic], *, seen_by: Actor, at: datetime) -> list[TopicLine]:
    told: dict[int, list[Voice]] = defaultdict(list)
    with store.reading(seen_by):
        wanted = _visible(Voice.objects.filter(topic__among=[row.id for row in rows]), seen_by).order_by("-at", "-telling")
        for voice in wanted:
            told[voice.topic_id or 0].append(voice)
    return [_line(row, told[row.id], at) for row in rows if row.id in told]


def _line(row: Topic, told: Sequence[Voice], at: datetime) -> TopicLine:
    heard = [heard_of(voice) for voice in told]
    first, last = (told[-1].at, told[0].at) if told else (row.opened, row.opened)
    return TopicLine(
        row.id,
        row.title,
        row.state,
        warmth(heard, at),
        tuple(by_day(heard, at, DAYS)),
        len(told),
        first,
        last,
        _communities(told),
        _counted(told, "unit"),
        _counted(told, "item"),
        row.matter,
    )


def _communities(told: Iterable[Voice]) -> tuple[tuple[str, int], ...]:
    found: dict[str, set[str]] = defaultdict(set)
    for voice in told:
        found[places.community_of(voice.path)].add(teller(heard_of(voice)))
    return _ranked(found)


def _counted(told: Iterable[Voice], column: str) -> tuple[tuple[str, int], ...]:
    """(code, distinct tellers), the most first."""
    found: dict[str, set[str]] = defaultdict(set)
    for voice in told:
        found[getattr(voice, column)].add(teller(Heard(voice.teller, voice.at, voice.building)))
    return _ranked(found)


def _ranked(found: dict[str, set[str]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(((code, len(who)) for code, who in found.items() if code), key=lambda pair: (-pair[1], pair[0])))


def _quotes(told: Sequence[Voice], seen_by: Actor) -> list[Quote]:
    """Read anew of the matters: what was confided meanwhile is quoted no more."""
    words = matters.voices([voice.telling for voice in told], seen_by=seen_by)
    lines = matters.lines([voice.matter for voice in told], seen_by=seen_by)
    return [_quote(voice, words[voice.telling], lines.get(voice.matter)) for voice in told if voice.telling in words]


def _quote(row: Voice, voice: matters.Voice, line: MatterLine | None) -> Quote:
    place = places.at_building(voice.building) if voice.building else places.at_area(voice.path.rstrip("/").rpartition("/")[2])
    return Quote(row.telling, quoted(voice), voice.at, place.words if place else "", voice.building, line.number if line else "", row.how)


def _matters_of(told: Iterable[Voice]) -> list[int]:
    return [matter for matter, _ in Counter(voice.matter for voice in told).most_common(MOST_MATTERS)]


def _deeds(number: int, seen_by: Actor) -> list[Deed]:
    rows = Decision.objects.filter(Q(topic=number) | Q(other=number)).order_by("-id")[:100]
    return [_deed(row, number) for row in rows]


def _deed(row: Decision, number: int) -> Deed:
    other = (row.topic_id if row.other_id == number else row.other_id) or 0
    kind = {"merge": "merged", "split": "came"}.get(row.kind, row.kind) if row.other_id == number else row.kind
    words = row.values.get("now", "")
    undoable = row.undone is None and row.kind != "raise"
    return Deed(row.id, kind, row.why, row.by_name, row.at, other, words, row.undone, row.undone_name, undoable)


def _verbs(row: Topic, told: Sequence[Voice], seen_by: Actor) -> frozenset[str]:
    """What the reader may do now: whoever sees only a part of it does nothing to it."""
    with store.reading_all():
        paths = list(Voice.objects.filter(topic=row.id).values_list("path", flat=True).distinct())
    thing = Thing("topic", f"topic:{row.id}", area=rules.common_path(paths))
    able = {verb for verb in rules.TOPIC.verbs(row.state) if may(seen_by, verb, thing) is None}
    return frozenset(able | ({"undo"} if may(seen_by, "undo", thing) is None else set()))


def _visible(rows: QuerySet[Voice], seen_by: Actor) -> QuerySet[Voice]:
    if seen_by.fence.everything:
        return rows
    return rows.filter(grid__in=seen_by.fence.grids)


def _sees(number: int, seen_by: Actor) -> bool:
    with store.reading(seen_by):
        return _visible(Voice.objects.filter(topic=number), seen_by).exists()


def _is_shown(line: TopicLine, shown: str) -> bool:
    if (line.state == "closed") != (shown == "closed"):
        return False
    if shown in ("raised", "closed"):
        return shown == "closed" or line.matter is not None
    return bool(line.warmth.tellers) and (shown != "rising" or line.warmth.rising)


def _is_called(line: TopicLine, words: str) -> bool:
    if words.strip().isdecimal():
        return line.number == int(words)
    return all(word.casefold() in line.title.casefold() for word in words.split()[:6])
