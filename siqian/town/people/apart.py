"""System, security and audit are looked after by three different persons (三员分立; GB/T 22239-2019, 8.1.5). Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from siqian.kernel.permits import Refusal
from siqian.kernel.said import Both, said

ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")
WORDS = {
    "system_admin": Both("系统管理员", "system administrator"),
    "security_admin": Both("安全管理员", "security administrator"),
    "audit_admin": Both("审计管理员", "audit administrator"),
}
TWO = said("{name}就既是{one}又是{other}：系统、安全、审计三员由三个人担任，换一个人")
TWO_BY_STANDING_IN = said("{name}替{absent}的班就既是{one}又是{other}：三员由三个人担任，请别人替")


def faults(
    seats: Iterable[tuple[str, str]], stand_ins: Iterable[tuple[str, str]], *, asked: Collection[str], names: Mapping[str, str]
) -> list[Refusal]:
    """Whoever would look after two of them. seats: (person, duty); stand_ins: (who is away, who stands in); asked: whose affair it is."""
    own: dict[str, set[str]] = {}
    for person, duty in seats:
        if duty in ADMINISTRATORS:
            own.setdefault(person, set()).add(duty)
    found = [Refusal(TWO, **_values(person, kinds, names)) for person, kinds in own.items() if len(kinds) > 1 and person in asked]
    reach = {person: set(kinds) for person, kinds in own.items()}
    for absent, person in dict.fromkeys(stand_ins):
        kinds = reach.setdefault(person, set())
        more = own.get(absent, set()) - kinds
        kinds |= more
        if more and len(kinds) > 1 and {absent, person} & set(asked):
            found.append(Refusal(TWO_BY_STANDING_IN, absent=names.get(absent, absent), **_values(person, kinds, names)))
    return found


def _values(person: str, kinds: Collection[str], names: Mapping[str, str]) -> dict[str, Any]:
    one, other = [WORDS[duty] for duty in ADMINISTRATORS if duty in kinds][:2]
    return {"name": names.get(person, person), "one": one, "other": other}
