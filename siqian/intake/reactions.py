"""What intake hands on between siblings: what was raised on a visit or at a door, what a patrol or an incident refers, becomes a matter."""

from datetime import datetime

from siqian.kernel.journal import on
from siqian.kernel.permits import Actor
from siqian.kernel.said import said
from siqian.services.care import queries as care
from siqian.services.care.events import CallReferred
from siqian.services.passes import queries as passes
from siqian.services.passes.events import ComplaintReferred
from siqian.services.sensing import queries as sensing
from siqian.services.sensing.events import IncidentReferred, PatrolReferred
from siqian.services.visits import queries as visits
from siqian.services.visits.events import ItemReferred
from siqian.spine.matters.events import MatterAccepted, MatterClosed, MatterRefused, MatterReopened, MatterWithdrawn
from siqian.town.people import queries as people
from siqian.trades.notices import actions as notices
from siqian.trades.tasks.events import TaskOverdue

from . import actions, arriving, writing
from .rules import Message

SILENT = said("{system}断了，到时限还没接上，第{level}级，报到您这里")


@on(PatrolReferred)
def take_patrol(event: PatrolReferred, *, by: Actor, at: datetime) -> None:
    seen = sensing.referral(int(event.patrol.removeprefix("patrol:")))
    # The register's building is the surer place; the position is for what stands beside houses.
    where = {"building": seen.building} if seen.building else {"lon": seen.lon, "lat": seen.lat}
    # A channel of its own; the gate knows the others.
    message = Message(text=seen.text, channel="desk", **where)  # type: ignore[arg-type]
    actions.take_referral(ref=event.patrol, message=message, channel="patrol", photos=seen.photos, by=by, at=at)


@on(IncidentReferred)
def take_incident(event: IncidentReferred, *, by: Actor, at: datetime) -> None:
    """What sensors raised and somebody else has to mend, told at the place of the first of them."""
    seen = sensing.incident_referral(int(event.incident.removeprefix("incident:")))
    where = {"building": seen.building} if seen.building else {"lon": seen.lon, "lat": seen.lat}
    message = Message(text=seen.text, channel="desk", **where)  # type: ignore[arg-type]
    actions.take_referral(ref=event.incident, message=message, channel="sensor", photos=seen.photos, by=by, at=at)


@on(ItemReferred)
def take_raised(event: ItemReferred, *, by: Actor, at: datetime) -> None:
    """What was raised on a visit, told at the place of the visit. A suggestion is one, whatever its words sound like."""
    raised = visits.referral(int(event.item.removeprefix("visit_item:")))
    where = {"building": raised.building} if raised.building else {"address": raised.place, "near": raised.community}
    message = Message(text=raised.text, channel="desk", **where)  # type: ignore[arg-type]
    actions.take_referral(
        ref=event.item, message=message, channel="visit", kind="suggestion" if event.to == "suggestion" else None, by=by, at=at
    )


@on(CallReferred)
def take_need(event: CallReferred, *, by: Actor, at: datetime) -> None:
    """What a home needs from somebody else, told at its house; whose home it is, the words say or nobody."""
    need = care.referral(int(event.call.removeprefix("home_call:")))
    message = Message(text=need.text, channel="desk", building=need.building)
    actions.take_referral(ref=event.call, message=message, channel="visit", by=by, at=at)


@on(MatterAccepted)
def tell_accepted(event: MatterAccepted, *, by: Actor, at: datetime) -> None:
    """The systems whose messages became the matter hear that somebody has it, later what became of it."""
    writing.write(matter=_number(event.matter), event="accepted", by=by, at=at)


@on(MatterClosed)
def tell_closed(event: MatterClosed, *, by: Actor, at: datetime) -> None:
    writing.write(matter=_number(event.matter), event="closed", by=by, at=at)


@on(MatterReopened)
def tell_reopened(event: MatterReopened, *, by: Actor, at: datetime) -> None:
    writing.write(matter=_number(event.matter), event="reopened", by=by, at=at)


@on(MatterRefused)
def tell_refused(event: MatterRefused, *, by: Actor, at: datetime) -> None:
    writing.write(matter=_number(event.matter), event="refused", by=by, at=at)


@on(MatterWithdrawn)
def tell_withdrawn(event: MatterWithdrawn, *, by: Actor, at: datetime) -> None:
    writing.write(matter=_number(event.matter), event="withdrawn", by=by, at=at)


@on(TaskOverdue, of=("system",))
def climb(event: TaskOverdue, *, by: Actor, at: datetime) -> None:
    """A system that is silent and whom nobody has asked about: the district's desk hears of it."""
    desk = people.desk_from(event.path, 0, at=at)
    name = arriving.named(event.about.removeprefix("system:"))
    if desk is not None and name is not None:
        values = {"system": name.zh, "system_en": name.en, "level": str(event.level)}
        notices.tell(to=f"post:{desk.post}", about=event.about, text=SILENT, values=values, by=by, at=at)


def _number(matter: str) -> int:
    return int(matter.removeprefix("matter:"))


@on(ComplaintReferred)
def take_complaint(event: ComplaintReferred, *, by: Actor, at: datetime) -> None:
    """How a compound treats couriers, told at the compound; which courier said it, nobody there learns."""
    text, building = passes.complaint(int(event.complaint.removeprefix("pass_complaint:")))
    message = Message(text=text, channel="desk", building=building)
    actions.take_referral(ref=event.complaint, message=message, channel="desk", by=by, at=at)
