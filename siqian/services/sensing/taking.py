"""The verbs that take readings: once each, in the order in which they were measured, and what is raised by them.

A batch costs a fixed number of statements, and a few more for each incident that it opens or lets grow.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
from django.db import connection

from siqian.kernel import rows
from siqian.kernel.journal import office_verb
from siqian.kernel.permits import Actor, BadInput, Refusal, Thing, may

from . import catalogued, gathering
from .gathering import Raise
from .models import Alarm, Reading, Sensor
from .rules import engine, sensors as rules
from .rules.alarms import Rule
from .rules.engine import State
from .rules.sensors import Answer, Sent

# One statement prepared once: Django's bulk_update spells every row out, and takes as long as all the rest.
HEARD = {
    "sqlite": "update sensing_sensor set state = %s, last = %s, heard = %s, quiet = %s where id = %s",
    "postgresql": "update sensing_sensor set state = %s::jsonb, last = %s::jsonb, heard = %s, quiet = %s where id = %s",
}
Series = dict[int, dict[str, list[engine.Reading]]]


@office_verb
def take(*, readings: Sequence[Sent], by: Actor, at: datetime) -> list[Answer]:
    """Take readings, up to a thousand; one answer each, in their order: taken, known, held (kept aside) or refused, and why.

    The same reading is taken once however often it is sent. What they raise is gathered into incidents in the same transaction.
    """
    if len(readings) > rules.MOST_TOGETHER:
        raise BadInput(Refusal(rules.MOST, field="readings", most=rules.MOST_TOGETHER))
    sensors = _locked({sent.sensor for sent in readings})
    answers, good = _kept(readings, sensors, by, at)
    if good:
        touched = {row.id: row for row in sensors.values()}
        news = _evaluated(touched, good)
        _settle(touched, good, news, at)
        gathering.gather(raises=news.raised, sensors=touched, by=by, at=at)
        _end(news.over, at)
    return answers


@office_verb
def miss(*, most: int = 500, by: Actor, at: datetime) -> int:
    """Find the sensors of which nothing has been heard for too long, at most so many; gives how many. Each is missed once.

    They are measured against the last reading of all: while nothing at all comes in, the line is down, and that is one incident.
    """
    newest = Sensor.objects.filter(ended=None).order_by("-heard").values_list("heard", flat=True).first()
    found: list[Raise] = []
    missed: dict[int, Sensor] = {}
    for kind in catalogued.kinds().values() if newest else ():
        for rule in catalogued.rules_of(kind.code).values():
            if rule.missing is None:
                continue
            before = min(at, newest) - timedelta(minutes=kind.interval * rule.missing.intervals)
            quiet = Sensor.objects.filter(kind=kind.code, ended=None, quiet=False, heard__lt=before).order_by("id")
            quiet = quiet.select_for_update(skip_locked=True) if connection.vendor == "postgresql" else quiet
            for row in quiet[: most - len(missed)]:
                missed[row.id] = row
                found.append(Raise(row.id, rule.code, row.heard, None))
    Sensor.objects.filter(id__among=list(missed)).update(quiet=True)
    gathering.gather(raises=found, sensors=missed, by=by, at=at)
    return len(missed)


@office_verb
def forget(*, most: int = 5_000, by: Actor, at: datetime) -> int:
    """Delete readings older than they are kept for, at most so many; gives how many. What they raised stays."""
    old = list(Reading.objects.filter(came__lt=at - rules.KEPT).order_by("came").values_list("id", flat=True)[:most])
    Reading.objects.filter(id__among=old).delete()
    return len(old)


@dataclass(frozen=True)
class _News:
    """States that changed by sensor, what was raised, and (sensor, rule) of what a newer reading ends."""

    states: Mapping[int, dict[str, State]]
    raised: Sequence[Raise]
    over: Collection[tuple[int, str]]


def _locked(codes: Collection[str]) -> dict[str, Sensor]:
    """These sensors and, where rules combine several of a building, those beside them, held in one order until the verb ends."""
    asked = list(Sensor.objects.filter(code__among=list(codes)).values_list("id", "kind", "building"))
    combined = {part.kind for rule in catalogued.rules().values() if rule.together for part in rule.together.all}
    houses = {building for _id, kind, building in asked if kind in combined and building}
    wanted = {id_ for id_, _kind, _building in asked}
    if houses:
        beside = Sensor.objects.filter(building__among=list(houses), kind__in=combined, ended=None)
        wanted |= set(beside.values_list("id", flat=True))
    rows_ = Sensor.objects.filter(id__among=sorted(wanted)).order_by("id")
    return {row.code: row for row in (rows_.select_for_update() if connection.vendor == "postgresql" else rows_)}


def _kept(readings: Sequence[Sent], sensors: Mapping[str, Sensor], by: Actor, at: datetime) -> tuple[list[Answer], Series]:
    ids = [row.id for row in sensors.values()]
    keys = [sent.key for sent in readings]
    known = set(Reading.objects.filter(sensor_id__among=ids, key__among=keys).values_list("sensor_id", "key")) if ids else set()
    answers: list[Answer] = []
    good: Series = {}
    for sent in readings:
        row = sensors.get(sent.sensor)
        why = _refused(sent, row, by)
        if why is not None or row is None:
            answers.append(Answer(sent.row, "refused", why))
        elif (row.id, sent.key) in known:
            answers.append(Answer(sent.row, "known"))
        else:
            known.add((row.id, sent.key))
            aside = rules.held(sent, catalogued.kinds()[row.kind], at)
            code = aside[0] if aside else ""
            columns = {"sensor_id": row.id, "key": sent.key, "quantity": sent.quantity, "value": sent.value, "at": sent.at}
            rows.put(Reading, **columns, came=at, held=code)
            answers.append(Answer(sent.row, "held", aside[1]) if aside else Answer(sent.row, "taken"))
            if not aside:
                good.setdefault(row.id, {}).setdefault(sent.quantity, []).append((sent.at.timestamp(), sent.value))
    return answers, good


def _refused(sent: Sent, row: Sensor | None, by: Actor) -> Refusal | None:
    if row is None or row.kind not in catalogued.kinds():
        return Refusal(rules.UNKNOWN, code=sent.sensor)
    if may(by, "take", Thing("sensor", f"sensor:{row.id}", area=row.path)) is not None:
        return Refusal(rules.NOT_HERE, code=sent.sensor)
    if row.ended is not None:
        return Refusal(rules.RETIRED, code=sent.sensor)
    return rules.refused(sent, catalogued.kinds()[row.kind], sent.sensor)


def _evaluated(touched: Mapping[int, Sensor], good: Series) -> _News:
    states: dict[int, dict[str, State]] = {}
    raised: list[Raise] = []
    over: set[tuple[int, str]] = set()
    history = _history(touched, good)
    for id_, series in good.items():
        row = touched[id_]
        kept = _states(row)
        for code, rule in catalogued.rules_of(row.kind).items():
            fresh = series.get(rule.quantity_of(row.kind))
            if rule.missing:
                if row.quiet:
                    over.add((id_, code))
                continue
            if not fresh:
                continue
            before = kept.get(code, State())
            if rule.together:
                kept[code] = engine.marked(rule, row.kind, before, fresh)
                continue
            if engine.is_late(before, fresh):
                done = engine.replayed(rule, before, [*history[id_, rule.quantity_of(row.kind)], *fresh])
            else:
                done = engine.folded(rule, before, fresh)
            kept[code] = done.state
            raised += [Raise(id_, code, _moment(since), value) for since, value in done.rose]
            if engine.over(before, done.state):
                over.add((id_, code))
        states[id_] = kept
    together, apart = _combined(touched, states)
    return _News(states, [*raised, *together], over | apart)


def _history(touched: Mapping[int, Sensor], good: Series) -> dict[tuple[int, str], list[engine.Reading]]:
    """The last day's readings of the sensors of which one came late; nothing is asked when none did."""
    late: dict[int, float] = {}
    found: dict[tuple[int, str], list[engine.Reading]] = {}
    for id_, series in good.items():
        kept = _states(touched[id_])
        for quantity, fresh in series.items():
            found[id_, quantity] = []
            kind = touched[id_].kind
            looking = [code for code, rule in catalogued.rules_of(kind).items() if rule.quantity_of(kind) == quantity and not rule.together]
            lasts = [kept[code].last for code in looking if code in kept]
            if any(engine.is_late(State(last=last), fresh) for last in lasts):
                late[id_] = max(lasts)
    if late:
        since = _moment(min(late.values())) - rules.LATE
        columns = ("sensor_id", "quantity", "at", "value")
        for id_, quantity, at, value in Reading.objects.filter(sensor_id__among=list(late), at__gte=since, held="").values_list(*columns):
            if at.timestamp() >= late[id_] - rules.LATE.total_seconds():
                found.setdefault((id_, quantity), []).append((at.timestamp(), value))
    return found


