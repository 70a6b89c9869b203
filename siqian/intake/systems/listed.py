"""The district's outside systems: rows of systems.yaml, read once a process."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from siqian.kernel import catalogue
from siqian.kernel.permits import Thing
from siqian.town.places import queries as places

PROTOCOL = Literal["webhook", "cloudevents", "open311", "file"]
FIELD = Literal["external", "text", "title", "building", "address", "lon", "lat", "name", "phone", "due", "class", "sent"]
HERE = Path(__file__).parent.parent / "catalogue"
# Where a message has what, unless its system's row says otherwise.
FIELDS: Mapping[FIELD, str] = {
    "external": "id",
    "text": "text",
    "title": "title",
    "building": "building",
    "address": "address",
    "lon": "lon",
    "lat": "lat",
    "name": "name",
    "phone": "phone",
    "due": "due",
    "class": "class",
    "sent": "time",
}


class System(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One outside system.

    fields: our field -> where it stands in a message, as a path with dots; frame: of its coordinates; items: its class -> the item of
    our list; quiet: after so many minutes without a message it is missed, 0 never; answers: it is told what becomes of its messages.
    """

    code: str
    zh: str
    en: str
    protocol: PROTOCOL
    fields: dict[FIELD, str] = {}
    frame: str = "WGS-84"
    items: dict[str, str] = {}
    quiet: int = 0
    answers: bool = False

    def where(self, field: FIELD) -> str:
        """The path of one of our fields in its messages."""
        return self.fields.get(field, FIELDS[field])


def thing() -> Thing:
    """What a permit needs to know of outside systems: they are the whole district's."""
    district = places.district()
    return Thing("system", area=district.path if district else "/")


@cache
def systems() -> Mapping[str, System]:
    """Every system by code; a district's own stand above ours."""
    return catalogue.load(HERE, System, files="systems*.yaml", overlay=catalogue.overlay("intake")).latest.rows
