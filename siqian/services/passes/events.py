"""What the town hears of passes. References only; who was at which gate, nobody hears."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class CourierAsked(Event, name="courier.asked"):
    """Somebody registered. klass: what they come for."""

    courier: Ref
    klass: str


@dataclass(frozen=True)
class CourierAttested(Event, name="courier.attested"):
    """Vouched for. how: employer, desk, keeper."""

    courier: Ref
    how: str


@dataclass(frozen=True)
class CourierDeclined(Event, name="courier.declined"):
    courier: Ref
    why: str


@dataclass(frozen=True)
class CourierSuspended(Event, name="courier.suspended"):
    """By a human, with a term; their codes are shut out at once."""

    courier: Ref
    until: str


@dataclass(frozen=True)
class CourierResumed(Event, name="courier.resumed"):
    courier: Ref


@dataclass(frozen=True)
class CourierEnded(Event, name="courier.ended"):
    courier: Ref


@dataclass(frozen=True)
class PhoneBound(Event, name="phone.bound"):
    """fresh: without the key before."""

    courier: Ref
    fresh: bool


@dataclass(frozen=True)
class PhoneLost(Event, name="phone.lost"):
    """Every code of it is shut out."""

    courier: Ref


@dataclass(frozen=True)
class PassIssued(Event, name="pass.issued"):
    courier: Ref


@dataclass(frozen=True)
class EmployerAdmitted(Event, name="employer.admitted"):
    employer: Ref


@dataclass(frozen=True)
class IssuerAdmitted(Event, name="pass_issuer.admitted"):
    """A key whose passes are good: our own next one, or another issuer's."""

    issuer: Ref
    until: str


@dataclass(frozen=True)
class IssuerEnded(Event, name="pass_issuer.ended"):
    issuer: Ref


@dataclass(frozen=True)
class CompoundOpened(Event, name="compound.opened"):
    compound: Ref


@dataclass(frozen=True)
class CompoundRuled(Event, name="compound.ruled"):
    """The compound has other rules. authority: who had the right to decide them."""

    compound: Ref
    version: int
    authority: str


@dataclass(frozen=True)
class LockAsked(Event, name="compound.lock_asked"):
    compound: Ref
    hours: int


@dataclass(frozen=True)
class CompoundLocked(Event, name="compound.locked"):
    """By a second person. until: it ends by itself."""

    compound: Ref
    until: str


@dataclass(frozen=True)
class CompoundUnlocked(Event, name="compound.unlocked"):
    compound: Ref


@dataclass(frozen=True)
class GateOpened(Event, name="gate.opened"):
    gate: Ref


@dataclass(frozen=True)
class GateBound(Event, name="gate.bound"):
    """Another phone or turnstile stands for the gate; the one before opens nothing any more."""

    gate: Ref


@dataclass(frozen=True)
class GateEnded(Event, name="gate.ended"):
    gate: Ref


@dataclass(frozen=True)
class VisitsErased(Event, name="visits.erased"):
    """Their term was over; counts are left."""

    day: Ref
    count: int


@dataclass(frozen=True)
class ComplaintReferred(Event, name="pass_complaint.referred"):
    """A courier says that a compound treats couriers wrongly: intake makes it a matter."""

    complaint: Ref
    to: str


@dataclass(frozen=True)
class TroubleReported(Event, name="trouble.reported"):
    """A compound says what a courier did there; the courier is told at once."""

    trouble: Ref


@dataclass(frozen=True)
class TroubleHeard(Event, name="trouble.heard"):
    trouble: Ref


@dataclass(frozen=True)
class TroubleDecided(Event, name="trouble.decided"):
    """By a human. outcome: none, training, suspension."""

    trouble: Ref
    outcome: str


@dataclass(frozen=True)
class TroubleAppealed(Event, name="trouble.appealed"):
    trouble: Ref


@dataclass(frozen=True)
class TroubleRuled(Event, name="trouble.ruled"):
    """By another human. ruling: upheld, overturned."""

    trouble: Ref
    ruling: str


@dataclass(frozen=True)
class NameAsked(Event, name="name.asked"):
    """Somebody asks to open a courier's real name, for a case."""

    opening: Ref
    case: str


@dataclass(frozen=True)
class NameConfirmed(Event, name="name.confirmed"):
    """The second person agreed: open for half an hour."""

    opening: Ref
