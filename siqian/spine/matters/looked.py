"""Who opened a name or a telephone, when, and for what: for whoever inspects, and for whomever it belongs to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from siqian.kernel import journal, store
from siqian.kernel.permits import Actor, NotYours, Refusal, may
from siqian.town.people import queries as people

from . import rules
from .models import Telling

FOR_INSPECTORS = Refusal("谁看过资料，给纪检监督员和审计管理员查；自己的资料谁看过，在自己那件事里看")
WHOSE = ("teller", "principal", "resident")


@dataclass(frozen=True)
class Look:
    """One look. whose: teller, principal (for whom somebody spoke) or resident; number: of the matter, empty where it is none."""

    id: int
    at: datetime
    name: str
    what: str
    purpose: str
    whose: str
    number: str = ""


def looks(*, seen_by: Actor, before: int = 0, most: int = 50) -> list[Look]:
    """Every look anywhere in the district, the newest first; no name of whom it was about. For inspectors and audit administrators."""
    if not (seen_by.has("inspector") or seen_by.has("audit_admin")):
        raise NotYours(FOR_INSPECTORS)
    lines = journal.newest("vault.opened", before=before, most=most)
    called, numbers = people.called({line.by for _, line in lines}), _numbers([subject for subject, _ in lines], seen_by)
    return [_look(line, subject, called, numbers.get(subject, "")) for subject, line in lines]


def looked_at(tellings: Collection[int]) -> list[Look]:
    """Who opened name or telephone of these tellings, or of whom they speak for, the newest first; for whoever told them."""
    with store.reading_all():
        marks = list(Telling.objects.filter(id__in=list(tellings)).values_list("receipt", flat=True))
    subjects = [subject for mark in marks for subject in (rules.sealed_under(mark), rules.proxy.sealed_under(mark))]
    lines = [(subject, line) for subject in dict.fromkeys(subjects) for line in journal.of(subject) if line.name == "vault.opened"]
    called = people.called({line.by for _, line in lines})
    return sorted((_look(line, subject, called, "") for subject, line in lines), key=lambda look: -look.id)


def own_looks(*, seen_by: Actor) -> list[Look]:
    """Who opened name or telephone of anything that this reader told, the newest first."""
    own = [int(ref.removeprefix("telling:")) for ref in seen_by.own if ref.startswith("telling:")]
    account = Q(account=seen_by.ref) if seen_by.ref.startswith("account:") else Q(id=None)
    with store.reading_all():
        ids = list(Telling.objects.filter(Q(id__in=own) | account).values_list("id", flat=True))
    return looked_at(ids)


def _look(line: journal.Line, subject: str, called: dict[str, str], number: str) -> Look:
    whose = subject.partition(":")[0]
    return Look(line.id, line.at, called.get(line.by, line.by), line.body["what"], line.body["purpose"], whose, number)


def _numbers(subjects: Sequence[str], seen_by: Actor) -> dict[str, str]:
    """The number of the matter that a sealed name belongs to, where the reader may see it."""
    found: dict[str, str] = {}
    with store.reading(seen_by):
        for subject in dict.fromkeys(subjects):
            whose, _, mark = subject.partition(":")
            if whose in ("teller", "principal") and mark:
                # The mark is the beginning of a receipt's; all of it is hexadecimal, so that "g" lies behind.
                told = Telling.objects.filter(receipt__gte=mark, receipt__lt=mark + "g").select_related("matter").order_by("id").first()
                row = told.matter if told else None
                if row is not None and may(seen_by, "read", rules.thing(row)) is None:
                    found[subject] = rules.number(row.id, row.received)
    return found
