"""What the town hears about the workbench."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class FilterSaved(Event, name="filter.saved"):
    filter: Ref


@dataclass(frozen=True)
class FilterRenamed(Event, name="filter.renamed"):
    filter: Ref


@dataclass(frozen=True)
class FilterDropped(Event, name="filter.dropped"):
    filter: Ref


@dataclass(frozen=True)
class HandOverWritten(Event, name="handover.written"):
    """things: what was still open; next: whom the roster names, if anybody."""

    handover: Ref
    post: str
    next: str
    things: int


@dataclass(frozen=True)
class HandOverTaken(Event, name="handover.taken"):
    handover: Ref
    post: str
