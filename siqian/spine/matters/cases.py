"""What is read of leaders' own cases: those a leader has, longest waiting first, and which matters are hard, each with the reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from siqian.kernel import store
from siqian.kernel.permits import Actor, Refusal, may
from siqian.town.people import queries as people
from siqian.trades.tasks import queries as tasks

from . import rules
from .models import Adoption, Matter, Petition, Request
from .rules import cases
from .rules.cases import Why
from .rules.whole import orphans
from .seeing import visible

MOST = 100


@dataclass(frozen=True)
class CaseView:
    """A leader's own case. days: since the matter was told; mine: the reader owns it, or is asked to; why: for which it is hard."""

    id: int
    matter: int
    number: str
    title: str
    place: str
    path: str
    matter_state: str
    received: datetime
    days: int
    state: str
    post: str
    post_name: str
    post_name_en: str
    name: str
    reason: str
    asked_name: str
    asked_at: datetime
    since: datetime | None
    plan: str
    looked: datetime | None
    look_by: datetime | None
    met: datetime | None
    meet_by: datetime | None
    ended: datetime | None
    ended_why: str
    mine: bool
    why: tuple[Why, ...] = ()


@dataclass(frozen=True)
class HardLine:
    """A hard matter that no leader owns yet, and every reason; asked: who was asked to own it."""

    matter: int
    number: str
    title: str
    place: str
    path: str
    state: str
    why: tuple[Why, ...]
    days: int
    asked: str
    may_adopt: bool
    may_propose: bool


def about_case(matter: int, *, seen_by: Actor, at: datetime) -> CaseView | None:
    """The newest case about a matter that this member of the staff may read; None where there is none."""
    if not seen_by.is_staff or f"matter:{matter}" in seen_by.own:
        return None
    with store.reading(seen_by):
        rows = visible(Adoption.objects.all(), seen_by).filter(matter_id=matter).select_related("matter").order_by("-id")[:1]
        found = [row for row in rows if may(seen_by, "read", rules.thing(row.matter)) is None]
    return _view(found[0], seen_by, at) if found else None


def case_offers(matter: int, *, seen_by: Actor) -> dict[str, Refusal | None]:
    """Whether the reader may adopt a matter or propose it to a leader, and why not now; what their posts never do is left out."""
    with store.reading(seen_by):
        row = visible(Matter.objects.all(), seen_by).filter(id=matter).first()
        running = Adoption.objects.filter(matter_id=matter, state__in=cases.RUNNING).first()
    if row is None:
        return {}
    taken = cases.OVER if row.state in rules.ENDED else None
    if running is not None:
        taken = Refusal(cases.TAKEN.template, name=running.name)
    found: dict[str, Refusal | None] = {verb: taken for verb in ("adopt", "propose") if may(seen_by, verb, rules.thing(row)) is None}
    if running is not None and running.state == "proposed" and running.post in seen_by.posts and "adopt" in found:
        found["adopt"] = None
    return found


def leaders_of(path: str, *, at: datetime) -> list[tuple[str, str, str, str]]:
    """(post, post's name, in English, who sits there) of the leaders who cover a place, the nearest first."""
    found = []
    for owner in people.Watch(path, at=at).of_duty("leader"):
        card = people.card_of(owner.post, at=at)
        found.append((owner.post, *people.post_line(owner.post)[:2], card.name if card else ""))
    return found


def own_cases(*, seen_by: Actor, at: datetime, most: int = MOST) -> list[CaseView]:
    """Cases that run within the reader's reach, one's own first, of those what was told longest ago."""
    with store.reading(seen_by):
        rows = (
            visible(Adoption.objects.all(), seen_by).filter(state__in=cases.RUNNING).select_related("matter").order_by("matter__received")
        )
        found = [row for row in rows[:most] if may(seen_by, "read", rules.thing(row.matter)) is None]
        why = _reasons([row.matter for row in found], at)
    views = [_view(row, seen_by, at, why.get(row.matter_id, ())) for row in found]
    return sorted(views, key=lambda view: not view.mine)


