"""What the town hears about matters. References only: what people said stays behind the fence."""

from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class MatterReceived(Event, name="matter.received"):
    matter: Ref
    telling: Ref
    channel: str
    item: str
    grid: int
    post: str
    respond_due: datetime
    settle_due: datetime


@dataclass(frozen=True)
class TellingJoined(Event, name="telling.joined"):
    """A further telling of the same thing. how: sure (by rule), chosen (by the teller)."""

    matter: Ref
    telling: Ref
    channel: str
    how: str


@dataclass(frozen=True)
class TellingParted(Event, name="telling.parted"):
    """A joined telling was made a matter of its own again."""

    matter: Ref
    telling: Ref
    became: Ref


@dataclass(frozen=True)
class MatterAssigned(Event, name="matter.assigned"):
    matter: Ref
    item: str
    unit: str
    post: str
    why: str


@dataclass(frozen=True)
class MatterAccepted(Event, name="matter.accepted"):
    matter: Ref
    post: str


@dataclass(frozen=True)
class TellerContacted(Event, name="teller.contacted"):
    """A person spoke or wrote to the teller. how: phone, visit, message."""

    matter: Ref
    step: Ref
    how: str


@dataclass(frozen=True)
class MatterNoted(Event, name="matter.noted"):
    """A remark of the teller (public) or a note among colleagues."""

    matter: Ref
    step: Ref
    public: bool


@dataclass(frozen=True)
class MatterUrged(Event, name="matter.urged"):
    matter: Ref
    post: str


@dataclass(frozen=True)
class MatterClosed(Event, name="matter.closed"):
    matter: Ref
    step: Ref
    photos: int
    post: str


@dataclass(frozen=True)
class MatterRated(Event, name="matter.rated"):
    """rating: good, bad, or lapsed when nobody rated in time."""

    matter: Ref
    rating: str


@dataclass(frozen=True)
class MatterReopened(Event, name="matter.reopened"):
    matter: Ref
    post: str
    times: int


@dataclass(frozen=True)
class MatterWithdrawn(Event, name="matter.withdrawn"):
    matter: Ref


@dataclass(frozen=True)
class MattersChronicled(Event, name="matters.chronicled"):
    """Matters that were lived before or elsewhere were taken over, as one range of ids; sha256: of what was taken."""

    matters: Ref
    first: int
    last: int
    count: int
    sha256: str
