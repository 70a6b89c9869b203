"""What the town hears about homes and visits to them. References only: why a home is visited, nobody reads here."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class HomeAgreed(Event, name="home.agreed"):
    """The home wants to be visited. how: face to face, by telephone, online."""

    home: Ref
    how: str


@dataclass(frozen=True)
class HomeDeclined(Event, name="home.declined"):
    """The home does not want to be visited; that is respected, and no fault."""

    home: Ref
    how: str


@dataclass(frozen=True)
class HomeEnded(Event, name="home.ended"):
    """Nobody of the household lives there any more."""

    home: Ref


@dataclass(frozen=True)
class CallsLaid(Event, name="home_calls.laid"):
    """Visits to homes were laid. One event for the range of their numbers."""

    range: Ref
    first: int
    last: int
    count: int


@dataclass(frozen=True)
class CallRecorded(Event, name="home_call.recorded"):
    """outcome: met, nobody, declined."""

    call: Ref
    outcome: str


@dataclass(frozen=True)
class CallDropped(Event, name="home_call.dropped"):
    """It does not take place: the home does not want it, or is no more."""

    call: Ref


@dataclass(frozen=True)
class CallLate(Event, name="home_call.late"):
    """Its time is over and nobody was there; the community's desk was told."""

    call: Ref
    post: str


@dataclass(frozen=True)
class CallReferred(Event, name="home_call.referred"):
    """A need was heard that somebody else has to settle: intake makes it a matter."""

    call: Ref
    to: str
