"""Role scripts: what one person does and must see, as rows of a file, for a machine and for a reader alike.

A script is tests/journeys/scripts/ROLE.yaml. Each step has a sentence for people (`zh`, `en`), what is done (`do`) and what
must be seen (`see`), both from the closed lists below. `python -m tests.journeys.scripts --render` writes docs/roles.md from them.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from .walking import Script, Step, Walk

FOLDER = Path(__file__).with_name("scripts")
DOC = Path(__file__).resolve().parents[2] / "docs" / "roles.md"
ORDER = ("resident", "neighbour", "grid-worker", "unit-handler", "dispatcher", "call-back-caller", "street-leader", "discipline-inspector")


def load(name: str) -> Script:
    """One role's script; a word that is in neither list is named at once."""
    told = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    steps = tuple(Step(row["zh"], row["en"], tuple(row.get("do", ())), tuple(row.get("see", ()))) for row in told["steps"])
    for number, step in enumerate(steps, 1):
        for row, known in (*((row, Walk.DOINGS) for row in step.do), *((row, Walk.SEEINGS) for row in step.see)):
            unknown = set(row) - {"in"} - set(known)
            if unknown or not set(row) - {"in"}:
                raise ValueError(f"{name}, step {number}: {sorted(unknown) or row} is no word of the scripts; choose from {sorted(known)}")
    pair = {key: (told[key]["zh"], told[key]["en"]) for key in ("title", "purpose")}
    return Script(name, told["who"], told["size"], pair["title"], pair["purpose"], steps)


def render() -> str:
    """docs/roles.md: every script as a table that a person can follow."""
    return "\n".join(line for line in _lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from (
        "# 八个角色，照着走一遍 / Eight roles, step by step",
        "",
        "运行`siqian demo`，打开首页，点“换个人看”选人。每一步写着做什么、看到什么；机器用Chromium走的是同样的步骤",
        "（`pytest tests/journeys/test_roles.py`）。每份脚本只说自己的事，先后、钟点都不要紧。换到另一个人时，用另一个浏览器窗口最方便。",
        "",
        "Run `siqian demo`, open the first page and choose a person under “Switch person” (换个人看). Each step says what to do and",
        "what to see; a machine walks the same steps in Chromium (`pytest tests/journeys/test_roles.py`). Each script tells matters of",
        "its own, so order and hour do not matter. A second browser window is the easiest way to be two people at once.",
        "",
        "<!-- Written by `python -m tests.journeys.scripts --render` from tests/journeys/scripts/*.yaml; change those. -->",
    )
    for name in ORDER:
        script = load(name)
        yield from ("", f"## {script.title[0]} / {script.title[1]}", "", script.purpose[0], "", script.purpose[1], "")
        yield from ("| | 做什么，看到什么 | What to do, what to see |", "| --- | --- | --- |")
        for number, step in enumerate(script.steps, 1):
            yield f"| {number} | {step.zh} | {step.en} |"


if __name__ == "__main__":
    if sys.argv[1:] != ["--render"]:
        raise SystemExit("python -m tests.journeys.scripts --render writes docs/roles.md")
    DOC.write_text(render(), encoding="utf-8")
