"""Who lives where, as it comes in: relations, what is wrong with a list of residents, who may do what with them. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from siqian.kernel.permits import Permit, Refusal
from siqian.kernel.said import said
from siqian.kernel.sheets import day

RELATIONS = {
    "head": said("户主"),
    "spouse": said("配偶"),
    "child": said("子女"),
    "parent": said("父母"),
    "tenant": said("租住"),
    "other": said("其他人"),
}
# What a keeper may name as the ground on which somebody is kept, and where a page's own entries come from.
BASES = (said("居住登记"), said("租赁登记"), said("本人同意"))
VISIT = said("网格员上门")
PHONE = re.compile(r"1\d{10}|0\d{9,11}")
LONGEST_NAME, MOST_HOUSEHOLDS = 30, 99
# Who keeps the register of an area and reads it; nobody else does. The person comes first in what is their own.
KEEPING = ("keeper", "secretary")
PERMITS = (
    *(Permit(role, verb, "area") for role in KEEPING for verb in ("read", "look", "enroll", "move out", "correct")),
    *(Permit("administrator", verb, "any") for verb in ("enroll", "move out", "correct", "link", "forget")),
    *(Permit("office", verb, "area") for verb in ("read", "enroll", "move out", "correct", "link", "forget")),
    *(Permit("teller", verb, "own") for verb in ("correct", "object", "forget")),
)
OBJECTED = Refusal("本人提出了反对，姓名电话先不给看。要用，先当面和本人说好")
FORGOTTEN = Refusal("这个人的资料已按要求删除，看不到了，也改不了")


@dataclass(frozen=True, slots=True)
class ResidentRow:
    """Somebody who lives in a unit, as it comes in. row: where in the file; label: of the unit, empty when it is not known.

    household: its number within the unit; source: where it comes from; basis: on what ground it is kept.
    """

    row: int
    building: str
    label: str
    name: str
    source: str
    basis: str
    phone: str = ""
    relation: str = "other"
    household: int = 1
    moved_in: date | None = None


# The names by which the columns of a file go. Building and label, or an address in words.
HEADINGS = {
    "building": ("building", "楼栋编码"),
    "label": ("label", "unit", "房号"),
    "address": ("address", "地址", "住址"),
    "name": ("name", "姓名"),
    "phone": ("phone", "电话", "手机", "联系电话"),
    "relation": ("relation", "和户主的关系", "与户主关系"),
    "household": ("household", "户号"),
    "moved_in": ("moved_in", "搬来日期"),
    "source": ("source", "来源"),
    "basis": ("basis", "依据"),
}
NEEDED = ("name",)


def resident_row(
    number: int, cells: Mapping[str, str], where: tuple[str, str], source: str, basis: str
) -> tuple[ResidentRow | None, list[Refusal]]:
    """Somebody from one row of a file, and all that is wrong with it. where: building and label, as far as they are known."""
    moved, household = day(cells.get("moved_in", "")), cells.get("household", "") or "1"
    found = [Refusal("第{row}行：{what}", field="moved_in", row=number, what=moved.why)] if isinstance(moved, Refusal) else []
    if not household.isdecimal():
        found.append(Refusal("第{row}行：户号写1到{most}", field="household", row=number, most=MOST_HOUSEHOLDS))
    if found or isinstance(moved, Refusal):
        return None, found
    relation = cells.get("relation", "") or "other"
    code = next((code for code, words in RELATIONS.items() if relation == words), relation)
    phone = re.sub(r"[\s-]", "", cells.get("phone", ""))
    ground = cells.get("source", "") or source, cells.get("basis", "") or basis
    return ResidentRow(number, *where, cells["name"], *ground, phone, code, int(household), moved), []


def resident_faults(rows: Sequence[ResidentRow], units: Mapping[str, Collection[str]], known: Collection[str]) -> list[Refusal]:
    """Every fault of a list of residents. known: codes of the buildings; units: labels by building, of those with a register."""
    found: list[Refusal] = []
    for row in rows:
        if row.building not in known:
            found.append(Refusal("第{row}行：名册里没有{code}这栋楼，先导入楼栋或改编码", field="building", row=row.row, code=row.building))
        elif row.label and row.label not in units.get(row.building, ()):
            found.append(
                Refusal("第{row}行：{code}没有{label}这个房号，先登记房屋或改房号", row=row.row, code=row.building, label=row.label)
            )
        found += [Refusal("第{row}行：{what}", row=row.row, what=fault.why) for fault in person_faults(row.name, row.phone, row.relation)]
        if not 1 <= row.household <= MOST_HOUSEHOLDS:
            found.append(Refusal("第{row}行：户号写1到{most}", field="household", row=row.row, most=MOST_HOUSEHOLDS))
        if not 0 < len(row.source) <= 40 or not 0 < len(row.basis) <= 60:
            found.append(Refusal("第{row}行：写明来源（40字内）和依据（60字内）", field="basis", row=row.row))
    return found


def person_faults(name: str, phone: str, relation: str) -> list[Refusal]:
    """What is wrong with what is kept of one person."""
    found = []
    if not 0 < len(name) <= LONGEST_NAME:
        found.append(Refusal("姓名写1到{most}个字", field="name", most=LONGEST_NAME))
    if phone and not PHONE.fullmatch(phone):
        found.append(Refusal("电话“{phone}”不对，写11位手机号，或区号加号码", field="phone", phone=phone))
    if relation not in RELATIONS:
        known = "、".join(RELATIONS.values())
        found.append(Refusal("和户主的关系“{relation}”不认识，写{known}之一", field="relation", relation=relation, known=known))
    return found
