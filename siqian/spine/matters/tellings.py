"""What is told and by whom, and the row that keeps it: the teller's name and telephone sealed, masked beside."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import QuerySet

from siqian.kernel import clock, rows, vault
from siqian.kernel.permits import Actor
from siqian.spine.learn.rules import Understanding
from siqian.town.places.queries import Named, Place, kept
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
    """What was told and what was made of it. why_unplaced and candidates: when the place is not one building grid.

    named: every place in the text, also those that are not meant.
    others: what else was asked in the same message, each understood and placed by itself; message: all its words, of each of them.
    """

    text: str
    understood: Understanding
    place: Place
    place_words: str
    channel: str
    external: str = ""
    why_unplaced: str = ""
    candidates: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    named: tuple[Named, ...] = ()
    photos: tuple[str, ...] = ()
    joins: int | None = None
    apart: bool = False
    upstream: datetime | None = None
    message: str = ""
    others: "tuple[Told, ...]" = ()

    def with_photos(self, photos: Sequence[str]) -> "Told":
        """With these photos: nobody knows of which ask they are, so that each has them all."""
        return replace(self, photos=tuple(photos), others=tuple(other.with_photos(photos) for other in self.others))

    @property
    def all_said(self) -> str:
        """The whole message that this is an ask of."""
        return self.message or self.text


@dataclass(frozen=True)
class Taking:
    """One telling on its way in, with the ids that are kept for it.

    first: of a further ask, the one that holds the receipt and the seals; whole: the matter that leads its parts.
    """

    told: Told
    teller: Teller
    matter: int
    telling: int
    by: Actor
    at: datetime
    code: str = field(default_factory=lambda: clock.code(10))
    first: "Taking | None" = None
    whole: int | None = None
    sealed: dict[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        return rules.parts.receipt_of(receipt_mark(self.code), self.telling) if self.first else receipt_mark(self.code)


def receipt_mark(code: str) -> str:
    """What is kept of a receipt code."""
    return hashlib.sha256(f"receipt:{code.strip().upper()}".encode()).hexdigest()


def told_before(channels: Collection[str], names: Collection[str]) -> "QuerySet[Telling]":
    """Tellings that came by these channels under these external ids.

    The index begins with the channel and holds no empty id: asked in any other way, every report reads all tellings there are.
    """
    return Telling.objects.filter(channel__in=channels, external__in=names).exclude(external="")


def put_telling(taking: Taking, matter: int, grid: int, how: str) -> str:
    """Put a telling; what its teller is called on a list."""
    told, teller, mark = taking.told, taking.teller, taking.mark
    seen = vault.masked_phone(teller.phone) if teller.phone else ""
    # Sealed once, however many asks there are: they share the key, and who is forgotten in one is forgotten in all.
    sealed = taking.first.sealed if taking.first else taking.sealed
    if taking.first is None and (teller.name or teller.phone):
        sealed["name"], sealed["phone"] = vault.seal_new(rules.sealed_under(mark), teller.name, teller.phone, at=taking.at)
    name, phone = sealed.get("name", ""), sealed.get("phone", "")
    masked = vault.masked_name(teller.name)
    if teller.speaks_for is not None:
        _put_behalf(taking, teller.speaks_for, matter, grid, sealed)
    if teller.agrees and phone and not teller.account and taking.first is None:
        notices.put_consent(f"telling:{taking.telling}", "sms", subject=rules.sealed_under(mark), sealed=phone, masked=seen, at=taking.at)
    rows.put(
        Telling,
        id=taking.telling,
        matter_id=matter,
        grid=grid,
        channel=told.channel,
        external=told.external,
        text=told.text,
        understood=understanding(told.understood, told.spans, told.named),
        photos=list(told.photos),
        at=taking.at,
        how=how,
        account=teller.account,
        receipt=mark,
        name_sealed=name,
        phone_sealed=phone,
        name_masked=masked,
        phone_masked=seen,
        phone_mark=vault.mark(teller.phone),
        told_with_id=taking.first.telling if taking.first else None,
    )
    return masked or told.channel


def _put_behalf(taking: Taking, principal: Principal, matter: int, grid: int, kept: dict[str, str]) -> None:
    """Whose matter it is, sealed under a key of their own; told of it like the teller, where they left a mobile telephone."""
    subject = rules.proxy.sealed_under(taking.mark)
    if taking.first is None:
        kept["for name"], kept["for phone"] = vault.seal_new(subject, principal.name, principal.phone, at=taking.at)
    name, phone = kept["for name"], kept["for phone"]
    seen = vault.masked_phone(principal.phone) if principal.phone else ""
    facts = {"relation": principal.relation, "name_sealed": name, "phone_sealed": phone, "phone_masked": seen}
    rows.put(Behalf, telling_id=taking.telling, matter_id=matter, grid=grid, name_masked=vault.masked_name(principal.name), **facts)
    if phone and taking.first is None:
        notices.put_consent(rules.proxy.reader(taking.telling), "sms", subject=subject, sealed=phone, masked=seen, at=taking.at)


def understanding(read: Understanding, spans: Iterable[tuple[int, int]] = (), named: Iterable[Named] = ()) -> dict[str, object]:
    """What is kept of how a telling was understood; spans: where its place is named; named: every place in it."""
    found: dict[str, object] = {
        "version": read.version,
        "title": read.title,
        "why": read.why,
        "risks": [risk.zh for risk in read.risks],
        "call": read.calls,
        "spans": read.marks(spans),
    }
    if places := kept(named):
        found["named"] = places
    return found
