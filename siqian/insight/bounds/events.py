"""What the town hears about adjustments of the grid."""

from dataclasses import dataclass
from datetime import date

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class AdjustmentDrafted(Event, name="adjustment.drafted"):
    """kind: split, merge, border or restore; area: the code of what is cut."""

    adjustment: Ref
    kind: str
    area: str


@dataclass(frozen=True)
class AdjustmentProposed(Event, name="adjustment.proposed"):
    adjustment: Ref
    day: date


@dataclass(frozen=True)
class AdjustmentApproved(Event, name="adjustment.approved"):
    adjustment: Ref
    day: date


@dataclass(frozen=True)
class AdjustmentDeclined(Event, name="adjustment.declined"):
    adjustment: Ref


@dataclass(frozen=True)
class AdjustmentWithdrawn(Event, name="adjustment.withdrawn"):
    """was: the state in which it was taken back."""

    adjustment: Ref
    was: str


@dataclass(frozen=True)
class AdjustmentEnacted(Event, name="adjustment.enacted"):
    """It is in force: so many areas changed, so many houses lie elsewhere, these posts are another area's."""

    adjustment: Ref
    areas: int
    houses: int
    posts: list[str]


@dataclass(frozen=True)
class AdjustmentOvertaken(Event, name="adjustment.overtaken"):
    """On its day the map was another than the one it was drawn on; nothing was changed."""

    adjustment: Ref
    faults: int
