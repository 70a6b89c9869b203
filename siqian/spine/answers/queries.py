"""What others may know of answers: what is live for everybody, drafts and history for those who work here. Values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from django.db.models import Count, F, OuterRef, Q, Subquery

from siqian.kernel import catalogue, epochs
from siqian.kernel.clock import local
from siqian.kernel.permits import UNKNOWN, Actor, NotFound, Refusal, Thing, may
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people, rules as duty
from siqian.town.places import queries as places

from . import rules
from .models import Answer, NotHelped, Step, Version

INDEX = "answers"
HERE = Path(__file__).parent / "catalogue"
PAGE, DESK_PAGE = 20, 60
KEEPERS = rules.KEEPERS
# Misses older than this say little of what is written today.
RECENT = timedelta(days=90)


@dataclass(frozen=True)
class Shown:
    """An answer as everybody may read it."""

    id: int
    version: int
    question: str
    text: str
    question_en: str
    text_en: str
    item: str
    unit: str
    path: str
    basis: str
    reviewed: date
    review: date


@dataclass(frozen=True)
class Line:
    """An answer in the desk's list: its newest version, and what waits for it."""

    id: int
    state: str
    question: str
    question_en: str
    item: str
    unit: str
    path: str
    version: int
    shown: int
    review: date | None
    by_name: str
    at: datetime
    misses: int

    @property
    def is_waiting(self) -> bool:
        """Its newest version waits for a second person."""
        return self.state != "retired" and self.version != self.shown


@dataclass(frozen=True)
class Written:
    """One version, with what it changed."""

    number: int
    draft: rules.Draft
    by: str
    by_name: str
    at: datetime
    changed: tuple[tuple[str, list[rules.Part]], ...]


@dataclass(frozen=True)
class Done:
    """What became of a version: published, reviewed, due or retired."""

    version: int
    what: str
    note: str
    review: date | None
    by_name: str
    at: datetime


@dataclass(frozen=True)
class View:
    """A whole answer as somebody who works here sees it. missed: (day, all, those who told a person then); offers: verbs, and why not."""

    line: Line
    newest: Written
    written: tuple[Written, ...]
    done: tuple[Done, ...]
    missed: tuple[tuple[date, int, int], ...]
    offers: dict[str, Refusal | None]
    desk: str

    @property
    def verbs(self) -> frozenset[str]:
        return frozenset(verb for verb, why in self.offers.items() if why is None)


@dataclass(frozen=True)
class Topic:
    """A top class of the responsibility list with how many answers it has."""

    code: str
    zh: str
    en: str
    count: int


def shown(answer: int) -> Shown:
    """One that is live. NotFound for every other: a stranger learns nothing of drafts."""
    found = _shown([answer])
    if answer not in found:
        raise NotFound(rules.NO_ANSWER)
    return found[answer]


def find(text: str, *, item: str = "", least: float = rules.FAINT, near: float = 0.0, most: int = PAGE) -> list[Shown]:
    """The best live answers to a question, the best first. The index is a hint, the rows are the truth."""
    hits = _index().find(text, item=item, least=least, near=near, most=most)
    found = _shown([hit.id for hit in hits])
    return [found[hit.id] for hit in hits if hit.id in found]


def offered(text: str, kind: str, item: str = "", *, most: int = 3) -> list[Shown]:
    """What is worth reading before this is told to a person: nothing where nothing is asked, or nothing fits well."""
    asked = {"kinds": _words("kinds"), "asks": _words("asks"), "unless": _words("unless")}
    if not rules.is_question(text, kind, **asked):
        return []
    found = find(text, item=item, least=rules.ENOUGH, near=rules.NEAR, most=most * 3)
    return [line for line in found if rules.is_about(text, item, line.item)][:most]


def topics() -> list[Topic]:
    """The top classes that have live answers, in the list's order."""
    count: dict[str, int] = {}
    for item in Answer.objects.filter(state="live").values_list("item", flat=True):
        top = item.partition(".")[0]
        count[top] = count.get(top, 0) + 1
    classes = remit.classes()
    return [Topic(code, classes[code].zh, classes[code].en, count[code]) for code in sorted(count, key=int) if code in classes]


def live(*, topic: str = "", page: int = 1) -> tuple[list[Shown], bool]:
    """Live answers of a top class, or of all, by item; and whether there is a next page."""
    rows = Answer.objects.filter(state="live")
    if topic:
        rows = rows.filter(item__startswith=f"{topic}.")
    start = PAGE * (page - 1)
    ids = list(rows.order_by("item", "id").values_list("id", flat=True)[start : start + PAGE + 1])
    found = _shown(ids[:PAGE])
    return [found[id_] for id_ in ids[:PAGE] if id_ in found], len(ids) > PAGE


