"""What is read of joint actions: one about a matter with what may be done now, those that run, how units were judged."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from siqian.kernel import store
from siqian.kernel.permits import Actor, Refusal, may
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.trades.tasks import queries as tasks

from . import rules
from .models import Matter, Summoned, Summons
from .rules import joint
from .rules.whole import orphans
from .seeing import visible

MOST = 100


@dataclass(frozen=True)
class PartView:
    """One unit's part. mine: the reader acts for it; may_*: what the reader may do with it now."""

    unit: str
    post: str
    post_name: str
    post_name_en: str
    clause: str
    state: str
    objection: str
    confirmed: datetime | None
    arrived: datetime | None
    arrived_name: str
    metres: int | None
    did: str
    came: bool | None
    in_time: bool | None
    share: str
    judged_words: str
    judged_name: str
    founded: bool | None
    founded_words: str
    founded_name: str
    late: bool
    mine: bool
    may_do: frozenset[str]
    why_not: dict[str, Refusal]

    @property
    def is_awaited(self) -> bool:
        return self.state in joint.AWAITED

    @property
    def is_there(self) -> bool:
        return self.state in joint.THERE


@dataclass(frozen=True)
class JointView:
    """A joint action as staff see it. leads: the reader leads it; why_not: what whoever leads may not do now, and why."""

    id: int
    matter: int
    number: str
    title: str
    where: str
    path: str
    state: str
    purpose: str
    place: str
    meets: datetime
    post: str
    by_name: str
    at: datetime
    held: datetime | None
    minutes: str
    ended: datetime | None
    why: str
    parts: tuple[PartView, ...]
    leads: bool
    may_do: frozenset[str]
    why_not: dict[str, Refusal]

    @property
    def runs(self) -> bool:
        return self.state in joint.RUNNING

    @property
    def there(self) -> int:
        return sum(part.is_there for part in self.parts)

    @property
    def called(self) -> int:
        return sum(part.state != "excused" for part in self.parts)

    @property
    def asks(self) -> str:
        """What the reader owes for it, the most pressing first: confirm, arrive, report, hold, judge, founded; empty for nothing."""
        found = {verb for part in self.parts for verb in part.may_do} | self.may_do
        return next((verb for verb in ASKED if verb in found), "")


ASKED = ("confirm", "arrive", "report", "hold", "judge", "founded")


@dataclass(frozen=True)
class Judged:
    """A unit over a span: how often it was called, came, in time, did its share; how often it objected, and found the call unfounded."""

    unit: str
    called: int
    confirmed: int
    came: int
    in_time: int
    good: int
    poor: int
    objected: int
    founded: int
    unfounded: int

    @property
    def came_share(self) -> float:
        return self.came / self.called

    @property
    def in_time_share(self) -> float:
        return self.in_time / self.called

    @property
    def enough(self) -> bool:
        """Whether a share says anything: from so many calls on."""
        return self.called >= joint.ENOUGH


def about_joint(matter: int, *, seen_by: Actor, at: datetime) -> JointView | None:
    """The newest joint action about a matter that this member of the staff may read; None where there is none."""
    if not seen_by.is_staff or f"matter:{matter}" in seen_by.own:
        return None
    with store.reading(seen_by):
        rows = visible(Summons.objects.all(), seen_by).filter(matter_id=matter).select_related("matter").order_by("-id")[:1]
        return next(iter(_views(rows, seen_by, at)), None)


def why_no_call(matter: int, *, seen_by: Actor) -> Refusal | None:
    """Why this person may not call units to a matter now; None when they may."""
    with store.reading(seen_by):
        row = visible(Matter.objects.all(), seen_by).filter(id=matter).first()
        runs = Summons.objects.filter(matter_id=matter, state__in=joint.RUNNING).exists()
    if row is None or (refusal := may(seen_by, "summon", rules.thing(row))) is not None:
        return rules.NO_SUCH if row is None else refusal
    if runs:
        return joint.RUNS
    if row.state not in rules.OPEN:
        return joint.NOT_OPEN
    if row.discreet and not any(seen_by.has(role) for role in ("desk", "dispatcher", "office")):
        return joint.CONFIDED
    return None


