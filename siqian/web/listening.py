"""Sensors from outside: their register by file, gateways by token, readings from an MQTT broker.

A message is acknowledged after the commit of the batch that took it. Whatever goes wrong before that, the broker sends it again, and what
was taken is known.
"""

import csv
import json
import os
import queue
import signal
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time as clock_time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import click
from django.db import DatabaseError, close_old_connections

from siqian.kernel import clock, sheets
from siqian.kernel.permits import OFFICE, Refusal, Refused
from siqian.services.sensing import actions, queries, rules as sensing
from siqian.town.places import rules as map_
from siqian.ui.words import say

from .importing import WHOLE, brought, checked_rows
from .mapping import Source

# Messages of one commit; how long one waits for the first, and then for more: a broker sends few that are not acknowledged yet.
TOGETHER, PATIENCE, GAP = 500, 0.5, 0.02
# Reconnect after so many seconds, doubling up to so many.
SOONEST, LATEST = 1, 60
PORTS = {"mqtt": 1883, "mqtts": 8883}


def register(source: Source, *, dry: bool, faults: Path | None) -> int:
    """Sensors from a sheet or a layer: new ones, and what those that are there are now. Gives the exit status."""
    layer, kinds, today = source.read(), queries.sensor_kinds(), clock.local(clock.now()).date()

    def made(number: int, cells: dict[str, str]) -> Any:
        until = sheets.day(cells.get("until", ""))
        if isinstance(until, Refusal) or (until is not None and until > today):
            why = until.why if isinstance(until, Refusal) else "截止日期写今天或以前，还在用的不写"
            return [Refusal("第{row}行：{what}", row=number, what=why)]
        ended = datetime.combine(until, clock_time(), tzinfo=clock.TOWN) if until else None
        return sensing.sensor_row(number, cells, kinds, ended)

    def take(chunk: list[Any]) -> None:
        done = actions.register_sensors(sensors=chunk, by=OFFICE, at=clock.now())
        click.echo(f"{layer.name}：新登记{done.added}个，改了{done.changed}个，停用{done.ended}个，没有变{done.same}个")

    return brought(
        source.path,
        lambda: checked_rows(map_.fields(layer, sensing.SENSOR_HEADINGS, sensing.SENSOR_NEEDED), made),
        lambda chunk: actions.check_sensors(sensors=chunk),
        take,
        dry=dry,
        faults=faults,
        together=WHOLE,
    )


def export(path: Path) -> int:
    """Every sensor, as `register` takes it back; gives how many."""
    heads = [sensing.SENSOR_HEADINGS[field][-1] for field in ("code", "kind", "name", "name_en", "building", "lon", "lat", "until")]
    found = queries.sensor_list(seen_by=OFFICE, most=WHOLE)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        for line in found:
            where = (line.building, "", "") if line.building else ("", line.lon, line.lat)
            ended = f"{clock.local(line.ended):%Y-%m-%d}" if line.ended else ""
            writer.writerow([line.code, line.kind.zh, line.name, line.name_en, *where, ended])
    return len(found)


def admit(code: str, area: str) -> str:
    """The token of a gateway, shown once."""
    try:
        token = actions.admit_gateway(code=code, area=area, by=OFFICE, at=clock.now())
    except Refused as error:
        raise click.ClickException(say(error.refusal)) from error
    return f"网关{code}的令牌，只显示这一次：{token}"


def end_gateway(code: str) -> str:
    try:
        actions.end_gateway(code=code, by=OFFICE, at=clock.now())
    except Refused as error:
        raise click.ClickException(say(error.refusal)) from error
    return f"网关{code}停用了"


def run(broker: str, topics: Sequence[str], client: str) -> None:
    """Listen until a signal comes."""
    going = [True]
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: going.clear())
    listen(broker, topics, client, going=lambda: bool(going), told=lambda text: click.echo(text, err=True))


def listen(broker: str, topics: Sequence[str], client: str, *, going: Callable[[], bool], told: Callable[[str], None]) -> None:
    """Take what a broker brings (QoS 1), in batches, and acknowledge it once it is written."""
    link = _Link(broker, topics, client, told)
    link.begin()
    try:
        while going():
            messages = link.some()
            if not messages:
                continue
            close_old_connections()
            try:
                _take([payload for _mid, _qos, payload in messages], told)
            except DatabaseError as error:
                # Nothing of these was acknowledged: on the next connection the broker brings them again.
                told(f"数据库写不了（{error.__class__.__name__}），断开等一会儿再收，没确认的会再来")
                link.again()
                continue
            link.acknowledge(messages)
    finally:
        link.end()


