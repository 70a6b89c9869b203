"""What the town hears about intake."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class ReferralTaken(Event, name="referral.taken"):
    """What a sibling referred has become this."""

    ref: Ref
    to: Ref
