"""What the town hears about petitions. References only."""

from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class PetitionRegistered(Event, name="petition.registered"):
    """A matter was told as a petition, or found to be one: its procedure begins with its receipt."""

    matter: Ref


@dataclass(frozen=True)
class PetitionTakenUp(Event, name="petition.taken_up"):
    """until: the end of the term for the opinion."""

    matter: Ref
    until: datetime


@dataclass(frozen=True)
class PetitionProlonged(Event, name="petition.prolonged"):
    matter: Ref
    until: datetime


@dataclass(frozen=True)
class PetitionAnswered(Event, name="petition.answered"):
    """what: opine, answer_review, answer_recheck; until: how long whoever petitioned may ask the next one up, None after the last."""

    matter: Ref
    what: str
    until: datetime | None


@dataclass(frozen=True)
class PetitionAskedUp(Event, name="petition.asked_up"):
    """what: ask_review, ask_recheck."""

    matter: Ref
    what: str
    until: datetime


@dataclass(frozen=True)
class PetitionEnded(Event, name="petition.ended"):
    """Nobody asked in time, or it was dropped; stage: final, not_taken_up, dropped."""

    matter: Ref
    stage: str
