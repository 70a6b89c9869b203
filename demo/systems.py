"""The outside systems of the demo, each speaking as its own row says.

One is late, one sends twice, one sends rubbish, one changed a field, one fell silent.
"""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

from siqian.intake import actions, queries
from siqian.kernel import clock
from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE

from . import SEED, grammar, reports
from .days import Days

FILE = "demo-systems.json"
Building = tuple[str, str, str]
# hours before, system, what is wrong with it
HISTORY = (
    (70, "city", ""),
    (52, "hotline-12345", "late"),
    (47, "urban", ""),
    (31, "water", ""),
    (29, "court", ""),
    (25, "police-110", ""),
    (22, "fire-119", "twice"),
    (20, "ecology", "renamed"),
    (14, "power", ""),
    (9, "waste", "rubbish"),
    (6, "lamps", ""),
    (5, "safe-city", ""),
    (4, "water", ""),
    (3, "wechat", ""),
    (2, "urban", ""),
    (1, "hotline-12345", ""),
    (1, "city", ""),
)
# Who answers letters with an error, so that some lie dead.
BROKEN = "court"


def let_in(home: Path, at: datetime) -> None:
    """Every system gets a key, as an administrator would give it; kept beside the tokens of the demo."""
    reports.admit(at)
    path = home / FILE
    if path.exists():
        return
    signing = [code for code, row in queries.systems().items() if row.protocol in ("webhook", "cloudevents")]
    path.write_text(json.dumps({code: actions.admit(system=code, by=OFFICE, at=at) for code in signing}), encoding="utf-8")
    path.chmod(0o600)


def plan(days: Days, at: datetime) -> None:
    """What people reported by the city's app, and what other systems sent in the last three days."""
    reports.plan(days, at)
    chance = Random(SEED + 71)
    for hours, system, wrong in HISTORY:
        payload = message(system, days.buildings, chance, then := local(at) - timedelta(hours=hours), wrong)
        days.later(then, partial(_lived, days, system, payload, 2 if wrong == "twice" else 1))


def tell_now(buildings: list[Building], at: datetime) -> None:
    """The same where no days are lived beforehand, all at once."""
    reports.tell_now(buildings, at)
    chance = Random(SEED + 71)
    for _, system, wrong in HISTORY:
        _came(system, message(system, buildings, chance, at, wrong), 1, at)


def message(code: str, buildings: list[Building], chance: Random, at: datetime, wrong: str = "") -> dict[str, Any]:
    """A message as this system would write it, built by its row: a field where the row says that it stands."""
    row = queries.systems()[code]
    building, estate, number = chance.choice(buildings)
    words = grammar.say(chance.choice(SAMPLES), estate, number, chance)
    sent = at - timedelta(minutes=47) if wrong == "late" else at - timedelta(seconds=chance.randrange(2, 40))
    values = {"external": f"{code[:6].upper()}-{chance.randrange(10**6):06d}", "text": words, "sent": sent.isoformat()}
    values |= {"building": building} if "building" in row.fields else {"address": f"{estate}{number}栋"}
    payload: dict[str, Any] = {}
    if row.protocol == "cloudevents":
        payload = {"source": f"/{code}/{chance.randrange(1, 4)}", "type": f"{code}.reported"}
    for field, value in values.items():
        _put(payload, row.where(field), value)  # type: ignore[arg-type]
    if wrong == "renamed":
        payload["content_v2"] = payload.pop(row.where("text"))
    return {"#": "%%"} if wrong == "rubbish" else payload


def speak(port: int, home: Path, buildings: list[Building], chance: Random) -> None:
    """One system sends one message over HTTP, signed, as it would from outside."""
    keys = json.loads((home / FILE).read_text(encoding="utf-8"))
    code = chance.choice(sorted(keys))
    body = json.dumps(message(code, buildings, chance, clock.now()), ensure_ascii=False).encode()
    stamp, ident = str(int(clock.now().timestamp())), clock.code(16)
    headers = {"Content-Type": "application/json", "webhook-id": ident, "webhook-timestamp": stamp}
    headers["webhook-signature"] = queries.signature(keys[code], ident, stamp, body)
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/intake/systems/{code}", body, headers)
    try:
        urllib.request.urlopen(asked, timeout=20).close()  # noqa: S310 - our own server
    except (urllib.error.URLError, OSError):
        return


def listen() -> None:
    """Stand where letters go: every system hears them, but for one that always fails."""
    heard: set[str] = set()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            heard.add(self.headers.get("webhook-id", ""))
            self.send_response(503 if self.path == f"/{BROKEN}" else 200)
            self.end_headers()

        def log_message(self, *_line: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for code, row in queries.systems().items():
        if row.answers:
            url = f"http://127.0.0.1:{server.server_address[1]}/{code}"
            actions.address(system=code, url=url, by=OFFICE, at=clock.now())


def _lived(days: Days, code: str, payload: Mapping[str, Any], times: int, at: datetime) -> None:
    if (matter := _came(code, payload, times, at)) is not None:
        reports.follow(days, matter, at)


def _came(code: str, payload: Mapping[str, Any], times: int, at: datetime) -> int | None:
    """Sent so many times; gives the matter that it became."""
    sent: dict[str, Any] = {"system": queries.systems()[code], "payloads": [payload], "by": queries.system_actor(code), "at": at}
    first, *_ = [outcome for _ in range(times) for outcome in actions.receive(**sent)]
    return int(first.number.partition("-")[2]) if first.outcome == "taken" else None


def _put(payload: dict[str, Any], path: str, value: Any) -> None:
    *above, name = path.split(".")
    for part in above:
        payload = payload.setdefault(part, {})
    payload[name] = value


SAMPLES = (
    "楼下路灯不亮，晚上看不清路",
    "门口井盖松了，车一过就响",
    "垃圾桶满得都溢出来了，两天没人收",
    "电梯坏了，老人下不了楼",
    "自来水管爆了，路上全是水",
    "半夜还在施工，睡不着",
    "消防通道被车堵住了",
    "共享单车堆满了人行道",
)
