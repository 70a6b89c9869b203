"""Random policies and random tables, from a seed: what every engine must agree on."""

import random
from datetime import date, timedelta
from typing import Any

FACTS = {"age_day": "day", "income": "int", "rooms": "int", "share": "float", "kind": "text", "local": "flag", "moved": "day"}
WORDS = ("甲", "乙", "丙", "丁")
DAYS = (date(2024, 2, 29), date(2026, 2, 28), date(2026, 3, 1), date(2026, 7, 13), date(2028, 2, 29))


def day(chance: random.Random) -> str:
    special = ("1944-02-29", "1946-07-13", "1946-07-14", "1946-02-28", "1946-03-01", "2008-02-29")
    return chance.choice(special) if chance.random() < 0.4 else str(date(1930, 1, 1) + timedelta(days=chance.randrange(35000)))


def value_of(fact: str, chance: random.Random) -> Any:
    kind = FACTS[fact]
    if kind == "day":
        return day(chance)
    return {
        "int": lambda: chance.choice((0, 1, 2, 3, 100, 199, 200, 201, 5000)),
        "float": lambda: chance.choice((0.0, 0.1, 0.25, 0.5, 1.5)),
        "text": lambda: chance.choice(WORDS),
        "flag": lambda: chance.random() < 0.5,
    }[kind]()


def leaf(chance: random.Random) -> dict[str, Any]:
    fact = chance.choice(list(FACTS))
    age = FACTS[fact] == "day" and chance.random() < 0.6
    ops = ["=", "!=", "in", "not_in", "known"] + (["<", "<=", ">", ">=", "between"] if FACTS[fact] != "flag" else [])
    found: dict[str, Any] = {"fact": fact, "op": chance.choice(ops)}
    one = (lambda: chance.choice((-1, 0, 17, 18, 59.5, 60, 80, 81, 82))) if age else (lambda: value_of(fact, chance))
    if age:
        found["unit"] = "age"
    if found["op"] == "known":
        return found
    if chance.random() < 0.15 and FACTS[fact] == "int" and found["op"] in ("<", ">=", "=", "!="):
        return found | {"param": chance.choice(("line", "late"))}
    many = {"in": 3, "not_in": 2, "between": 2}.get(found["op"])
    return found | {"value": [one() for _ in range(many)] if many else one()}


def tree(chance: random.Random, deep: int = 3) -> dict[str, Any]:
    roll = chance.random()
    if deep == 0 or roll < 0.35:
        return leaf(chance)
    if roll < 0.5:
        return household(chance, deep)
    if roll < 0.6:
        return {"not": tree(chance, deep - 1)}
    below = [tree(chance, deep - 1) for _ in range(chance.randrange(0, 4))]
    if roll < 0.72:
        return {"at_least": chance.randrange(0, 4), "of": below}
    return {"all" if roll < 0.87 else "any": below}


def household(chance: random.Random, deep: int) -> dict[str, Any]:
    over = {"sum": chance.choice(("income", "rooms"))} if chance.random() < 0.5 else {"count": tree(chance, deep - 1)}
    op = chance.choice(("=", "!=", "<", "<=", ">", ">=", "in", "not_in", "between", "known"))
    if op == "known":
        return {"household": over, "op": op}
    many = {"in": 3, "not_in": 2, "between": 2}.get(op)
    one = lambda: chance.choice((0, 1, 2, 3, 200, 5000))  # noqa: E731
    return {"household": over, "op": op, "value": [one() for _ in range(many)] if many else one()}


def amount(chance: random.Random) -> dict[str, Any] | None:
    return chance.choice(
        (
            None,
            {"fen": 30000},
            {"param": "line"},
            {"fact": "income", "rate": 0.125},
            {"fact": "share", "rate": 0.5},
            {"fact": "income", "brackets": [{"above": 0, "rate": 0.05}, {"above": 150, "rate": 0.1}, {"above": 1000, "rate": 0.333}]},
        )
    )


def policies(chance: random.Random, count: int = 8) -> list[dict[str, Any]]:
    found = []
    for number in range(count):
        policy: dict[str, Any] = {"code": f"p{number}", "when": tree(chance)}
        if (money := amount(chance)) is not None:
            policy["amount"] = money
        if chance.random() < 0.2:
            policy |= {"from": chance.choice(("2026-03-01", "2020-01-01")), "to": chance.choice((None, "2026-07-13"))}
        found.append(policy)
    return found


PARAMETERS = {
    "line": [{"from": "2020-01-01", "value": 199}, {"from": "2026-07-13", "value": 201}],
    "late": [{"from": "2027-01-01", "value": 5}],
}


def table(chance: random.Random, rows: int = 64) -> list[dict[str, Any]]:
    """Rows in any order of their households; a household of null is alone."""
    homes = [*range(rows // 3), None, None]
    return [
        {"id": f"r{number}", "household": chance.choice(homes)}
        | {fact: None if chance.random() < 0.25 else value_of(fact, chance) for fact in FACTS}
        for number in range(rows)
    ]
