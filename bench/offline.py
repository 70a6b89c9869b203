"""The telephone's queue under kill and retry: 0 lost, 0 doubled. Writes bench/results/offline.json.

    .venv/bin/python -m bench.offline --sequences 1000

Chromium with one profile, a demo town behind a wire that is cut before or after the server has heard, that sends twice and that
answers 500 after the commit; tabs are killed while they write and send, the browser is killed and started again. Each sequence
writes one to three things in the page itself: a report, a contact, a record. At the end the network is good, everything is sent,
and the telephone's own list is compared with the database, key by key.
"""

import argparse
import json
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, sync_playwright

from tests.journeys import browsers
from tests.journeys.wire import FATES, Wire

from .spine import ROOT, commit

PHONE = {"width": 390, "height": 844}
SEED, TEXTS = 24, ("路口的井盖松了，踩上去会响", "楼梯2楼的灯坏了，晚上看不清路", "垃圾桶满了两天没人收")
# Everything that this telephone keeps of its own, as its page reads it.
KEPT = """async () => {
  const open = indexedDB.open('siqian-queue')
  const db = await new Promise((yes, no) => { open.onsuccess = () => yes(open.result); open.onerror = () => no(open.error) })
  const all = db.transaction('entries').objectStore('entries').getAll()
  const rows = await new Promise((yes, no) => { all.onsuccess = () => yes(all.result); all.onerror = () => no(all.error) })
  db.close()
  return rows.map(({ key, state, url, tries, answer }) => ({ key, state, url, tries, why: answer && answer.title }))
}"""
# Write one thing as a person does: fill the form of the page, send it. Says the key once the telephone has it on its disk.
WRITE = """async ({ kind, text, building, number }) => {
  const { Queue } = await import('/static/ui/queue.js')
  if (kind === 'record') {
    const key = crypto.randomUUID()
    const queue = window.bench ??= new Queue({ account: document.getElementById('day').dataset.account, token: '/day/token' })
    await queue.put({ key, subject: `point:${building}`, label: text, url: '/day/records', fields: { kind: 'fixed', text, building } })
    return key
  }
  const form = document.querySelector(kind === 'report' ? 'form[data-form=report]' : `form[data-form="contact:${number}"]`)
  form.closest('details').open = true
  form.elements.text.value = text
  if (kind === 'report') form.elements.building.value = building
  form.elements.text.dispatchEvent(new Event('input', { bubbles: true }))
  form.requestSubmit()
  for (let n = 0; n < 200; n++) {
    const db = await new Promise(yes => { const open = indexedDB.open('siqian-queue'); open.onsuccess = () => yes(open.result) })
    const all = db.transaction('entries').objectStore('entries').getAll()
    const rows = await new Promise(yes => { all.onsuccess = () => yes(all.result) })
    db.close()
    const mine = rows.find(row => row.fields.text === text)
    if (mine) return mine.key
    await new Promise(yes => setTimeout(yes, 10))
  }
  return ''
}"""


class Phone:
    """One browser profile at the end of a wire; killed and started again as often as one likes."""

    def __init__(self, playwright: Playwright, wire: Wire, profile: Path) -> None:
        self.playwright, self.wire, self.profile = playwright, wire, profile
        self.context: BrowserContext | None = None
        self.cookies: list[Any] = []
        self.page: Page | None = None

    def start(self) -> BrowserContext:
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=browsers.PROGRAM,
            args=browsers.ARGUMENTS,
            viewport=PHONE,
            base_url=self.wire.address,
            locale="zh-CN",
        )
        # A browser that dies within half a minute of the sign-in has not written its cookies yet; the sign-in is not what is tried here.
        self.context.add_cookies(self.cookies)
        return self.context

    def sign_in(self, role: str = "grid worker") -> None:
        page = (self.context or self.start()).new_page()
        page.goto("/roles")
        page.locator(f'button[value="{role}"]').click()
        page.wait_for_load_state()
        self.cookies = list(page.context.cookies())
        page.close()

    def open(self) -> Page:
        """The page of the day, from the network or from what the telephone keeps."""
        if self.page is None or self.page.is_closed():
            self.page = (self.context or self.start()).new_page()
            self.page.set_default_timeout(20_000)
            self.page.goto("/day", wait_until="domcontentloaded")
            self.page.wait_for_selector("#day[data-ready]", state="attached")
        return self.page

    def kill_tab(self) -> None:
        """The page's process dies as it does when memory runs out: nothing is told to the page."""
        if self.page is not None:
            with suppress(Error):
                self.page.goto("chrome://crash", timeout=2_000)
            with suppress(Error):
                self.page.close()
        self.page = None

    def kill_browser(self) -> None:
        """The whole browser dies at once; the next start finds the same profile."""
        if self.context is not None:
            for number in _processes(self.profile):
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            with suppress(Error):
                self.context.close()
            (self.profile / "SingletonLock").unlink(missing_ok=True)
        self.context = self.page = None

    def kept(self) -> list[dict[str, Any]]:
        return list(self.open().evaluate(KEPT))


