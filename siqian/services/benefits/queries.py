"""What others may know of policies and entitlements. Values only; a person's rows to themselves and to whoever decides on them."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from siqian.kernel import clock, epochs, store, vault
from siqian.kernel.journal import Ref
from siqian.kernel.permits import Actor, NotFound, NotYours, Refused, Thing, may, must
from siqian.kernel.said import Both
from siqian.town.places import queries as places

from . import catalogued, rules
from .engine import form as forms
from .models import Edition, Entitlement, Parameter, Policy, Quiet, Skipped, Step

laws, labels, wordings = catalogued.laws, catalogued.labels, catalogued.wordings
IN_HAND = ("draft", "asked", "passed")
PAGE = 40


@dataclass(frozen=True)
class EditionLine:
    """An edition of a policy, with all that it says."""

    id: int
    code: str
    number: int
    state: str
    title: Both
    mode: str
    gives: str
    period: str
    told: Both
    form: Mapping[str, Any]
    basis: tuple[str, ...]
    examples: tuple[Mapping[str, Any], ...]
    budget: int
    places: int
    since: date | None
    until: date | None
    writer: str
    writer_name: str
    changed: datetime
    note: str
    passed_by: str
    passed_name: str
    published_name: str
    published: datetime | None

    def policy(self) -> forms.Policy:
        """As the engine reads it; Faulty when it cannot be."""
        return _read(json.dumps(self.raw(), ensure_ascii=False))

    def raw(self) -> dict[str, Any]:
        """The outside form, with its dates."""
        dated = {"from": str(self.since) if self.since else None, "to": str(self.until) if self.until else None}
        return {"code": self.code, "title": str(self.title)} | dict(self.form) | dated


@dataclass(frozen=True)
class StepLine:
    what: str
    why: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class Line:
    """An entitlement. why: as it was told to the person; steps: the oldest first; turn: of whoever waits, which in the line."""

    id: int
    subject: Ref
    policy: str
    edition: int
    title: Both
    mode: str
    gives: str
    period: str
    fen: int | None
    building: str
    path: str
    state: str
    found: datetime
    due: date
    doubt: datetime | None
    granted: datetime | None
    why: tuple[str, ...] = ()
    grounds: tuple[tuple[int, int], ...] = ()
    steps: tuple[StepLine, ...] = ()
    turn: int = 0


@lru_cache(maxsize=1024)
def _read(text: str) -> forms.Policy:
    """Read once, however many people are looked at."""
    return forms.one(json.loads(text))


def parameters() -> forms.Parameters:
    """Every dated figure, at most a second old."""
    return epochs.held("benefit figures", _parameters, of=("policies",))


def _parameters() -> forms.Parameters:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in Parameter.objects.order_by("name", "since"):
        rows.setdefault(row.name, []).append({"from": str(row.since), "value": row.value})
    return forms.read_parameters(rows, "parameters", [])


def overlooks(actor: Actor) -> bool:
    """Whether policies are the actor's work, or theirs to inspect."""
    return any(actor.has(role) for role in ("clerk", "legal", "inspector"))


def policies(*, seen_by: Actor, show: str = "") -> list[EditionLine]:
    """The edition in hand of each policy, else the one in force, else the last; show: one state alone."""
    _must_overlook(seen_by)
    newest: dict[int, Edition] = {}
    for row in Edition.objects.select_related("policy").order_by("policy_id", "number"):
        newest[row.policy_id] = row
    found = [line(row) for row in newest.values() if not show or row.state == show]
    return sorted(found, key=lambda one: (ORDER.index(one.state), one.title))


ORDER = ("asked", "passed", "draft", "in_force", "replaced", "ended")


def counts(*, seen_by: Actor) -> dict[str, int]:
    """How many policies stand where, as `policies` lists them."""
    found = dict.fromkeys(rules.STATES, 0)
    for one in policies(seen_by=seen_by):
        found[one.state] += 1
    return found


def edition(code: str, number: int = 0, *, seen_by: Actor) -> EditionLine:
    """One edition; number 0: the one in hand, else the newest."""
    _must_overlook(seen_by)
    rows = Edition.objects.select_related("policy").filter(policy__code=code).order_by("-number")
    row = rows.filter(number=number).first() if number else rows.first()
    if row is None:
        raise NotFound(rules.NO_POLICY)
    return line(row)


