"""What the town hears about notices. Whom it concerns, never what was written."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class ServiceReached(Event, name="service.reached"):
    """An emergency service was told of something and gave a receipt; reached: false when it could not be told."""

    service: Ref
    about: Ref
    reached: bool


@dataclass(frozen=True)
class ConsentGiven(Event, name="consent.given"):
    """Somebody agreed to be told by a channel outside the house."""

    reader: Ref
    channel: str


@dataclass(frozen=True)
class ConsentWithdrawn(Event, name="consent.withdrawn"):
    reader: Ref
    channel: str
