"""What others may ask of the understanding. The catalogues are read at the first message, not at import."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from siqian.kernel import catalogue
from siqian.spine.remit import queries as remit

from .rules import Cue, Duty, Reader, Understanding

HERE = Path(__file__).parent / "catalogue"


def understand(text: str) -> Understanding:
    """Read one message: kind, item or unsure with guesses, dangers, title; each with its places in `text`."""
    return reader().understand(text)


@cache
def reader() -> Reader:
    """The reader of this process, built from the responsibility list and the duties in force."""
    own = catalogue.overlay("learn")
    cues = catalogue.load(HERE, Cue, files="kinds*.yaml", overlay=own).latest.rows
    return Reader(remit.items().values(), _duties().values(), cues.values())


@cache
def dangers() -> dict[str, str]:
    """The English name of every danger, by its Chinese one."""
    return {duty.zh: duty.en for duty in _duties().values()}


@cache
def _duties() -> Mapping[str, Duty]:
    return catalogue.load(HERE, Duty, files="duties*.yaml", overlay=catalogue.overlay("learn")).latest.rows
