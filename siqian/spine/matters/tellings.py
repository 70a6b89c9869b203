"""What is told and by whom, and the row that keeps it: the teller's name and telephone sealed, masked beside."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from siqian.kernel import clock, rows, vault
from siqian.kernel.permits import Actor
from siqian.spine.learn.rules import Understanding
from siqian.town.places.queries import Place
from siqian.trades.notices import actions as notices

from . import rules
from .models import Behalf, Telling


@dataclass(frozen=True)
class Principal:
    """Somebody for whom another speaks, with their consent. relation: of `rules.proxy.RELATIONS`, what the other is to them."""

    relation: str
    name: str
    phone: str = ""


@dataclass(frozen=True)
class Teller:
    """Who tells. All empty: anonymous, with a receipt code. agrees: text messages about it may go to the telephone.

    speaks_for: whose matter it is when it is not the teller's own.
    """

    name: str = ""
    phone: str = ""
    account: str = ""
    agrees: bool = False
    speaks_for: Principal | None = None


@dataclass(frozen=True)
class Told:
    """What was told and what was made of it. why_unplaced and candidates: when the place is not one building grid."""

    text: str
    understood: Understanding
    place: Place
    place_words: str
    channel: str
    external: str = ""
    why_unplaced: str = ""
    candidates: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    photos: tuple[str, ...] = ()
    joins: int | None = None
    apart: bool = False
    upstream: datetime | None = None

    def with_photos(self, photos: Sequence[str]) -> "Told":
        return replace(self, photos=tuple(photos))


@dataclass(frozen=True)
class Taking:
    """One telling on its way in, with the ids that are kept for it."""

    told: Told
    teller: Teller
    matter: int
    telling: int
    by: Actor
    at: datetime
    code: str = field(default_factory=lambda: clock.code(10))


def receipt_mark(code: str) -> str:
    """What is kept of a receipt code."""
    return hashlib.sha256(f"receipt:{code.strip().upper()}".encode()).hexdigest()


def put_telling(taking: Taking, matter: int, grid: int, how: str) -> str:
    """Put a telling; what its teller is called on a list."""
    told, teller, mark = taking.told, taking.teller, receipt_mark(taking.code)
    name, phone = ("", "")
    if teller.name or teller.phone:
        name, phone = vault.seal_new(rules.sealed_under(mark), teller.name, teller.phone, at=taking.at)
    masked = vault.masked_name(teller.name)
    if teller.speaks_for is not None:
        _put_behalf(taking, teller.speaks_for, matter, grid, mark)
    if teller.agrees and phone and not teller.account:
        seen = vault.masked_phone(teller.phone)
        notices.put_consent(f"telling:{taking.telling}", "sms", subject=rules.sealed_under(mark), sealed=phone, masked=seen, at=taking.at)
    rows.put(
        Telling,
        id=taking.telling,
        matter_id=matter,
        grid=grid,
        channel=told.channel,
        external=told.external,
        text=told.text,
        understood=_understood(told),
        photos=list(told.photos),
        at=taking.at,
        how=how,
        account=teller.account,
        receipt=mark,
        name_sealed=name,
        phone_sealed=phone,
        name_masked=masked,
        phone_masked=vault.masked_phone(teller.phone) if teller.phone else "",
        phone_mark=vault.mark(teller.phone),
    )
    return masked or told.channel


def _put_behalf(taking: Taking, principal: Principal, matter: int, grid: int, mark: str) -> None:
    """Whose matter it is, sealed under a key of their own; told of it like the teller, where they left a mobile telephone."""
    subject = rules.proxy.sealed_under(mark)
    name, phone = vault.seal_new(subject, principal.name, principal.phone, at=taking.at)
    seen = vault.masked_phone(principal.phone) if principal.phone else ""
    facts = {"relation": principal.relation, "name_sealed": name, "phone_sealed": phone, "phone_masked": seen}
    rows.put(Behalf, telling_id=taking.telling, matter_id=matter, grid=grid, name_masked=vault.masked_name(principal.name), **facts)
    if phone:
        notices.put_consent(rules.proxy.reader(taking.telling), "sms", subject=subject, sealed=phone, masked=seen, at=taking.at)


def _understood(told: Told) -> dict[str, object]:
    return {
        "version": told.understood.version,
        "title": told.understood.title,
        "why": told.understood.why,
        "risks": [risk.zh for risk in told.understood.risks],
        "call": told.understood.calls,
        "spans": told.understood.marks(told.spans),
    }