def _processes(profile: Path) -> list[int]:
    """The browser of this profile and no other: its processes name it on their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if f"--user-data-dir={profile}".encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


def play(phone: Phone, chance: Random, number: int, met: dict[str, int]) -> list[str]:
    """One sequence: what was written while the network did what it does; gives the keys that the telephone said it had kept."""
    wire, keys = phone.wire, []
    wire.cut = chance.random() < 0.35
    wire.fate = lambda: chance.choices(FATES, (40, 15, 18, 12, 15))[0]
    met["offline"] += wire.cut
    for step in range(chance.randint(1, 3)):
        page = phone.open()
        kind = chance.choice(("report", "contact", "record"))
        houses = page.evaluate("[...document.querySelectorAll('[data-form=report] option')].map(one => one.value).filter(Boolean)")
        matters = page.evaluate("[...document.querySelectorAll('[data-queue=contact] [name=number]')].map(one => one.value)")
        kind = "report" if kind == "contact" and not matters else kind
        said = {"kind": kind, "text": f"{chance.choice(TEXTS)}，第{os.getpid()}-{number}-{step}次", "building": chance.choice(houses[:6])}
        with suppress(Error):
            if key := page.evaluate(WRITE, said | {"number": chance.choice(matters) if matters else ""}):
                keys.append(key)
        if chance.random() < 0.18:
            page.wait_for_timeout(chance.uniform(0, 60))
            phone.kill_tab()
            met["tabs killed"] += 1
    if chance.random() < 0.5:
        wire.cut = not wire.cut
    if chance.random() < 0.06:
        phone.kill_browser()
        met["browsers killed"] += 1
    elif chance.random() < 0.6:
        with suppress(Error):
            phone.open().evaluate("document.getElementById('send-now').click()")
            phone.open().wait_for_timeout(chance.uniform(20, 250))
    return keys


def drain(phone: Phone, patience: float = 180) -> list[dict[str, Any]]:
    """The network is good again: everything that waits is sent. Gives what the telephone has in the end."""
    phone.wire.cut, phone.wire.fate = False, lambda: "through"
    until, kept = time.monotonic() + patience, []
    while time.monotonic() < until:
        kept = phone.kept()
        if all(entry["state"] in ("sent", "conflict") for entry in kept):
            return kept
        phone.open().evaluate("document.getElementById('send-now').click()")
        phone.open().wait_for_timeout(400)
    return kept


def compared(keys: list[str], kept: list[dict[str, Any]], database: Path) -> dict[str, Any]:
    """What was lost and what was doubled: the telephone's list against the tables, key by key and deed by deed."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as reading:
        taken = dict(reading.execute("select key, count(*) from kernel_taken group by key"))
        deeds = {key: count for key, count in reading.execute("select key, count(*) from sensing_record group by key")}
        deeds |= {
            text.partition(":")[2]: count
            for text, count in reading.execute(
                "select external, count(*) from matters_telling where external like '%:%-%-%-%' group by external"
            )
        }
        # Contacts have no key of their own on the thread: each text of this run is said once.
        own = [f"%第{os.getpid()}-%次"]
        said = reading.execute(
            "select text, count(*) from matters_step where kind in ('phone', 'visit') and text like ? group by text", own
        )
        doubled = [text for text, count in said if count > 1]
    ours = {entry["key"]: entry for entry in kept}
    lost = [key for key in keys if key not in ours or (ours[key]["state"] == "sent" and key not in taken)]
    twice = [key for key in ours if taken.get(key, 0) > 1 or deeds.get(key, 0) > 1]
    return {
        "written": len(keys),
        "in the telephone": len(ours),
        "taken by the server": sum(key in taken for key in ours),
        "refused, shown to the worker": sum(entry["state"] == "conflict" for entry in kept),
        "still waiting": sum(entry["state"] == "waiting" for entry in kept),
        "lost": len(lost),
        "doubled": len(twice) + len(doubled),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=120, help="after so long the sequence in hand is the last one")
    parser.add_argument("--against", metavar="HOME:PORT", default="", help="a demo that runs already; the result is only shown then")
    asked = parser.parse_args()
    if asked.against:
        home, _, port_ = asked.against.rpartition(":")
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(_measured(Path(folder), Path(home), int(port_), asked.sequences, asked.minutes)))
        return
    (ROOT / ".cache").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as folder:
        home, port = Path(folder) / "home", _free_port()
        server = _demo(home, port)
        try:
            result = _measured(Path(folder), home, port, asked.sequences, asked.minutes)
        finally:
            server.terminate()
            server.wait(20)
    whole = {"command": f"python -m bench.offline {' '.join(sys.argv[1:])}", "commit": commit(), "cores": os.cpu_count(), **result}
    (ROOT / "bench" / "results" / "offline.json").write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(whole, indent=1, ensure_ascii=False))


