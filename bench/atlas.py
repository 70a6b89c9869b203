"""How long until the map stands, and how much it takes over the wire. Writes bench/results/atlas.json.

    .venv/bin/python -m bench.atlas            # makes the district with its year first, some minutes
    .venv/bin/python -m bench.atlas HOME       # over a district that `siqian demo --size district --home HOME` made

Chromium draws on the software renderer (SwiftShader), with an empty cache at each load. Time runs from the start of the
navigation to the first moment at which the map has every tile of its first view drawn and rests; bytes are those of all answers
as they come over the wire. Beside it the same page without a map: until its table stands.
"""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("SIQIAN_CHROMIUM", "/usr/bin/chromium")
RENDERER = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-background-networking"]
LOADS, SIZE = 5, {"width": 1440, "height": 900}
VIEWS = {
    "duty, blocks": "/atlas",
    "open matters, blocks": "/atlas?mode=open",
    "duty, building grids": "/atlas?level=cell",
    "wall": "/atlas/wall",
}
MARK = "performance.getEntriesByName('map-ready')[0]?.startTime"
TABLE = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="siqian-bench-") as folder:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else _made(Path(folder) / "home")
        with _demo(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=RENDERER)
            _wait_for_tiles(browser, address)
            views = {name: _median([_load(browser, address, where) for _ in range(LOADS)]) for name, where in VIEWS.items()}
            browser.close()
        tiles = sum(path.stat().st_size for path in (home / "atlas").rglob("*.pmtiles"))
    result = {
        "command": "python -m bench.atlas",
        "commit": _commit(),
        "cores": os.cpu_count(),
        "loads": LOADS,
        "tiles_bytes": tiles,
        "views": views,
    }
    (ROOT / "bench" / "results" / "atlas.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, ensure_ascii=False, indent=1))


def _load(browser: Browser, address: str, where: str) -> dict[str, float]:
    """One load of a view by the dispatcher, with nothing in the cache: seconds to the map and to the table, bytes over the wire."""
    context = browser.new_context(viewport=SIZE, base_url=address, locale="zh-CN")
    page = context.new_page()
    page.goto("/roles")
    page.locator('button[value="dispatcher"]').first.click()
    page.wait_for_load_state("networkidle")
    wire = context.new_cdp_session(page)
    taken: list[float] = []
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    wire.on("Network.loadingFinished", lambda event: taken.append(event["encodedDataLength"]))
    page.goto(where)
    page.locator("html[data-map=ready]").wait_for(timeout=60_000)
    found = {"map_s": page.evaluate(MARK) / 1000, "table_s": page.evaluate(TABLE) / 1000, "bytes": sum(taken)}
    context.close()
    return found


def _median(loads: list[dict[str, float]]) -> dict[str, Any]:
    found = {name: statistics.median(load[name] for load in loads) for name in loads[0]}
    slowest = max(load["map_s"] for load in loads)
    return {
        "map_s": round(found["map_s"], 2),
        "slowest_s": round(slowest, 2),
        "table_s": round(found["table_s"], 2),
        "bytes": int(found["bytes"]),
    }


def _made(home: Path) -> Path:
    command = [sys.executable, "-m", "siqian", "demo", "--size", "district", "--home", str(home), "--once"]
    subprocess.run(command, cwd=ROOT, check=True, env=_environment())
    return home


@contextmanager
def _demo(home: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "siqian", "demo", "--size", "district", "--home", str(home), "--port", str(port), "--no-stream"]
    process = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL)
    try:
        address, until = f"http://127.0.0.1:{port}", time.monotonic() + 300
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{address}/health", timeout=2).close()  # noqa: S310 - our own address
                break
            except OSError:
                time.sleep(0.3)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_for_tiles(browser: Browser, address: str) -> None:
    """Until the worker has cut them, and every process has answered once."""
    for _ in range(120):
        context = browser.new_context(base_url=address)
        page = context.new_page()
        page.goto("/roles")
        page.locator('button[value="dispatcher"]').first.click()
        page.goto("/atlas")
        tiles = page.locator("#map").get_attribute("data-tiles")
        context.close()
        if tiles:
            return
        time.sleep(1)
    raise SystemExit("the worker cut no tiles")


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("SIQIAN_", "DJANGO_"))}


def _commit() -> str:
    said = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return said.stdout.strip()


if __name__ == "__main__":
    main()
