"""The verbs of what outside systems send: each message once, what is refused kept until it can be taken, silence noticed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Max

from siqian.kernel import rows, vault
from siqian.kernel.journal import office_verb, record, savepoint
from siqian.kernel.permits import Actor, NotFound, Refusal, Refused, must
from siqian.spine.matters import actions as matters
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.tasks import actions as tasks

from . import hearing
from .events import SystemBack, SystemSilent
from .models import Arrival, Outage
from .systems import reading
from .systems.listed import System, systems, thing

# So long a duty desk has to find out why a system is silent.
LOOK_WITHIN = timedelta(minutes=30)
# So long is known which message became which matter: until then its system can be told what became of it.
KEPT = timedelta(days=400)
NO_ARRIVAL = Refusal("没有这一条，或者已经收了")


@dataclass(frozen=True)
class Outcome:
    """What became of one message: taken, joined, again or refused. number: of its matter; refusal: why it was not taken."""

    external: str
    outcome: str
    number: str = ""
    refusal: Refusal | None = None


@office_verb
def receive(*, system: System, payloads: Iterable[Mapping[str, Any]], by: Actor, at: datetime) -> list[Outcome]:
    """Take what an outside system sent, each by itself: one that is faulty is kept aside with the reason and keeps no other out."""
    return [_take(system, payload, by, at) for payload in payloads]


@office_verb
def refuse(*, system: System, body: bytes, refusal: Refusal, by: Actor, at: datetime) -> Outcome:
    """Keep what could not even be read, with the reason."""
    return _keep_aside(system, "", body.decode("utf-8", "replace")[: reading.LARGEST], refusal, at)


@office_verb
def take_again(*, arrival: int, by: Actor, at: datetime) -> Outcome:
    """Try once more what was refused, after what was wrong was mended."""
    must(by, "mend", thing())
    row = Arrival.objects.filter(id=arrival, outcome="refused").first()
    system = systems().get(row.system) if row else None
    if row is None or system is None:
        raise NotFound(NO_ARRIVAL)
    found = reading.payloads("", {}, vault.unseal(_sealer(row.system), row.sealed).encode())
    if isinstance(found, Refusal):
        raise Refused(found)
    outcome = _take(system, found[0], by, at)
    if outcome.refusal is None:
        row.delete()
    return outcome


@office_verb
def drop(*, arrival: int, by: Actor, at: datetime) -> None:
    """Throw away what was refused and is nothing. Twice is once."""
    must(by, "mend", thing())
    Arrival.objects.filter(id=arrival, outcome="refused").delete()


@office_verb
def watch(*, by: Actor, at: datetime) -> int:
    """Notice which systems are silent for longer than they ever are, and which are back. Records system.silent and system.back."""
    last = dict(Arrival.objects.values_list("system").annotate(Max("at")))
    known = {row.system: row for row in Outage.objects.filter(ended=None)}
    done = 0
    for code, row in systems().items():
        if not row.quiet or code not in last:
            continue
        silent = at - last[code] > timedelta(minutes=row.quiet)
        if silent and code not in known:
            _miss(row, last[code], by, at)
        elif not silent and code in known:
            Outage.objects.filter(id=known[code].id).update(ended=at)
            tasks.stop_all(about=f"system:{code}", by=by, at=at)
            record(SystemBack(f"system:{code}"), by=by, at=at)
        else:
            continue
        done += 1
    return done + _forget(at)


def named(code: str) -> System | None:
    """The row of a system."""
    return systems().get(code)


def _take(system: System, payload: Mapping[str, Any], by: Actor, at: datetime) -> Outcome:
    read = reading.read(system, payload)
    if isinstance(read, Refusal):
        return _keep_aside(system, str(payload.get("id", ""))[:64], _text(payload), read, at)
    try:
        with savepoint():
            told, teller = hearing.read(read.message)
            receipt = matters.receive(told=told, teller=teller, by=by, at=at)
    except Refused as refused:
        return _keep_aside(system, read.external, _text(payload), refused.refusal, at)
    outcome = "again" if receipt.again else "joined" if receipt.joined else "taken"
    line = {"system": system.code, "external": read.external, "outcome": outcome, "at": at, "sent": read.sent}
    rows.write_now()
    rows.put(Arrival, **line, telling_id=receipt.telling)
    # What came right was wrong before only because it could not be read: it need not be taken again.
    Arrival.objects.filter(system=system.code, digest=_digest(system, _text(payload))).delete()
    return Outcome(read.external, outcome, receipt.number)


def _keep_aside(system: System, external: str, text: str, refusal: Refusal, at: datetime) -> Outcome:
    digest = _digest(system, text)
    # As a sentence with its values, so that whoever reads it reads it in their own language.
    why = {"why": refusal.template, "values": {name: str(value)[:200] for name, value in refusal.values.items()}}
    if not Arrival.objects.filter(system=system.code, digest=digest).update(times=F("times") + 1, at=at, **why):
        Arrival.objects.create(
            system=system.code,
            external=external,
            outcome="refused",
            **why,
            field=refusal.field[:64],
            at=at,
            digest=digest,
            sealed=vault.seal(_sealer(system.code), text, at=at),
        )
    return Outcome(external, "refused", refusal=refusal)


def _miss(system: System, since: datetime, by: Actor, at: datetime) -> None:
    Outage.objects.create(system=system.code, since=since, noticed=at)
    record(SystemSilent(f"system:{system.code}"), by=by, at=at)
    district = places.district()
    owner = people.desk_from(district.path, 0, at=at) if district else None
    if owner is None or district is None:
        return
    tasks.open_clocks(
        about=f"system:{system.code}",
        dues={"reconnect": at + LOOK_WITHIN},
        owner=owner,
        path=district.path,
        title=system.zh,
        place="",
        said_by="",
        by=by,
        at=at,
    )


def _forget(at: datetime) -> int:
    return Arrival.objects.filter(at__lt=at - KEPT).exclude(outcome="refused").delete()[0]


def _text(payload: Mapping[str, Any]) -> str:
    return json.dumps(payload, ensure_ascii=False, sort_keys=True)


def _digest(system: System, text: str) -> str:
    return hashlib.sha256(f"{system.code}\n{text}".encode()).hexdigest()


def _sealer(system: str) -> str:
    """Whose key seals what was refused: names and telephones may stand in it."""
    return f"arrivals:{system}"
