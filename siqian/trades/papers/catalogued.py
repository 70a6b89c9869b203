"""The catalogue of papers and of those who issue them, read once a process."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from siqian.kernel import catalogue
from siqian.kernel.catalogue import Catalogue, Faulty
from siqian.kernel.permits import BadInput
from siqian.town.places import queries as places

from . import rules
from .rules import Issuer, Kind

HERE = Path(__file__).parent / "catalogue"


def kinds() -> Mapping[str, Kind]:
    """Every kind of paper by code, as in force."""
    return _kinds().latest.rows


def kind(code: str) -> Kind:
    """One kind; BadInput when there is none."""
    if code not in kinds():
        raise BadInput(rules.NO_KIND)
    return kinds()[code]


def edition() -> str:
    """The version of the catalogue in force."""
    return _kinds().latest.version


def issuer(path: str, level: str) -> tuple[str, str, str, str, str]:
    """(area code, its path, name, English name, word for numbers) of whoever issues here a paper of this level.

    A place that is known no closer than its street has the street's papers, and none of a community.
    """
    codes, names = [code for code in path.split("/") if code], places.both_names(path)
    depth = min(rules.LEVELS.index(level), len(names) - 1)
    row = _issuers().latest.rows[rules.LEVELS[depth]]
    zh, en = names[depth]
    known = {"name": zh, "short": rules.short(zh)}
    above = "/" + "/".join(codes[: depth + 1]) + "/"
    return codes[depth], above, row.zh.format(**known), row.en.format(name=en), row.word.format(**known)


def check(folder: Path = HERE, overlay: Path | None = None) -> None:
    """Raise Faulty with every fault of a catalogue of papers before it is put in force."""
    read = catalogue.load(folder, Kind, files="papers*.yaml", overlay=overlay)
    found = []
    for fault in rules.faults(read.latest.rows):
        file, row = read.places[fault.code]
        found.append(catalogue.Fault(file, fault.says, row=row, code=fault.code, field=fault.field))
    if found:
        raise Faulty(found)


@cache
def _kinds() -> Catalogue[Kind]:
    overlay = catalogue.overlay("papers")
    check(HERE, overlay)
    return catalogue.load(HERE, Kind, files="papers*.yaml", overlay=overlay)


@cache
def _issuers() -> Catalogue[Issuer]:
    return catalogue.load(HERE, Issuer, files="issuers*.yaml", overlay=catalogue.overlay("papers"))
