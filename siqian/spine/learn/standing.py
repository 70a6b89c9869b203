"""What is in force of what was learned, and how it does: models, lessons, drift. Values only."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from siqian.kernel import epochs, files
from siqian.kernel.clock import local
from siqian.kernel.journal import Ref
from siqian.kernel.permits import Actor, NotFound, Refusal, Thing, may, must
from siqian.town.places import queries as places

from . import governing
from .blending import SURE
from .governing import Taught
from .models import Lesson, Night, Posting, Raised, Trained
from .refitting import FEWEST, Evaluation, Served, rises
from .trained.classifier import Model

EPOCH = "learning"
FIRST = FEWEST * 5 // 3  # lessons with which the first night begins: a part of them is held back for comparing
MOST, OF_ITEM = 6_000, 60  # lessons that a night learns from, the newest, and of one item: no common thing crowds a rare one out
HOUR, LONGEST_TRY = 2, timedelta(hours=2)  # by the town's clock
RECENT, WEEKS = timedelta(days=30), 8
ENOUGH = 100  # confirmed messages below which a figure is none


@dataclass(frozen=True)
class ModelLine:
    """One model in the registry, with what became of it."""

    id: int
    card: Evaluation
    passed: bool
    why: str
    at: datetime
    in_force: bool
    here: bool


@dataclass(frozen=True)
class PostingLine:
    """When what was in force, by whom. model 0: words alone."""

    model: int
    how: str
    why: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class NightLine:
    """A day's try. model 0: none came of it, and why."""

    day: date
    runs: bool
    model: int
    why: Refusal | None


@dataclass(frozen=True)
class Part:
    """Confirmed messages of one kind, and how many of them were understood rightly as they came in; sent: without a person."""

    name: str
    messages: int
    right: int
    sent: int
    sent_right: int

    @property
    def enough(self) -> bool:
        return self.messages >= 30


@dataclass(frozen=True)
class Drift:
    """How the understanding did lately: as a whole, and by what may make it worse."""

    whole: Part
    weeks: Sequence[Part]
    channels: Sequence[Part]
    lengths: Sequence[Part]
    ages: Sequence[Part]

    @property
    def checked(self) -> bool:
        """Whether it may be called checked in this district."""
        return self.whole.sent >= ENOUGH and self.whole.sent_right >= SURE * self.whole.sent


def district() -> Thing:
    """Models are the district's as a whole."""
    place = places.district()
    return Thing("learning", area=place.path if place else "/")


def served() -> Served | None:
    """The model in force with its limits, at most a second old; nothing where words stand alone or the weights are gone."""
    return epochs.held(EPOCH, _load)


def checked() -> bool:
    """Whether what is understood here was last found right often enough; at most a second old."""
    return epochs.held(f"{EPOCH} checked", _checked, of=(EPOCH,))


def lessons() -> list[Taught]:
    """The last lesson about each thing, the oldest first, at most so many and so many of an item."""
    seen: set[str] = set()
    often: Counter[str] = Counter()
    last: list[Taught] = []
    for about, item, at in Lesson.objects.order_by("-at", "-id").values_list("about", "item", "at").iterator():
        if about in seen:
            continue
        seen.add(about)
        often[item] += 1
        if often[item] <= OF_ITEM:
            last.append(Taught(about, item, at))
        if len(last) == MOST:
            break
    return last[::-1]


def taught(about: Ref) -> str:
    """The item that was last confirmed of a thing; empty where none was."""
    return Lesson.objects.filter(about=about).order_by("-id").values_list("item", flat=True).first() or ""


def before(now: Posting) -> Trained | None:
    """What a roll-back leads to: what was in force before what is in force now; none: words alone."""
    stack: list[int | None] = []
    for trained, how in Posting.objects.filter(id__lte=now.id).order_by("id").values_list("trained_id", "how"):
        if how == "rolled_back":
            # Back to what lies below: whatever was put on since is off again.
            while stack and stack[-1] != trained:
                stack.pop()
        elif not stack or stack[-1] != trained:
            stack.append(trained)
    return Trained.objects.filter(id=stack[-2]).first() if len(stack) > 1 else None


def models(*, seen_by: Actor, most: int = 30) -> list[ModelLine]:
    """Every model, the newest first."""
    must(seen_by, "read", district())
    now = _now()
    return [_line(row, now) for row in Trained.objects.order_by("-id")[:most]]


