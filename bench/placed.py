"""How the places in a message are read: which is meant, which is only named beside it. Writes bench/results/placed.json.

    .venv/bin/python -m bench.placed

The messages (bench/cases/places.yaml) are of the small named town and were written before anybody looked at what the reading made
of them. Pure: no database; what is near a house is taken from the town's own squares.
"""

import json
import os
import statistics
import time
from typing import Any, NamedTuple

import django
import yaml

from siqian.town.places import naming, rules

from .spine import ROOT, commit


class Town(NamedTuple):
    """The register of the small town, its communities by name, and where its houses stand, in squares of a building grid."""

    register: rules.Register
    communities: dict[str, str]
    houses: dict[str, tuple[float, float]]
    steps: list[tuple[float, float]]


def main() -> None:
    cases = yaml.safe_load((ROOT / "bench" / "cases" / "places.yaml").read_text(encoding="utf-8"))
    result = {"command": "python -m bench.placed", "commit": commit()} | measured(_town(), cases)
    (ROOT / "bench" / "results" / "placed.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(result, ensure_ascii=False, indent=1))


def _town() -> Town:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "siqian.web.settings")
    django.setup()
    from siqian.testing import COMMUNITIES, SITE_CODES, SITES, SOUTH, STEP, WEST, building_rows

    register = rules.Register(
        rules.SiteEntry(SITE_CODES[name], (name, *aliases), {number: f"{name}{number}栋" for number in numbers}, community)
        for name, (community, _, aliases, numbers) in SITES.items()
    )
    houses = {row.name: ((row.lon - WEST) / STEP, (row.lat - SOUTH) / STEP) for row in building_rows()}
    steps = [(east / STEP, north / STEP) for east, north in naming.BESIDES]
    return Town(register, {f"{name}社区": code for code, name, _ in COMMUNITIES}, houses, steps)


def measured(town: Town, cases: list[dict[str, Any]]) -> dict[str, object]:
    """Of how many messages the right thing is done, and which are read otherwise than expected."""
    answers = [_answer(town, case) for case in cases]
    wrong = [f"{case['text']} -> {got or '人'}" for case, (got, _) in zip(cases, answers, strict=True) if got != case.get("at", "")]
    placed = [(case, got) for case, (got, _) in zip(cases, answers, strict=True) if got]
    wanted = [(name, also) for case, (_, also) in zip(cases, answers, strict=True) for name in case.get("also", ())]
    hard = [(case, got) for case, (got, _) in zip(cases, answers, strict=True) if case.get("hard")]
    return {
        "messages": len(cases),
        "right": len(cases) - len(wrong),
        "placed": len(placed),
        "placed_right": sum(got == case.get("at") for case, got in placed),
        "hard": len(hard),
        "hard_right": sum(got == case.get("at", "") for case, got in hard),
        "also": len(wanted),
        "also_found": sum(any(name in words for words in also) for name, also in wanted),
        "cpu_us": _spent(town, [case["text"] for case in cases]),
        "wrong": wrong,
    }


def _answer(town: Town, case: dict[str, Any]) -> tuple[str, list[str]]:
    """(the building for which it goes out, or nothing; the words of what is named)."""
    text = case["text"]
    found = naming.understand(text, town.register, town.communities, near=case.get("near", ""), home=case.get("home", ""))
    confidence, _why = naming.settled(found, _grids(town, found.reading.buildings))
    words = [text[one.spans[0][0] : one.spans[-1][1]] for one in found.named]
    return found.reading.buildings[0] if len(found.reading.buildings) == 1 and confidence >= naming.PLACED_FROM else "", words


def _grids(town: Town, buildings: tuple[str, ...]) -> int:
    """Over how many grids of the town the surroundings of a house spread; each grid is two building grids side by side."""
    spots = [(town.houses[one][0] + east, town.houses[one][1] + north) for one in buildings for east, north in town.steps]
    return len({(int(east) // 2, int(north)) for east, north in spots if east >= 0 and north >= 0})


def _spent(town: Town, texts: list[str]) -> dict[str, float]:
    """Median CPU microseconds of reading one message the old way, of the building alone, and with all that is named."""

    def each(one: Any) -> float:
        rounds = []
        for _ in range(30):
            began = time.process_time()
            for text in texts:
                one(text)
            rounds.append((time.process_time() - began) / len(texts) * 1e6)
        return round(statistics.median(rounds), 1)

    return {
        "building": each(lambda text: rules.read(text, town.register)),
        "all": each(lambda text: naming.understand(text, town.register, town.communities)),
    }


if __name__ == "__main__":
    main()