def _measured(folder: Path, home: Path, port: int, wanted: int, minutes: float) -> dict[str, Any]:
    wire, chance = Wire(port), Random(SEED)
    with sync_playwright() as playwright:
        phone = Phone(playwright, wire, folder / "profile")
        phone.sign_in()
        opened = _first_open(phone)
        starts = _second_starts(phone, 21 if wanted > 100 else 3)
        met = {"offline": 0, "tabs killed": 0, "browsers killed": 0}
        keys: list[str] = []
        begun = time.monotonic()
        played = 0
        for number in range(wanted):
            keys += play(phone, chance, number, met)
            played += 1
            if number % 50 == 49:
                print(f"{number + 1}/{wanted}, {time.monotonic() - begun:.0f} s, {len(keys)} written", file=sys.stderr, flush=True)
            if time.monotonic() - begun > minutes * 60:
                break
        kept = drain(phone)
        found = compared(keys, kept, _database(home))
        if phone.context:
            phone.context.close()
    fates = {f"requests {fate}": count for fate, count in wire.met.items()}
    return (
        opened
        | starts
        | {"sequences": played, "wanted": wanted, **found, **met, **fates, "seconds": round(time.monotonic() - begun), "seed": SEED}
    )


def _first_open(phone: Phone) -> dict[str, int]:
    """Everything that comes over the wire when the page is opened for the first time."""
    page = (phone.context or phone.start()).new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    total = []
    session.on("Network.loadingFinished", lambda event: total.append(event["encodedDataLength"]))
    page.goto("/day", wait_until="load")
    page.wait_for_selector("#day[data-ready]", state="attached")
    page.wait_for_timeout(1500)
    page.close()
    return {"first_open_bytes": round(sum(total)), "first_open_requests": len(total)}


def _second_starts(phone: Phone, times: int) -> dict[str, float]:
    """From the tap to a page that works, with the wire cut; each in a new tab."""
    phone.open().wait_for_timeout(500)
    phone.wire.cut = True
    took = []
    for _ in range(times):
        page = (phone.context or phone.start()).new_page()
        begun = time.monotonic()
        page.goto("/day", wait_until="domcontentloaded")
        page.wait_for_selector("#day[data-ready]", state="attached")
        took.append((time.monotonic() - begun) * 1000)
        page.close()
    phone.wire.cut = False
    return {"second_start_ms": round(statistics.median(took)), "second_start_slowest_ms": round(max(took))}


def _demo(home: Path, port: int) -> subprocess.Popen:
    command = [sys.executable, "-m", "siqian", "demo", "--port", str(port), "--home", str(home), "--size", "small", "--no-stream"]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("SIQIAN_", "DJANGO_"))}
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 400
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return process
        time.sleep(0.5)
    raise TimeoutError("the demo does not answer")


def _database(home: Path) -> Path:
    return home / "siqian.db"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    main()
