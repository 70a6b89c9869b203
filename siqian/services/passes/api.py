"""Passes as JSON: what gates and turnstiles ask and send, by their token; what employers' systems say of their couriers, by theirs."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from siqian.kernel.permits import Actor, NotYours

from . import actions, queries, rules
from .views.couriers import as_words

router = Router(tags=["passes"])
Klass = Literal["", "delivery", "parcel", "maintenance", "domestic", "emergency", "visitor"]
Code = Annotated[str, Field(pattern=r"^([0-9a-f]{16})?$")]


class Problem(Schema):
    title: str
    status: int
    field: str


class SeenIn(Schema):
    """A visit that a gate kept. code: of the pass, empty where none was read; then: by the gate's clock; waited: seconds."""

    code: Code = ""
    slot: int = Field(0, ge=0, le=1 << 40)
    klass: Klass = ""
    decision: Literal["green", "amber", "red"]
    reason: str = Field(max_length=16)
    way: Literal["gate", "turnstile", "hand"]
    then: AwareDatetime
    waited: int = Field(0, ge=0, le=3600)
    note: str = Field("", max_length=60)


class VisitsIn(Schema):
    visits: list[SeenIn] = Field(max_length=500)


class TakenOut(Schema):
    """known: what was taken before, or is too old or from the future."""

    taken: int
    known: int


class ShownIn(Schema):
    text: str = Field(max_length=2000)


class DecisionOut(Schema):
    """open: whether a turnstile opens. word, say: for its display."""

    open: bool
    colour: Literal["green", "amber", "red"]
    reason: str
    word: str
    say: str


class CodesIn(Schema):
    """codes: as the couriers' pages show them."""

    codes: list[Annotated[str, Field(min_length=6, max_length=8)]] = Field(min_length=1, max_length=500)


class CourierOut(Schema):
    code: str
    state: str
    why: str


class SuspendIn(Schema):
    why: str = Field(max_length=200)
    until: AwareDatetime


@router.get("/bundle", response={200: None, 403: Problem}, url_name="gate-bundle")
def bundle(request: HttpRequest) -> HttpResponse:
    """Everything by which this gate decides without a network, as one signed COSE_Sign1 (application/cose)."""
    by, number, code = _gate(request)
    actions.saw(gate=number, by=by, at=request.at)  # type: ignore[attr-defined]
    answer = HttpResponse(queries.bundle(code, at=request.at), content_type="application/cose")  # type: ignore[attr-defined]
    answer["Cache-Control"] = "no-store"
    return answer


@router.post("/visits", response={200: TakenOut, 400: Problem, 403: Problem})
def take_visits(request: HttpRequest, batch: VisitsIn):
    """Take what a gate kept while it had no network. Sent again, what was taken is known."""
    by, _number, code = _gate(request)
    visits = [actions.Seen(**one.dict()) for one in batch.visits]
    taken, known = actions.take_visits(gate=code, visits=visits, by=by, at=request.at)  # type: ignore[attr-defined]
    return TakenOut(taken=taken, known=known)


@router.post("/decisions", response={200: DecisionOut, 400: Problem, 403: Problem})
def decide(request: HttpRequest, shown: ShownIn):
    """What a turnstile does with a code that it read: open or not, and what it says. The visit is counted."""
    by, _number, code = _gate(request)
    answer = as_words(actions.admit(gate=code, text=shown.text, way="turnstile", by=by, at=request.at))  # type: ignore[attr-defined]
    return DecisionOut(open=answer["colour"] == rules.GREEN, **{name: answer[name] for name in ("colour", "reason", "word", "say")})


@router.post("/couriers/attestations", response={200: list[CourierOut], 400: Problem, 403: Problem, 404: Problem, 409: Problem})
def attest(request: HttpRequest, batch: CodesIn):
    """An employer's system vouches for its couriers; one wrong code and nobody is vouched for."""
    by = _employer(request)
    actions.attest_all(codes=batch.codes, by=by, at=request.at)  # type: ignore[attr-defined]
    return [_out(code, by) for code in batch.codes]


@router.post("/couriers/{code}/suspension", response={200: CourierOut, 400: Problem, 403: Problem, 404: Problem, 409: Problem})
def suspend(request: HttpRequest, code: str, said: SuspendIn):
    """An employer's system suspends one of its couriers until an instant, with a reason that the courier reads."""
    by = _employer(request)
    line = queries.courier_by_code(code, seen_by=by)
    actions.suspend(courier=line.id, why=said.why, until=said.until, by=by, at=request.at)  # type: ignore[attr-defined]
    return _out(code, by)


def _out(code: str, by: Actor) -> CourierOut:
    line = queries.courier_by_code(code, seen_by=by)
    return CourierOut(code=line.code, state=line.state, why=line.why)


def _bearer(request: HttpRequest) -> str:
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else ""


def _gate(request: HttpRequest) -> tuple[Actor, int, str]:
    found = queries.gate_of_token(_bearer(request))
    if found is None:
        raise NotYours(rules.NO_TOKEN)
    return found


def _employer(request: HttpRequest) -> Actor:
    found = queries.employer_of_token(_bearer(request))
    if found is None:
        raise NotYours(rules.NO_EMPLOYER_TOKEN)
    return found
