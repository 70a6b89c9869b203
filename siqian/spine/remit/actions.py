"""The only writers of editions: drafted, changed and checked by some, put in force by another; withdrawn before its day."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from siqian.kernel import epochs, store
from siqian.kernel.clock import local
from siqian.kernel.journal import record, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refusal, Refused, declare, must, or_refuse

from . import editing, queries
from .editing import EDITION, plain
from .events import EditionChanged, EditionChecked, EditionDrafted, EditionEnacted, EditionWithdrawn
from .models import Edition, InForce
from .rules import Item, Rule
from .standing import EPOCH, district, faults

declare("remit", *editing.PERMITS)


@verb
def draft(*, version: str, effective: date | None, reason: str = "", by: Actor, at: datetime) -> int:
    """Begin an edition from what stands (起草一版); gives its id. Records edition.drafted."""
    must(by, "draft", district())
    return _drafted(version, effective, reason, "", {"items": {}, "rules": {}}, by=by, at=at)


@verb
def draft_from_precedent(*, item: str, unit: str, version: str, effective: date | None, by: Actor, at: datetime) -> int:
    """An edition in which the unit to which an item was returned again and again leads it; twice is once. Records edition.drafted."""
    must(by, "draft", district())
    was = queries.items().get(item)
    if was is None or unit not in queries.units():
        raise BadInput(editing.NO_ITEM)
    precedent = f"{item}:{unit}"
    store.lock("remit", precedent)
    waiting = Edition.objects.filter(precedent=precedent, state__in=("draft", "checked")).first()
    if waiting is not None:
        return waiting.id
    row = plain(was) | {"lead": unit, "joint": [code for code in dict.fromkeys((*was.joint, was.lead)) if code != unit]}
    rows = {"items": {item: {"was": plain(was), "row": row}}, "rules": {}}
    return _drafted(version, effective, "", precedent, rows, by=by, at=at)


@verb
def change_head(*, edition: int, version: str, effective: date | None, reason: str, by: Actor, at: datetime) -> None:
    """Another name, day or reason. Records edition.changed."""
    row = _locked(edition, "change", by)
    fault = editing.version_fault(version, effective, local(at).date())
    if fault is None and Edition.objects.filter(version=version.strip()).exclude(id=row.id).exists():
        fault = editing.VERSION_TAKEN
    if fault is not None:
        raise BadInput(fault)
    row.version, row.effective, row.reason = version.strip(), effective or row.effective, reason.strip()[:200]
    _changed(row, "head", "", by=by, at=at)


@verb
def change_item(*, edition: int, sent: Mapping[str, str], joint: Iterable[str] = (), by: Actor, at: datetime) -> None:
    """Put an item in as it shall be, changed or new. Records edition.changed."""
    row = _locked(edition, "change", by)
    _put(row, "items", _good(editing.item_of(sent, joint)), by=by, at=at)


@verb
def change_rule(*, edition: int, sent: Mapping[str, str], weekdays: Iterable[str] = (), by: Actor, at: datetime) -> None:
    """Put a row of the rule table in as it shall be. Records edition.changed."""
    row = _locked(edition, "change", by)
    _put(row, "rules", _good(editing.rule_of(sent, weekdays)), by=by, at=at)


@verb
def drop_rule(*, edition: int, code: str, by: Actor, at: datetime) -> None:
    """Take a rule away from the edition's day on. An item is never taken away: matters carry it. Records edition.changed."""
    row = _locked(edition, "change", by)
    was = queries.rule_table(row.effective).get(code)
    if was is None:
        raise BadInput(editing.NO_RULE)
    row.rows["rules"][code] = {"was": plain(was), "row": None}
    _changed(row, "rules", code, by=by, at=at)


@verb
def leave(*, edition: int, part: str, code: str, by: Actor, at: datetime) -> None:
    """Leave a row as it stands after all. Records edition.changed."""
    row = _locked(edition, "change", by)
    if part not in ("items", "rules") or row.rows[part].pop(code, None) is None:
        raise BadInput(editing.NO_ROW)
    _changed(row, part, code, by=by, at=at)


