"""The only writers of policies: drafted, read against the law, published by a second person; with `matching`, `granting` beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from siqian.kernel import epochs, journal, store
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refused, Thing, declare, must, or_refuse

from . import catalogued, queries, rules
from .engine import form as forms, linting, reference
from .events import ParameterSet, PolicyAsked, PolicyDrafted, PolicyEnded, PolicyPassed, PolicyPublished, PolicyReturned
from .granting import accept, allow, appeal, confirm, decline, fill, grant, refuse, renew, skip, stop, suggest, uphold
from .matching import leave, match, match_all, match_policy
from .models import Edition, Parameter, Policy
from .snapshot import kinds

__all__ = [
    "accept",
    "allow",
    "appeal",
    "ask",
    "begin",
    "begin_from",
    "change",
    "confirm",
    "decline",
    "draft_again",
    "end",
    "fill",
    "grant",
    "leave",
    "match",
    "match_all",
    "match_policy",
    "pass_on",
    "publish",
    "put_parameter",
    "refuse",
    "renew",
    "skip",
    "stop",
    "suggest",
    "take_back",
    "uphold",
]

declare("policy", *rules.PERMITS)
declare("entitlement", *rules.ENTITLEMENT_PERMITS)


@dataclass(frozen=True)
class Words:
    """What a policy says besides its conditions."""

    title: str
    title_en: str = ""
    mode: str = "free"
    gives: str = "money"
    period: str = "month"
    told: str = ""
    told_en: str = ""
    basis: tuple[str, ...] = ()
    budget: int = 0
    places: int = 0
    since: date | None = None
    until: date | None = None
    amount: Mapping[str, Any] | None = None
    examples: tuple[Mapping[str, Any], ...] = field(default=())


@office_verb
def begin(*, code: str, words: Words, when: Mapping[str, Any] | None = None, unit: str = "", by: Actor, at: datetime) -> int:
    """Draft a policy; gives the edition's id. Records policy.drafted."""
    _must(by, "write")
    if (fault := rules.code_fault(code) or _words_fault(words)) is not None:
        raise BadInput(fault)
    store.lock("policy", code)
    if Policy.objects.filter(code=code).exists():
        raise BadInput(type(rules.CODE_TAKEN)(rules.CODE_TAKEN.template, field="code", code=code))
    policy = Policy.objects.create(code=code, unit=unit, begun=at)
    row = Edition(policy=policy, number=1, form={"when": dict(when or {"all": []})}, writer=by.ref, writer_name=by.name[:30], changed=at)
    _say(row, words, by=by, at=at)
    journal.record(PolicyDrafted(f"policy:{code}", 1), by=by, at=at)
    return row.id


@office_verb
def begin_from(*, code: str, unit: str = "", by: Actor, at: datetime) -> int:
    """Draft a policy from one that ships, with the figures that it refers to; gives the edition's id. Records policy.drafted."""
    kept = catalogued.shipped().get(code)
    if kept is None:
        raise NotFound(rules.NO_POLICY)
    known = set(Parameter.objects.values_list("name", flat=True))
    for name in sorted(_named(kept) - known):
        for row in catalogued.figures()[name].values:
            put_parameter(name=name, since=date.fromisoformat(row["since"]), value=row["value"], by=by, at=at)
    words = Words(
        title=kept.zh,
        title_en=kept.en,
        mode=kept.mode,
        gives=kept.gives,
        period=kept.period,
        told=kept.told,
        told_en=kept.told_en,
        basis=kept.basis,
        amount=kept.amount,
        examples=kept.examples,
    )
    return begin(code=code, words=words, when=kept.when, unit=unit, by=by, at=at)


