"""What may be reported through Open311: rows of services.yaml, read once a process."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from siqian.kernel import catalogue
from siqian.spine.remit import queries as remit

DATATYPE = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
LISTS = frozenset({"singlevaluelist", "multivaluelist"})
HERE = Path(__file__).parent.parent / "catalogue"


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of a list that one chooses from."""

    key: str
    zh: str
    en: str


class Attribute(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What else is asked of one kind of report."""

    code: str
    datatype: DATATYPE
    zh: str
    en: str
    required: bool = False
    hint: str = ""
    hint_en: str = ""
    values: tuple[Value, ...] = ()


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One kind of report. item: of the responsibility list; empty: read in the description."""

    code: str
    zh: str
    en: str
    about: str
    about_en: str
    item: str
    type: Literal["realtime", "batch", "blackbox"] = "realtime"
    keywords: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()


@cache
def services() -> Mapping[str, Service]:
    """Every service by code; a district's own stand above ours. Those whose item left the list are left out."""
    rows = catalogue.load(HERE, Service, files="services*.yaml", overlay=catalogue.overlay("intake")).latest.rows
    known = remit.items()
    return {code: row for code, row in rows.items() if not row.item or row.item in known}


def group(service: Service) -> tuple[str, str]:
    """(Chinese, English) of the class under which its item stands in the list."""
    if not service.item:
        return "其他", "Other"
    found = remit.classes()[service.item.partition(".")[0]]
    return found.zh, found.en
