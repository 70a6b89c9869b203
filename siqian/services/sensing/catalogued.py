"""Kinds of sensors, rules of alarms and kinds of incidents, as the catalogues have them; loaded once, checked against each other."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from siqian.kernel import catalogue
from siqian.kernel.catalogue import Fault, Faulty

from .rules.alarms import IncidentKind, Rule, faults_of
from .rules.sensors import Kind

FOLDER = Path(__file__).parent / "catalogue"


@cache
def kinds() -> Mapping[str, Kind]:
    return catalogue.load(FOLDER, Kind, files="sensors*.yaml", overlay=catalogue.overlay("sensing")).latest.rows


@cache
def incidents() -> Mapping[str, IncidentKind]:
    return catalogue.load(FOLDER, IncidentKind, files="incidents*.yaml", overlay=catalogue.overlay("sensing")).latest.rows


@cache
def rules() -> Mapping[str, Rule]:
    """Raises Faulty with every fault, also of those that only the other catalogues show."""
    read = catalogue.load(FOLDER, Rule, files="alarms*.yaml", overlay=catalogue.overlay("sensing"))
    found = read.latest.rows
    faults = []
    for code, field, says in faults_of(found, kinds(), incidents()):
        file, row = read.places[code]
        faults.append(Fault(file, says, row=row, code=code, field=field))
    if faults:
        raise Faulty(faults)
    return found


@cache
def rules_of(kind: str) -> Mapping[str, Rule]:
    """The rules that look at sensors of one kind."""
    return MappingProxyType({code: rule for code, rule in rules().items() if rule.is_of(kind)})
