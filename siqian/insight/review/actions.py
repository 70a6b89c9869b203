"""The only writers of weekly sheets: drawn up by one, issued by another, never changed; exclusions and corrections beside them."""

from datetime import datetime

from siqian.kernel import rows, store
from siqian.kernel.garbage import uncollected
from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refusal, Refused, Thing, declare, must
from siqian.spine.matters import queries as matters
from siqian.spine.matters.rules import id_of
from siqian.spine.matters.rules.measures import Fact
from siqian.town.people import queries as people, rules as duty
from siqian.trades.tasks import actions as tasks

from . import rules
from .assembling import assemble
from .events import CorrectionDone, CorrectionGiven, ExclusionAsked, ExclusionRuled, SheetDrafted, SheetIssued
from .models import Correction, Counted, Exclusion, Issue, Sheet
from .queries import numbers_before, of_district, span_of

declare("review", *rules.PERMITS)


@office_verb
def draft(*, week: str, words: str = "", by: Actor, at: datetime) -> int:
    """Draw up a week that is over (制表): a new version with every matter behind its figures; gives its id. Records sheet.drafted.

    words: what whoever draws it up says in a sentence; of a week already issued, why it is corrected.
    """
    must(by, "draft", of_district())
    since, until = span_of(week)
    store.lock("review", week)
    versions = list(Sheet.objects.filter(week=week).values_list("id", "version"))
    issued = Issue.objects.filter(sheet__week=week).exists()
    fault = rules.draft_fault(until, at, issued, words)
    if fault is not None:
        raise (BadInput if fault.field else Refused)(fault)
    left_out = set(Exclusion.objects.filter(week=week, state="granted").values_list("matter", flat=True))
    version = 1 + max((number for _, number in versions), default=0)
    with uncollected():
        row, counted = _drawn_up(week, version, matters.counted(since, until, left_out=left_out), words, by=by, at=at)
    record(SheetDrafted(f"sheet:{row.id}", week, version, row.rules, counted, row.digest), first=True, by=by, at=at)
    return row.id


@office_verb
def issue(*, week: str, version: int, by: Actor, at: datetime) -> None:
    """A second person issues the newest version (签发). Records sheet.issued."""
    must(by, "issue", of_district())
    store.lock("review", week)
    row = Sheet.objects.filter(week=week, version=version).first()
    if row is None:
        raise NotFound(rules.NO_SHEET)
    newest = not Sheet.objects.filter(week=week, version__gt=version).exists()
    issued = Issue.objects.filter(sheet=row).exists()
    waiting = Exclusion.objects.filter(week=week, state="asked").count()
    fault = rules.issue_fault(row.drafted_by, by, newest, issued, waiting)
    if fault is not None:
        raise (NotYours if fault is rules.SECOND_PERSON else Refused)(fault)
    Issue.objects.create(sheet=row, by=by.ref, by_name=by.name, at=at)
    record(SheetIssued(f"sheet:{row.id}", week, version, row.digest), by=by, at=at)


@verb
def ask_exclusion(*, week: str, number: str, reason: str, by: Actor, at: datetime) -> int:
    """Ask to leave a matter out of a week's rates (除外), with the reason; gives its id. Records exclusion.asked."""
    span_of(week)
    id_ = id_of(number)
    line = matters.lines([id_], seen_by=by).get(id_) if id_ is not None else None
    if line is None or id_ is None:
        raise BadInput(Refusal("没有这件事，或者不归您看。核对一下编号", field="number"))
    must(by, "exclude", Thing("review", area=line.path))
    fault = rules.reason_fault(reason)
    if fault is not None:
        raise BadInput(fault)
    store.lock("review", week)
    if Exclusion.objects.filter(week=week, matter=id_).exclude(state="denied").exists():
        raise Refused(rules.EXCLUDED)
    row = Exclusion.objects.create(week=week, matter=id_, number=line.number, reason=reason.strip(), by=by.ref, by_name=by.name, at=at)
    record(ExclusionAsked(f"exclusion:{row.id}", week, f"matter:{id_}"), by=by, at=at)
    return row.id


