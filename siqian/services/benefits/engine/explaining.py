"""One answer explained from files: the policy, the person with their household, the day."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from . import form, reference, saying
from .form import Fault, Faulty


def explain(policies: Path, person: Path, day: date, code: str) -> dict[str, Any]:
    """One person and one policy: state, missing facts, why."""
    read, parameters = form.read_folder(policies)
    policy = next((one for one in read if one.code == code), None)
    if policy is None:
        raise Faulty([Fault(policies.name, "", f"没有编号是{code}的政策")])
    given = json.loads(person.read_text(encoding="utf-8"))
    household = given.get("household") if isinstance(given, dict) else None
    if not isinstance(household, list) or not all(isinstance(row, dict) for row in household):
        raise Faulty([Fault(person.name, "household", "要写成一列，每人一行")])
    row = next((row for row in household if row.get("id") == given.get("id")), None)
    if row is None:
        raise Faulty([Fault(person.name, "id", "家里没有这个id的人")])
    verdict = reference.judge(policy, row, household, parameters.at(day), day)
    told = saying.why(verdict, {}, day)
    return {"policy": code, "state": verdict.state, "missing": list(verdict.missing), "why": told}
