"""What the town hears about patrols, sensors and incidents."""

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


@dataclass(frozen=True)
class PublicityOrdered(Event, name="publicity.ordered"):
    """So many rounds are laid by it, for so many houses."""

    publicity: Ref
    rounds: int
    points: int


@dataclass(frozen=True)
class PublicityWithdrawn(Event, name="publicity.withdrawn"):
    publicity: Ref


@dataclass(frozen=True)
class SensorsRegistered(Event, name="sensors.registered"):
    """A list came in: so many new, so many changed."""

    sensors: Ref
    added: int
    changed: int


@dataclass(frozen=True)
class GatewayAdmitted(Event, name="gateway.admitted"):
    """An outside system may send readings of an area from now on; its token before this one is good no more."""

    gateway: Ref
    path: str


@dataclass(frozen=True)
class GatewayEnded(Event, name="gateway.ended"):
    gateway: Ref


@dataclass(frozen=True)
class IncidentOpened(Event, name="incident.opened"):
    """The first alarms of its kind, area and time. post: who owns it."""

    incident: Ref
    kind: str
    path: str
    post: str


@dataclass(frozen=True)
class IncidentGrew(Event, name="incident.grew"):
    """So many alarms more joined it."""

    incident: Ref
    alarms: int


@dataclass(frozen=True)
class IncidentReopened(Event, name="incident.reopened"):
    """An alarm came soon after it was over."""

    incident: Ref
    post: str


@dataclass(frozen=True)
class IncidentStepped(Event, name="incident.stepped"):
    """verb: acknowledge, join, note, calm."""

    incident: Ref
    verb: str


@dataclass(frozen=True)
class IncidentOver(Event, name="incident.over"):
    """verb: finish, or dismiss when it was a false alarm."""

    incident: Ref
    verb: str


@dataclass(frozen=True)
class IncidentMerged(Event, name="incident.merged"):
    """It has the same cause as another, which goes on with so many alarms more."""

    incident: Ref
    into: Ref
    alarms: int


@dataclass(frozen=True)
class IncidentParted(Event, name="incident.parted"):
    """It was another after all."""

    incident: Ref
    into: Ref


@dataclass(frozen=True)
class IncidentReferred(Event, name="incident.referred"):
    """Somebody else has to do something: `intake` hands it on. to: what it is to become."""

    incident: Ref
    to: str
