"""What the town hears about visits."""

from dataclasses import dataclass
from datetime import date, datetime

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class VisitPlanned(Event, name="visit.planned"):
    visit: Ref
    kind: str
    post: str
    starts: datetime


@dataclass(frozen=True)
class VisitsPlanned(Event, name="visits.planned"):
    """A whole plan: so many visits in an area, until a day."""

    plan: Ref
    path: str
    visits: int
    until: date


@dataclass(frozen=True)
class VisitsTakenBack(Event, name="visits.taken_back"):
    """What nobody has changed of a plan was taken back."""

    plan: Ref
    visits: int


@dataclass(frozen=True)
class VisitMoved(Event, name="visit.moved"):
    visit: Ref
    post: str
    starts: datetime


@dataclass(frozen=True)
class VisitCancelled(Event, name="visit.cancelled"):
    visit: Ref


@dataclass(frozen=True)
class VisitDue(Event, name="visit.due"):
    """The day is near: whoever goes has it among their work, and owes a record of it."""

    visit: Ref
    post: str


@dataclass(frozen=True)
class VisitHeld(Event, name="visit.held"):
    """cells: how many building grids were reached; heard: how many people."""

    visit: Ref
    cells: int
    heard: int


@dataclass(frozen=True)
class VisitsLaidIn(Event, name="visits.laid_in"):
    """Visits of the past came in from elsewhere."""

    plan: Ref
    visits: int


@dataclass(frozen=True)
class ItemRaised(Event, name="visit_item.raised"):
    item: Ref
    visit: Ref
    way: str
    post: str


@dataclass(frozen=True)
class ItemAnswered(Event, name="visit_item.answered"):
    item: Ref


@dataclass(frozen=True)
class ItemGiven(Event, name="visit_item.given"):
    """Somebody else owes the answer; the day stays."""

    item: Ref
    post: str


@dataclass(frozen=True)
class ItemReferred(Event, name="visit_item.referred"):
    """It is to become something of a sibling's or of the spine: matter or suggestion. Intake calls the taker."""

    item: Ref
    to: str
