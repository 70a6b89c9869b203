"""What others may know of facts: masked for staff, in full for oneself. Nothing is opened here; `actions.look` opens and journals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from siqian.kernel import clock, store, vault
from siqian.kernel.journal import Ref
from siqian.kernel.permits import Actor, NotFound, NotYours, Refusal, Refused, Thing
from siqian.kernel.said import Both
from siqian.town.places import queries as places

from . import catalogued, rules
from .models import Fact, Version

kinds, purposes = catalogued.kinds, catalogued.purposes
# What the house itself goes by, when it reckons who is visited how often: values, never shown to anybody.
SPOKEN = ("noted", "confirmed", "corrected")


@dataclass(frozen=True)
class Step:
    """One thing that was said or done about a fact."""

    what: str
    source: str
    basis: str
    how: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class Known:
    """A fact as it stands. value: only in one's own, and only while it can be read; steps: of one's own, the newest first.

    need: known, confirm, ask; empty when nobody may ask.
    """

    id: int
    subject: Ref
    kind: rules.Kind
    state: str
    need: str
    purposes: tuple[str, ...]
    since: date
    source: str
    basis: str
    how: str
    by_name: str
    at: datetime
    confirm_by: date
    keep_until: date
    value: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Ask:
    """What is still to be asked (need: ask), to be confirmed (confirm), or known. fact: its id, 0 when nothing was ever said."""

    subject: Ref
    kind: rules.Kind
    need: str
    fact: int


def known(subjects: Collection[Ref], purpose: str = "", *, seen_by: Actor, at: datetime) -> dict[Ref, list[Known]]:
    """Facts of these by subject, as far as the actor's duty reads their kind, without what was said. purpose: only those said for it."""
    today, rows = clock.local(at).date(), _rows(subjects, seen_by)
    newest_, found = newest([row.id for row in rows]), {subject: list[Known]() for subject in subjects}
    for row in rows:
        if not purpose or purpose in row.purposes:
            found[row.subject].append(_known(row, newest_[row.id], today))
    return found


def asks(homes: Mapping[Ref, str], purpose: str, *, seen_by: Actor, at: datetime) -> dict[Ref, list[Ask]]:
    """What is to be asked of these for a purpose, by subject, what is to be confirmed first. homes: the area path of each subject.

    What was taken back, or objected to, is not among it: nobody asks again.
    """
    today = clock.local(at).date()
    rows = {(row.subject, row.kind): row for row in _rows(homes, seen_by)}
    found: dict[Ref, list[Ask]] = {}
    for subject, path in homes.items():
        wanted = [kind for kind in kinds().values() if subject.startswith(f"{kind.about}:") and purpose in kind.purposes]
        lines = [_ask(subject, kind, rows.get((subject, kind.code)), purpose, today) for kind in wanted if reads(seen_by, kind, path)]
        found[subject] = sorted((line for line in lines if line.need), key=lambda line: ORDER.index(line.need))
    return found


def mine(subjects: Collection[Ref], *, seen_by: Actor, at: datetime) -> list[Known]:
    """One's own facts in full, with all that was said and done about each."""
    if not set(subjects) <= seen_by.own:
        raise NotYours(rules.NO_FACT)
    today = clock.local(at).date()
    with store.reading_all():
        rows = list(Fact.objects.filter(subject__in=list(subjects)).exclude(state="over").order_by("subject", "id"))
        steps: dict[int, list[Version]] = {}
        for version in Version.objects.filter(fact__in=[row.id for row in rows]).order_by("fact_id", "-number"):
            steps.setdefault(version.fact_id, []).append(version)
    return [_own(row, steps[row.id], today) for row in rows if row.kind in kinds()]


def fact(id_: int, *, seen_by: Actor, at: datetime) -> Known:
    """One fact, masked."""
    with store.reading_all():
        row = Fact.objects.filter(id=id_).first()
    kind = kinds().get(row.kind) if row else None
    if row is None or kind is None or not (row.subject in seen_by.own or reads(seen_by, kind, row.path)):
        raise NotFound(rules.NO_FACT)
    return _known(row, newest([row.id])[row.id], clock.local(at).date())


