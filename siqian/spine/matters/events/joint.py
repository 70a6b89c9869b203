"""What the town hears about joint actions and about leaders' own cases. References only."""

from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class JointCalled(Event, name="joint.called"):
    """Units were called to a joint action. place and hour stand behind the fence."""

    matter: Ref
    summons: Ref
    units: list[str]
    meets: datetime


@dataclass(frozen=True)
class JointAnswered(Event, name="joint.answered"):
    """What a unit did. how: confirm, object, arrive, miss, report."""

    matter: Ref
    summons: Ref
    unit: str
    how: str


@dataclass(frozen=True)
class JointHeld(Event, name="joint.held"):
    matter: Ref
    summons: Ref
    step: Ref


@dataclass(frozen=True)
class JointJudged(Event, name="joint.judged"):
    """side: caller (of the unit's part), unit (of the call)."""

    matter: Ref
    summons: Ref
    unit: str
    side: str
    good: bool


@dataclass(frozen=True)
class JointEnded(Event, name="joint.ended"):
    """state: judged, ended, cancelled."""

    matter: Ref
    summons: Ref
    state: str


@dataclass(frozen=True)
class CaseProposed(Event, name="case.proposed"):
    matter: Ref
    case: Ref
    post: str


@dataclass(frozen=True)
class CaseOwned(Event, name="case.owned"):
    """A leader owns it by name from now on."""

    matter: Ref
    case: Ref
    post: str


@dataclass(frozen=True)
class CaseMoved(Event, name="case.moved"):
    """Another leader owns it from now on, taken over with the reason in public."""

    matter: Ref
    case: Ref
    post: str


@dataclass(frozen=True)
class CaseSeen(Event, name="case.seen"):
    """how: look, meeting."""

    matter: Ref
    case: Ref
    how: str


@dataclass(frozen=True)
class CaseEnded(Event, name="case.ended"):
    """state: declined, handed, ended."""

    matter: Ref
    case: Ref
    state: str