Message = tuple[int, int, bytes]


class _Link:
    """The connection to the broker: messages wait in a line until whoever takes them has written them."""

    def __init__(self, broker: str, topics: Sequence[str], client: str, told: Callable[[str], None]) -> None:
        mqtt = _mqtt()
        where = urlsplit(broker)
        if where.scheme not in PORTS or not where.hostname:
            raise click.ClickException(f"地址“{broker}”看不懂，写成mqtt://用户@主机:1883或mqtts://主机:8883")
        self._where, self._topics, self._told = (where.hostname, where.port or PORTS[where.scheme]), topics, told
        self._waiting: queue.Queue[tuple[int, Message]] = queue.Queue()
        # Which connection a message came by: an acknowledgement belongs to its own.
        self._turn = 0
        # The broker keeps what comes while this session is away.
        self._client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, client_id=client, clean_session=False, manual_ack=True, reconnect_on_failure=True
        )
        if where.username:
            self._client.username_pw_set(unquote(where.username), os.environ.get("SIQIAN_MQTT_PASSWORD") or None)
        if where.scheme == "mqtts":
            self._client.tls_set_context(ssl.create_default_context())
        self._client.reconnect_delay_set(SOONEST, LATEST)
        self._client.max_inflight_messages_set(TOGETHER)
        self._client.on_connect, self._client.on_message = self._connected, self._came
        self._client.on_disconnect = lambda *_: told("和消息服务器断开了，自己会再连")

    def begin(self) -> None:
        self._client.connect_async(*self._where, keepalive=30)
        self._client.loop_start()

    def some(self) -> list[Message]:
        """What has come, up to a batch; an empty list after a while in which nothing did."""
        found: list[Message] = []
        while len(found) < TOGETHER:
            try:
                turn, message = self._waiting.get(timeout=GAP if found else PATIENCE)
            except queue.Empty:
                break
            if turn == self._turn:
                found.append(message)
        return found

    def acknowledge(self, messages: Sequence[Message]) -> None:
        for mid, qos, _payload in messages:
            self._client.ack(mid, qos)

    def again(self) -> None:
        """Let the connection go, so that the broker brings again what nobody acknowledged."""
        self._client.disconnect()
        self._client.loop_stop()
        self._turn += 1
        time.sleep(SOONEST)
        self.begin()

    def end(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(self, client: Any, _kept: Any, _flags: Any, reason: Any, _more: Any) -> None:
        if reason.is_failure:
            self._told(f"消息服务器不让连：{reason}。看看用户和密码")
            return
        self._turn += 1
        client.subscribe([(topic, 1) for topic in self._topics])

    def _came(self, _client: Any, _kept: Any, message: Any) -> None:
        self._waiting.put((self._turn, (message.mid, message.qos, message.payload)))


def _take(payloads: Sequence[bytes], told: Callable[[str], None]) -> None:
    """All readings of these messages through the verb; what is not taken is told, by reason."""
    sent: list[sensing.Sent] = []
    answers: list[sensing.Answer] = []
    for row, raw in enumerate((raw for payload in payloads for raw in _readings(payload)), start=1):
        one = sensing.read_reading(row, raw)
        if isinstance(one, sensing.Sent):
            sent.append(one)
        else:
            answers.append(one)
    for first in range(0, len(sent), sensing.MOST_TOGETHER):
        answers += actions.take_readings(readings=sent[first : first + sensing.MOST_TOGETHER], by=OFFICE, at=clock.now())
    counts: dict[str, int] = {}
    for answer in answers:
        if answer.why is not None:
            counts[answer.why.template] = counts.get(answer.why.template, 0) + 1
            if counts[answer.why.template] == 1:
                told(say(answer.why))
    more = sum(count - 1 for count in counts.values())
    if more:
        told(f"像这样的还有{more}条")


def _readings(payload: bytes) -> Iterator[object]:
    """A message holds one reading, a list of them, or {"readings": [...]}; whatever cannot be read is one that is refused."""
    try:
        held = json.loads(payload)
    except (ValueError, RecursionError):
        yield None
        return
    if isinstance(held, dict) and isinstance(held.get("readings"), list):
        held = held["readings"]
    yield from held if isinstance(held, list) else [held]


def _mqtt() -> Any:
    try:
        from paho.mqtt import client
    except ImportError as error:
        raise click.ClickException("收MQTT要多装一个库：pip install 'siqian[mqtt]'") from error
    return client
