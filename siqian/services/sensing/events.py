"""What the town hears about patrols."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class RoundLaid(Event, name="round.laid"):
    """points: how many places it has."""

    round: Ref
    post: str
    points: int


@dataclass(frozen=True)
class RoundWalked(Event, name="round.walked"):
    """Every point has its record."""

    round: Ref
    post: str


@dataclass(frozen=True)
class RoundMissed(Event, name="round.missed"):
    """Its time is over and so many points have none."""

    round: Ref
    post: str
    points: int


@dataclass(frozen=True)
class PatrolRecorded(Event, name="patrol.recorded"):
    """kind: well, fixed or needs."""

    patrol: Ref
    kind: str
    post: str


@dataclass(frozen=True)
class PatrolReferred(Event, name="patrol.referred"):
    """It needs somebody else: `intake` hands it on. to: what it is to become."""

    patrol: Ref
    to: str
