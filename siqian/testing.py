"""A small named town for tests: one district, one street, three communities, and the people whom a story needs.

It is laid in through the doors that everybody uses. Places: 松涛苑 (1栋 to 6栋) in 榕荫, 木棉苑 (1栋 to 13栋) in 木棉, 云岭村
(A栋, B栋, 1栋 to 3栋) in 云岭; every building grid is a square of 0.001 degree that shares borders with its neighbours.
"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher

from siqian.kernel import clock, journal as _journal
from siqian.kernel.permits import OFFICE, Actor
from siqian.town.people import actions as people_actions, queries as people
from siqian.town.people.actions import AccountRow, PersonRow, SeatRow
from siqian.town.people.rules import ResidentRow
from siqian.town.places import actions as places_actions, queries as places
from siqian.town.places.actions import BuildingRow, SiteRow
from siqian.town.places.rules import AreaRow

monday_nine = datetime(2026, 7, 13, 9, 0, tzinfo=clock.TOWN)
SINCE = date(2026, 1, 1)
PASSWORD = "a long walk by the river"
WEST, SOUTH, STEP = 114.030, 22.660, 0.001

COMMUNITIES = (("ry", "榕荫", "Rongyin"), ("mm", "木棉", "Mumian"), ("yl", "云岭", "Yunling"))
# site: (community, English, aliases, {number: (grid, cell)})
SITES = {
    "松涛苑": ("ry", "Songtao Court", ("松涛花园",), {"1": (1, 1), "2": (1, 2), "3": (2, 1), "4": (2, 1), "5": (2, 2), "6": (2, 2)}),
    "木棉苑": ("mm", "Mumian Court", (), {str(number): (1 + number // 7, 1 + number % 2) for number in range(1, 14)}),
    "云岭村": ("yl", "Yunling Village", (), {"A": (1, 1), "B": (1, 2), "1": (2, 1), "2": (2, 2), "3": (2, 2)}),
}
SITE_CODES = {"松涛苑": "songtao", "木棉苑": "mumian", "云岭村": "yunling"}

DAY = tuple((weekday, 8 * 60, 20 * 60) for weekday in range(7))
OFFICE_HOURS = tuple((weekday, 9 * 60, 18 * 60) for weekday in range(5))
# Three turns round the clock; the last runs over midnight.
TURNS = tuple(tuple((weekday, start * 60, start * 60 + 480) for weekday in range(7)) for start in (6, 14, 22))

ADMINISTRATORS = {
    "min": ("方敏", "system_admin"),
    "hong": ("洪波", "system_admin"),
    "an": ("安静", "security_admin"),
    "shen": ("沈计", "audit_admin"),
}

# username: (name, English, duty, area code, shifts)
STAFF = {
    "chen": ("陈志明", "Chen Zhiming", "keeper", "ry-g2", DAY),
    "chunmei": ("李春梅", "Li Chunmei", "keeper", "ry-g1", DAY),
    "jianjun": ("王建军", "Wang Jianjun", "keeper", "mm-g1", DAY),
    "xiaofang": ("赵小芳", "Zhao Xiaofang", "keeper", "mm-g2", DAY),
    "dayong": ("罗大勇", "Luo Dayong", "keeper", "yl-g1", DAY),
    "yuezhen": ("邓月珍", "Deng Yuezhen", "keeper", "yl-g2", DAY),
    "xiujuan": ("林秀娟", "Lin Xiujuan", "secretary", "ry", OFFICE_HOURS),
    "huang": ("黄海", "Huang Hai", "police", "ry", DAY),
    "su": ("苏敏仪", "Su Minyi", "social_worker", "ry", OFFICE_HOURS),
    "he": ("何静", "He Jing", "doctor", "ry", OFFICE_HOURS),
    "wu": ("吴建国", "Wu Jianguo", "building_head", "ry-g2-c1", DAY),
    "liang": ("梁敏", "Liang Min", "dispatcher", "rj", DAY),
    "qiang": ("何志强", "He Zhiqiang", "handler", "st", OFFICE_HOURS),
    "lei": ("郭磊", "Guo Lei", "handler", "st", OFFICE_HOURS),
    "dan": ("潘丹", "Pan Dan", "handler", "rj", OFFICE_HOURS),
    "yan": ("姚燕", "Yao Yan", "caller", "rj", DAY),
    "leader": ("李建华", "Li Jianhua", "leader", "st", OFFICE_HOURS),
    "zheng": ("郑立", "Zheng Li", "inspector", "rj", OFFICE_HOURS),
}
# Whose people they are.
UNITS = {"qiang": "st-enforce", "lei": "st-clean", "dan": "urban", "zheng": "discipline"}
# desk's area: who sits there in the morning, in the evening, at night
DESKS = {
    "ry": (("ruolan", "方若兰", "Fang Ruolan"), ("weiqiang", "唐伟强", "Tang Weiqiang"), ("guihua", "徐桂花", "Xu Guihua")),
    "mm": (("caiyun", "彭彩云", "Peng Caiyun"), ("zhigang", "曾志刚", "Zeng Zhigang"), ("shulan", "萧淑兰", "Xiao Shulan")),
    "yl": (("yumei", "叶玉梅", "Ye Yumei"), ("jinfu", "江金福", "Jiang Jinfu"), ("haitao", "杜海涛", "Du Haitao")),
    "st": (("lifen", "许丽芬", "Xu Lifen"), ("guoliang", "沈国良", "Shen Guoliang"), ("xiuying", "韩秀英", "Han Xiuying")),
    "rj": (("yongqing", "石永清", "Shi Yongqing"), ("meiling", "廖美玲", "Liao Meiling"), ("wenhao", "温文豪", "Wen Wenhao")),
}
# username: (name, home)
RESIDENTS = {"zhou": ("周", "松涛苑3栋"), "lin": ("林", "松涛苑4栋")}
# Of 周小兰, whom `settle_zhou` lays in; it belongs to nobody.
ZHOU_PHONE = "19900000001"


class QuickHasher(Argon2PasswordHasher):
    """The house's own way of keeping passwords at the least cost, so that sign-in is tested and nobody waits."""

    time_cost, memory_cost, parallelism = 1, 8, 1


