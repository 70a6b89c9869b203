"""The terms of a petition as the catalogue has them, a district's own rows included."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from siqian.kernel import catalogue
from siqian.kernel.catalogue import Catalogue

from .rules.petition import Length

HERE = Path(__file__).parent / "catalogue"


def terms(at: date | None = None) -> Mapping[str, Length]:
    """Every term by its code, as in force."""
    read = _read()
    return read.at(at).rows if at else read.latest.rows


def term(code: str) -> Length:
    """One term. Raises KeyError."""
    return terms()[code]


@cache
def _read() -> Catalogue[Length]:
    return catalogue.load(HERE, Length, files="petition*.yaml", overlay=catalogue.overlay("matters"))