def kinds_of(facts: Collection[int], *, seen_by: Actor) -> dict[int, rules.Kind]:
    """Of which kind these facts are, for whoever reads who looked at them: the person, or whoever inspects (sensitive ones unnamed)."""
    with store.reading_all():
        rows = list(Fact.objects.filter(id__in=list(facts)).values_list("id", "subject", "kind"))
    return {id_: kinds()[kind] for id_, subject, kind in rows if kind in kinds() and subject in seen_by.own}


def weighed(subjects: Collection[Ref], codes: Collection[str], purpose: str) -> dict[Ref, dict[str, str]]:
    """What the house itself goes by: by subject, kind -> what was said, of facts that may be used for this purpose now.

    For the office's own reckoning, as `vault.unseal`; what it reads is shown to nobody.
    """
    with store.reading_all():
        rows = [
            row for row in Fact.objects.filter(subject__in=list(subjects), kind__in=list(codes), state="known") if purpose in row.purposes
        ]
        spoken = newest([row.id for row in rows])
        found: dict[Ref, dict[str, str]] = {}
        for row in rows:
            if value := _opened(row.subject, spoken[row.id].value):
                found.setdefault(row.subject, {})[row.kind] = value
    return found


def holders(purpose: str) -> list[Ref]:
    """Of whom something is known that may be used for this purpose, for the office's own reckoning; names nobody."""
    codes = [kind.code for kind in kinds().values() if purpose in kind.purposes]
    with store.reading_all():
        rows = Fact.objects.filter(kind__in=codes, state="known").values_list("subject", "purposes")
        return sorted({subject for subject, purposes_ in rows if purpose in purposes_})


def silent(subjects: Collection[Ref]) -> dict[Ref, dict[str, str]]:
    """Which kinds are shut, and why: by subject, kind -> withdrawn, objected, expired. For the office's own reckoning."""
    found: dict[Ref, dict[str, str]] = {}
    with store.reading_all():
        rows = Fact.objects.filter(subject__in=list(subjects), state__in=("withdrawn", "objected", "expired"))
        for subject, kind, state in rows.values_list("subject", "kind", "state"):
            found.setdefault(subject, {})[kind] = state
    return found


def standing_of(subjects: Collection[Ref]) -> tuple[tuple[int, int, str], ...]:
    """(fact, number of its version, how it stands) of all that is kept of these: it differs as soon as anything is said or done."""
    with store.reading_all():
        return tuple(Fact.objects.filter(subject__in=list(subjects)).order_by("id").values_list("id", "number", "state"))


def editions(subjects: Collection[Ref], codes: Collection[str]) -> dict[Ref, dict[str, tuple[int, int]]]:
    """(fact, number of its version) by subject and kind: what a decision stood on, without what was said."""
    with store.reading_all():
        rows = Fact.objects.filter(subject__in=list(subjects), kind__in=list(codes), state="known")
        found: dict[Ref, dict[str, tuple[int, int]]] = {}
        for row in rows:
            found.setdefault(row.subject, {})[row.kind] = (row.id, row.number)
    return found


def counted(subjects: Collection[Ref], *, seen_by: Actor) -> int:
    """How many facts are sealed under these of one's own."""
    if not set(subjects) <= seen_by.own:
        raise NotYours(rules.NO_FACT)
    with store.reading_all():
        return Fact.objects.filter(subject__in=list(subjects)).exclude(state="over").count()


def faults() -> list[Refusal]:
    """What cannot be so: a fact behind another grid's fence, or one that can be used without anything that was said."""
    with store.reading_all():
        found = [
            Refusal("{building}的情况记在别的网格里，运行 siqian worker，让它跟上新网格", building=building)
            for building, grid in Fact.objects.exclude(state="over").order_by("building").values_list("building", "grid").distinct()
            if (place := places.at_building(building)) is None or place.fence != grid
        ]
        said = Version.objects.filter(fact=OuterRef("id"), what__in=SPOKEN).exclude(value="")
        empty = Fact.objects.filter(~Exists(said), state__in=("known", "objected")).values_list("id", flat=True)
    return found + [Refusal("情况{id}没有内容，重新问一次", id=id_) for id_ in empty]


