"""What the town hears about what is learned."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class ModelTrained(Event, name="model.trained"):
    """A model was made and compared with what stands; passed: it was better and no item paid for it."""

    model: Ref
    passed: bool
    why: str


@dataclass(frozen=True)
class ModelPosted(Event, name="model.posted"):
    """From now on this model takes part, or words alone ("model:0"). how: approved, promoted, rolled_back."""

    model: Ref
    how: str


@dataclass(frozen=True)
class ThresholdRaised(Event, name="threshold.raised"):
    """What went out lately without a person was wrong too often."""

    model: Ref
    floor: float
