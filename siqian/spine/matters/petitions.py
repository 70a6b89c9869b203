"""What is read of petitions: one with its days and what may be done now, the list of all that run, the same facts told before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from siqian.kernel import store
from siqian.kernel.permits import Actor, Refusal, may
from siqian.spine.remit import queries as remit

from . import rules, terms
from .models import Matter, Petition, Telling
from .rules import petition
from .rules.petition import Length, Standing
from .seeing import visible

MOST = 50


@dataclass(frozen=True)
class Said:
    """One decision of the procedure."""

    what: str
    name: str
    at: datetime
    text: str


@dataclass(frozen=True)
class PetitionView:
    """A petition's procedure. offers: each step, None when the reader may take it now, else why not; asked_*: a longer term in waiting."""

    matter: int
    number: str
    stage: str
    since: datetime
    due: datetime | None
    last: date | None
    left: int
    term: Length | None
    prolonged: int
    decisions: tuple[Said, ...]
    offers: dict[str, Refusal | None]
    asked_days: int
    asked_why: str
    asked_name: str

    @property
    def may_do(self) -> list[str]:
        return [verb for verb, why in self.offers.items() if why is None]

    @property
    def may_not(self) -> list[tuple[str, Refusal]]:
        return [(verb, why) for verb, why in self.offers.items() if why is not None]

    @property
    def answers(self) -> list[Said]:
        """What the petitioner was answered so far: opinion, review, re-check."""
        return [step for step in self.decisions if step.what in (*petition.ANSWERS, "answer_recheck")]

    @property
    def is_late(self) -> bool:
        """Whoever owes the answer is late; of whoever may ask, nobody is."""
        return self.stage in petition.OWED and self.left < 0

    @property
    def is_over(self) -> bool:
        return self.stage in petition.OVER


@dataclass(frozen=True)
class PetitionLine:
    """A petition in the list of those that run."""

    matter: int
    number: str
    title: str
    place: str
    path: str
    stage: str
    since: datetime
    due: datetime
    last: date
    left: int
    term: Length
    prolonging: bool

    @property
    def is_late(self) -> bool:
        return self.stage in petition.OWED and self.left < 0


@dataclass(frozen=True)
class Same:
    """An earlier petition of the same petitioner about the same facts."""

    number: str
    title: str
    stage: str
    last: date | None


def about(matter: int, *, seen_by: Actor, at: datetime) -> PetitionView | None:
    """The procedure of a matter that the actor may read; None where there is none."""
    with store.reading(seen_by):
        running = visible(Petition.objects.all(), seen_by).filter(matter_id=matter).select_related("matter").first()
    if running is None or may(seen_by, "read", rules.thing(running.matter)) is not None:
        return None
    return _view(running, seen_by, at)


def in_work(*, seen_by: Actor, at: datetime, page: int = 1, stage: str = "", most: int = MOST) -> tuple[list[PetitionLine], bool]:
    """Those that run within the actor's reach, what is due first on top, so many a page; whether there are more."""
    first = (max(1, page) - 1) * most
    with store.reading(seen_by):
        rows = visible(Petition.objects.all(), seen_by).filter(due__isnull=False).order_by("due", "id").select_related("matter")
        rows = rows.filter(stage=stage) if stage else rows
        found = list(rows[first : first + most + 1])
    readable = [row for row in found[:most] if may(seen_by, "read", rules.thing(row.matter)) is None]
    return [_line(row, at) for row in readable], len(found) > most


def not_asked(*, at: datetime, most: int = 500) -> list[int]:
    """Matters whose petitioner may no longer ask the next one up, and did not."""
    with store.reading_all():
        rows = Petition.objects.filter(stage__in=petition.ASKING, due__lte=at).order_by("due")
        return list(rows.values_list("matter_id", flat=True)[:most])


