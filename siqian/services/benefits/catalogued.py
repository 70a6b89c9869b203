"""The clauses that policies cite and the wording of facts, read once a process; a district's own stand above ours."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from siqian.kernel import catalogue
from siqian.trades.dossier import queries as facts

from . import rules
from .engine.saying import Label

FOLDER = Path(__file__).parent / "catalogue"


@cache
def laws() -> Mapping[str, rules.Law]:
    return catalogue.load(FOLDER, rules.Law, files="laws*.yaml", overlay=catalogue.overlay("benefits")).latest.rows


@cache
def wordings() -> Mapping[str, rules.Wording]:
    return catalogue.load(FOLDER, rules.Wording, files="wordings*.yaml", overlay=catalogue.overlay("benefits")).latest.rows


@cache
def labels() -> Mapping[str, Label]:
    """Every fact that a policy may ask about, as it is said."""
    found = {}
    for code, kind in facts.kinds().items():
        if rules.PURPOSE not in kind.purposes:
            continue
        said = wordings().get(code)
        choices = {choice.code: choice.zh for choice in kind.choices}
        found[code] = Label(kind.zh, kind.type, said.unit if said else "", said.holds if said else "", said.fails if said else "", choices)
    return found


@cache
def shipped() -> Mapping[str, rules.Shipped]:
    """Policies that come with Siqian, for a clerk to begin from; amounts are examples."""
    return catalogue.load(FOLDER, rules.Shipped, files="policies-*.yaml", overlay=catalogue.overlay("benefits")).latest.rows


@cache
def figures() -> Mapping[str, rules.Figure]:
    """Dated figures that these refer to."""
    return catalogue.load(FOLDER, rules.Figure, files="parameters*.yaml", overlay=catalogue.overlay("benefits")).latest.rows