def model(number: int, *, seen_by: Actor) -> ModelLine:
    """One model with its card. NotFound when there is none."""
    must(seen_by, "read", district())
    row = Trained.objects.filter(id=number).first()
    if row is None:
        raise NotFound(governing.NO_MODEL)
    return _line(row, _now())


def postings(*, seen_by: Actor, most: int = 20) -> list[PostingLine]:
    """What was in force when, the newest first."""
    must(seen_by, "read", district())
    rows = Posting.objects.order_by("-id")[:most]
    return [PostingLine(row.trained_id or 0, row.how, row.why, row.by_name, row.at) for row in rows]


def last_night(*, seen_by: Actor) -> NightLine | None:
    """The last day on which something was learned anew, or tried."""
    must(seen_by, "read", district())
    row = Night.objects.order_by("-day").first()
    if row is None:
        return None
    why = Refusal(row.said["template"], **row.said["values"]) if row.said else None
    return NightLine(row.day, row.ended is None, row.trained_id or 0, why)


def night_is_due(*, at: datetime) -> bool:
    """Once a day in the small hours; the first time as soon as there are lessons enough."""
    row = Night.objects.order_by("-day").first()
    if row is None:
        return Lesson.objects.count() >= FIRST
    if row.day == local(at).date():
        return row.ended is None and at - row.began >= LONGEST_TRY
    return local(at).hour >= HOUR


def may_govern(*, seen_by: Actor) -> bool:
    """Whether the actor may put models in force and take them back."""
    return may(seen_by, "approve", district()) is None


def drift(*, at: datetime, seen_by: Actor) -> Drift:
    """How the understanding did over the last weeks, and by channel, length and age words over the last thirty days."""
    must(seen_by, "read", district())
    rows = _last_since(at - timedelta(weeks=WEEKS))
    lately = [row for row in rows if at - row.at <= RECENT]
    return Drift(
        _part("", lately),
        _parts(rows, lambda row: _week(row.at)),
        _parts(lately, lambda row: row.channel),
        _parts(lately, lambda row: governing.length(row.letters)),
        _parts(lately, lambda row: row.age),
    )


def floor_now(*, at: datetime) -> tuple[int, float, int, int] | None:
    """(model, floor, messages, right) where the floor has to rise by what went out lately under what is in force."""
    now = served()
    if now is None:
        return None
    version = f"+{now.number}"
    rows = [row for row in _last_since(at - RECENT) if row.sure and row.version.endswith(version)]
    outcomes = [(row.share, row.guess == row.item) for row in rows]
    floor = rises(outcomes, now.limits)
    if floor <= now.limits.floor:
        return None
    return now.number, floor, len(outcomes), sum(good for _, good in outcomes)


def _load() -> Served | None:
    row = _now()
    if row is None or not files.place(row.weights).exists():
        return None
    limits = msgspec.convert(row.card, Evaluation).limits
    raised = Raised.objects.filter(trained=row).order_by("-id").values_list("floor", flat=True).first()
    return Served(Model.load(files.place(row.weights)), msgspec.structs.replace(limits, floor=raised or 0.0), row.id)


def _checked() -> bool:
    return bool(Night.objects.filter(ended__isnull=False).order_by("-day").values_list("checked", flat=True).first())


def _now() -> Trained | None:
    posting = Posting.objects.select_related("trained").order_by("-id").first()
    return posting.trained if posting else None


def _line(row: Trained, now: Trained | None) -> ModelLine:
    card = msgspec.convert(row.card, Evaluation)
    return ModelLine(row.id, card, row.passed, row.why, row.at, now is not None and now.id == row.id, files.place(row.weights).exists())


def _last_since(since: datetime) -> list[Lesson]:
    """The last lesson about each thing that was confirmed since then."""
    last: dict[str, Lesson] = {}
    for row in Lesson.objects.filter(at__gte=since).order_by("-id"):
        last.setdefault(row.about, row)
    return list(last.values())


def _week(at: datetime) -> str:
    day = local(at).date()
    return (day - timedelta(days=day.weekday())).isoformat()


def _parts(rows: Iterable[Lesson], of: Any) -> list[Part]:
    by: defaultdict[str, list[Lesson]] = defaultdict(list)
    for row in rows:
        by[of(row)].append(row)
    return [_part(name, by[name]) for name in sorted(by)]


def _part(name: str, rows: Sequence[Lesson]) -> Part:
    counts = Counter((row.sure, row.guess == row.item) for row in rows)
    sent, good = counts[True, True] + counts[True, False], counts[True, True]
    return Part(name, len(rows), good + counts[False, True], sent, good)
