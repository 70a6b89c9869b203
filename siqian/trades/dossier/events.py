"""What the town hears about facts. Never the value, never the kind: the journal holds references only."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class FactNoted(Event, name="fact.noted"):
    """about: of whom or of which household."""

    fact: Ref
    about: Ref


@dataclass(frozen=True)
class FactConfirmed(Event, name="fact.confirmed"):
    """It is still so."""

    fact: Ref
    about: Ref


@dataclass(frozen=True)
class FactCorrected(Event, name="fact.corrected"):
    fact: Ref
    about: Ref


@dataclass(frozen=True)
class FactWithdrawn(Event, name="fact.withdrawn"):
    """The person took their consent back: nobody reads it any more, nobody asks again."""

    fact: Ref
    about: Ref


@dataclass(frozen=True)
class FactObjected(Event, name="fact.objected"):
    """The person objects to its use, or no longer does."""

    fact: Ref
    about: Ref
    stands: bool


@dataclass(frozen=True)
class FactsExpired(Event, name="facts.expired"):
    """So many were not confirmed in time and cannot be read any more. One event for all of them."""

    batch: Ref
    facts: int


@dataclass(frozen=True)
class FactsEnded(Event, name="facts.ended"):
    """Their purpose is over: the person moved away, was forgotten, or the household is no more."""

    about: Ref
    facts: int
