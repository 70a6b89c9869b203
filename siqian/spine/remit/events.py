"""What the town hears about the responsibility list."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class EditionDrafted(Event, name="edition.drafted"):
    edition: Ref
    version: str
    precedent: str


@dataclass(frozen=True)
class EditionChanged(Event, name="edition.changed"):
    """part: items, rules, or head for its name, day and reason; code: of the row."""

    edition: Ref
    part: str
    code: str


@dataclass(frozen=True)
class EditionChecked(Event, name="edition.checked"):
    edition: Ref
    faults: int


@dataclass(frozen=True)
class EditionEnacted(Event, name="edition.enacted"):
    edition: Ref
    version: str
    effective: str
    digest: str


@dataclass(frozen=True)
class EditionWithdrawn(Event, name="edition.withdrawn"):
    edition: Ref
    was: str