@verb
def check(*, edition: int, by: Actor, at: datetime) -> int:
    """Look for everything that is wrong (查一遍); without a fault it can be put in force. Gives how many. Records edition.checked."""
    row = _locked(edition, "check", by)
    found = faults(row.version, row.effective, row.rows)
    row.state = "draft" if found else or_refuse(EDITION.then(row.state, "check"))
    row.save(update_fields=["state"])
    record(EditionChecked(f"edition:{row.id}", len(found)), by=by, at=at)
    return len(found)


@verb
def put_in_force(*, edition: int, by: Actor, at: datetime) -> None:
    """A second person puts a checked edition in force from its day on, in every process. Records edition.enacted."""
    row = _locked(edition, "put_in_force", by)
    fault = editing.approval_fault(row.hands, by, row.effective, local(at).date())
    if fault is not None:
        raise (NotYours if fault is editing.SECOND_PERSON else Refused)(fault)
    found = faults(row.version, row.effective, row.rows)
    if found:
        raise Refused(Refusal("查过之后清单又变了，现在有{n}处不对。再查一遍，改好再批", n=len(found)))
    digest = hashlib.sha256(json.dumps(row.rows, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    InForce.objects.create(
        edition=row, version=row.version, effective=row.effective, rows=row.rows, digest=digest, by=by.ref, by_name=by.name, at=at
    )
    row.state = or_refuse(EDITION.then(row.state, "put_in_force"))
    row.save(update_fields=["state"])
    epochs.bump(EPOCH)
    record(EditionEnacted(f"edition:{row.id}", row.version, row.effective.isoformat(), digest), by=by, at=at)


@verb
def withdraw(*, edition: int, by: Actor, at: datetime) -> None:
    """Take an edition back before its day (撤回). Records edition.withdrawn."""
    row = _locked(edition, "withdraw", by)
    was = row.state
    if was == "in_force" and row.effective <= local(at).date():
        raise Refused(editing.HAS_BEGUN)
    row.state = or_refuse(EDITION.then(was, "withdraw"))
    row.save(update_fields=["state"])
    if was == "in_force":
        epochs.bump(EPOCH)
    record(EditionWithdrawn(f"edition:{row.id}", was), by=by, at=at)


def _drafted(version: str, effective: date | None, reason: str, precedent: str, rows: dict[str, Any], *, by: Actor, at: datetime) -> int:
    fault = editing.version_fault(version, effective, local(at).date())
    if fault is None and Edition.objects.filter(version=version.strip()).exists():
        fault = editing.VERSION_TAKEN
    if fault is not None:
        raise BadInput(fault)
    given = {"version": version.strip(), "effective": effective, "reason": reason.strip()[:200], "precedent": precedent, "rows": rows}
    row = Edition.objects.create(**given, hands=[by.ref], by=by.ref, by_name=by.name, at=at)
    record(EditionDrafted(f"edition:{row.id}", row.version, precedent), first=True, by=by, at=at)
    return row.id


def _locked(edition: int, step: str, by: Actor) -> Edition:
    must(by, step, district())
    # Two editions that are checked at once could each be right and wrong together.
    store.lock("remit", "editions")
    row = Edition.objects.filter(id=edition).first()
    if row is None:
        raise NotFound(editing.NO_EDITION)
    or_refuse(EDITION.then(row.state, step))
    return row


def _good(read: Item | Rule | Refusal) -> Item | Rule:
    if isinstance(read, Refusal):
        raise BadInput(read)
    return read


def _put(row: Edition, part: str, put: Item | Rule, *, by: Actor, at: datetime) -> None:
    standing: Mapping[str, Item | Rule] = queries.items(row.effective) if part == "items" else queries.rule_table(row.effective)
    was = standing.get(put.code)
    row.rows[part][put.code] = {"was": plain(was) if was else None, "row": plain(put)}
    if was == put:
        del row.rows[part][put.code]
    _changed(row, part, put.code, by=by, at=at)


def _changed(row: Edition, part: str, code: str, *, by: Actor, at: datetime) -> None:
    row.state = or_refuse(EDITION.then(row.state, "change"))
    row.hands = list(dict.fromkeys((*row.hands, by.ref)))
    row.save(update_fields=["version", "effective", "reason", "rows", "state", "hands"])
    record(EditionChanged(f"edition:{row.id}", part, code), by=by, at=at)