def editions(code: str, *, seen_by: Actor) -> list[EditionLine]:
    _must_overlook(seen_by)
    return [line(row) for row in Edition.objects.select_related("policy").filter(policy__code=code).order_by("-number")]


def in_force(day: date, *, fresh: bool = False) -> list[EditionLine]:
    """Every policy in force on a day: public, as the law is. fresh: not a second old."""
    found = _published() if fresh else epochs.held("policies", _published)
    return [one for one in found if (one.since is None or one.since <= day) and (one.until is None or day < one.until)]


def _published() -> list[EditionLine]:
    return [line(row) for row in Edition.objects.select_related("policy").filter(state="in_force").order_by("policy__code")]


def laid() -> int:
    """Differs after every change of what is in force."""
    return epochs.current("policies")


def line(row: Edition) -> EditionLine:
    names = {name: getattr(row, name) for name in EditionLine.__dataclass_fields__ if hasattr(row, name)}
    both = {"title": Both(row.title, row.title_en), "told": Both(row.told, row.told_en)}
    return EditionLine(**names | both | {"code": row.policy.code, "basis": tuple(row.basis), "examples": tuple(row.examples)})


def waiting(*, seen_by: Actor, show: str = "due", policy: str = "", page: int = 1) -> tuple[list[Line], bool]:
    """Entitlements that a person decides on, what is due first on top; (a page, whether there is more)."""
    rows = _listed(seen_by, show)
    rows = rows.filter(policy=policy) if policy else rows
    start = PAGE * (page - 1)
    with store.reading_all():
        found = list(rows.order_by("due", "id")[start : start + PAGE + 1])
    return [entitlement_line(row) for row in found[:PAGE]], len(found) > PAGE


SHOW: dict[str, dict[str, Any]] = {
    "due": {"state__in": ["accepted", "told"], "mode": "free"},
    "agreed": {"state": "accepted"},
    "confirmed": {"state": "confirmed"},
    "queued": {"state": "queued"},
    "appealed": {"state": "appealed"},
    "doubt": {"doubt__isnull": False},
    "granted": {"state": "granted"},
}


def waiting_counts(*, seen_by: Actor) -> dict[str, int]:
    """How many stand behind each filter, as `waiting` lists them."""
    with store.reading_all():
        return {show: _listed(seen_by, show).count() for show in SHOW}


def waiting_count(*, seen_by: Actor) -> int:
    """What waits for the actor: policies to read or publish, people to decide on."""
    if not overlooks(seen_by) or seen_by.has("inspector"):
        return 0
    mine = Edition.objects.filter(state="asked" if seen_by.has("legal") else "passed").exclude(writer=seen_by.ref).count()
    if not seen_by.has("clerk"):
        return mine
    with store.reading_all():
        return mine + sum(_listed(seen_by, show).count() for show in ("due", "confirmed", "appealed"))


def _listed(seen_by: Actor, show: str) -> Any:
    areas = [grant.area for grant in seen_by.grants if grant.role in ("clerk", "inspector") and grant.area]
    if not areas:
        raise NotYours(rules.NO_ENTITLEMENT)
    from django.db.models import Q

    within = Q()
    for area in areas:
        within |= Q(path__startswith=area)
    return Entitlement.objects.filter(within, **SHOW.get(show, SHOW["due"]))


def entitlement(number: int, *, seen_by: Actor) -> Line:
    """One entitlement with its steps, to whoever decides on it and to the person."""
    with store.reading_all():
        row = Entitlement.objects.filter(id=number).first()
        if row is None or (row.subject not in seen_by.own and may(seen_by, "read", thing(row)) is not None):
            raise NotFound(rules.NO_ENTITLEMENT)
        return entitlement_line(row, steps=True)


def mine(seen_by: Actor) -> list[Line]:
    """One's own entitlements, the newest first."""
    with store.reading_all():
        rows = Entitlement.objects.filter(subject__in=list(seen_by.own)).exclude(state="gone").order_by("-found", "-id")
        return [entitlement_line(row, steps=True) for row in rows]


