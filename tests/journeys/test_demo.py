"""The demo as others drive it: tokens for roles, one process group, a clean end."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import expect

from .conftest import PHONE, ROOT, Demo, _free_port, _wait

ROLES = {"resident", "courier", "grid worker", "community staff", "building head", "social worker", "hotline agent", "dispatcher"}
ROLES |= {"neighbour", "unit handler", "call-back caller", "street leader", "discipline inspector"}
ROLES |= {"system administrator", "security administrator", "audit administrator"}
ROLES |= {"policy clerk", "second clerk", "legal reviewer", "employer", "estate manager", "gatekeeper"}


def ask(demo, path: str, role: str = "", body: dict | None = None) -> tuple[int, dict]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {demo.tokens[role]}"} if role else {})
    request = urllib.request.Request(demo.address + path, headers=headers, data=json.dumps(body).encode() if body is not None else None)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_tokens_open_pages_and_api_for_every_role(demo):
    assert set(demo.tokens) == ROLES and (demo.home / "demo-tokens.json").stat().st_mode & 0o077 == 0
    status, todo = ask(demo, "/api/todo", "grid worker")
    assert status == 200 and todo
    status, said = ask(demo, "/api/todo", "resident")
    assert status == 403 and "登录" in said["title"]
    assert len(ask(demo, "/api/matters", "dispatcher")[1]) == 50
    assert {line["state"] for line in ask(demo, "/api/matters?state=settled", "dispatcher")[1]} == {"settled"}


def test_the_whole_walk_by_api(demo):
    status, receipt = ask(
        demo,
        "/api/intake/api",
        body={"text": "松涛苑3栋电梯按钮坏了，按了没反应", "external": "X-77", "name": "周", "phone": "13800002047"},
    )
    assert status == 201 and receipt["keeper"] == "陈志明" and len(receipt["code"]) == 10
    assert ask(demo, "/api/intake/api", body={"text": "松涛苑3栋电梯按钮坏了，按了没反应", "external": "X-77"})[1]["again"]
    number = receipt["number"]
    assert ask(demo, f"/api/matters/{number}/acceptance", "grid worker", {})[1]["state"] == "accepted"
    assert ask(demo, f"/api/matters/{number}/contacts", "grid worker", {"how": "phone", "text": "问清了是哪一部"})[0] == 201
    status, matter = ask(demo, f"/api/matters/{number}/closure", "grid worker", {"text": "换了按钮面板，试过好用"})
    assert (status, matter["state"]) == (200, "closed")
    assert ask(demo, f"/api/matters/{number}/rating", "resident", {"good": True})[0] == 403
    assert ask(demo, f"/api/intake/receipts/{receipt['code']}")[1]["number"] == number
    status, fault = ask(demo, "/api/intake/api", body={"text": "，"})
    assert status == 400 and fault["field"] == "text"


def test_my_place_on_the_map_is_enough(visitor):
    page = visitor("", PHONE, geolocation={"longitude": 114.0305, "latitude": 22.6595}, permissions=["geolocation"])
    page.goto("/report")
    page.locator("#text").fill("这里的井盖松了，踩上去会响")
    page.get_by_role("button", name="我在这里").click()
    expect(page.locator("#heard")).to_contain_text("网格")
    page.get_by_role("button", name="说好了，交出去").click()
    expect(page.get_by_text("现在由TA负责")).to_be_visible()


def test_the_demo_ends_with_all_its_children_on_one_signal(demo, tmp_path):
    demo.copied(tmp_path / "home")
    port = _free_port()
    command = [sys.executable, "-m", "siqian", "demo", "--port", str(port), "--home", str(tmp_path / "home"), "--size", "small"]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("SIQIAN_", "DJANGO_"))}
    with (tmp_path / "home" / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
    _wait(Demo(tmp_path / "home", port), process)
    group = os.getpgid(process.pid)
    assert len(_members(group)) >= 4
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) in (0, -signal.SIGTERM)
    assert _members(group) == []


def _members(group: int) -> list[int]:
    """Living processes of a group, zombies not counted."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(name))
    return found
