"""What the town hears about hot topics."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class TopicsAssigned(Event, name="topics.assigned"):
    """Tellings were looked at, one event for all of a batch. first, last: the lowest and highest of their numbers."""

    topics: Ref
    tellings: int
    first: int
    last: int
    opened: list[Ref]


@dataclass(frozen=True)
class TopicsRegrouped(Event, name="topics.regrouped"):
    """The topics of a night: how many tellings were compared, how many went elsewhere, which topics ended."""

    topics: Ref
    day: str
    tellings: int
    moved: int
    opened: list[Ref]
    ended: list[Ref]


@dataclass(frozen=True)
class TopicMerged(Event, name="topic.merged"):
    topic: Ref
    other: Ref
    tellings: int


@dataclass(frozen=True)
class TopicSplit(Event, name="topic.split"):
    topic: Ref
    other: Ref
    tellings: int


@dataclass(frozen=True)
class TopicParted(Event, name="topic.parted"):
    """One telling does not belong here."""

    topic: Ref
    telling: Ref


@dataclass(frozen=True)
class TopicRenamed(Event, name="topic.renamed"):
    topic: Ref


@dataclass(frozen=True)
class TopicClosed(Event, name="topic.closed"):
    topic: Ref


@dataclass(frozen=True)
class TopicRaised(Event, name="topic.raised"):
    """It became one matter before more must tell it."""

    topic: Ref
    matter: Ref
    tellers: int


@dataclass(frozen=True)
class TopicRestored(Event, name="topic.restored"):
    """What was done to it was taken back."""

    topic: Ref
    what: str
