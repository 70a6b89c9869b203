"""What the town hears about matters. References only: what people said stays behind the fence."""

from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.journal import Event, Ref

from .joint import (
    CaseEnded,
    CaseMoved,
    CaseOwned,
    CaseProposed,
    CaseSeen,
    JointAnswered,
    JointCalled,
    JointEnded,
    JointHeld,
    JointJudged,
)
from .petition import (
    PetitionAnswered,
    PetitionAskedUp,
    PetitionEnded,
    PetitionProlonged,
    PetitionRegistered,
    PetitionTakenUp,
)

__all__ = [
    "AppealRuled",
    "CaseEnded",
    "CaseMoved",
    "CaseOwned",
    "CaseProposed",
    "CaseSeen",
    "JointAnswered",
    "JointCalled",
    "JointEnded",
    "JointHeld",
    "JointJudged",
    "MatterAccepted",
    "MatterAlarmed",
    "MatterAppealed",
    "MatterAssigned",
    "MatterChecked",
    "MatterClosed",
    "MatterHeld",
    "MatterNoted",
    "MatterRated",
    "MatterReceived",
    "MatterRefused",
    "MatterReopened",
    "MatterResumed",
    "MatterShelved",
    "MatterSorted",
    "MatterStaged",
    "MatterSubmitted",
    "MatterSupervised",
    "MatterTakenBack",
    "MatterTakenUp",
    "MatterUrged",
    "MatterWithdrawn",
    "MattersArchived",
    "MattersChronicled",
    "PetitionAnswered",
    "PetitionAskedUp",
    "PetitionEnded",
    "PetitionProlonged",
    "PetitionRegistered",
    "PetitionTakenUp",
    "RequestAsked",
    "RequestRuled",
    "TellerCalled",
    "TellerContacted",
    "TellingJoined",
    "TellingParted",
    "WhyAsked",
]


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
class MatterDivided(Event, name="matter.divided"):
    """It has parts with owners of their own now: asks of one message, or jobs that somebody found in it."""

    matter: Ref
    parts: list[Ref]


@dataclass(frozen=True)
class PartGathered(Event, name="part.gathered"):
    """A part went back into its whole before anybody took it up."""

    matter: Ref
    whole: Ref


@dataclass(frozen=True)
class PartsDone(Event, name="parts.done"):
    """Nobody works on a part of it any more: whoever leads it may close the whole."""

    matter: Ref
    count: int


@dataclass(frozen=True)
class MatterAlarmed(Event, name="matter.alarmed"):
    """What was told is for an emergency service at once: 110, 119, 120 or 122."""

    matter: Ref
    telling: Ref
    to: list[str]


@dataclass(frozen=True)
class MatterAssigned(Event, name="matter.assigned"):
    matter: Ref
    item: str
    unit: str
    post: str
    why: str


@dataclass(frozen=True)
class MatterSorted(Event, name="matter.sorted"):
    """It was found to be of another kind: a complaint, no question."""

    matter: Ref
    kind: str
    was: str


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
class WhyAsked(Event, name="why.asked"):
    """The teller asks why it takes so long; whoever sits on the post owes a word."""

    matter: Ref
    post: str


@dataclass(frozen=True)
class MatterClosed(Event, name="matter.closed"):
    matter: Ref
    step: Ref
    photos: int
    post: str


@dataclass(frozen=True)
class MatterTakenBack(Event, name="matter.taken_back"):
    """It was closed by mistake and goes on, with the clocks that it had."""

    matter: Ref
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
class MatterRefused(Event, name="matter.refused"):
    """Not taken up; clause: the row of the gate, which names the lawful door."""

    matter: Ref
    clause: str


@dataclass(frozen=True)
class MatterAppealed(Event, name="matter.appealed"):
    matter: Ref
    request: Ref


@dataclass(frozen=True)
class AppealRuled(Event, name="appeal.ruled"):
    """overturned: the matter is taken up after all."""

    matter: Ref
    overturned: bool


@dataclass(frozen=True)
class MattersChronicled(Event, name="matters.chronicled"):
    """Matters that were lived before or elsewhere were taken over, as one range of ids; sha256: of what was taken."""

    matters: Ref
    first: int
    last: int
    count: int
    sha256: str


@dataclass(frozen=True)
class MattersArchived(Event, name="matters.archived"):
    """Matters that had ended went to the archive; first and last: of the range in which they lie."""

    matters: Ref
    first: int
    last: int
    count: int


@dataclass(frozen=True)
class RequestAsked(Event, name="request.asked"):
    """kind: return, extension, ledger. The matter goes on meanwhile, with its owner and its clocks."""

    matter: Ref
    request: Ref
    kind: str


@dataclass(frozen=True)
class RequestRuled(Event, name="request.ruled"):
    """state: granted, denied, or dropped because the matter ended first."""

    matter: Ref
    request: Ref
    kind: str
    state: str


@dataclass(frozen=True)
class MatterHeld(Event, name="matter.held"):
    """why: resident, third, works; limit: when the hold ends by itself."""

    matter: Ref
    why: str
    limit: datetime


@dataclass(frozen=True)
class MatterResumed(Event, name="matter.resumed"):
    matter: Ref


@dataclass(frozen=True)
class MatterStaged(Event, name="matter.staged"):
    """A stage answer: what will be done until this day."""

    matter: Ref
    step: Ref
    until: datetime


@dataclass(frozen=True)
class MatterShelved(Event, name="matter.shelved"):
    """Entered in the long ledger, or looked at again there; until: the next day of its review."""

    matter: Ref
    until: datetime


@dataclass(frozen=True)
class MatterTakenUp(Event, name="matter.taken_up"):
    """Out of the long ledger and in hand again."""

    matter: Ref


@dataclass(frozen=True)
class MatterSubmitted(Event, name="matter.submitted"):
    """Done, as its handler says; somebody else looks at it on the spot."""

    matter: Ref
    step: Ref
    post: str


@dataclass(frozen=True)
class MatterChecked(Event, name="matter.checked"):
    matter: Ref
    passed: bool


@dataclass(frozen=True)
class TellerCalled(Event, name="teller.called"):
    """A third person called back. outcome: unreached, told_ok, told_bad."""

    matter: Ref
    outcome: str


@dataclass(frozen=True)
class MatterSupervised(Event, name="matter.supervised"):
    """Twice dissatisfied: a higher desk owes a decision (opened), and gave it (decided)."""

    matter: Ref
    post: str
    decided: bool