def _combined(touched: Mapping[int, Sensor], states: dict[int, dict[str, State]]) -> tuple[list[Raise], set[tuple[int, str]]]:
    """What conditions come to that several sensors of one building meet: the alarm stands at the first of them."""
    raised: list[Raise] = []
    over: set[tuple[int, str]] = set()
    for rule in (one for one in catalogued.rules().values() if one.together):
        houses: dict[str, dict[str, list[Sensor]]] = {}
        for row in touched.values():
            if row.building and rule.is_of(row.kind) and row.ended is None:
                houses.setdefault(row.building, {}).setdefault(row.kind, []).append(row)
        for parts in houses.values():
            if any(row.id in states for many in parts.values() for row in many):
                _one_house(rule, parts, states, raised, over)
    return raised, over


def _one_house(
    rule: Rule, parts: Mapping[str, list[Sensor]], states: dict[int, dict[str, State]], raised: list[Raise], over: set[tuple[int, str]]
) -> None:
    assert rule.together is not None
    marks = {kind: [states.get(row.id, _states(row)).get(rule.code, State()) for row in many] for kind, many in parts.items()}
    since = engine.met(rule.together, marks)
    first = min((row for row in parts.get(rule.together.all[0].kind, ())), key=lambda row: row.code, default=None)
    if first is None:
        return
    held = states.get(first.id, _states(first)).get(rule.code, State())
    if since and not held.raised:
        raised.append(Raise(first.id, rule.code, _moment(since), None))
    elif not since and held.raised:
        over.add((first.id, rule.code))
    if bool(since) != held.raised:
        states.setdefault(first.id, _states(first))[rule.code] = msgspec.structs.replace(held, raised=bool(since), since=since)


