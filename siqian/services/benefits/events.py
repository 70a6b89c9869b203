"""What the town hears about policies and entitlements. References only: what somebody gets, and why, nobody reads here."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class PolicyDrafted(Event, name="policy.drafted"):
    """A first draft, or a new edition of one in force."""

    policy: Ref
    edition: int


@dataclass(frozen=True)
class PolicyAsked(Event, name="policy.asked"):
    """The draft is handed to whoever reads it against the law."""

    policy: Ref
    edition: int


@dataclass(frozen=True)
class PolicyPassed(Event, name="policy.passed"):
    policy: Ref
    edition: int


@dataclass(frozen=True)
class PolicyReturned(Event, name="policy.returned"):
    policy: Ref
    edition: int


@dataclass(frozen=True)
class PolicyPublished(Event, name="policy.published"):
    """From now on everybody is matched against it."""

    policy: Ref
    edition: int


@dataclass(frozen=True)
class PolicyEnded(Event, name="policy.ended"):
    policy: Ref
    edition: int


@dataclass(frozen=True)
class EntitlementFound(Event, name="entitlement.found"):
    """Somebody fulfils a policy, and was told."""

    entitlement: Ref
    policy: Ref


@dataclass(frozen=True)
class EntitlementMoved(Event, name="entitlement.moved"):
    """It went a step on: accepted, declined, confirmed, granted, refused, stopped, appealed, allowed, upheld, left."""

    entitlement: Ref
    step: str
    policy: Ref


@dataclass(frozen=True)
class EntitlementDoubted(Event, name="entitlement.doubted"):
    """What it rests on has changed: a person looks at it again. Nothing is taken by itself."""

    entitlement: Ref


@dataclass(frozen=True)
class QuestionSkipped(Event, name="benefit_question.skipped"):
    """The person does not want to say; nobody asks again."""

    about: Ref


@dataclass(frozen=True)
class SuggestionsSwitched(Event, name="suggestions.switched"):
    """The person does not want to be looked for any more, or does again."""

    about: Ref
    on: bool


@dataclass(frozen=True)
class ParameterSet(Event, name="benefit_parameter.set"):
    """A dated figure that policies refer to."""

    parameter: Ref
    since: str