def hard(*, seen_by: Actor, at: datetime, most: int = MOST) -> list[HardLine]:
    """Open matters within the reader's reach that a leader should own, each with every reason, the longest waiting first."""
    ids = _candidates(at)
    with store.reading(seen_by):
        owned = Adoption.objects.filter(state="owned").values("matter_id")
        rows = visible(Matter.objects.all(), seen_by).filter(id__in=ids).exclude(id__in=owned).exclude(state__in=rules.ENDED)
        found = [row for row in rows.order_by("received", "id")[:most] if may(seen_by, "read", rules.thing(row)) is None]
        why = _reasons(found, at)
        asked = dict(Adoption.objects.filter(matter__in=found, state="proposed").values_list("matter_id", "name"))
    return [
        HardLine(
            row.id,
            rules.number(row.id, row.received),
            row.title,
            row.place,
            row.path,
            row.state,
            why[row.id],
            (at - row.received).days,
            asked.get(row.id, ""),
            may(seen_by, "adopt", rules.thing(row)) is None,
            may(seen_by, "propose", rules.thing(row)) is None,
        )
        for row in found
        if row.id in why
    ]


def case_matter(case: int) -> int:
    """The matter that a case is about; for the office. 0 when there is none."""
    with store.reading_all():
        return Adoption.objects.filter(id=case).values_list("matter_id", flat=True).first() or 0


def case_told(case: str) -> tuple[str, str, datetime | None]:
    """(leader's name, post's name, until when they meet whoever told it) of a case (adoption:N); for the office, which tells it."""
    row = Adoption.objects.get(id=int(case.removeprefix("adoption:")))
    return row.name, people.post_line(row.post)[0], row.meet_by if row.met is None else None


def case_faults() -> Iterator[Refusal]:
    """What cannot be so: a case of a matter that is over, clocks of a case that is over."""
    for id_, received in Adoption.objects.filter(state__in=cases.RUNNING, matter__state__in=rules.ENDED).values_list(
        "matter_id", "matter__received"
    ):
        yield Refusal("{number}：事了结了，包案还在走", number=rules.number(id_, received))
    live = set(Adoption.objects.filter(state__in=cases.RUNNING).values_list("id", flat=True))
    running = {int(about.removeprefix("adoption:")) for about in tasks.running("adoption:")}
    yield from orphans("task:adoption:", [str(id_) for id_ in sorted(running - live)])


def _candidates(at: datetime) -> set[int]:
    """Ids of what may be hard, wherever it lies; who sees it is asked afterwards."""
    ids = {int(about.removeprefix("matter:")) for about in (*_late(at), *tasks.owing("matter:", "supervise"))}
    with store.reading_all():
        ids |= set(Matter.objects.filter(reopened__gte=cases.FAILED).exclude(state__in=rules.ENDED).values_list("id", flat=True))
        ids |= set(Matter.objects.filter(state="shelved").values_list("id", flat=True))
        ids |= set(Petition.objects.filter(stage__in=("in_review", "in_recheck")).values_list("matter_id", flat=True))
    return ids


def _late(at: datetime) -> dict[str, tasks.Clock]:
    return tasks.risen("matter:", cases.HIGH, cases.LATE, before=at - cases.LONG)


def _reasons(rows: Sequence[Matter], at: datetime) -> dict[int, tuple[Why, ...]]:
    ids = [row.id for row in rows]
    late, supervised = _late(at), tasks.owing("matter:", "supervise")
    shelved = dict(
        Request.objects.filter(matter__in=ids, kind="ledger", state="granted").order_by("id").values_list("matter_id", "ruled_at")
    )
    stages = dict(Petition.objects.filter(matter__in=ids).values_list("matter_id", "stage"))
    found = {}
    for row in rows:
        about = f"matter:{row.id}"
        since = shelved.get(row.id) if row.state == "shelved" else None
        facts = cases.Facts(
            row.reopened,
            about in supervised,
            (clock.what, clock.level, clock.due) if (clock := late.get(about)) else None,
            since,
            stages.get(row.id, ""),
        )
        if why := cases.why_hard(facts, at):
            found[row.id] = tuple(why)
    return found


def _view(row: Adoption, seen_by: Actor, at: datetime, why: tuple[Why, ...] = ()) -> CaseView:
    matter = row.matter
    return CaseView(
        row.id,
        matter.id,
        rules.number(matter.id, matter.received),
        matter.title,
        matter.place,
        matter.path,
        matter.state,
        matter.received,
        (at - matter.received).days,
        row.state,
        row.post,
        *people.post_line(row.post)[:2],
        row.name,
        row.reason,
        row.asked_name,
        row.asked_at,
        row.since,
        row.plan,
        row.looked,
        row.look_by,
        row.met,
        row.meet_by,
        row.ended,
        row.why,
        may(seen_by, "lead", cases.case_thing(matter.path, matter.against, row.post)) is None,
        why,
    )
