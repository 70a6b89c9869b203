"""What the town hears about papers. References and numbers only: what a paper says stays sealed."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class PaperDrafted(Event, name="paper.drafted"):
    """It waits for somebody's signature."""

    paper: Ref
    kind: str
    about: Ref


@dataclass(frozen=True)
class PaperRevised(Event, name="paper.revised"):
    """A draft was written anew."""

    paper: Ref


@dataclass(frozen=True)
class PaperIssued(Event, name="paper.issued"):
    """Numbered and frozen; sha256: of all that stands on it."""

    paper: Ref
    kind: str
    about: Ref
    number: str
    sha256: str
    signatory: str


@dataclass(frozen=True)
class PaperDropped(Event, name="paper.dropped"):
    """A draft that nobody signs any more."""

    paper: Ref
    why: str


@dataclass(frozen=True)
class PaperReplaced(Event, name="paper.replaced"):
    """A corrected paper stands in its place."""

    paper: Ref
    by_paper: Ref


@dataclass(frozen=True)
class PaperRead(Event, name="paper.read"):
    """Somebody read it for the first time."""

    paper: Ref


@dataclass(frozen=True)
class VolumeClosed(Event, name="volume.closed"):
    """A year's settled papers were bound; digest: over their numbers and digests, in their order."""

    volume: Ref
    number: str
    papers: int
    digest: str


@dataclass(frozen=True)
class DisposalProposed(Event, name="disposal.proposed"):
    disposal: Ref
    number: str
    papers: int


@dataclass(frozen=True)
class DisposalRuled(Event, name="disposal.ruled"):
    disposal: Ref
    number: str
    granted: bool


@dataclass(frozen=True)
class PaperDestroyed(Event, name="paper.destroyed"):
    """What stood on it is gone; number, kind, days and digest remain."""

    paper: Ref
    disposal: Ref
    sha256: str