def newest(facts: Collection[int]) -> dict[int, Version]:
    """The last thing that was said about each fact."""
    with store.reading_all():
        rows = Version.objects.filter(fact__in=list(facts), what__in=SPOKEN).order_by("fact_id", "number")
        return {row.fact_id: row for row in rows}


def reads(actor: Actor, kind: rules.Kind, path: str) -> bool:
    """Whether one of the actor's duties reads this kind here."""
    readers = (*kind.readers, "office")
    return any(grant.role in readers and grant.area and path.startswith(grant.area) for grant in actor.grants)


def may_read(actor: Actor, path: str) -> bool:
    """Whether the actor reads any kind here."""
    return any(reads(actor, kind, path) for kind in kinds().values())


def purpose_names() -> dict[str, Both]:
    return {purpose.code: Both(purpose.zh, purpose.en) for purpose in purposes().values()}


def purpose_said(stated: str) -> Both:
    """What a look at facts was for, as `look` keeps it: the purpose in both languages, why in whoever's own words."""
    named, colon, why = stated.partition("：")
    found = next((one.en for one in purposes().values() if one.zh == named), "")
    return Both(stated, f"{found}: {why}" if found and colon else stated)


def shown(kind: rules.Kind, value: str) -> tuple[str, str]:
    """What was said, in Chinese and English."""
    if kind.type == "yesno":
        return (str(rules.YES_NO.get(value, value)), {"yes": "Yes", "no": "No"}.get(value, value))
    if kind.type == "money" and value.isdigit():
        yuan = f"{int(value) / 100:,.2f}".removesuffix(".00")
        return (f"{yuan}元", f"{yuan} yuan")
    choice = next((one for one in kind.choices if one.code == value), None)
    return (choice.zh, choice.en) if choice else (value, value)


def thing(row: Fact) -> Thing:
    return Thing("fact", row.subject, area=row.path)


ORDER = ("confirm", "ask", "known")


def _rows(subjects: Collection[Ref], seen_by: Actor) -> list[Fact]:
    """Rows that the actor's duties read; the permit is asked row by row, the fence of the table is behind it."""
    with store.reading_all():
        rows = list(Fact.objects.filter(subject__in=list(subjects)).exclude(state="over").order_by("subject", "id"))
    return [row for row in rows if (kind := kinds().get(row.kind)) is not None and reads(seen_by, kind, row.path)]


def _ask(subject: Ref, kind: rules.Kind, row: Fact | None, purpose: str, today: date) -> Ask:
    if row is None:
        return Ask(subject, kind, "ask", 0)
    need = rules.need(row.state, row.confirm_by, today) if purpose in row.purposes else ""
    return Ask(subject, kind, need, row.id)


def _known(row: Fact, said: Version, today: date) -> Known:
    need, until = rules.need(row.state, row.confirm_by, today), (row.confirm_by, row.keep_until)
    told = (said.since, said.source, said.basis, said.how, said.by_name, said.at)
    return Known(row.id, row.subject, kinds()[row.kind], row.state, need, tuple(row.purposes), *told, *until)


def _own(row: Fact, versions: Sequence[Version], today: date) -> Known:
    said = next(version for version in versions if version.what in SPOKEN)
    known_ = _known(row, said, today)
    value = _opened(row.subject, said.value) if row.state in ("known", "objected") else ""
    steps = tuple(Step(one.what, one.source, one.basis, one.how, one.by_name, one.at) for one in versions)
    return Known(**{**vars(known_), "value": value, "steps": steps})


def _opened(subject: Ref, sealed: str) -> str:
    """Empty once the key is destroyed."""
    try:
        return vault.unseal(subject, sealed)
    except Refused:
        return ""
