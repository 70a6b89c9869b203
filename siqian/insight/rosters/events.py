"""What the town hears about rosters."""

from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class ReliefAsked(Event, name="relief.asked"):
    """kind: leave or swap; stand_in: who is asked to stand in, if anybody."""

    relief: Ref
    kind: str
    stand_in: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class ReliefAgreed(Event, name="relief.agreed"):
    relief: Ref


@dataclass(frozen=True)
class ReliefDeclined(Event, name="relief.declined"):
    relief: Ref


@dataclass(frozen=True)
class ReliefApproved(Event, name="relief.approved"):
    relief: Ref


@dataclass(frozen=True)
class ReliefRefused(Event, name="relief.refused"):
    relief: Ref


@dataclass(frozen=True)
class ReliefWithdrawn(Event, name="relief.withdrawn"):
    relief: Ref


@dataclass(frozen=True)
class SheetTaken(Event, name="roster_sheet.taken"):
    """A week's roster was brought in from a file: so many persons' hours in an area."""

    sheet: Ref
    path: str
    persons: int
