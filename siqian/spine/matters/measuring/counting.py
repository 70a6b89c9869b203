"""A week's matters with their marks, in a few statements over sets, whatever the number of measures."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from siqian.kernel import store
from siqian.spine.remit import queries as remit
from siqian.spine.remit.rules import UNSURE
from siqian.trades.tasks import queries as tasks
from siqian.trades.tasks.queries import Fallen

from ..models import Matter, Request, Step
from ..rules.measures import AGAIN_WITHIN, BOUNCED_WITHIN, CLOCKS, NONE, Fact, Mark

TOGETHER = 25_000
# Ended before it was settled: its promises count only as far as they were late by then.
CUT_SHORT = frozenset({"withdrawn", "refused", "appealed", "dismissed"})
TIMED = {"respond": ("began", "ended"), "settle": ("began", "ended", "due"), "rate": ("began", "ended")}
SPOKE = ("phone", "visit")
HANDLED = ("accepted", "phone", "visit", "message", "held", "staged", "submitted", "closed")
READ = ("joined", "parted", "closed", "passed", "rated", "reopened", "told_ok", "told_bad")
BAD = ("reopened", "told_bad")


def counted(since: datetime, until: datetime, *, left_out: Collection[int] = ()) -> list[Fact]:
    """Every matter that was received within the span, or of which a promise fell due in it, with its marks.

    left_out: matters that two people left out of the rates. Names nobody; whoever shows matters asks who looks.
    """
    with store.reading_all():
        fallen = {_id(line.about): line for line in tasks.fell_due("matter:", CLOCKS, TIMED, since=since, until=until)}
        still = tasks.stood_still("matter:", "settle", since=since, until=until, but=("check",))
        came = Matter.objects.filter(received__gte=since, received__lt=until)
        week = _Week(since, until, fallen, {_id(about): span for about, span in still.items()}, set(left_out), _repeats(came))
        ids = sorted({*came.values_list("id", flat=True), *fallen})
        return [fact for start in range(0, len(ids), TOGETHER) for fact in _facts(ids[start : start + TOGETHER], week)]


@dataclass(frozen=True)
class _Week:
    since: datetime
    until: datetime
    fallen: dict[int, Fallen]
    still: dict[int, timedelta]
    left_out: set[int]
    repeats: set[int]


@dataclass
class _Steps:
    """What the threads of some matters say: (kind, when) of each; whose item was changed; who spoke; who rated the own work."""

    paces: dict[int, list[tuple[str, datetime]]] = field(default_factory=lambda: defaultdict(list))
    reclassed: set[int] = field(default_factory=set)
    spoke: set[int] = field(default_factory=set)
    own: set[int] = field(default_factory=set)
    asked: dict[int, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))


def _id(about: str) -> int:
    return int(about.removeprefix("matter:"))


def _repeats(came) -> set[int]:
    """Of those that came, the ones of which the same building had the same, closed not long before."""
    same = Matter.objects.filter(building=OuterRef("building"), item=OuterRef("item")).exclude(building="")
    before = same.filter(closed__lt=OuterRef("received"), closed__gte=OuterRef("received") - AGAIN_WITHIN)
    return set(came.exclude(building="").filter(Exists(before)).values_list("id", flat=True))


def _facts(ids: Sequence[int], week: _Week) -> Iterator[Fact]:
    steps = _steps(ids, week)
    # A part that went back into its whole was never work of its own.
    rows = Matter.objects.filter(id__among=ids).exclude(state="gathered").order_by("id")
    rated = {code: kind.rated for code, kind in remit.kinds().items()}
    columns = ("id", "grid", "path", "unit", "item", "received", "state", "ended", "kind")
    for id_, grid, path, unit, item, received, now, ended, kind in rows.values_list(*columns):
        # What lies in the archive counts as what it had become before.
        state = ended or now
        fallen, withdrawn = week.fallen.get(id_), state in CUT_SHORT
        marks = _course(id_, received, state, week, steps)
        contact = settle = None
        if fallen is not None:
            marks |= _clocks(fallen, withdrawn) | _rating(id_, fallen, withdrawn, steps) | _games(id_, fallen, week, steps)
            marks |= NONE if rated[kind] else Mark.UNWEIGHED
            contact = _minutes(fallen, "respond") if not withdrawn else None
            settle = _minutes(fallen, "settle") if not withdrawn else None
        yield Fact(id_, grid, path, unit, item, marks, contact, settle)


def _steps(ids: Sequence[int], week: _Week) -> _Steps:
    """Of each matter only what its promises of the week ask for: most threads are long and few of their steps count."""
    found, owed = _Steps(), {id_: week.fallen[id_].owed for id_ in ids if id_ in week.fallen}
    settling = [id_ for id_, kinds in owed.items() if "settle" in kinds]
    ending = [id_ for id_, kinds in owed.items() if kinds & {"settle", "rate"}]
    raters: set[tuple[int, str]] = set()
    paces = Step.objects.filter(matter_id__among=ending, kind__in=READ).order_by("id")
    for matter, kind, at, by in paces.values_list("matter_id", "kind", "at", "by"):
        found.paces[matter].append((kind, at))
        # Whoever rates by a receipt holds no post and handles nothing.
        if kind == "rated" and not by.startswith("receipt:"):
            raters.add((matter, by))
    of_settling = Step.objects.filter(matter_id__among=settling)
    found.spoke = set(of_settling.filter(kind__in=SPOKE).values_list("matter_id", flat=True))
    given = (
        of_settling.filter(kind="assigned")
        .annotate(given=Cast(KeyTextTransform("item", "values"), TextField()))
        .exclude(given__in=("", UNSURE))
    )
    several = given.values("matter_id").annotate(items=Count("given", distinct=True)).filter(items__gt=1)
    found.reclassed = set(several.values_list("matter_id", flat=True))
    found.reclassed |= set(of_settling.filter(kind="sorted").values_list("matter_id", flat=True))
    handled = Step.objects.filter(matter_id__among=[matter for matter, _ in raters], kind__in=HANDLED)
    found.own = {matter for matter, by in handled.values_list("matter_id", "by") if (matter, by) in raters}
    for matter, kind, state in Request.objects.filter(matter_id__among=ids).values_list("matter_id", "kind", "state"):
        found.asked[matter].add((kind, state))
    return found


def _course(id_: int, received: datetime, state: str, week: _Week, steps: _Steps) -> int:
    """What became of it on the way."""
    marks, asked = NONE, steps.asked.get(id_, set())
    if week.since <= received < week.until:
        marks |= Mark.RECEIVED
    if state == "withdrawn":
        marks |= Mark.WITHDRAWN
    elif state in CUT_SHORT:
        marks |= Mark.REFUSED
    if id_ in week.left_out:
        marks |= Mark.LEFT_OUT
    if id_ in week.repeats:
        marks |= Mark.REPEAT
    if any(kind == "return" for kind, _ in asked):
        marks |= Mark.RETURNED
    if ("extension", "granted") in asked:
        marks |= Mark.EXTENDED
    if ("ledger", "granted") in asked:
        marks |= Mark.SHELVED
    return marks


def _clocks(fallen: Fallen, withdrawn: bool) -> int:
    """Which promises were owed and which were late. Of what was cut short, only what was late by then."""
    marks = NONE
    for what in CLOCKS[:4]:
        if what in fallen.owed and (what in fallen.late or not withdrawn):
            marks |= Mark[what.upper()]
            if what in fallen.late:
                marks |= Mark[f"{what.upper()}_LATE"]
    return marks


def _rating(id_: int, fallen: Fallen, withdrawn: bool, steps: _Steps) -> int:
    """What the teller said, or did not say, of the closings whose time for a rating ran out."""
    if "rate" not in fallen.owed or withdrawn:
        return NONE
    end = fallen.ended.get("rate")
    said = {kind for kind, at in steps.paces.get(id_, ()) if end is not None and fallen.began["rate"] <= at <= end}
    marks: int = Mark.RATE
    if said & {"rated", "reopened"}:
        marks |= Mark.RATED | (Mark.GOOD if "reopened" not in said else NONE)
    if said & {"told_ok", "told_bad"}:
        marks |= Mark.REACHED | (Mark.TOLD_GOOD if "told_bad" not in said else NONE)
    if said & set(BAD):
        marks |= Mark.REOPENED
    if not said & {"rated", "reopened", "told_ok", "told_bad"}:
        marks |= Mark.SILENT
    if id_ in steps.own and "rated" in said:
        marks |= Mark.SELF_RATED
    return marks


def _games(id_: int, fallen: Fallen, week: _Week, steps: _Steps) -> int:
    """What makes a figure look better than the work was."""
    if "settle" not in fallen.owed:
        return NONE
    paces, marks = steps.paces.get(id_, []), NONE
    began, ended = fallen.began["settle"], fallen.ended.get("settle", week.until)
    closings = [at for kind, at in paces if kind in ("closed", "passed") and began <= at <= ended]
    if any(timedelta() <= at - closed <= BOUNCED_WITHIN for kind, at in paces if kind in BAD for closed in closings):
        marks |= Mark.BOUNCED
    if any((kind == "joined" and at > fallen.due["settle"]) or kind == "parted" for kind, at in paces):
        marks |= Mark.JOINED
    if id_ in steps.reclassed:
        marks |= Mark.RECLASSED
    if week.still.get(id_, timedelta()) * 2 > fallen.ended.get("settle", fallen.due["settle"]) - began:
        marks |= Mark.HELD
    if closings and id_ not in steps.spoke:
        marks |= Mark.UNSPOKEN
    return marks


def _minutes(fallen: Fallen, what: str) -> int | None:
    if what not in fallen.ended:
        return None
    return int((fallen.ended[what] - fallen.began[what]).total_seconds() // 60)