def _settle(touched: Mapping[int, Sensor], good: Series, news: _News, at: datetime) -> None:
    """Write what the sensors say now."""
    changed = []
    for id_, states in news.states.items():
        row = touched[id_]
        row.state = {code: msgspec.to_builtins(state) for code, state in states.items()}
        if id_ in good:
            row.heard, row.quiet = max(row.heard, at), False
            for quantity, series in good[id_].items():
                newest = engine.in_order(series)[-1]
                if quantity not in row.last or row.last[quantity][0] <= newest[0]:
                    row.last = row.last | {quantity: list(newest)}
        changed.append(row)
    when = connection.ops.adapt_datetimefield_value
    values = [(_json(row.state), _json(row.last), when(row.heard), row.quiet, row.id) for row in changed]
    with connection.cursor() as cursor:
        cursor.executemany(HEARD[connection.vendor], values)


def _end(over: Collection[tuple[int, str]], at: datetime) -> None:
    """Alarms that a newer reading ends, also one that began in the same batch."""
    if over:
        standing = Alarm.objects.filter(sensor_id__among=sorted({id_ for id_, _rule in over}), ended=None)
        ended = [id_ for id_, sensor, rule in standing.values_list("id", "sensor_id", "rule") if (sensor, rule) in over]
        Alarm.objects.filter(id__among=ended).update(ended=at)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _states(row: Sensor) -> dict[str, State]:
    return {code: msgspec.convert(kept, State) for code, kept in row.state.items()}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
