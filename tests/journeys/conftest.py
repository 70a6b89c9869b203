"""A demo of its own for the journeys, as a newcomer starts it, and browsers for the people in it."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from . import browsers

expect.set_options(timeout=15_000)
ROOT = Path(__file__).resolve().parents[2]
PHONE, SMALL, DESK = (390, 844), (320, 640), (1440, 900)


# Two browsers walk beside each other, each through a demo of its own: these files in one, all others in the other. Within
# each the files keep their order, since they tell their stories in one and the same town.
LOOKING = {"test_pages.py", "test_roles.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.xdist_group("looking" if item.path.name in LOOKING else "doing"))


class Demo:
    """A running demo: its address, its roles' tokens."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.address = home, f"http://127.0.0.1:{port}"

    def copied(self, home: Path) -> None:
        """The same town in another home, whatever is being written meanwhile."""
        shutil.copytree(self.home, home, ignore=shutil.ignore_patterns("siqian.db*"))
        with sqlite3.connect(self.home / "siqian.db") as mine, sqlite3.connect(home / "siqian.db") as copy:
            mine.backup(copy)

    @property
    def tokens(self) -> dict[str, str]:
        return json.loads((self.home / "demo-tokens.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home, port = tmp_path_factory.mktemp("demo"), _free_port()
    command = [sys.executable, "-m", "siqian", "demo", "--port", str(port), "--home", str(home), "--size", "small", "--no-stream"]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("SIQIAN_", "DJANGO_"))}
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        demo = Demo(home, port)
        _wait(demo, process)
        yield demo
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) is not None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.PROGRAM, args=browsers.ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(visitors: "Visitors") -> Iterator[Callable[..., Page]]:
    """`visitor("grid worker", DESK)` opens a page as that role, by the role switcher, as a newcomer does; "" is nobody yet."""
    yield visitors.open
    visitors.leave()


@pytest.fixture
def visitors(demo: Demo, browser: Browser) -> "Visitors":
    return Visitors(demo, browser)


class Visitors:
    """Browsers of people, each with cookies of its own, and what went wrong in their pages."""

    def __init__(self, demo: Demo, browser: Browser) -> None:
        self.demo, self.browser = demo, browser
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def open(self, role: str = "", size: tuple[int, int] = PHONE, **more: Any) -> Page:
        wide, high = size
        context = self.browser.new_context(viewport={"width": wide, "height": high}, base_url=self.demo.address, locale="zh-CN", **more)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text) if "Content Security Policy" in said.text else None)
        if role:
            page.goto("/roles")
            page.locator(f'button[value="{role}"]').click()
            page.wait_for_load_state()
        return page

    def leave(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.faults == []


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait(demo: Demo, process: subprocess.Popen) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until:
        assert process.poll() is None, (demo.home / "log").read_text()
        try:
            with urllib.request.urlopen(demo.address + "/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError((demo.home / "log").read_text())
