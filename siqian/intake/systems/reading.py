"""What an outside system sent, read into the one shape of every channel. Pure; a fault names the place where something is missing."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from siqian.kernel.permits import Refusal
from siqian.town.places import queries as places

from .. import rules
from .listed import FIELD, System

MOST, LARGEST = 100, 256 * 1024
EVENTS, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
NO_JSON = Refusal("正文不是JSON", field="")
TOO_LARGE = Refusal("正文超过256kB，分几次发", field="")
TOO_MANY = Refusal("一次最多100件，分几次发", field="")
NO_LIST = Refusal("正文要是一个对象，cloudevents-batch才是一串对象", field="")
NO_EVENT = Refusal("CloudEvents要有id、source、type和data", field="data")


@dataclass(frozen=True)
class Read:
    """One message as it was read. sent: when its system says that it sent it."""

    message: rules.Message
    external: str
    sent: datetime | None


def payloads(kind: str, headers: Mapping[str, str], body: bytes) -> list[dict[str, Any]] | Refusal:
    """The objects of a body: one, those of a batch, or an event's whose attributes stand in the headers (CloudEvents 1.0)."""
    if len(body) > LARGEST:
        return TOO_LARGE
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return NO_JSON
    many = found if kind.startswith(BATCH) else [found]
    if not isinstance(many, list) or not all(isinstance(one, dict) for one in many):
        return NO_LIST
    if len(many) > MOST:
        return TOO_MANY
    if "ce-id" in headers:
        event = {name.removeprefix("ce-"): value for name, value in headers.items() if name.startswith("ce-")}
        return [event | {"data": many[0]}]
    return many


def read(system: System, payload: Mapping[str, Any]) -> Read | Refusal:
    """One object as a message of this system, by its row."""
    if system.protocol == "cloudevents" and not all(payload.get(name) for name in ("id", "source", "type", "data")):
        return NO_EVENT
    cell = {field: _text(_at(payload, system.where(field))) for field in FIELD.__args__}  # type: ignore[attr-defined]
    if not cell["external"]:
        return _missing(system, "external")
    if not cell["text"] and not cell["title"]:
        return _missing(system, "text")
    point = _point(system, cell)
    due = rules.instant(cell["due"])
    sent = rules.instant(cell["sent"])
    for one in (point, due, sent):
        if isinstance(one, Refusal):
            return one
    lon, lat = point if isinstance(point, tuple) else (None, None)
    # An event's number is its source's own; two sources may both count from 1.
    own = f"{payload.get('source', '')}#{cell['external']}" if system.protocol == "cloudevents" else cell["external"]
    message = rules.Message(
        text=_words(cell),
        channel="system",
        external=external_of(system.code, own),
        building=cell["building"],
        lon=lon,
        lat=lat,
        address=cell["address"][:200],
        name=cell["name"][:20],
        phone=cell["phone"].replace(" ", "").replace("-", ""),
        due=due if isinstance(due, datetime) else None,
        item=system.items.get(cell["class"], ""),
        together=True,
        astray=True,
    )
    return Read(message, cell["external"][:64], sent if isinstance(sent, datetime) else None)


def external_of(code: str, external: str) -> str:
    """The number of a message among those of all systems."""
    whole = f"{code}:{external}"
    return whole if len(whole) <= 64 else f"{code[:20]}:{hashlib.sha256(whole.encode()).hexdigest()[:40]}"


def _at(payload: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(payload, Mapping):
            return None
        payload = payload.get(name)
    return payload


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool | dict | list):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip().replace("\x00", "")


def _words(cell: Mapping[str, str]) -> str:
    title, text = cell["title"], cell["text"]
    return (text if not title or text.startswith(title) else f"{title}\n{text}".strip())[:5000]


def _missing(system: System, field: FIELD) -> Refusal:
    path = system.where(field)
    if field == "external":
        return Refusal("“{path}”里没有编号。那边改了字段名，就改systems.yaml里{code}的fields", field=path, path=path, code=system.code)
    return Refusal("“{path}”里没有内容。那边改了字段名，就改systems.yaml里{code}的fields", field=path, path=path, code=system.code)


def _point(system: System, cell: Mapping[str, str]) -> tuple[float, float] | Refusal | None:
    if not cell["lon"] and not cell["lat"]:
        return None
    bad = Refusal("{path}不是坐标", field=system.where("lon"), path=system.where("lon"))
    try:
        lon, lat = float(cell["lon"]), float(cell["lat"])
    except ValueError:
        return bad
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return bad
    point = places.in_wgs84(system.frame, lon, lat)
    return point if isinstance(point, Refusal) or (abs(point[0]) <= 180 and abs(point[1]) <= 90) else bad