def to_call(matter: int, *, seen_by: Actor, at: datetime) -> list[tuple[str, str, str]]:
    """(unit, clause, who would act for it) of those that the list names for a matter's item; none that it is about."""
    with store.reading(seen_by):
        row = visible(Matter.objects.all(), seen_by).filter(id=matter).first()
    if row is None:
        return []
    watch, merged = people.Watch(row.path, at=at), remit.merged()
    found = []
    for code, clause in joint.proposed(remit.item(row.item), row.unit, row.against):
        if code in merged:
            continue
        owner = watch.of_unit(code)
        found.append((code, clause, people.post_line(owner.post)[0] if owner else ""))
    return found


def joint_actions(*, seen_by: Actor, at: datetime, over: bool = False, most: int = MOST) -> list[JointView]:
    """Those that run within the reader's reach, the nearest hour first; over: those that are over, the newest first."""
    with store.reading(seen_by):
        rows = visible(Summons.objects.all(), seen_by).select_related("matter")
        rows = rows.filter(state__in=joint.OVER).order_by("-id") if over else rows.filter(state__in=joint.RUNNING).order_by("meets", "id")
        return _views(rows[:most], seen_by, at)


def judged_units(*, since: datetime, until: datetime, seen_by: Actor) -> list[Judged]:
    """How units were called and judged over a span, within the reader's reach, in the order of their codes: never ranked."""
    with store.reading(seen_by):
        rows = visible(Summoned.objects.all(), seen_by).filter(summons__at__gte=since, summons__at__lt=until)
        rows = list(rows.exclude(summons__state="cancelled").exclude(state="excused").select_related("matter"))
    by_unit: dict[str, list[Summoned]] = defaultdict(list)
    for row in rows:
        if may(seen_by, "read", rules.thing(row.matter)) is None:
            by_unit[row.unit].append(row)
    return [_judged(unit, parts) for unit, parts in sorted(by_unit.items())]


def matter_of(table: str, id_: int) -> int:
    """The matter that a summons or a unit's part ("summons", "summoned") is about; for the office. 0 when there is none."""
    model = Summons if table == "summons" else Summoned
    with store.reading_all():
        return model.objects.filter(id=id_).values_list("matter_id", flat=True).first() or 0


def to_tidy(*, at: datetime, most: int = 500) -> list[int]:
    """Matters whose joint action waits for the clock: units two hours late, or a week in which somebody did not judge."""
    late = Q(summons__state="called", summons__meets__lte=at - joint.ABSENT_AFTER, state__in=joint.AWAITED)
    week = Q(summons__state="held", summons__held__lte=at - joint.JUDGE)
    with store.reading_all():
        return list(Summoned.objects.filter(late | week).values_list("matter_id", flat=True).distinct().order_by("matter_id")[:most])


@dataclass(frozen=True)
class Called:
    """Whoever acts for a unit that was called, and where to."""

    unit: str
    post: str
    place: str


def posts_called(summons: str) -> list[Called]:
    """Everybody who was called (summons:N); for the office, which tells them."""
    parts = Summoned.objects.filter(summons_id=int(summons.removeprefix("summons:"))).select_related("summons").order_by("id")
    return [Called(part.unit, part.post, part.summons.place) for part in parts]


def joint_faults() -> Iterator[Refusal]:
    """What cannot be so: units that take part in nothing, clocks of what is over."""
    takes_part: dict[int, list[str]] = defaultdict(list)
    running = Summoned.objects.filter(summons__state__in=joint.RUNNING).exclude(state="excused")
    for matter, unit in running.values_list("matter_id", "unit"):
        takes_part[matter].append(unit)
    for row in Matter.objects.exclude(joint=[]).only("id", "received", "joint"):
        if sorted(takes_part.pop(row.id, [])) != row.joint:
            yield Refusal("{number}：一起办的单位和联合办理的名单对不上", number=rules.number(row.id, row.received))
    for matter in takes_part:
        yield Refusal("{number}：一起办的单位和联合办理的名单对不上", number=str(matter))
    live = set(Summons.objects.filter(state__in=joint.RUNNING).values_list("id", flat=True))
    parts = set(Summoned.objects.filter(summons__in=live).values_list("id", flat=True))
    for kind, there in (("summons:", live), ("summoned:", parts)):
        lost = sorted({int(about.removeprefix(kind)) for about in tasks.running(kind)} - there)
        yield from orphans(f"task:{kind}", [str(id_) for id_ in lost])


