"""What a telephone sends when it has a network: each kind leads to the verb that does it. A key is taken once (`kernel.once`)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal
from siqian.kernel.said import said
from siqian.services.care import actions as care
from siqian.services.care.rules import Held, answers_of
from siqian.services.sensing import actions as sensing
from siqian.services.sensing.rules import Sight
from siqian.spine.matters import actions as matters, queries, rules
from siqian.spine.matters.rules.course import Ask

NOT_MINE, GRID = said("不在我的网格，请改派"), said("网格划分")
NO_NUMBER = Refusal("少了一个数，从页面上的按钮再点一次")
NO_DEGREES = Refusal("坐标看不懂，不带位置也能交", field="lon")


@dataclass(frozen=True)
class Entry:
    """One thing that waited in a telephone. fields: of its form, as they were filled in; then: when, by the telephone's clock."""

    kind: str
    key: str
    fields: Mapping[str, str]
    then: datetime | None = None

    def text(self, name: str) -> str:
        return self.fields.get(name, "").strip()

    def number(self, name: str) -> int | None:
        found = self.text(name)
        if found and not (found.isdigit() and len(found) < 19):
            raise BadInput(NO_NUMBER)
        return int(found) if found else None

    def degrees(self, name: str, most: float) -> float | None:
        found = self.text(name)
        try:
            value = float(found) if found else None
        except ValueError:
            raise BadInput(NO_DEGREES) from None
        if value is not None and not abs(value) <= most:
            raise BadInput(NO_DEGREES)
        return value

    @property
    def stood(self) -> tuple[float, float] | None:
        lon, lat = self.degrees("lon", 180), self.degrees("lat", 90)
        return None if lon is None or lat is None else (lon, lat)


def record(entry: Entry, photos: Sequence[str], *, by: Actor, at: datetime) -> dict[str, Any]:
    lon, lat = entry.stood or (None, None)
    sight = Sight(entry.text("kind"), entry.text("text"), entry.number("round"), entry.text("point"), entry.text("building"), lon, lat)
    return {"patrol": sensing.record(sight=sight, key=entry.key, photos=photos, then=entry.then, by=by, at=at)}


def contact(entry: Entry, photos: Sequence[str], *, by: Actor, at: datetime) -> dict[str, Any]:
    how, text = entry.text("how") or "message", entry.text("text")
    matters.contact(matter=_matter(entry), how=how, text=text, photos=photos, then=entry.then, by=by, at=at)
    return {"number": entry.text("number")}


def close(entry: Entry, photos: Sequence[str], *, by: Actor, at: datetime) -> dict[str, Any]:
    matters.close(matter=_matter(entry), text=entry.text("text"), photos=photos, stood=entry.stood, then=entry.then, by=by, at=at)
    return {"number": entry.text("number")}


def report(entry: Entry, photos: Sequence[str], *, by: Actor, at: datetime) -> dict[str, Any]:
    lon, lat = entry.stood or (None, None)
    building = entry.text("building")
    where: dict[str, Any] = {"building": building} if building else {"lon": lon, "lat": lat}
    # Another account's telephone may make the same key; it is another message all the same.
    external = f"{by.ref.removeprefix('account:')}:{entry.key}"[:64]
    message = Message(text=entry.text("text"), channel="desk", external=external, **where)
    return {"number": intake.take_on_the_way(message=message, photos=photos, by=by, at=at).number}


def give_back(entry: Entry, photos: Sequence[str], *, by: Actor, at: datetime) -> dict[str, Any]:
    """Not my grid: a return that names the same unit. Whoever has it stays responsible until somebody has ruled."""
    number = entry.text("number")
    unit = queries.seen(number, seen_by=by, at=at).unit
    matters.ask(matter=_matter(entry), ask=Ask("return", entry.text("text") or NOT_MINE, unit=unit, clause=GRID), by=by, at=at)
    return {"number": number}


def keep_it(entry: Entry, photos: Sequence[str], *, by: Actor, at: datetime) -> dict[str, Any]:
    """It is mine after all: the return is taken back."""
    matters.retract(matter=_matter(entry), by=by, at=at)
    return {"number": entry.text("number")}


def call(entry: Entry, photos: Sequence[str], *, by: Actor, at: datetime) -> dict[str, Any]:
    """A visit at a door: whom one met, and what was said of what the page asked."""
    visit = entry.number("visit")
    if visit is None:
        raise BadInput(NO_NUMBER)
    held = Held(entry.text("outcome"), entry.text("stance"), answers_of(entry.fields), entry.text("text"))
    left_out = care.record(call=visit, held=held, key=entry.key, then=entry.then, by=by, at=at)
    return {"call": visit, "left_out": left_out}


DO: dict[str, Callable[..., dict[str, Any]]] = {
    "record": record,
    "contact": contact,
    "close": close,
    "report": report,
    "return": give_back,
    "retract": keep_it,
    "call": call,
}


def _matter(entry: Entry) -> int:
    found = rules.id_of(entry.text("number"))
    if found is None:
        raise NotFound(rules.NO_SUCH)
    return found
