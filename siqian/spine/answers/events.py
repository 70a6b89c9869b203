"""What the town hears about answers."""

from dataclasses import dataclass
from datetime import date

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class AnswerWritten(Event, name="answer.written"):
    """A version was written; nobody outside sees it yet."""

    answer: Ref
    version: int


@dataclass(frozen=True)
class AnswerPublished(Event, name="answer.published"):
    answer: Ref
    version: int
    review: date


@dataclass(frozen=True)
class AnswerDue(Event, name="answer.due"):
    """The day on which somebody looks at it again is near."""

    answer: Ref
    review: date
    post: str


@dataclass(frozen=True)
class AnswerReviewed(Event, name="answer.reviewed"):
    """Somebody looked at it again and it still holds; review: the next day."""

    answer: Ref
    version: int
    review: date


@dataclass(frozen=True)
class AnswerRetired(Event, name="answer.retired"):
    answer: Ref
    version: int


@dataclass(frozen=True)
class AnswerMissed(Event, name="answer.missed"):
    """It did not help somebody; telling: what they told a person instead, empty when nothing."""

    answer: Ref
    version: int
    telling: Ref