FILTERS = ("", "due", "waiting", "missed", "retired")


def lines(which: str = "", *, words: str = "", page: int = 1, seen_by: Actor, at: datetime) -> list[Line]:
    """A page of the desk's list: all but the retired, or those behind one filter; one line more when there is a next page."""
    if not seen_by.is_staff:
        return []
    rows = _filtered(which, at)
    if words:
        # The newest wording: that is what whoever looks for it remembers.
        known = Version.objects.filter(Q(question__icontains=words) | Q(text__icontains=words), number=F("answer__version"))
        rows = rows.filter(id__in=known.values("answer_id"))
    start = DESK_PAGE * (page - 1)
    found = list(rows[start : start + DESK_PAGE + 1])
    return _lines(found, _misses([row.id for row in found], at))


def counts(*, seen_by: Actor, at: datetime) -> dict[str, int]:
    """How many answers stand behind each filter."""
    if not seen_by.is_staff:
        return {}
    return {which: _filtered(which, at).count() for which in FILTERS}


def waiting_count(*, seen_by: Actor) -> int:
    """How many versions, written by somebody else, wait for this person to publish them."""
    rows = Answer.objects.exclude(state="retired").exclude(version=F("shown")).values_list("id", "version", "path")
    mine = set(Version.objects.filter(by=seen_by.ref).values_list("answer_id", "number"))
    return sum((id_, number) not in mine and may(seen_by, "publish", thing(id_, path)) is None for id_, number, path in rows)


def view(answer: int, *, seen_by: Actor, at: datetime) -> View:
    """A whole answer with its versions and what became of them."""
    row = Answer.objects.filter(id=answer).first()
    if row is None or not seen_by.is_staff:
        raise NotFound(rules.NO_ANSWER)
    written = _written(row)
    done = Step.objects.filter(answer=row).order_by("id").values_list("version", "what", "note", "review", "by_name", "at")
    owner = desk_of(row.path, at=at)
    return View(
        _lines([row], _misses([row.id], at))[0],
        written[0],
        tuple(written),
        tuple(Done(*step) for step in done),
        _missed_by_day(row, at),
        _offers(row, written[0], seen_by, at),
        people.post_line(owner.post)[0] if owner else "",
    )


def due(*, at: datetime, most: int = 200) -> list[int]:
    """Answers whose day is near and of which nobody has been reminded."""
    near = Answer.objects.filter(state="live", review__lte=local(at).date() + rules.AHEAD)
    reminded = Step.objects.filter(what="due", version=F("answer__shown"), review=F("answer__review")).values("answer_id")
    return list(near.exclude(id__in=reminded).order_by("review", "id").values_list("id", flat=True)[:most])


def thing(answer: int, path: str) -> Thing:
    """What a permit needs to know of an answer."""
    return Thing("answer", f"answer:{answer}", area=path)


def desk_of(path: str, *, at: datetime) -> duty.Owner | None:
    """The desk that looks after answers of this area: its own, else the next one up."""
    for level in range(len(duty.prefixes(path)) - 1, -1, -1):
        if desk := people.desk_at(path, level, at=at):
            return desk
    return None


def areas_of(actor: Actor) -> list[tuple[str, str, str]]:
    """(path, name, English name) of the areas for which this person may write: the district first."""
    top = places.district()
    paths = [top.path] if top else []
    for grant in actor.grants:
        if grant.role in rules.KEEPERS and 1 < len(duty.prefixes(grant.area)) <= 3 and grant.area not in paths:
            paths.append(grant.area)
    return [(path, *names[-1]) for path in paths if (names := places.both_names(path))]


def _filtered(which: str, at: datetime):  # type: ignore[no-untyped-def]
    rows = Answer.objects.order_by("item", "id")
    if which == "retired":
        return rows.filter(state="retired")
    rows = rows.exclude(state="retired")
    if which == "due":
        return rows.filter(state="live", review__lte=local(at).date() + rules.AHEAD).order_by("review", "id")
    if which == "waiting":
        return rows.exclude(version=F("shown"))
    if which == "missed":
        missed = NotHelped.objects.filter(answer=OuterRef("id"), day__gte=_recent(at)).values("answer").annotate(count=Count("id"))
        return rows.annotate(missed=Subquery(missed.values("count"))).filter(missed__gt=0).order_by("-missed", "id")
    return rows


