"""Who looks after a town: desks, secretaries, police, social workers, doctors, keepers and building heads, with shifts and leave."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from siqian.spine.remit import queries as remit
from siqian.town.people.actions import AccountRow, PersonRow, SeatRow
from siqian.town.places.rules import AreaRow

from .laid import Away, Town
from .names import Names

DAY, NIGHT = (8 * 60, 20 * 60), ((0, 480), (480, 960), (960, 1440))
ALWAYS = [(day, 0, 1440) for day in range(7)]
WEEK = [(day, 8 * 60 + 30, 18 * 60) for day in range(5)]
EVENINGS = [(day, 420, 1320) for day in range(7)]
KEEPER, SECRETARY = "陈志明", "林秀娟"
# Who looks after the home of the demo's people, and at what hours a newcomer is to meet them.
NEIGHBOURS = {
    "secretary": (SECRETARY, "Lin Xiujuan"),
    "police": ("黄海", "Huang Hai"),
    "social_worker": ("苏敏仪", "Su Minyi"),
    "doctor": ("何静", "He Jing"),
}
# Roles in the words of the people's table; desk staff of the district stand for the hotline agent.
ROLES = {
    KEEPER: ("grid worker", "chen"),
    SECRETARY: ("community staff", "lin"),
    "梁敏": ("dispatcher", "liang"),
    "郑佩珊": ("hotline agent", "zheng"),
    "吴建国": ("building head", "wu"),
    "苏敏仪": ("social worker", "su"),
    "罗志强": ("unit handler", "luo"),
    "程晓燕": ("call-back caller", "cheng"),
    "李建华": ("street leader", "li"),
    "郑立": ("discipline inspector", "zhengli"),
    "方岚": ("policy clerk", "fanglan"),
    "邱博": ("second clerk", "qiubo"),
    "严理": ("legal reviewer", "yanli"),
    "方启明": ("system administrator", "fang"),
    "江安": ("security administrator", "jiang"),
    "沈清": ("audit administrator", "shen"),
    "马玉娥": ("estate manager", "ma"),
    "秦大山": ("gatekeeper", "qin"),
}
# Three persons, each for one thing: settings and the map, accounts, what was done and seen.
ADMINISTRATORS = (
    ("system_admin", "区系统管理员", "District system administrator", ("方启明", "Fang Qiming")),
    ("security_admin", "区安全管理员", "District security administrator", ("江安", "Jiang An")),
    ("audit_admin", "区审计管理员", "District audit administrator", ("沈清", "Shen Qing")),
)
# Of the compound in which the demo's people live.
ESTATE = (
    ("estate_manager", "松涛苑物业", "Songtao Court, estate manager", ("马玉娥", "Ma Yu'e")),
    ("gatekeeper", "松涛苑门岗", "Songtao Court, gatekeeper", ("秦大山", "Qin Dashan")),
)
# Whose handler a newcomer can be, in the street of the demo's people.
NEWCOMERS_UNIT = "st-clean"


@dataclass(frozen=True)
class Chair:
    """A post before anybody sits on it."""

    post: str
    duty: str
    area: str
    name: str
    name_en: str
    unit: str = ""


class Staff:
    """Seats people on the posts of a town whose areas are made; home: the building grid that the demo's people share."""

    def __init__(self, made: Town, names: Names, home: str) -> None:
        self.made, self.names = made, names
        self.areas = {row.code: row for row in made.areas}
        self.home = {row.level: row.code for row in self._up(home)}

    def seat_all(self, *, persons: int | None = None) -> None:
        """Everybody; persons: how many there are, of whom the last share the building grids' posts; one each when it is not said."""
        levels: Mapping[str, Sequence[AreaRow]] = {
            level: [row for row in self.made.areas if row.level == level] for level in ("district", "street", "community", "grid", "cell")
        }
        for row in (*levels["district"], *levels["street"]):
            self._desk(row, row.level == "district")
        self._dispatch(levels["district"][0])
        for row in levels["community"]:
            self._community(row)
        for number, row in enumerate(levels["grid"]):
            self._keeper(row, number % 7)
        for row in (*levels["district"], *levels["street"]):
            self._units(row)
        self._above(levels)
        left = len(levels["cell"]) if persons is None else persons - len(self.made.persons) - len(ADMINISTRATORS) - len(ESTATE)
        self._heads(levels["cell"], left)
        for duty, name, english, person in ESTATE:
            self._seat(Chair(f"{duty}-{self.home['community']}", duty, self.home["community"], name, english), ALWAYS, person)
        for duty, name, english, person in ADMINISTRATORS:
            self._seat(Chair(duty.replace("_", "-"), duty, levels["district"][0].code, name, english), ALWAYS, person)

    def _units(self, row: AreaRow) -> None:
        """One handler in office hours for every unit of the district, and of each street."""
        words, english = _short(row)
        for unit in remit.units().values():
            if unit.level != row.level:
                continue
            chair = Chair(f"unit-{unit.code}-{row.code}", "handler", row.code, f"{words}·{unit.zh}", f"{english}: {unit.en}", unit.code)
            own = unit.code == NEWCOMERS_UNIT and row.code == self.home["street"]
            self._seat(chair, ALWAYS if own else WEEK, ("罗志强", "Luo Zhiqiang") if own else None)

    def _above(self, levels: Mapping[str, Sequence[AreaRow]]) -> None:
        """Leaders of the streets and of the district, who calls back, who inspects."""
        for row in (*levels["street"], *levels["district"]):
            words, english = _short(row)
            own = row.code == self.home["street"]
            chair = Chair(f"leader-{row.code}", "leader", row.code, f"{words}分管领导", f"{english}, leader in charge")
            self._seat(chair, ALWAYS if own else WEEK, ("李建华", "Li Jianhua") if own else None)
        top = levels["district"][0]
        calls = Chair("caller", "caller", top.code, "区回访组", "District call-back team")
        for number, shift in enumerate(NIGHT[1:]):
            self._seat(calls, ALWAYS if number == 0 else _daily(shift), ("程晓燕", "Cheng Xiaoyan") if number == 0 else None)
        watch = Chair("inspector", "inspector", top.code, "区纪委监委监督员", "District discipline inspector", "discipline")
        self._seat(watch, ALWAYS, ("郑立", "Zheng Li"))
        for number, person in enumerate((("方岚", "Fang Lan"), ("邱博", "Qiu Bo")), 1):
            self._seat(Chair(f"clerk-{number}", "clerk", top.code, "区民政局政策专员", "District policy clerk"), ALWAYS, person)
        self._seat(Chair("legal", "legal", top.code, "区法制审核员", "District legal reviewer"), ALWAYS, ("严理", "Yan Li"))

    def _up(self, code: str) -> Iterator[AreaRow]:
        while code:
            yield self.areas[code]
            code = self.areas[code].parent

    def _desk(self, row: AreaRow, agent: bool) -> None:
        words, english = _short(row)
        chair = Chair(f"desk-{row.code}", "desk", row.code, f"{words}值班台", f"{english} duty desk")
        for number, shift in enumerate(NIGHT):
            # One of the district's desk is the newcomer's, so that agent is never off duty.
            here = agent and number == 1
            self._seat(chair, ALWAYS if here else _daily(shift), ("郑佩珊", "Zheng Peishan") if here else None)

    def _dispatch(self, row: AreaRow) -> None:
        chair = Chair("dispatch", "dispatcher", row.code, "区平安建设中心调度", "District dispatch")
        for number, shift in enumerate(NIGHT):
            self._seat(chair, ALWAYS if number == 1 else _daily(shift), ("梁敏", "Liang Min") if number == 1 else None)

    def _community(self, row: AreaRow) -> None:
        own = row.code == self.home["community"]
        self._desk(row, False)
        for duty, person in NEIGHBOURS.items():
            hours = ALWAYS if duty == "police" or (own and duty == "secretary") else WEEK
            self._seat(Chair(f"{duty}-{row.code}", duty, row.code, row.name, row.name_en), hours, person if own else None)

    def _keeper(self, row: AreaRow, off: int) -> None:
        community = next(up.name for up in self._up(row.code) if up.level == "community")
        chair = Chair(f"keeper-{row.code}", "keeper", row.code, f"{community}{row.name}网格员", f"{row.name_en} grid worker")
        if row.code == self.home["grid"]:
            # The newcomer is to meet him at any hour of the demo's day.
            self._seat(chair, ALWAYS, (KEEPER, "Chen Zhiming"))
        else:
            self._seat(chair, [(day, *DAY) for day in range(7) if day != off])

    def _heads(self, cells: Sequence[AreaRow], persons: int) -> None:
        """Next-door building grids of a community share a head where there are fewer persons than posts."""
        joint = [at for at in range(1, len(cells)) if self._shareable(cells[at - 1], cells[at])]
        spare = len(cells) - persons
        shared = {joint[turn * len(joint) // spare] for turn in range(spare)}
        for at, cell in enumerate(cells):
            chair = Chair(f"head-{cell.code}", "building_head", cell.code, "楼长", "Building head")
            known = ("吴建国", "Wu Jianguo") if cell.code == self.home["cell"] else None
            self._seat(chair, EVENINGS, known, again=at in shared)

    def _shareable(self, one: AreaRow, other: AreaRow) -> bool:
        if self.home["cell"] in (one.code, other.code):
            return False
        return self.areas[self.areas[one.parent].parent].parent == self.areas[self.areas[other.parent].parent].parent

    def _seat(self, chair: Chair, shifts: list[tuple[int, int, int]], known: tuple[str, str] | None = None, *, again: bool = False) -> None:
        made = self.made
        if not again:
            person, latin = known or self.names.person()
            made.persons.append(PersonRow(f"p{len(made.persons) + 1:04d}", person, latin, len(made.persons) % 4))
        row = made.persons[-1]
        made.seats.append(SeatRow(chair.post, chair.duty, chair.area, chair.name, chair.name_en, row.code, tuple(shifts), chair.unit))
        if row.name in ROLES and not again:
            role, username = ROLES[row.name]
            made.accounts.append(AccountRow(username, "", person=row.code, name=row.name, role=role))


def leaves(made: Town, chance: Random) -> list[Away]:
    """Who is away round now: in every thirty keepers one today, one in five some time of the year before; most with a stand-in.

    The newcomer's keeper is never away. A stand-in is the keeper next door and may be away as well, as happens.
    """
    named = {row.person for row in made.accounts}
    keepers = [seat.person for seat in made.seats if seat.duty == "keeper"]
    found = []
    for at, person in enumerate(keepers):
        dice, beside = chance.random(), keepers[at - 1]
        if person in named or dice > 0.23:
            continue
        start = timedelta(days=-chance.uniform(0.2, 4) if dice < 0.033 else -chance.uniform(8, 360))
        found.append(Away(person, beside if chance.random() < 0.7 else "", start, start + timedelta(days=chance.uniform(4.5, 8))))
    # A desk that nobody has been found for yet, some days from now: duty has gaps to fill.
    desks = [seat.person for seat in made.seats if seat.duty == "desk"]
    return [*found, Away(desks[-1], "", timedelta(days=3), timedelta(days=4.5))]


def _short(row: AreaRow) -> tuple[str, str]:
    """What an area is called on a door plate: without the mark of the sample."""
    return row.name.removesuffix("（示例）"), row.name_en.removesuffix(" (sample)")


def _daily(shift: tuple[int, int]) -> list[tuple[int, int, int]]:
    return [(day, *shift) for day in range(7)]