@office_verb
def rule_exclusion(*, exclusion: int, granted: bool, ruling: str, by: Actor, at: datetime) -> None:
    """Another person rules on it; what is granted is left out of the next version drawn up. Records exclusion.ruled."""
    must(by, "rule", of_district())
    row = Exclusion.objects.filter(id=exclusion).first()
    if row is None:
        raise NotFound(rules.NO_EXCLUSION)
    if row.by == by.ref:
        raise NotYours(rules.ASKED_YOURSELF)
    fault = rules.reason_fault(ruling, "ruling")
    if fault is not None:
        raise BadInput(fault)
    state = "granted" if granted else "denied"
    ruled = {"state": state, "ruled_by": by.ref, "ruled_name": by.name, "ruled_at": at, "ruling": ruling.strip()}
    if not Exclusion.objects.filter(id=exclusion, state="asked").update(**ruled):
        raise Refused(rules.RULED)
    record(ExclusionRuled(f"exclusion:{row.id}", row.week, f"matter:{row.matter}", granted), by=by, at=at)


@verb
def correct(*, week: str, version: int, text: str, proof: str, post: str, until: datetime | None, by: Actor, at: datetime) -> int:
    """Give a post something to change by a day (要改的事): a task with an owner; gives its id. Records correction.given."""
    top = of_district()
    must(by, "correct", top)
    sheet = Sheet.objects.filter(week=week, version=version).first()
    if sheet is None:
        raise NotFound(rules.NO_SHEET)
    name, _, path = people.post_line(post)
    fault = rules.correction_fault(text, proof, bool(name), until, at)
    if fault is not None or until is None:
        raise BadInput(fault or rules.NO_CORRECTION)
    given = {"text": text.strip(), "proof": proof.strip(), "post": post, "until": until}
    row = Correction.objects.create(sheet=sheet, **given, by=by.ref, by_name=by.name, at=at)
    card = people.card_of(post, at=at)
    owner = duty.Owner(post, card.person if card and card.on else "")
    about = f"correction:{row.id}"
    tasks.open_clocks(
        about=about, dues={"correct": until}, owner=owner, path=path, title=row.text, place=name, said_by=by.name, by=by, at=at
    )
    record(CorrectionGiven(about, f"sheet:{sheet.id}", post), first=True, by=by, at=at)
    return row.id


@verb
def finish(*, correction: int, outcome: str, by: Actor, at: datetime) -> None:
    """Say that it is changed, and how one sees it. Twice is once. Records correction.done."""
    row = Correction.objects.filter(id=correction).first()
    if row is None:
        raise NotFound(rules.NO_CORRECTION)
    must(by, "finish", Thing("review", area=people.post_line(row.post)[2] or of_district().area, posts=frozenset({row.post})))
    if row.done is not None:
        return
    fault = rules.reason_fault(outcome, "outcome")
    if fault is not None:
        raise BadInput(fault)
    Correction.objects.filter(id=row.id, done=None).update(done=at, done_name=by.name, outcome=outcome.strip())
    tasks.stop(about=f"correction:{row.id}", what="correct", by=by, at=at)
    record(CorrectionDone(f"correction:{row.id}", row.post), by=by, at=at)


def _drawn_up(week: str, version: int, facts: list[Fact], words: str, *, by: Actor, at: datetime) -> tuple[Sheet, int]:
    """The sheet with every matter behind its figures; and how many they are."""
    made = assemble(facts, numbers_before(week))
    drafted = {"words": words.strip(), "drafted_by": by.ref, "drafted_name": by.name, "at": at}
    row = Sheet.objects.create(week=week, version=version, rules=made.rules, numbers=made.numbers, digest=made.digest, **drafted)
    for fact, street, community, klass in made.counted:
        columns = {"matter": fact.matter, "grid": fact.grid, "unit": fact.unit, "marks": fact.marks}
        rows.put(Counted, sheet_id=row.id, **columns, street=street, community=community, klass=klass)
    rows.write_now()
    return row, len(made.counted)
