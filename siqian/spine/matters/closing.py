"""Verbs of the end: close, check on the spot, rate, call back, do again, supervise. Each: permit, decide, write, record."""

from collections.abc import Sequence
from datetime import datetime

from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, NotYours, Refused
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people, rules as duty
from siqian.trades.tasks import actions as tasks

from . import parts, rules
from .events import MatterChecked, MatterClosed, MatterRated, MatterReopened, MatterSubmitted, MatterSupervised, TellerCalled
from .keeping import Spot, called, desk_of, done_then, drop, go, locked, on_the_spot, owe, own_telling, owner_here, said_by, write
from .models import Matter, Step
from .receiving import start_clocks
from .rules import course
from .taught import teach_settled


@verb
def close(
    *,
    matter: int,
    text: str,
    photos: Sequence[str] = (),
    stood: Spot = None,
    then: datetime | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Close with evidence; the teller is asked whether it is true. Records matter.closed.

    Its time is that of the server, its place where the telephone said it was (stood): never what a photo says of itself.
    then: when it was done by the telephone that kept it meanwhile; shown, and counted by nothing.

    A matter in parts closes only when they are over; a part is settled with that, for its whole is what is rated.
    A marked item is first looked at on the spot by somebody else, while the settling clock stands still. Records matter.submitted.
    """
    row = locked(matter, by, "close")
    if row.state in ("to_check", "closed", "settled"):
        return
    if row.state in ("assigned", "accepted", "returned"):
        raise Refused(rules.UNSPOKEN)
    refusal = rules.closable(text, photos)
    if refusal is not None:
        raise BadInput(refusal)
    if (fault := rules.parts.open_fault(parts.open_of(row.id))) is not None:
        raise Refused(fault)
    if remit.kind(row.kind).looked_at(remit.item(row.item)):
        _submit(row, text.strip(), photos, on_the_spot(row, stood) | done_then(then, at), by=by, at=at)
        return
    go(row, "close", closed=at)
    seen = on_the_spot(row, stood) | done_then(then, at)
    written = write(row, "closed", text.strip(), photos=photos, values=seen, by=by, at=at)
    _ask_for_rating(row, by=by, at=at)
    record(MatterClosed(f"matter:{row.id}", f"step:{written.id}", len(photos), row.post), by=by, at=at)


@verb
def check(*, matter: int, passed: bool, text: str, photos: Sequence[str] = (), stood: Spot = None, by: Actor, at: datetime) -> None:
    """Look on the spot whether it is done, by somebody other than its handler (现场核查). Records matter.checked, matter.closed."""
    row = locked(matter, by, "check")
    fault = course.checker_fault(row.person, row.post, by)
    if fault is not None:
        raise NotYours(fault)
    refusal = rules.closable(text, photos)
    if refusal is not None:
        raise BadInput(refusal)
    about, seen = f"matter:{row.id}", on_the_spot(row, stood)
    if passed:
        go(row, "pass", closed=at)
        written = write(row, "passed", text.strip(), photos=photos, values=seen, by=by, at=at)
        _ask_for_rating(row, by=by, at=at)
        record(MatterChecked(about, True), by=by, at=at)
        record(MatterClosed(about, f"step:{written.id}", len(photos), row.post), by=by, at=at)
        return
    go(row, "fail")
    tasks.stop(about=about, what="check", by=by, at=at)
    tasks.resume(about=about, what="settle", by=by, at=at)
    start_clocks(row, duty.Owner(row.post, row.person), said_by(row), only=("settle",), by=by, at=at)
    write(row, "failed", text.strip(), photos=photos, values=seen, by=by, at=at)
    record(MatterChecked(about, False), by=by, at=at)


@office_verb
def rate(*, matter: int, good: bool, words: str = "", by: Actor, at: datetime) -> None:
    """The teller says whether it is settled. If not, somebody else takes it up again, with new clocks.

    Records matter.rated and, when it is not settled, matter.reopened.
    """
    row = locked(matter, by, "rate")
    if row.state == "settled" and good:
        return
    telling = own_telling(row, by)
    if not good:
        _again(row, "reopen", "bad", words.strip(), telling, by=by, at=at)
        return
    go(row, "praise", rating="good")
    tasks.stop_all(about=f"matter:{row.id}", by=by, at=at)
    write(row, "rated", words.strip(), values={"telling": telling}, by=by, at=at)
    teach_settled(row, by=by, at=at)
    record(MatterRated(f"matter:{row.id}", "good"), by=by, at=at)


@office_verb
def lapse(*, matter: int, by: Actor, at: datetime) -> None:
    """Seven days without a rating: taken as settled, and counted as not rated. Records matter.rated."""
    row = locked(matter, by, "lapse")
    if row.state != "closed":
        return
    go(row, "lapse", rating="lapsed")
    tasks.stop_all(about=f"matter:{row.id}", by=by, at=at)
    write(row, "lapsed", by=by, at=at)
    record(MatterRated(f"matter:{row.id}", "lapsed"), by=by, at=at)


@office_verb
def call_back(
    *, matter: int, reached: bool, solved: bool = False, satisfied: bool = False, words: str = "", by: Actor, at: datetime
) -> None:
    """A third person calls and asks three things (回访): reached, solved, satisfied? It is kept apart from what tellers rate themselves.

    Not reached is never satisfied; who is not satisfied gets another pair of hands, solved or not. Records teller.called and, when the
    teller says so, matter.rated or matter.reopened.
    """
    row = locked(matter, by, "call")
    if row.state != "closed":
        raise Refused(rules.NOT_CLOSED)
    calls = list(Step.objects.filter(matter=row, kind="called", at__gte=row.closed or at).order_by("at").values_list("at", flat=True))
    if (fault := course.caller_fault(row.person, row.post, by)) is not None:
        raise NotYours(fault)
    if (fault := course.calls_fault(len(calls), calls[-1] if calls else None, at)) is not None:
        raise Refused(fault)
    about, good = f"matter:{row.id}", solved and satisfied
    if not reached:
        go(row, "call")
        write(row, "called", words.strip(), by=by, at=at)
        record(TellerCalled(about, "unreached"), by=by, at=at)
        return
    record(TellerCalled(about, "told_ok" if good else "told_bad"), by=by, at=at)
    if not good:
        _again(row, "told_bad", "told_bad", words.strip(), 0, solved=solved, by=by, at=at)
        return
    go(row, "told_ok", rating="told_ok")
    tasks.stop_all(about=about, by=by, at=at)
    write(row, "told_ok", words.strip(), by=by, at=at)
    teach_settled(row, by=by, at=at)
    record(MatterRated(about, "told_ok"), by=by, at=at)


@verb
def supervise(*, matter: int, text: str, by: Actor, at: datetime) -> None:
    """The higher desk decides what happens with a matter that failed twice (督办). Records matter.supervised."""
    row = locked(matter, by, "supervise")
    if len(text.strip()) < 4:
        raise BadInput(course.UNSAID)
    if not tasks.stop(about=f"matter:{row.id}", what="supervise", by=by, at=at):
        raise Refused(rules.NOT_SUPERVISED)
    write(row, "ordered", text.strip(), by=by, at=at)
    record(MatterSupervised(f"matter:{row.id}", row.post, True), by=by, at=at)


def _submit(row: Matter, text: str, photos: Sequence[str], seen: dict[str, object], *, by: Actor, at: datetime) -> None:
    about = f"matter:{row.id}"
    go(row, "submit")
    drop(row, by=by, at=at)
    # What waited for somebody waits no more; from now on the handler has done his part.
    tasks.resume(about=about, what="settle", by=by, at=at)
    for what in ("stage", "review"):
        tasks.stop(about=about, what=what, by=by, at=at)
    tasks.pause(about=about, what="settle", why="check", limit=at + course.CHECK_LIMIT, by=by, at=at)
    owe(row, "check", at + course.CHECK, desk_of(row, 2, at=at), by=by, at=at)
    written = write(row, "submitted", text, photos=photos, values=seen, by=by, at=at)
    record(MatterSubmitted(about, f"step:{written.id}", row.post), by=by, at=at)


def _ask_for_rating(row: Matter, *, by: Actor, at: datetime) -> None:
    drop(row, by=by, at=at)
    tasks.stop_all(about=f"matter:{row.id}", by=by, at=at)
    if row.whole_id is not None and not parts.rated_alone(row):
        # Who told it rates the whole, once.
        go(row, "finish")
        return
    owe(row, "rate", at + rules.RATE, duty.Owner(row.post, row.person), by=by, at=at)


def _again(row: Matter, verb_: str, rating: str, words: str, telling: int, *, solved: bool = False, by: Actor, at: datetime) -> None:
    """Not settled: another pair of hands, new clocks; from the second time on a higher desk looks at it as well."""
    about = f"matter:{row.id}"
    owner = owner_here(row, row.person, at=at)
    go(row, verb_, rating=rating, closed=None, post=owner.post, person=owner.person, reopened=row.reopened + 1)
    tasks.stop_all(about=about, by=by, at=at)
    kind = "reopened" if verb_ == "reopen" else "told_bad"
    values: dict[str, object] = {"keeper": called(owner)} | ({"telling": telling} if verb_ == "reopen" else {})
    values |= {"solved": True} if solved else {}
    write(row, kind, words, values=values, by=by, at=at)
    start_clocks(row, owner, said_by(row), by=by, at=at)
    record(MatterRated(about, rating), by=by, at=at)
    record(MatterReopened(about, owner.post, row.reopened), by=by, at=at)
    if row.reopened >= rules.SUPERVISED_FROM:
        desk = desk_of(row, 1, at=at)
        owe(row, "supervise", at + course.SUPERVISE, desk, by=by, at=at)
        write(row, "supervised", values={"to": people.post_line(desk.post)[0]}, by=by, at=at)
        record(MatterSupervised(about, desk.post, False), by=by, at=at)