class Town:
    """Finds what was laid in, by the names that a story uses."""

    def actor(self, username: str, at: datetime = monday_nine) -> Actor:
        """The staff member with this account, with the posts held at that time."""
        return people.actor_of(username, at=at)

    def resident(self, username: str, at: datetime = monday_nine) -> Actor:
        return people.actor_of(username, at=at)

    def account(self, username: str) -> int:
        """The account's id, as a session keeps it."""
        return int(people.actor_of(username, at=monday_nine).ref.removeprefix("account:"))

    def post(self, duty: str, area: str, unit: str = "") -> str:
        """The code of a post: town.post("desk", "ry"), town.post("handler", "st", "st-clean")."""
        return _post(duty, area) + (f":{unit}" if unit else "")

    def desk(self, area: str, at: datetime = monday_nine) -> Actor:
        """Whoever sits at this area's desk now, by area code: ry, mm, yl, st (street), rj (district)."""
        card = people.card_of(_post("desk", area), at=at)
        assert card is not None and card.on
        return people.actor_of(card.person, at=at)

    def building(self, words: str) -> str:
        """The code of a building: town.building("松涛苑3栋")."""
        site, number = words[:3], words[3:].removesuffix("栋")
        return f"{SITE_CODES[site]}-{number.lower()}"

    def point(self, words: str) -> tuple[float, float]:
        """(lon, lat) of a building."""
        place = self.place(words)
        assert place.lon is not None and place.lat is not None
        return place.lon, place.lat

    def place(self, words: str) -> places.Place:
        place = places.at_building(self.building(words))
        assert place is not None, f"{words} is not in the small town"
        return place

    def area(self, code: str) -> places.Place:
        place = places.at_area(code)
        assert place is not None, f"{code} is not in the small town"
        return place


class Journal:
    """What the journal holds, by subject."""

    def of(self, ref: object) -> list[str]:
        """Names of the events of one subject, oldest first; takes a reference or anything with one."""
        return _journal.names_of(str(getattr(ref, "ref", ref)))


town, journal = Town(), Journal()


def lay_in_town(at: datetime = monday_nine) -> None:
    """Lay the small town in, through the doors."""
    act: dict[str, Any] = {"by": OFFICE, "at": at}
    sites = [
        SiteRow(SITE_CODES[name], "estate", name, english, community, aliases) for name, (community, english, aliases, _) in SITES.items()
    ]
    places_actions.lay_out(areas=list(area_rows()), sites=sites, buildings=list(building_rows()), **act)
    seats = list(seat_rows())
    people_actions.lay_in(persons=list(person_rows()), seats=seats, since=SINCE, **act)
    staff = [AccountRow(seat.person, PASSWORD, person=seat.person, role=seat.duty) for seat in seats]
    residents = [
        AccountRow(code, PASSWORD, name=name, home=town.building(home), role="resident") for code, (name, home) in RESIDENTS.items()
    ]
    people_actions.open_accounts(rows=staff + residents, **act)


def seat_administrators(at: datetime = monday_nine) -> None:
    """Four of the district: two administrators of the system, one of security, one of audit, with accounts by their codes."""
    act: dict[str, Any] = {"by": OFFICE, "at": at}
    persons = [PersonRow(code, name, code.title(), 0) for code, (name, _) in ADMINISTRATORS.items()]
    held = {code: duty for code, (_, duty) in ADMINISTRATORS.items()}
    seats = [SeatRow(f"rj:{duty}", duty, "rj", f"区{duty}", f"District {duty}", code, DAY) for code, duty in held.items()]
    people_actions.lay_in(persons=persons, seats=seats, since=SINCE, **act)
    people_actions.open_accounts(rows=[AccountRow(code, PASSWORD, person=code) for code in held], **act)