@office_verb
def change(
    *,
    code: str,
    words: Words | None = None,
    form: Mapping[str, Any] | None = None,
    examples: Sequence[Mapping[str, Any]] | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Write in the draft: what it says, its conditions, its examples. form: as `rules.authoring` gives it."""
    row = _in_hand(code, by, "write")
    if row.state != "draft":
        raise Refused(rules.NOT_DRAFT)
    if words is not None:
        if (fault := _words_fault(words)) is not None:
            raise BadInput(fault)
        _say(row, words, by=by, at=at)
    if form is not None:
        row.form = {name: value for name, value in form.items() if name in ("when", "amount", "note")}
    if examples is not None:
        row.examples = [dict(one) for one in examples]
    # Whoever changes it last wrote it: the second person is somebody else than them.
    row.writer, row.writer_name, row.changed = by.ref, by.name[:30], at
    row.save()


@office_verb
def draft_again(*, code: str, by: Actor, at: datetime) -> int:
    """A new edition of a policy, from the last one; gives its number. One in hand is gone on with. Records policy.drafted."""
    _must(by, "write")
    store.lock("policy", code)
    last = Edition.objects.select_related("policy").filter(policy__code=code).order_by("-number").first()
    if last is None:
        raise NotFound(rules.NO_POLICY)
    if last.state in queries.IN_HAND:
        return last.number
    kept = {name: getattr(last, name) for name in KEPT}
    row = Edition.objects.create(policy=last.policy, number=last.number + 1, writer=by.ref, writer_name=by.name[:30], changed=at, **kept)
    journal.record(PolicyDrafted(f"policy:{code}", row.number), by=by, at=at)
    return row.number


KEPT = (
    "title",
    "title_en",
    "mode",
    "gives",
    "period",
    "told",
    "told_en",
    "form",
    "basis",
    "examples",
    "budget",
    "places",
    "since",
    "until",
)


@office_verb
def ask(*, code: str, by: Actor, at: datetime) -> None:
    """Hand the draft to whoever reads it against the law. Twice is once. Records policy.asked."""
    row = _in_hand(code, by, "ask")
    if row.state == "asked":
        return
    row.state = or_refuse(rules.EDITION.then(row.state, "ask"))
    _whole(row, at)
    row.note = ""
    row.save()
    journal.record(PolicyAsked(f"policy:{code}", row.number), by=by, at=at)


@office_verb
def pass_on(*, code: str, by: Actor, at: datetime) -> None:
    """It stands with the law. Records policy.passed."""
    row = _in_hand(code, by, "pass")
    if row.writer == by.ref:
        raise NotYours(rules.SAME_PERSON)
    row.state = or_refuse(rules.EDITION.then(row.state, "pass"))
    row.passed_by, row.passed_name, row.note = by.ref, by.name[:30], ""
    row.save()
    journal.record(PolicyPassed(f"policy:{code}", row.number), by=by, at=at)


@office_verb
def take_back(*, code: str, why: str, by: Actor, at: datetime) -> None:
    """Back to its writer, with why. Records policy.returned."""
    row = _in_hand(code, by, "return")
    if (fault := rules.reason_fault(why)) is not None:
        raise BadInput(fault)
    row.state = or_refuse(rules.EDITION.then(row.state, "return"))
    row.note, row.passed_by, row.passed_name = why.strip(), "", ""
    row.save()
    journal.record(PolicyReturned(f"policy:{code}", row.number), by=by, at=at)


@office_verb
def publish(*, code: str, by: Actor, at: datetime) -> None:
    """A second person puts it into force; what it was before is replaced. Records policy.published; everybody is matched then."""
    row = _in_hand(code, by, "publish")
    if by.ref in (row.writer, row.passed_by) and by.ref != "office":
        raise NotYours(rules.SAME_PERSON)
    row.state = or_refuse(rules.EDITION.then(row.state, "publish"))
    _whole(row, at)
    for old in Edition.objects.filter(policy=row.policy, state="in_force"):
        old.state = or_refuse(rules.EDITION.then(old.state, "replace"))
        old.save(update_fields=["state"])
    row.published_by, row.published_name, row.published = by.ref, by.name[:30], at
    row.since = row.since or local(at).date()
    row.save()
    epochs.bump("policies")
    journal.record(PolicyPublished(f"policy:{code}", row.number), by=by, at=at)


@office_verb
def end(*, code: str, by: Actor, at: datetime) -> None:
    """Nobody new is found for it; what was granted stays until a person looks at it. Records policy.ended."""
    _must(by, "end")
    store.lock("policy", code)
    row = Edition.objects.filter(policy__code=code, state="in_force").first()
    if row is None:
        raise NotFound(rules.NO_POLICY)
    row.state, row.until = or_refuse(rules.EDITION.then(row.state, "end")), local(at).date()
    row.save(update_fields=["state", "until"])
    epochs.bump("policies")
    journal.record(PolicyEnded(f"policy:{code}", row.number), by=by, at=at)


@office_verb
def put_parameter(*, name: str, since: date, value: Any, source: str = "", by: Actor, at: datetime) -> None:
    """A dated figure for policies; the same day again is a correction. Records benefit_parameter.set."""
    _must(by, "write")
    Parameter.objects.update_or_create(name=name, since=since, defaults={"value": value, "source": source[:120]})
    epochs.bump("policies")
    journal.record(ParameterSet(f"benefit_parameter:{name}", str(since)), by=by, at=at)


def _whole(row: Edition, at: datetime) -> None:
    """Refuse what must not leave the clerk's desk: without ground, against the law, wrong in its own examples, or for nobody."""
    cited = [catalogued.laws()[code] for code in row.basis if code in catalogued.laws()]
    if not cited:
        raise BadInput(rules.NO_BASIS)
    if (fault := rules.mode_fault(row.mode, cited)) is not None:
        raise Refused(fault)
    if row.gives == "money" and not row.form.get("amount"):
        raise BadInput(rules.NO_MONEY)
    try:
        policy = forms.one(queries.line(row).raw(), queries.parameters().rows)
    except forms.Faulty as error:
        raise BadInput(type(rules.NEVER)(str(error.faults[0]).replace("{", "（").replace("}", "）"), field="when")) from error
    day = local(at).date()
    values = queries.parameters().at(day)
    wrong = sum(not example_holds(policy, one, values, day) for one in row.examples)
    if wrong:
        raise Refused(type(rules.NEVER)(rules.EXAMPLES_WRONG.template, field="examples", count=wrong))
    if any(one.kind == "never" for one in linting.lint(_timeless(policy), values, day, kinds())):
        raise Refused(rules.NEVER)


def _named(kept: rules.Shipped) -> set[str]:
    """The dated figures that a policy refers to."""
    policy = forms.one({"code": kept.code, "when": kept.when} | ({"amount": kept.amount} if kept.amount else {}))
    named = {node.param for node in forms.nodes(policy.when) if not isinstance(node, forms.Group) and node.param}
    return named | ({policy.amount.param} if policy.amount and policy.amount.param else set())


def _timeless(policy: forms.Policy) -> forms.Policy:
    return forms.Policy(policy.code, policy.when, None, None, policy.amount, policy.raw)


def example_holds(policy: forms.Policy, example: Mapping[str, Any], values: Mapping[str, Any], day: date) -> bool:
    """Whether a kept example still comes out as it was written. On its own day, where it has one."""
    known = dict(example.get("facts", {}))
    household = [known, *example.get("household", [])]
    on = date.fromisoformat(example["on"]) if example.get("on") else day
    return reference.judge(_timeless(policy), known, household, values, on).state == example.get("expect")


def _say(row: Edition, words: Words, *, by: Actor, at: datetime) -> None:
    for name in ("title", "title_en", "mode", "gives", "period", "told", "told_en", "budget", "places", "since", "until"):
        setattr(row, name, getattr(words, name))
    row.basis = list(words.basis)
    row.form = {name: value for name, value in row.form.items() if name != "amount"}
    if words.gives == "money" and words.amount:
        row.form |= {"amount": dict(words.amount)}
    if words.examples:
        row.examples = [dict(one) for one in words.examples]
    row.save()


def _words_fault(words: Words) -> Any:
    if words.mode not in rules.MODES or words.gives not in rules.GIVES or words.period not in rules.PERIODS:
        return rules.NO_EDITION
    if not set(words.basis) <= set(catalogued.laws()):
        return rules.NO_BASIS
    return rules.title_fault(words.title)


def _in_hand(code: str, by: Actor, step: str) -> Edition:
    """The edition that is being worked on, while others who would write it wait."""
    _must(by, step)
    store.lock("policy", code)
    row = Edition.objects.select_related("policy").filter(policy__code=code, state__in=queries.IN_HAND).first()
    if row is None:
        raise NotFound(rules.NO_EDITION)
    return row


def _must(by: Actor, step: str) -> None:
    area = next((grant.area for grant in by.grants if grant.role in ("clerk", "legal", "office") and grant.area), "/")
    must(by, step, Thing("policy", area=area))
