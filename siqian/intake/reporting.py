"""The verbs of the doors for outside systems: keys, reports through Open311, what is added to one."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from siqian.kernel import clock, rows, store, vault
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, Fence, NotFound, Refusal, declare, must
from siqian.spine.learn import queries as learn
from siqian.spine.matters import actions as matters, queries as matter_queries

from . import hearing, rules
from .events import KeyAdmitted, KeysEnded, ReportTaken
from .models import Key, Report
from .open311.asking import Asked
from .systems import signing
from .systems.listed import thing

declare("system", *rules.SYSTEM_PERMITS)
NO_SYSTEM = Refusal("系统编码用小写字母、数字和短横线，2到40个字符", field="system")
NOT_YOURS = Refusal("这件不是用这个api_key上报的，不能补充", field="service_request_id")
MOST_REMARKS = 64


@dataclass(frozen=True)
class Filed:
    """What became of a report. token: instead of the number, where the service answers with one."""

    id: int
    token: str
    again: bool


def system_actor(system: str) -> Actor:
    """Who acts when an outside system does."""
    return Actor(ref=f"system:{system}", name=system)


@office_verb
def admit(*, system: str, key: str = "", by: Actor, at: datetime) -> str:
    """Let an outside system in; gives its key, which is shown once. Its older keys go on until they are ended. Records key.admitted.

    key: one that is agreed already, as the demo's; else a new one.
    """
    must(by, "admit", thing())
    if not rules.CODE.fullmatch(system):
        raise BadInput(NO_SYSTEM)
    made = key or signing.PREFIX + base64.b64encode(clock.secret_bytes(24)).decode()
    sealed = vault.seal(f"system:{system}", made, at=at)
    _, new = Key.objects.get_or_create(mark=mark(made), defaults={"system": system, "sealed": sealed, "since": at})
    if new:
        record(KeyAdmitted(f"system:{system}"), by=by, at=at)
    return made


@office_verb
def shut_out(*, system: str, by: Actor, at: datetime) -> int:
    """End every key of an outside system; gives how many. Twice is once. Records keys.ended."""
    must(by, "admit", thing())
    ended = Key.objects.filter(system=system, ended=None).update(ended=at)
    if ended:
        record(KeysEnded(f"system:{system}"), by=by, at=at)
    return ended


@office_verb
def report(
    *, asked: Asked, photos: Sequence[tuple[str, bytes]] = (), external: str = "", trial: bool = False, by: Actor, at: datetime
) -> Filed:
    """Take a report: a matter begins or is joined. With a key of the sender's own it is taken once. Records report.taken.

    trial: checked and kept like any other, and nobody is troubled with it.
    """
    system = by.ref.removeprefix("system:")
    key = f"trial {external}" if trial and external else external
    if key:
        store.lock("report", system, key)
        before = Report.objects.filter(system=system, external=key).first()
        if before is not None:
            return Filed(before.id, before.token, True)
    kept = hearing.kept(photos, at=at)
    row = Report.objects.create(
        system=system,
        service=asked.service.code,
        trial=trial,
        text=learn.redact(asked.text),
        lat=asked.lat,
        lon=asked.lon,
        address=learn.redact(asked.address),
        address_id=asked.address_id,
        media_url=asked.media_url,
        photos=kept,
        account=asked.account,
        external=key,
        token=clock.code(20) if asked.service.type == "batch" else "",
        at=at,
    )
    if not trial:
        told, teller = hearing.read(message(asked, str(row.id)))
        receipt = matters.receive(told=told.with_photos(kept), teller=teller, by=by, at=at)
        rows.write_now()
        row.telling_id = receipt.telling
        row.save(update_fields=["telling"])
        record(ReportTaken(f"report:{row.id}", f"matter:{receipt.matter}"), by=by, at=at)
    return Filed(row.id, row.token, False)


@office_verb
def add(*, report: int, text: str, by: Actor, at: datetime) -> str:
    """Add words to a report of one's own system; gives the update's id. The same words again within minutes are once."""
    row = Report.objects.filter(id=report).first()
    if row is None:
        raise NotFound(Refusal("没有{id}这一件", field="service_request_id", id=report))
    if by.ref != f"system:{row.system}":
        raise BadInput(NOT_YOURS)
    if row.telling_id is None:
        store.lock("report", row.id)
        row.refresh_from_db()
        row.remarks = [*row.remarks, [learn.redact(text), at.isoformat()]][-MOST_REMARKS:]
        row.save(update_fields=["remarks"])
        return f"{row.id}-t{len(row.remarks)}"
    matter, *_ = matter_queries.matters_of([row.telling_id], "")
    refs = frozenset({f"matter:{matter}", f"telling:{row.telling_id}"})
    matters.remark(matter=matter, text=text, by=replace(by, own=refs, fence=Fence(own=(matter,))), at=at)
    step = [turn.id for turn in matter_queries.turns([matter], ["remark"]) if turn.by == by.ref][-1]
    return f"{row.id}-{step}"


def message(asked: Asked, external: str) -> rules.Message:
    """A report as every channel's message: the words, and under them what else was asked."""
    names = {one.code: (one.zh, {value.key: value.zh for value in one.values}) for one in asked.service.attributes}
    lines = [asked.text if len(asked.text) > 1 else f"{asked.service.zh}{asked.text}"]
    for code, values in asked.answers.items():
        name, said = names[code]
        lines.append(f"{name}：{'、'.join(said.get(value, value) for value in values)}")
    if asked.media_url:
        lines.append(asked.media_url)
    return rules.Message(
        text="\n".join(lines),
        channel="open311",
        external=external,
        building=asked.address_id,
        lon=None if asked.address_id else asked.lon,
        lat=None if asked.address_id else asked.lat,
        address=asked.address,
        name=asked.name,
        phone=asked.phone,
        item=asked.service.item,
        astray=True,
        # A report is one entry of somebody's list, and stays one here.
        together=True,
    )


def mark(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()
