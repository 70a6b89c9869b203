"""When readings are an alarm: rules as data, and whether they can be. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from .sensors import Kind


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At or past a level: so many readings, or so many minutes, in a row. clear: the level at which it is over (hysteresis)."""

    quantity: str
    above: float | None = None
    below: float | None = None
    clear: float | None = None
    readings: int = 1
    minutes: int = 0

    def __post_init__(self) -> None:
        if (self.above is None) == (self.below is None):
            raise ValueError("threshold写above或below，只写一个")
        if self.clear is not None and not (self.clear <= self.above if self.above is not None else self.clear >= self.level):
            raise ValueError("clear要在正常的一边：above时不高于它，below时不低于它")
        if self.readings < 1 or self.minutes < 0:
            raise ValueError("readings至少1次，minutes不能是负数")

    @property
    def level(self) -> float:
        return self.above if self.above is not None else self.below  # type: ignore[return-value]

    def hot(self, value: float) -> bool:
        return value >= self.level if self.above is not None else value <= self.level

    def cool(self, value: float) -> bool:
        clear = self.level if self.clear is None else self.clear
        if self.clear is None:
            return not self.hot(value)
        return value <= clear if self.above is not None else value >= clear


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So much more (by above 0) or less (below 0) a minute, over so many minutes (at least half of them). It is over at half of it."""

    quantity: str
    by: float
    minutes: int

    def __post_init__(self) -> None:
        if self.by == 0 or not 0 < self.minutes <= 24 * 60:
            raise ValueError("rate的by不能是0，minutes写1到1440")


class Missing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No reading for so many of its intervals."""

    intervals: int

    def __post_init__(self) -> None:
        if self.intervals < 2:
            raise ValueError("missing的intervals至少2，一次没到还不算")


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One condition of a combination."""

    kind: str
    quantity: str
    above: float | None = None
    below: float | None = None

    def __post_init__(self) -> None:
        if (self.above is None) == (self.below is None):
            raise ValueError("together的每一条写above或below，只写一个")

    def hot(self, value: float) -> bool:
        return value >= self.above if self.above is not None else value <= self.below  # type: ignore[operator]


class Together(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Conditions of sensors of one building, all within so many minutes of each other."""

    minutes: int
    all: tuple[Part, ...]

    def __post_init__(self) -> None:
        if len(self.all) < 2 or len({part.kind for part in self.all}) != len(self.all):
            raise ValueError("together至少两条，各是不同类的传感器")
        if not 0 < self.minutes <= 24 * 60:
            raise ValueError("together的minutes写1到1440")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule. kinds: of which sensors (all for missing when empty; named by its parts for together)."""

    code: str
    zh: str
    en: str
    incident: str
    kinds: tuple[str, ...] = ()
    threshold: Threshold | None = None
    rate: Rate | None = None
    missing: Missing | None = None
    together: Together | None = None

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.threshold, self.rate, self.missing, self.together)) != 1:
            raise ValueError("threshold、rate、missing、together写一个，只写一个")
        if (self.threshold or self.rate) and not self.kinds:
            raise ValueError("kinds写是哪几类传感器")

    def quantity_of(self, kind: str) -> str:
        """Which quantity of a sensor of this kind it looks at; empty when none."""
        if self.together:
            return next((part.quantity for part in self.together.all if part.kind == kind), "")
        one = self.threshold or self.rate
        return one.quantity if one and kind in self.kinds else ""

    def is_of(self, kind: str) -> bool:
        if self.missing:
            return not self.kinds or kind in self.kinds
        return bool(self.quantity_of(kind))


class IncidentKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What alarms are gathered into. level: how large an area one incident is of; window: minutes within which an alarm joins;

    calm: minutes for which all must be normal before it is offered to be over; duty: who owns it, the keeper on duty
    (or the desk above while there is none) or the desk of the level; acknowledge, over: minutes of its two clocks;
    gravity: 1 is the gravest.
    """

    code: str
    zh: str
    en: str
    gravity: int
    level: str
    window: int
    calm: int
    duty: str
    acknowledge: int
    over: int

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise ValueError(f"level写{'、'.join(LEVELS)}之一")
        if self.duty not in ("keeper", "desk"):
            raise ValueError("duty写keeper或desk")
        if not 1 <= self.gravity <= 3 or min(self.window, self.acknowledge, self.over) < 1 or self.calm < 0:
            raise ValueError("gravity写1到3，window、acknowledge、over至少1分钟")


# How many codes an area's path has at a level.
LEVELS = {"district": 1, "street": 2, "community": 3, "block": 4, "grid": 5}
# The desk of these levels, as posts count them: 0 the district's, 1 a street's, 2 a community's.
DESKS = {"district": 0, "street": 1, "community": 2, "block": 2, "grid": 2}


def area_of(path: str, level: str) -> str:
    """The area of this level that a place lies in, or the smallest above it that there is."""
    codes = [code for code in path.split("/") if code][: LEVELS[level]]
    return "/" + "".join(f"{code}/" for code in codes)


def faults_of(
    rules: Mapping[str, Rule], kinds: Mapping[str, Kind], incidents: Mapping[str, IncidentKind]
) -> Iterator[tuple[str, str, str]]:
    """(rule's code, field, what is wrong): what each rule alone cannot know."""
    for code, rule in rules.items():
        if rule.incident not in incidents:
            yield code, "incident", f"没有“{rule.incident}”这种事件，写incidents.yaml里有的编码"
        for kind in (kind for kind in rule.kinds if kind not in kinds):
            yield code, "kinds", f"没有“{kind}”这类传感器，写sensors.yaml里有的编码"
        parts: list[Any] = [Part(kind, one.quantity, 0.0) for one in (rule.threshold, rule.rate) if one for kind in rule.kinds]
        for part in parts + list(rule.together.all if rule.together else ()):
            if part.kind not in kinds:
                if rule.together:
                    yield code, "together", f"没有“{part.kind}”这类传感器，写sensors.yaml里有的编码"
            elif kinds[part.kind].quantity(part.quantity) is None:
                yield code, "quantity", f"“{part.kind}”不量“{part.quantity}”，写sensors.yaml里有的量"