def entitlement_line(row: Entitlement, *, steps: bool = False) -> Line:
    names = {name: getattr(row, name) for name in Line.__dataclass_fields__ if hasattr(row, name)}
    opened = _opened(row.subject, row.reasons)
    told = [
        StepLine(one.what, _opened(row.subject, one.why), one.by_name, one.at)
        for one in (Step.objects.filter(entitlement=row).order_by("number") if steps else ())
    ]
    more: dict[str, Any] = {
        "title": Both(row.title, row.title_en),
        "why": tuple(opened.split("\n")) if opened else (),
        "steps": tuple(told),
    }
    more["turn"] = _turn(row) if steps and row.state == "queued" else 0
    return Line(**names | more | {"grounds": tuple((fact, version) for fact, version in row.grounds)})


def _turn(row: Entitlement) -> int:
    waiting_ = Entitlement.objects.filter(policy=row.policy, state="queued").order_by("found", "id").values_list("id", flat=True)
    return list(waiting_).index(row.id) + 1


def public_title(title: str, title_en: str, gives: str, tender: bool) -> Both:
    """What an SMS, or a screen at which others look, may say: nothing of poverty or illness."""
    if not tender:
        return Both(title, title_en)
    return Both("一项补贴", "an allowance") if gives == "money" else Both("一项服务", "a service")


@dataclass(frozen=True)
class Letter:
    """A decision as it goes to the person: what, by whom, why, on which ground. number: of the step, for good."""

    line: Line
    step: StepLine
    number: str
    basis: tuple[rules.Law, ...]


def letter(number: int, *, seen_by: Actor) -> Letter:
    """The last decision that somebody took with a reason; to the person and to whoever decides."""
    line_ = entitlement(number, seen_by=seen_by)
    told = [(at, step) for at, step in enumerate(line_.steps, 1) if step.what in rules.DECIDED]
    if not told:
        raise NotFound(rules.NO_LETTER)
    at, step = told[-1]
    row = Edition.objects.filter(policy__code=line_.policy, number=line_.edition).first()
    cited = tuple(laws()[code] for code in (row.basis if row else []) if code in laws())
    return Letter(line_, step, f"{clock.local(step.at).year}-{line_.id}-{at}", cited)


def skipped(subject: Ref) -> set[str]:
    with store.reading_all():
        return set(Skipped.objects.filter(subject=subject).values_list("kind", flat=True))


def quiet(subjects: Collection[Ref]) -> set[Ref]:
    """Who does not want to be looked for."""
    with store.reading_all():
        return set(Quiet.objects.filter(subject__in=list(subjects)).values_list("subject", flat=True))


def held(subjects: Collection[Ref]) -> dict[tuple[Ref, str], tuple[int, str]]:
    """What these have already: by subject and policy, (id, state)."""
    with store.reading_all():
        rows = Entitlement.objects.filter(subject__in=list(subjects)).exclude(state="gone")
        return {(subject, policy): (id_, state) for id_, subject, policy, state in rows.values_list("id", "subject", "policy", "state")}


def spent(policy: str) -> tuple[int, int]:
    """(how many have it or are about to, fen a year that this comes to)."""
    with store.reading_all():
        rows = list(Entitlement.objects.filter(policy=policy, state__in=("confirmed", "granted")).values_list("fen", "period"))
    return len(rows), sum((fen or 0) * rules.PER_YEAR[period] for fen, period in rows)


def _opened(subject: Ref, sealed: str) -> str:
    try:
        return vault.unseal(subject, sealed) if sealed else ""
    except Refused:
        return ""


def thing(row: Entitlement) -> Thing:
    return Thing("entitlement", row.subject, area=row.path)


def place_of(building: str) -> tuple[str, str]:
    place = places.at_building(building)
    return (place.words, place.words_en) if place else (building, building)


def today(at: datetime) -> date:
    return clock.local(at).date()


def _must_overlook(seen_by: Actor) -> None:
    must(seen_by, "read", Thing("policy", area=_top(seen_by)))


def _top(actor: Actor) -> str:
    """Policies lie over the whole district; whoever has a post of the kind anywhere reads them."""
    return next((grant.area for grant in actor.grants if grant.role in ("clerk", "legal", "inspector", "office")), "/")


def known_policies(codes: Sequence[str]) -> set[str]:
    return set(Policy.objects.filter(code__in=list(codes)).values_list("code", flat=True))
