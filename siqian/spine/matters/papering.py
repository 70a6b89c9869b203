"""Papers about matters: drawn up when a step calls for one, or by hand; behind the same fence, settled when the matter is."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.utils.dateparse import parse_datetime

from siqian.kernel.journal import Event, office_verb
from siqian.kernel.permits import Actor, BadInput
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.trades.papers import actions as papers, queries as shelf
from siqian.trades.papers.queries import PaperLine
from siqian.trades.papers.rules import NO_KIND, NOT_BY_HAND, Spot, Wanted
from siqian.trades.tasks import queries as tasks

from . import rules
from .events import (
    AppealRuled,
    MatterAssigned,
    MatterRated,
    MatterRefused,
    MatterReopened,
    MatterSorted,
    MatterSupervised,
    MatterWithdrawn,
    PetitionAnswered,
    RequestRuled,
    TellerCalled,
)
from .keeping import locked
from .models import Matter, Request, Step
from .rules import papering

# By hand one may draw up all that does not come by itself, and what does but is sometimes wanted earlier.
HANDS = ("hand", "both")


def hear(event: Event, *, by: Actor, at: datetime) -> None:
    """Draw up what the event calls for; move, settle or drop what is there already. Told twice is done once."""
    row = Matter.objects.filter(id=int(event.subject.removeprefix("matter:"))).first()
    if row is None:
        return
    if isinstance(event, MatterAssigned | MatterSorted):
        papers.follow(about=event.subject, spot=_spot(row), by=by, at=at)
    begins_again = isinstance(event, MatterReopened) or (isinstance(event, AppealRuled) and event.overturned)
    if begins_again:
        papers.settle(about=event.subject, open_again=True, by=by, at=at)
    call = papering.called_for(_heard(event), remit.kind(row.kind), row.discreet)
    # A district may withdraw a kind of paper from its catalogue: then there is none.
    step = _newest(row, call) if call and call.paper in shelf.kinds() else None
    if call is not None and step is not None:
        values = papering.values(_facts(row, step, at=at), for_teller=shelf.kind(call.paper).to == "teller")
        cause = f"{call.paper}:step:{step.id}"
        wanted = Wanted(call.paper, event.subject, cause, _spot(row), values, _number(row), step.by, step.by_name)
        papers.draw_up(wanted=wanted, by=by, at=at)
    if not begins_again and _is_over(event):
        papers.settle(about=event.subject, by=by, at=at)


@office_verb
def draw_up(*, matter: int, kind: str, values: Mapping[str, str], by: Actor, at: datetime) -> int:
    """Draw up a paper about a matter by hand (拟稿); somebody else signs it. The same words twice are one paper. Gives its id."""
    row = locked(matter, by, "note")
    known = shelf.kinds().get(kind)
    if known is None:
        raise BadInput(NO_KIND)
    if known.made not in HANDS:
        raise BadInput(NOT_BY_HAND)
    filled = papering.by_hand(_facts(row, None, at=at), tuple(known.needs), values, for_teller=known.to == "teller")
    said = hashlib.sha256("\n".join(filled[name] for name in known.needs).encode()).hexdigest()[:16]
    cause = shelf.next_cause(f"hand:{matter}:{kind}:{said}")
    wanted = Wanted(kind, f"matter:{row.id}", cause, _spot(row), filled, _number(row), by.ref, by.name)
    return papers.draw_up(wanted=wanted, by=by, at=at)


def about(matter: int, *, seen_by: Actor) -> list[PaperLine]:
    """The papers about a matter that the actor may see, the newest first."""
    return shelf.about(f"matter:{matter}", seen_by=seen_by)


def _heard(event: Event) -> papering.Heard:
    name = event.name
    if isinstance(event, RequestRuled):
        return papering.Heard(name, event.kind, event.state)
    if isinstance(event, PetitionAnswered):
        return papering.Heard(name, event.what)
    if isinstance(event, MatterAssigned):
        return papering.Heard(name, why=event.why)
    if isinstance(event, MatterSupervised):
        return papering.Heard(name, decided=event.decided)
    if isinstance(event, TellerCalled):
        return papering.Heard(name, outcome=event.outcome)
    return papering.Heard(name)


def _is_over(event: Event) -> bool:
    rated = isinstance(event, MatterRated) and event.rating not in ("bad", "told_bad")
    return rated or isinstance(event, MatterWithdrawn | MatterRefused | AppealRuled)


def _newest(row: Matter, call: papering.Call) -> Step | None:
    return Step.objects.filter(matter=row, kind__in=call.steps).order_by("-at", "-id").first()


def _spot(row: Matter) -> Spot:
    return Spot(row.grid, row.id, row.path, tuple(row.against))


def _number(row: Matter) -> str:
    return rules.number(row.id, row.received)


def _facts(row: Matter, step: Step | None, *, at: datetime) -> papering.Facts:
    """What is known now; of a step: what it says, who took it and when."""
    due = {clock.what: clock.due for clock in tasks.clocks(f"matter:{row.id}")}
    told = step.values if step else {}
    unit, gates = remit.units().get(row.unit), remit.gates()
    asked_up = Step.objects.filter(matter=row, kind__in=("review_asked", "recheck_ask")).order_by("-at", "-id")
    asked = Request.objects.filter(matter=row, kind="return", state="granted").order_by("-id").values_list("post", flat=True).first()
    return papering.Facts(
        number=_number(row),
        title=row.title,
        item=remit.item(row.item).zh,
        discreet=row.discreet,
        place=row.place,
        received=row.received,
        unit=unit.zh if unit else row.unit,
        keeper=people.person_name(row.person) or people.post_line(row.post)[0] or row.post,
        respond=due.get("respond"),
        settle=due.get("settle"),
        step=step.kind if step else "",
        text=step.text if step else "",
        by=step.by_name if step else "",
        at=step.at if step else at,
        until=parse_datetime(told["until"]) if told.get("until") else None,
        why=told.get("why", ""),
        was=people.post_line(asked)[0] if asked else "",
        gate=gates.get(told.get("gate", "")),
        asked_on=asked_up.values_list("at", flat=True).first(),
    )
