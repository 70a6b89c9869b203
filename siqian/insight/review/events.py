"""What the town hears about the weekly review."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class SheetDrafted(Event, name="sheet.drafted"):
    sheet: Ref
    week: str
    version: int
    rules: str
    counted: int
    digest: str


@dataclass(frozen=True)
class SheetIssued(Event, name="sheet.issued"):
    sheet: Ref
    week: str
    version: int
    digest: str


@dataclass(frozen=True)
class ExclusionAsked(Event, name="exclusion.asked"):
    exclusion: Ref
    week: str
    matter: Ref


@dataclass(frozen=True)
class ExclusionRuled(Event, name="exclusion.ruled"):
    exclusion: Ref
    week: str
    matter: Ref
    granted: bool


@dataclass(frozen=True)
class CorrectionGiven(Event, name="correction.given"):
    correction: Ref
    sheet: Ref
    post: str


@dataclass(frozen=True)
class CorrectionDone(Event, name="correction.done"):
    correction: Ref
    post: str