def same(*, item: str, building: str, seen_by: Actor) -> list[Same]:
    """Petitions of the one who tells, by account or receipt, about the same item in the same building: running, or final."""
    own = [int(ref.removeprefix("matter:")) for ref in seen_by.own if ref.startswith("matter:")]
    if not own or not building:
        return []
    with store.reading(seen_by):
        return _same(Q(matter_id__in=own), item, building)


def same_as(matter: int, *, seen_by: Actor) -> list[Same]:
    """The same for staff who look at a matter: told before by the same account or telephone."""
    with store.reading(seen_by):
        row = Matter.objects.filter(id=matter).first()
        first = Telling.objects.filter(matter=matter, how="first").values("account", "phone_mark").first()
        who = Q()
        for name, value in (first or {}).items():
            who |= Q(**{name: value}) if value else Q()
        if row is None or not who or not row.building:
            return []
        own = Telling.objects.filter(who).exclude(matter=matter).values("matter_id")
        return _same(Q(matter_id__in=own), row.item, row.building)


def _same(who: Q, item: str, building: str) -> list[Same]:
    shown = (*petition.RUNNING, "final")
    rows = Petition.objects.filter(who, stage__in=shown, matter__item=item, matter__building=building)
    if item == remit.unsure().code:
        return []
    return [
        Same(_number(row.matter), row.matter.title, row.stage, petition.last_day(row.due) if row.due else None)
        for row in rows.select_related("matter").order_by("-id")[:5]
    ]


def _number(row: Matter) -> str:
    return rules.number(row.id, row.received)


def _view(running: Petition, seen_by: Actor, at: datetime) -> PetitionView:
    code = petition.TERM.get(running.stage)
    return PetitionView(
        running.matter_id,
        _number(running.matter),
        running.stage,
        running.since,
        running.due,
        petition.last_day(running.due) if running.due else None,
        petition.days_left(running.due, at) if running.due else 0,
        terms.term(code) if code else None,
        running.prolonged,
        tuple(Said(step["what"], step["name"], datetime.fromisoformat(step["at"]), step["text"]) for step in running.decisions),
        _offers(running, seen_by, at),
        running.asked_days,
        running.asked_why,
        running.asked_name,
    )


def _line(running: Petition, at: datetime) -> PetitionLine:
    assert running.due is not None
    row = running.matter
    return PetitionLine(
        row.id,
        _number(row),
        row.title,
        row.place,
        row.path,
        running.stage,
        running.since,
        running.due,
        petition.last_day(running.due),
        petition.days_left(running.due, at),
        terms.term(petition.TERM[running.stage]),
        bool(running.asked_by),
    )


def _offers(running: Petition, seen_by: Actor, at: datetime) -> dict[str, Refusal | None]:
    """What the reader may do now, and why not: staff their steps, the petitioner theirs."""
    thing, standing = rules.thing(running.matter), _standing(running)
    if f"matter:{running.matter_id}" in seen_by.own:
        asks: Sequence[str] = ("ask_review", "ask_recheck")
        return {verb: may(seen_by, "petition up", thing) or petition.ask_fault(standing, verb, "____", at) for verb in asks}
    if may(seen_by, "petition", thing) is not None:
        return {}
    most = terms.term("prolong").days
    return {
        "inform": petition.step_fault(running.stage, "take_up"),
        "give_opinion": petition.step_fault(running.stage, "opine") or petition.spoken_fault(running.matter.state),
        "prolong": petition.prolong_fault(standing, 1, "____", most, at),
        "approve": petition.approve_fault(standing, seen_by, "____", at),
        "answer_review": _answer(running, "answer_review", seen_by),
        "answer_recheck": _answer(running, "answer_recheck", seen_by),
    }


def _answer(running: Petition, verb: str, seen_by: Actor) -> Refusal | None:
    row = running.matter
    return petition.step_fault(running.stage, verb) or petition.answer_fault(running.decisions, row.person, seen_by, row.path)


def _standing(running: Petition) -> Standing:
    return Standing(running.stage, running.since, running.due, running.prolonged, running.asked_by)
