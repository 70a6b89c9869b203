"""The kinds of facts and their purposes, read once a process; a district's own stand above ours."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from siqian.kernel import catalogue
from siqian.kernel.said import said

from . import rules

WRONG = said("写得不对，对照文件开头的说明改")
FOLDER = Path(__file__).parent / "catalogue"


@cache
def purposes() -> Mapping[str, rules.Purpose]:
    return catalogue.load(FOLDER, rules.Purpose, files="purposes*.yaml", overlay=catalogue.overlay("dossier")).latest.rows


@cache
def kinds() -> Mapping[str, rules.Kind]:
    """Every kind by code; Faulty when one is no kind that the law lets us keep."""
    loaded = catalogue.load(FOLDER, rules.Kind, files="facts*.yaml", overlay=catalogue.overlay("dossier"))
    faults = []
    for code, kind in loaded.latest.rows.items():
        file, row = loaded.places[code]
        found = rules.kind_faults(kind, purposes())
        faults += [catalogue.Fault(file, WRONG, row=row, code=code, field=field) for field in found]
    if faults:
        raise catalogue.Faulty(faults)
    return loaded.latest.rows
