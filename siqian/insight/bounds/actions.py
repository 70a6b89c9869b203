"""The only writers of adjustments of the grid: drafted and proposed by one, ruled on by another, in force on their day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from siqian.kernel import store
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refused, declare, must, or_refuse
from siqian.kernel.said import said
from siqian.town.people import actions as people_actions, queries as people, rules as duty
from siqian.town.places import actions as places_actions
from siqian.town.places.rules import AreaRow, shaping
from siqian.trades.notices import actions as notices

from . import queries, rules
from .events import (
    AdjustmentApproved,
    AdjustmentDeclined,
    AdjustmentDrafted,
    AdjustmentEnacted,
    AdjustmentOvertaken,
    AdjustmentProposed,
    AdjustmentWithdrawn,
)
from .models import Adjustment
from .previewing import path_of

declare("adjustment", *rules.PERMITS)

MOST_SAID = 20
TO_RULE = said("{name}提交了一份网格调整，等另一人批")
OUTCOME = {
    "approved": said("网格调整批了，到日子生效"),
    "declined": said("网格调整没批，看看原因"),
    "in_force": said("网格调整已经生效，没办结的事跟着楼走了"),
    "overtaken": said("网格调整没有生效：这之后网格又改过了"),
}


class BadCut(BadInput):
    """A cut that cannot be made; shaped: with every fault, its place and what to do."""

    def __init__(self, shaped: shaping.Shaped) -> None:
        super().__init__(shaped.faults[0].why)
        self.shaped = shaped


@verb
def draft(*, asked: rules.Operation, by: Actor, at: datetime) -> int:
    """Cut areas anew, for the time being on paper; gives its id. The same asked twice is drafted once. Records adjustment.drafted.

    BadCut names every fault.
    """
    sheet, place = queries.sheet_of(asked.area, seen_by=by)
    if asked.keeper and asked.keeper not in dict(queries.keepers(place.path)):
        raise BadInput(rules.NO_KEEPER)
    shaped = rules.shaped(sheet, asked)
    if shaped.faults:
        raise BadCut(shaped)
    touched = [sheet.rows[code] for code in dict.fromkeys((*(row.code for row in shaped.areas), *shaped.ended)) if code in sheet.rows]
    return _drafted(
        asked.kind, asked.area, queries.community_path(place.path), asked.kept(), touched, shaped.areas, shaped.ended, by=by, at=at
    )


@verb
def draft_restoration(*, adjustment: int, by: Actor, at: datetime) -> int:
    """The reverse of what is in force (恢复到此前), to go the same way; gives its id. Records adjustment.drafted."""
    was = _locked(adjustment, "draft", by)
    if was.state != "in_force":
        raise Refused(rules.NOTHING_TO_RESTORE)
    before, after = queries.rows_of(was)
    # What came into being ends again, in what it was cut from; what had ended comes back.
    stood = {row.code for row in before}
    ended = {row.code: was.area for row in after if row.code not in stood}
    spec = {"restores": was.id, "line": []}
    return _drafted("restore", was.area, was.path, spec, list(after), before, ended, restores=was, by=by, at=at)


@verb
def propose(*, adjustment: int, reason: str, effective: date | None, by: Actor, at: datetime) -> None:
    """Ask a second person for a yes, with the reason and the day. Twice is once. Records adjustment.proposed."""
    row = _locked(adjustment, "propose", by)
    if row.state == "proposed":
        return
    state = or_refuse(rules.ADJUSTMENT.then(row.state, "propose"))
    if (fault := rules.proposal_fault(reason, effective, local(at).date())) is not None:
        raise BadInput(fault)
    _still_fits(row)
    row.state, row.reason, row.effective = state, reason.strip(), effective
    row.hands = list(dict.fromkeys((*row.hands, *rules.hand(by))))
    row.save(update_fields=["state", "reason", "effective", "hands"])
    notices.tell_all(to=_posts(row, rules.RULING), about=f"adjustment:{row.id}", text=TO_RULE, values={"name": by.name}, by=by, at=at)
    record(AdjustmentProposed(f"adjustment:{row.id}", row.effective or local(at).date()), by=by, at=at)


@verb
def approve(*, adjustment: int, by: Actor, at: datetime) -> None:
    """A second person says yes: on its day it is in force, at once where that is today. Twice is once. Records adjustment.approved.

    Refused where the map is another than when it was drawn: nothing is overwritten.
    """
    row = _locked(adjustment, "approve", by)
    if row.state == "approved":
        return
    state = or_refuse(rules.ADJUSTMENT.then(row.state, "approve"))
    _second(row, by)
    _still_fits(row)
    row.state = state
    _ruled(row, "", by=by, at=at)
    record(AdjustmentApproved(f"adjustment:{row.id}", row.effective or local(at).date()), by=by, at=at)


@verb
def decline(*, adjustment: int, word: str, by: Actor, at: datetime) -> None:
    """A second person says no, and why. Twice is once. Records adjustment.declined."""
    row = _locked(adjustment, "decline", by)
    if row.state == "declined":
        return
    row.state = or_refuse(rules.ADJUSTMENT.then(row.state, "decline"))
    _second(row, by)
    if not 0 < len(word.strip()) <= rules.LONGEST:
        raise BadInput(rules.NO_WORD)
    _ruled(row, word.strip(), by=by, at=at)
    record(AdjustmentDeclined(f"adjustment:{row.id}"), by=by, at=at)


@verb
def withdraw(*, adjustment: int, by: Actor, at: datetime) -> None:
    """Take it back before it is in force. Twice is once. Records adjustment.withdrawn."""
    row = _locked(adjustment, "withdraw", by)
    if row.state == "withdrawn":
        return
    was, row.state = row.state, or_refuse(rules.ADJUSTMENT.then(row.state, "withdraw"))
    row.save(update_fields=["state"])
    record(AdjustmentWithdrawn(f"adjustment:{row.id}", was), by=by, at=at)


@office_verb
def enact(*, adjustment: int, by: Actor, at: datetime) -> bool:
    """Put what was approved in force once its day has come: areas, posts and all that is open go along; whether it was.

    Whoever comes second finds it done. What does not fit the map of its day changes nothing. Records adjustment.enacted or .overtaken.
    """
    row = _locked(adjustment, "enact", by)
    if row.state != "approved" or row.effective is None or not rules.has_begun(row.effective, at):
        return False
    about = f"adjustment:{row.id}"
    if found := queries.faults(row, whole=True):
        row.state, row.why = or_refuse(rules.ADJUSTMENT.then(row.state, "overtake")), "；".join(fault.why for fault in found[:MOST_SAID])
        row.save(update_fields=["state", "why"])
        _tell(row, by=by, at=at)
        record(AdjustmentOvertaken(about, len(found)), by=by, at=at)
        return False
    _before, after = queries.rows_of(row)
    row.posts = _posts_that_go(row)
    done = places_actions.reshape(areas=after, ended=row.ended, by=by, at=at)
    _seat(row, after, by=by, at=at)
    row.state, row.done = or_refuse(rules.ADJUSTMENT.then(row.state, "enact")), at
    row.save(update_fields=["state", "done", "posts"])
    _tell(row, by=by, at=at)
    record(AdjustmentEnacted(about, done.changed + done.added, done.moved, sorted(row.posts)), by=by, at=at)
    return True


def _drafted(
    kind: str,
    area: str,
    path: str,
    spec: Mapping[str, object],
    before: list[AreaRow],
    after: tuple[AreaRow, ...],
    ended: Mapping[str, str],
    restores: Adjustment | None = None,
    *,
    by: Actor,
    at: datetime,
) -> int:
    store.lock("adjustment", area)
    stood = [rules.kept_row(row) for row in before]
    for same in Adjustment.objects.filter(state="drafted", area=area, by=by.ref):
        if (same.kind, same.spec, same.before) == (kind, spec, stood):
            return same.id
    kept = {"before": stood, "after": [rules.kept_row(row) for row in after], "ended": dict(ended)}
    who = {"hands": rules.hand(by), "by": by.ref, "by_name": by.name[:30], "at": at}
    row = Adjustment.objects.create(kind=kind, area=area, path=path, spec=dict(spec), restores=restores, **kept, **who)
    record(AdjustmentDrafted(f"adjustment:{row.id}", kind, area), first=True, by=by, at=at)
    return row.id


def _posts_that_go(row: Adjustment) -> dict[str, list[str]]:
    """Posts of areas that end go to what takes them in; a restoration gives back what its forerunner carried. post -> [from, to]."""
    if row.restores is None:
        found = {code: people.posts_at(path_of(code)) for code in row.ended}
        return {post: [code, row.ended[code]] for code, posts in found.items() for post, *_name in posts}
    return {post: [to, frm] for post, (frm, to) in row.restores.posts.items()}


def _seat(row: Adjustment, after: tuple[AreaRow, ...], *, by: Actor, at: datetime) -> None:
    """Posts go along; the grid that a split makes gets a keeper's post with whoever was named; a restoration ends that one's seat."""
    people_actions.carry_posts(posts={post: to for post, (_frm, to) in row.posts.items()}, by=by, at=at)
    keeper, code = row.spec.get("keeper", ""), row.spec.get("code", "")
    today = local(at).date()
    if keeper:
        new = next(one for one in after if one.code == code)
        english = f"{new.name_en} grid worker"[:80]
        post = duty.PostRow(1, f"keeper-{code}", "keeper", code, f"{new.name}网格员"[:60], english)
        people_actions.found_posts(posts=[post], by=by, at=at)
        shifts = people.keeper_hours(keeper)
        people_actions.take_seats(turns=[duty.TurnRow(1, post.code, keeper, today, None, shifts)], by=by, at=at)
    elif row.restores is not None and row.restores.spec.get("keeper"):
        people_actions.close_post(post=f"keeper-{row.restores.spec['code']}", by=by, at=at)


def _still_fits(row: Adjustment) -> None:
    if found := queries.faults(row):
        raise Refused(found[0])


def _second(row: Adjustment, by: Actor) -> None:
    if (fault := rules.ruling_fault(row.hands, by)) is not None:
        raise NotYours(fault)


def _ruled(row: Adjustment, word: str, *, by: Actor, at: datetime) -> None:
    row.ruled_name, row.ruled_at, row.word = by.name[:30], at, word
    row.save(update_fields=["state", "ruled_name", "ruled_at", "word"])
    _tell(row, by=by, at=at)


def _tell(row: Adjustment, *, by: Actor, at: datetime) -> None:
    """The administrators learn what became of it."""
    notices.tell_all(to=_posts(row, (rules.EDITOR,)), about=f"adjustment:{row.id}", text=OUTCOME[row.state], by=by, at=at)


def _posts(row: Adjustment, duties: Sequence[str]) -> list[str]:
    return sorted(f"post:{post}" for post, path in people.posts_of(duties).items() if row.path.startswith(path))


def _locked(adjustment: int, step: str, by: Actor) -> Adjustment:
    store.lock("adjustment", str(adjustment))
    row = Adjustment.objects.select_related("restores").filter(id=adjustment).first()
    if row is None:
        raise NotFound(rules.NO_ADJUSTMENT)
    must(by, step, queries.thing(row.path, row.id))
    return row