def settle_zhou(at: datetime = monday_nine) -> int:
    """周小兰 lives in 松涛苑3栋1203 with her son, and has an account by her telephone; gives her number in the register."""
    act: dict[str, Any] = {"by": OFFICE, "at": at}
    places_actions.number_units(buildings=["songtao-3"], **act)
    where: dict[str, Any] = {"source": "网格员上门", "basis": "居住登记", "moved_in": date(2020, 5, 1)}
    zhou = ResidentRow(2, "songtao-3", "1203", "周小兰", phone=ZHOU_PHONE, relation="head", **where)
    son = ResidentRow(3, "songtao-3", "1203", "周一鸣", relation="child", **where)
    number = people_actions.enroll(residents=[zhou, son], **act)[0]
    people_actions.open_accounts(rows=[AccountRow(ZHOU_PHONE, PASSWORD, name="周女士")], **act)
    people_actions.link(username=ZHOU_PHONE, phone=ZHOU_PHONE, **act)
    return number


def area_rows() -> Iterator[AreaRow]:
    """The areas, from the district down."""
    whole = [square(0, 0, 6, 2)]
    yield AreaRow(1, "rj", "district", "榕江区", "Rongjiang District", "", whole)
    yield AreaRow(2, "st", "street", "榕荫街道", "Rongyin Street", "rj", whole)
    row = 3
    for column, (code, name, english) in enumerate(COMMUNITIES):
        east = 2 * column
        yield AreaRow(row, code, "community", f"{name}社区", f"{english} Community", "st", [square(east, 0, 2, 2)])
        yield AreaRow(row + 1, f"{code}-p1", "block", f"{name}第一片区", f"{english} Block 1", code, [square(east, 0, 2, 2)])
        row += 2
        for grid in (1, 2):
            yield AreaRow(
                row, f"{code}-g{grid}", "grid", f"{name}{grid}格", f"{english} Grid {grid}", f"{code}-p1", [square(east, grid - 1, 2, 1)]
            )
            for cell in (1, 2):
                ring = square(east + cell - 1, grid - 1, 1, 1)
                names = f"{name}{grid}格{cell}组", f"{english} Grid {grid} Cell {cell}"
                yield AreaRow(row + cell, f"{code}-g{grid}-c{cell}", "cell", *names, f"{code}-g{grid}", [ring])
            row += 3


def building_rows() -> Iterator[BuildingRow]:
    """The buildings, each wholly inside its building grid."""
    for site, (community, english, _, numbers) in SITES.items():
        column = 2 * [code for code, _, _ in COMMUNITIES].index(community)
        for at, (number, (grid, cell)) in enumerate(numbers.items()):
            lon, lat = WEST + STEP * (column + cell - 0.5), SOUTH + STEP * (grid - 0.8 + 0.04 * at)
            code = f"{SITE_CODES[site]}-{number.lower()}"
            names = f"{site}{number}栋", f"{english} Building {number}"
            yield BuildingRow(code, *names, SITE_CODES[site], number, f"{community}-g{grid}-c{cell}", lon, lat, _house(lon, lat), 18, 6)


def person_rows() -> Iterator[PersonRow]:
    for look, (code, (name, english, *_)) in enumerate(STAFF.items()):
        yield PersonRow(code, name, english, look % 4)
    for sitters in DESKS.values():
        yield from (PersonRow(*sitter, look) for look, sitter in enumerate(sitters))


def seat_rows() -> Iterator[SeatRow]:
    for code, (name, english, duty, area, shifts) in STAFF.items():
        unit = UNITS.get(code, "")
        post = f"{_post(duty, area)}:{unit}" if duty == "handler" else _post(duty, area)
        yield SeatRow(post, duty, area, f"{area}·{name}的岗位", f"Post of {english}", code, shifts, unit)
    for area, sitters in DESKS.items():
        for (code, *_), shifts in zip(sitters, TURNS, strict=True):
            yield SeatRow(_post("desk", area), "desk", area, f"{area}值班台", f"Desk of {area}", code, shifts)


def square(column: int, row: int, wide: int, high: int) -> list[list[float]]:
    """A closed ring over so many building grids; neighbours share their corners to the last bit."""
    west, east, south, north = (round(edge, 6) for edge in _edges(column, row, wide, high))
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _edges(column: int, row: int, wide: int, high: int) -> tuple[float, float, float, float]:
    return WEST + STEP * column, WEST + STEP * (column + wide), SOUTH + STEP * row, SOUTH + STEP * (row + high)


def _house(lon: float, lat: float, half: float = 0.00001) -> list[list[float]]:
    corner = partial(round, ndigits=6)
    west, east, south, north = corner(lon - half), corner(lon + half), corner(lat - half), corner(lat + half)
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _post(duty: str, area: str) -> str:
    return f"{area}:{duty}"
