"""Everybody matched: who fulfils a policy is told; what rests on facts that have changed is marked for a person, never taken."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from siqian.kernel import journal, store, vault
from siqian.kernel.clock import local
from siqian.kernel.journal import Ref, office_verb
from siqian.kernel.permits import Actor, must
from siqian.kernel.said import said
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.dossier import queries as facts
from siqian.trades.notices import actions as notices

from . import queries, reckoning, rules, snapshot
from .engine import columns as cols, form as forms, plan, running
from .events import EntitlementDoubted, EntitlementFound, EntitlementMoved
from .models import Entitlement, Step

FOUND = {
    "free": said("“{title}”是您的，不用申请。打开“该您的”看看为什么"),
    "quick": said("“{title}”可以给您，表已经填好，点一下就行。打开“该您的”"),
    "help": said("“{title}”也许该您的，法律要求本人申请。我们来帮您办，打开“该您的”"),
}
# Households that were looked at, with what was known then: the same again would say the same.
MOST_LOOKED = 5_000
_looked: dict[tuple[Ref, ...], tuple[Any, ...]] = {}
BASED = ("told", "accepted", "queued", "confirmed", "granted")


@office_verb
def match(*, subject: Ref, by: Actor, at: datetime) -> int:
    """What is known of somebody has changed: they and whoever lives with them are looked at anew; gives how many things were found."""
    members, day = snapshot.household(subject), local(at).date()
    lines = queries.in_force(day)
    # Of several facts said one after the other, the first delivery has looked at all of them.
    state = _state(members, lines, day)
    if not members or _looked.get(members) == state:
        return 0
    found = _judge(members, lines, dict.fromkeys(members, members), by=by, at=at)
    _looked[members] = _state(members, lines, day)
    if len(_looked) > MOST_LOOKED:
        del _looked[next(iter(_looked))]
    return found


def _state(members: Sequence[Ref], lines: Sequence[queries.EditionLine], day: date) -> tuple[Any, ...]:
    """All that an answer depends on: facts, policies, figures, who wants to be left alone, what is there already."""
    return (
        day,
        queries.laid(),
        len(lines),
        facts.standing_of(members),
        tuple(sorted(queries.quiet(members))),
        tuple(sorted(queries.held(members).items())),
    )


@office_verb
def match_policy(*, code: str, by: Actor, at: datetime) -> int:
    """A policy has come into force: everybody is matched against it; gives how many were found."""
    lines = [line for line in queries.in_force(local(at).date(), fresh=True) if line.code == code]
    return _matched(lines, by=by, at=at) if lines else 0


@office_verb
def match_all(*, by: Actor, at: datetime) -> int:
    """Everybody against everything in force, as every night; gives how many were found. As often as one likes."""
    return _matched(queries.in_force(local(at).date(), fresh=True), by=by, at=at)


@office_verb
def leave(*, subject: Ref, by: Actor, at: datetime) -> int:
    """Somebody moved away or was forgotten: what is not granted yet ends; what is granted waits for a person. Gives how many."""
    rows = list(Entitlement.objects.filter(subject=subject).exclude(state__in=("gone", "upheld")))
    for row in rows:
        if row.state in ("told", "accepted", "queued", "declined", "confirmed"):
            row.state = "gone"
            row.save(update_fields=["state"])
            add_step(row, "leave", "", by=by, at=at)
            journal.record(EntitlementMoved(f"entitlement:{row.id}", "leave", f"policy:{row.policy}"), by=by, at=at)
        elif row.doubt is None:
            _doubt(row, by=by, at=at)
    return len(rows)


def candidates(lines: Sequence[queries.EditionLine], seen: snapshot.Snapshot, day: date) -> list[tuple[queries.EditionLine, list[Ref]]]:
    """For each policy whom it is true of, by the columnar kernel."""
    policies = {line.code: line.policy() for line in lines}
    made = plan.plan(list(policies.values()), queries.parameters().at(day), day, cols.kinds(seen.columns))
    true, _possible = running.bits_of(made, seen.columns, seen.rows, seen.home, seen.homes, running.run_for(seen.rows))
    by_code = {line.code: line for line in lines}
    return [
        (by_code[policy.code], [seen.subjects[row] for row in cols.flags(true[number], seen.rows).nonzero()[0]])
        for number, policy in enumerate(made.policies)
    ]


def _matched(lines: Sequence[queries.EditionLine], *, by: Actor, at: datetime) -> int:
    """The kernel says who might be new; the reference judges them once more, so that what is told is what is meant."""
    seen = snapshot.whole()
    found = candidates(lines, seen, local(at).date())
    held = queries.held(seen.subjects)
    true = {(subject, line.code) for line, subjects in found for subject in subjects}
    fresh: dict[Ref, list[queries.EditionLine]] = {}
    for line, subjects in found:
        for subject in subjects:
            if (subject, line.code) not in held:
                fresh.setdefault(subject, []).append(line)
    codes = {line.code for line in lines}
    doubtful = {subject for (subject, code), (_, state) in held.items() if code in codes and state in BASED and (subject, code) not in true}
    told = 0
    for subject in sorted(set(fresh) | doubtful):
        wanted = lines if subject in doubtful else fresh[subject]
        told += _judge([subject], wanted, by=by, at=at)
    return told


def _judge(
    subjects: Iterable[Ref],
    lines: Sequence[queries.EditionLine],
    living: Mapping[Ref, tuple[Ref, ...]] | None = None,
    *,
    by: Actor,
    at: datetime,
) -> int:
    subjects = list(subjects)
    silent, day, told = queries.quiet(subjects), local(at).date(), 0
    for subject, whom in reckoning.persons(subjects, living).items():
        store.lock("entitlements", subject)
        held = {row.policy: row for row in Entitlement.objects.filter(subject=subject).exclude(state="gone")}
        for one in reckoning.judged(whom, lines, day):
            row = held.get(one.line.code)
            if row is None and one.verdict.state == "true" and subject not in silent:
                told += _found(whom, one, by=by, at=at)
            elif row is not None and row.state in BASED:
                _weigh(row, one, by=by, at=at)
    return told


def _weigh(row: Entitlement, one: reckoning.Judged, *, by: Actor, at: datetime) -> None:
    """Whether what was found still stands: if not, a person is to look, and nothing is taken."""
    if one.verdict.state == "true" and row.doubt is not None:
        row.doubt = None
        row.save(update_fields=["doubt"])
    elif one.verdict.state != "true" and row.doubt is None:
        _doubt(row, by=by, at=at)


def _doubt(row: Entitlement, *, by: Actor, at: datetime) -> None:
    row.doubt = at
    row.save(update_fields=["doubt"])
    journal.record(EntitlementDoubted(f"entitlement:{row.id}"), by=by, at=at)


def _found(whom: reckoning.Person, one: reckoning.Judged, *, by: Actor, at: datetime) -> int:
    door = people.doors_of([int(whom.subject.partition(":")[2])])
    place = places.at_building(next(iter(door.values()))[0]) if door else None
    if place is None:
        return 0
    must(by, "find", queries.Thing("entitlement", whom.subject, area=place.path))
    line, day = one.line, local(at).date()
    used = facts.editions([whom.subject], sorted(forms.facts_of(one.verdict.policy))).get(whom.subject, {})
    row = Entitlement.objects.create(
        subject=whom.subject,
        policy=line.code,
        edition=line.number,
        title=str(line.title),
        title_en=line.title.en,
        mode=line.mode,
        gives=line.gives,
        tender=_tender(line),
        period=line.period,
        fen=one.verdict.amount if line.gives == "money" else None,
        building=place.building,
        path=place.path,
        grid=place.fence,
        reasons=vault.seal(whom.subject, "\n".join(one.reasons(day)), at=at),
        grounds=sorted(used.values()),
        found=at,
        due=rules.due_day(day),
    )
    add_step(row, "told", "", by=by, at=at)
    journal.record(EntitlementFound(f"entitlement:{row.id}", f"policy:{line.code}"), by=by, at=at)
    shown = queries.public_title(row.title, row.title_en, row.gives, row.tender)
    values = {"title": str(shown), "title_en": shown.en}
    tell(row, FOUND[line.mode], values, by=by, at=at)
    return 1


TO_KEEPER = said("{place}有一户该享的还没有人告诉，本人没有手机账号，上门时说一声")


def tell(row: Entitlement, text: str, values: dict[str, str], *, by: Actor, at: datetime) -> None:
    """The person reads it; whoever has no account is told by whoever comes to the door."""
    account = people.accounts_of([int(row.subject.partition(":")[2])])
    about = f"entitlement:{row.id}"
    if account:
        notices.tell(to=next(iter(account.values())), about=about, text=text, values=values, by=by, at=at)
        return
    owner = people.owner_at(row.path, at=at)
    words, words_en = queries.place_of(row.building)
    notices.tell(to=f"post:{owner.post}", about=about, text=TO_KEEPER, values={"place": words, "place_en": words_en}, by=by, at=at)


def _tender(line: queries.EditionLine) -> bool:
    """Whether a policy asks for something sensitive, so that its very name would tell of it."""
    kinds = facts.kinds()
    return any(kinds[code].sensitive for code in forms.facts_of(line.policy()) if code in kinds)


def add_step(row: Entitlement, what: str, why: str, *, by: Actor, at: datetime) -> None:
    number = Step.objects.filter(entitlement=row).count() + 1
    sealed = vault.seal(row.subject, why.strip(), at=at) if why.strip() else ""
    Step.objects.create(entitlement=row, number=number, what=what, why=sealed, by=by.ref, by_name=by.name[:30], at=at)


__all__ = ["add_step", "candidates", "leave", "match", "match_all", "match_policy", "tell"]
