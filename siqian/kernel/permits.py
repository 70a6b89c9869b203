"""Who may do what to which thing: one table of role x verb x relation over opaque scopes.

The kernel never learns what a grid is: an area is a path like "/d/s1/c2/", a unit is a code, a thing says who it concerns.
"""

from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


class Refusal:
    """A lawful no, as a sentence on which a person can act.

    The sentence is a template, so that it can be put into another language before its values are filled in.
    """

    def __init__(self, why: str, *, field: str = "", **values: Any) -> None:
        self.template, self.field, self.values = why, field, values

    @property
    def why(self) -> str:
        return self.template.format(**self.values)

    def __str__(self) -> str:
        return self.why

    def __repr__(self) -> str:
        return f"Refusal({self.why!r})"


class Refused(Exception):
    """A refusal on its way to the door."""

    def __init__(self, refusal: Refusal, *, status: int = 409) -> None:
        super().__init__(refusal.why)
        self.refusal, self.status = refusal, status


class NotYours(Refused):
    """The actor may not do this (403)."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal, status=403)


class NotFound(Refused):
    """There is no such thing, or the actor may not know of it (404)."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal, status=404)


class BadInput(Refused):
    """What was sent cannot be used (400)."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal, status=400)


@dataclass(frozen=True)
class Grant:
    """A role held over an area path (all below it), by a unit's people for their unit."""

    role: str
    area: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Fence:
    """Which rows the database shows: everything, the rows of these grids, or these things of one's own."""

    everything: bool = False
    grids: tuple[int, ...] = ()
    own: tuple[int, ...] = ()


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: a person with posts, a resident, the holder of a receipt, or the office itself."""

    ref: str
    name: str = ""
    person: str = ""
    grants: tuple[Grant, ...] = ()
    posts: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()
    fence: Fence = field(default=Fence())

    @property
    def is_staff(self) -> bool:
        return bool(self.posts or self.grants)

    def has(self, role: str) -> bool:
        return any(grant.role == role for grant in self.grants)


ANYONE = Actor(ref="anyone")
OFFICE = Actor(ref="office", name="四千", grants=(Grant("office", "/"),), fence=Fence(everything=True))


@dataclass(frozen=True)
class Thing:
    """What a permit needs to know of a thing: where it lies, whose work it is, who takes part, whom it is about.

    against: persons by code, units as "unit:CODE".
    """

    kind: str
    ref: str = ""
    area: str = "/"
    posts: frozenset[str] = frozenset()
    unit: str = ""
    against: frozenset[str] = frozenset()
    joint: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Permit:
    """One line of the table. Relation: any | area (in the grant's area) | owner (holds its post) | own (it is mine)

    | unit (in the grant's area, work of the grant's unit) | joint (the same, of a unit that takes part).
    """

    role: str
    verb: str
    relation: str


TABLE: dict[str, tuple[Permit, ...]] = {}


def declare(kind: str, *permits: Permit) -> None:
    """Lay a module's lines into the one table."""
    TABLE[kind] = permits


RECUSED = Refusal("这件事说的是您本人，按回避规定由别人来办")
RECUSED_UNIT = Refusal("这件事说的是您的单位，按回避规定由别的单位来办")
UNKNOWN = Refusal("您现在的岗位做不了这一步，请交给管这里的人")


def may(actor: Actor, verb: str, thing: Thing) -> Refusal | None:
    """None when the actor may, else why not. Recusal comes before every permit."""
    if (refusal := recused(actor, thing)) is not None:
        return refusal
    for permit in TABLE.get(thing.kind, ()):
        if permit.verb == verb and _holds(actor, permit, thing):
            return None
    return UNKNOWN


def recused(actor: Actor, thing: Thing) -> Refusal | None:
    """Why somebody keeps away from a thing that is about them, or about their unit."""
    if actor.person and actor.person in thing.against:
        return RECUSED
    if thing.against and any(grant.unit and f"unit:{grant.unit}" in thing.against for grant in actor.grants):
        return RECUSED_UNIT
    return None


def must(actor: Actor, verb: str, thing: Thing) -> None:
    """Raise NotYours unless the actor may."""
    refusal = may(actor, verb, thing)
    if refusal is not None:
        raise NotYours(refusal)


def or_refuse(answer: T | Refusal) -> T:
    """Turn a refusal that was decided into an error at the door."""
    if isinstance(answer, Refusal):
        raise Refused(answer)
    return answer


def _holds(actor: Actor, permit: Permit, thing: Thing) -> bool:
    if permit.relation == "own":
        return permit.role == "teller" and thing.ref in actor.own
    grants = [grant for grant in actor.grants if grant.role == permit.role]
    if permit.role == "staff":
        grants = list(actor.grants)
    if permit.relation == "any":
        return bool(grants)
    if permit.relation == "owner":
        return bool(grants) and bool(thing.posts & set(actor.posts))
    if permit.relation in ("unit", "joint"):
        working = {thing.unit} if permit.relation == "unit" else thing.joint
        return any(grant.unit and grant.unit in working and thing.area.startswith(grant.area) for grant in grants)
    return any(grant.area and thing.area.startswith(grant.area) for grant in grants)