def _recent(at: datetime) -> date:
    return local(at).date() - RECENT


def _misses(ids: Sequence[int], at: datetime) -> dict[int, int]:
    rows = NotHelped.objects.filter(answer_id__in=ids, day__gte=_recent(at))
    return dict(rows.values_list("answer_id").annotate(count=Count("id")))


def _missed_by_day(row: Answer, at: datetime) -> tuple[tuple[date, int, int], ...]:
    """(day, how many, how many of them told a person), the newest day first."""
    rows = NotHelped.objects.filter(answer=row, day__gte=_recent(at)).values_list("day")
    counted = rows.annotate(count=Count("id"), told=Count("id", filter=~Q(telling=""))).order_by("-day")
    return tuple((day, count, told) for day, count, told in counted)


def _lines(rows: Sequence[Answer], missed: dict[int, int]) -> list[Line]:
    newest = {row.id: row.version for row in rows}
    known = {one.answer_id: one for one in Version.objects.filter(answer_id__in=newest) if one.number == newest[one.answer_id]}
    return [_line(row, known[row.id], missed.get(row.id, 0)) for row in rows]


def _line(row: Answer, new: Version, misses: int) -> Line:
    placed = (new.item, new.unit, row.path, row.version, row.shown, row.review, new.by_name, new.at, misses)
    return Line(row.id, row.state, new.question, new.question_en, *placed)


def _written(row: Answer) -> list[Written]:
    """Every version, the newest first, each with what it changed against the one before."""
    found: list[Written] = []
    before: rules.Draft | None = None
    for one in Version.objects.filter(answer=row).order_by("number"):
        words = {name: getattr(one, name) for name in ("question", "text", "item", "unit", "review", "question_en", "text_en", "basis")}
        draft = rules.Draft(path=row.path, **words)
        found.append(Written(one.number, draft, one.by, one.by_name, one.at, rules.changed(before, draft) if before else ()))
        before = draft
    return found[::-1]


def _offers(row: Answer, newest: Written, actor: Actor, at: datetime) -> dict[str, Refusal | None]:
    offers: dict[str, Refusal | None] = {}
    for verb in rules.ANSWER.verbs(row.state):
        offers[verb] = may(actor, verb, thing(row.id, row.path))
    if "publish" in offers and offers["publish"] is None:
        today = local(at).date()
        offers["publish"] = rules.publish_fault(newest.by, actor.ref, newest=True, review=newest.draft.review or today, today=today)
    if row.version == row.shown:
        offers.pop("publish", None)
    return {verb: why for verb, why in offers.items() if why is not UNKNOWN}


def _shown(ids: Sequence[int]) -> dict[int, Shown]:
    rows = {row.id: row for row in Answer.objects.filter(id__in=ids, state="live")}
    seen = {id_: row.shown for id_, row in rows.items()}
    found: dict[int, Shown] = {}
    looked = _looked_at(rows)
    for one in Version.objects.filter(answer_id__in=rows):
        row = rows[one.answer_id]
        if one.number == seen[row.id] and row.review is not None:
            told = (one.question, one.text, one.question_en, one.text_en, row.item, row.unit, row.path, one.basis)
            found[row.id] = Shown(row.id, one.number, *told, looked.get(row.id, local(one.at).date()), row.review)
    return found


def _looked_at(rows: dict[int, Answer]) -> dict[int, date]:
    """When somebody last read each of these and found it right: by publishing it, or by looking again."""
    steps = Step.objects.filter(answer_id__in=rows, what__in=("published", "reviewed")).order_by("id")
    return {answer: local(at).date() for answer, at in steps.values_list("answer_id", "at")}


def _index() -> rules.Index:
    return epochs.held(INDEX, _load)


def _load() -> rules.Index:
    found = Version.objects.filter(answer__state="live", number=F("answer__shown")).order_by("answer_id")
    items = remit.items()
    entries = []
    for one in found:
        item = items.get(one.item)
        entries.append(rules.Entry(one.answer_id, one.question, one.text, " ".join((item.zh, *item.words)) if item else "", one.item))
        if one.question_en:
            entries.append(rules.Entry(one.answer_id, one.question_en, one.text_en, item.en if item else "", one.item))
    return rules.Index(entries, filler=_words("filler"), stop=_words("stop"))


@cache
def _words(code: str) -> tuple[str, ...]:
    return catalogue.load(HERE, rules.Words, files="words*.yaml", overlay=catalogue.overlay("answers")).latest.rows[code].words