def _views(rows, seen_by: Actor, at: datetime) -> list[JointView]:  # type: ignore[no-untyped-def]
    found = [row for row in rows if may(seen_by, "read", rules.thing(row.matter)) is None]
    parts: dict[int, list[Summoned]] = defaultdict(list)
    for part in Summoned.objects.filter(summons__in=[row.id for row in found]).order_by("id"):
        parts[part.summons_id].append(part)
    return [_view(row, parts[row.id], seen_by, at) for row in found]


def _view(row: Summons, parts: Sequence[Summoned], seen_by: Actor, at: datetime) -> JointView:
    matter = row.matter
    leads = may(seen_by, "lead", joint.summons_thing(matter.path, matter.against, row.post)) is None
    states = [part.state for part in parts]
    offers: dict[str, Refusal | None] = {}
    if leads and row.state == "called":
        offers = {"hold": joint.hold_fault("____", states), "cancel": None}
    return JointView(
        row.id,
        matter.id,
        rules.number(matter.id, matter.received),
        matter.title,
        matter.place,
        matter.path,
        row.state,
        row.purpose,
        row.place,
        row.meets,
        row.post,
        row.by_name,
        row.at,
        row.held,
        row.minutes,
        row.ended,
        row.why,
        tuple(_part(part, row, leads, seen_by, at) for part in parts),
        leads,
        frozenset(verb for verb, why in offers.items() if why is None),
        {verb: why for verb, why in offers.items() if why is not None},
    )


def _part(part: Summoned, summons: Summons, leads: bool, seen_by: Actor, at: datetime) -> PartView:
    matter = summons.matter
    mine = may(seen_by, "take part", joint.part_thing(matter.path, matter.against, part.unit, part.post)) is None
    offers = _offers(part, summons, mine, leads, seen_by, at)
    return PartView(
        part.unit,
        part.post,
        *people.post_line(part.post)[:2],
        part.clause,
        part.state,
        part.objection,
        part.confirmed,
        part.arrived,
        part.arrived_name,
        part.metres,
        part.did,
        part.came,
        part.in_time,
        part.share,
        part.judged_words,
        part.judged_name,
        part.founded,
        part.founded_words,
        part.founded_name,
        part.arrived is not None and part.arrived > summons.meets,
        mine,
        frozenset(verb for verb, why in offers.items() if why is None),
        {verb: why for verb, why in offers.items() if why is not None},
    )


def _offers(part: Summoned, summons: Summons, mine: bool, leads: bool, seen_by: Actor, at: datetime) -> dict[str, Refusal | None]:
    """What the reader may do with a unit's part now, and why not."""
    offers: dict[str, Refusal | None] = {}
    if part.state == "excused":
        return offers
    if mine and summons.state in joint.RUNNING:
        if part.state == "called" and summons.state == "called":
            offers["confirm"] = None
        if summons.state == "called" and part.state not in joint.THERE:
            offers["arrive"] = None
        if part.state == "arrived":
            offers["report"] = None
        if not part.objection:
            offers["object"] = None
        if summons.state == "held" and part.founded_at is None:
            offers["founded"] = joint.founded_fault("held", True, "", summons.person, seen_by)
    if leads and summons.state == "called" and part.state in joint.AWAITED:
        offers["miss"] = joint.miss_fault(summons.meets, at)
    if leads and summons.state == "held" and part.judged_at is None:
        said = joint.Verdict(True, True, "good", "________")
        offers["judge"] = joint.verdict_fault("held", said, "", part.hands, seen_by, part.unit)
    return offers


def _judged(unit: str, parts: Sequence[Summoned]) -> Judged:
    return Judged(
        unit,
        len(parts),
        sum(part.confirmed is not None for part in parts),
        sum(part.state in joint.THERE if part.came is None else part.came for part in parts),
        sum(bool(part.in_time) for part in parts),
        sum(part.share == "good" for part in parts),
        sum(part.share == "poor" for part in parts),
        sum(bool(part.objection) for part in parts),
        sum(part.founded is True for part in parts),
        sum(part.founded is False for part in parts),
    )
