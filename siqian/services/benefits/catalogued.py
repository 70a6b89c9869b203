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
        found[code] = Label(
            kind.zh, kind.type, said.unit if said else "", said.holds if said else "", said.fails if said else "", choices
        )
    return found
