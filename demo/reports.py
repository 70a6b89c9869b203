"""What people reported by a city's app, which speaks Open311: some of it is done, some is on the way."""

from datetime import datetime, timedelta
from functools import partial

from siqian.intake import actions, queries
from siqian.intake.actions import Filed
from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE
from siqian.spine.matters import actions as matters

from .days import Days

Buildings = list[tuple[str, str, str]]
SYSTEM, KEY = "city-app", "demo"
# days before, hour, service, its answers, words, which building of the register
TOLD: tuple[tuple[int, int, str, dict[str, str], str, int], ...] = (
    (12, 9, "street-light", {"fault": "out", "pole": "L-0117"}, "走廊口的路灯不亮，晚上遛狗看不清台阶", 11),
    (9, 18, "litter", {}, "公交站后面一堆垃圾，好几天没人清", 40),
    (6, 8, "manhole", {"state": "noisy"}, "小区门口的井盖松了，车一过就响，半夜睡不着", 73),
    (4, 20, "shared-bikes", {}, "天桥下共享单车堆满了，轮椅过不去", 118),
    (2, 7, "fallen-tree", {}, "昨晚的风把一根大树枝吹断了，挂在电线上", 155),
    (1, 17, "step-free", {}, "银行门口的坡道被花箱堵住了", 201),
    (0, 7, "bins", {}, "巷口那排垃圾桶满得都溢出来了", 260),
)


def admit(at: datetime) -> None:
    """The key that everybody may try: demo."""
    actions.admit(system=SYSTEM, key=KEY, by=OFFICE, at=at)


def plan(days: Days, at: datetime) -> None:
    """Told on the days before, to keepers who answer as they answer everything."""
    for back, hour, fields in _fields(days.buildings):
        then = local(at).replace(hour=hour, minute=12, second=0, microsecond=0) - timedelta(days=back)
        if then < at:
            days.later(then, partial(_told, days, fields))


def tell_now(buildings: Buildings, at: datetime) -> None:
    """The same where no days are lived beforehand: all of it is on the way."""
    for _, _, fields in _fields(buildings):
        _file(fields, at)


def _fields(buildings: Buildings) -> list[tuple[int, int, dict[str, list[str]]]]:
    found = []
    for back, hour, service, answers, words, number in TOLD:
        where = buildings[number % len(buildings)][0]
        fields = {"service_code": [service], "description": [words], "address_id": [where]}
        found.append((back, hour, fields | {f"attribute[{name}]": [value] for name, value in answers.items()}))
    return found


def _file(fields: dict[str, list[str]], at: datetime) -> Filed:
    external = f"demo-{fields['service_code'][0]}"
    return actions.report(asked=queries.asked(fields), external=external, by=queries.system_actor(SYSTEM), at=at)


def _told(days: Days, fields: dict[str, list[str]], at: datetime) -> None:
    filed = _file(fields, at)
    matter = queries.matter_of(filed.id)
    if matter is not None and not filed.again:
        follow(days, matter, at)


def follow(days: Days, matter: int, at: datetime) -> None:
    """Its keeper takes it, looks, and is through within the day."""
    days.attempt(at + timedelta(minutes=6), matter, partial(_accept, days))
    days.attempt(at + timedelta(minutes=19), matter, partial(_contact, days))
    days.attempt(at + timedelta(hours=7, minutes=40), matter, partial(_close, days))


def _accept(days: Days, matter: int, at: datetime) -> None:
    matters.accept(matter=matter, by=days.keeper(matter, at), at=at)


def _contact(days: Days, matter: int, at: datetime) -> None:
    matters.contact(matter=matter, how="visit", text="到现场看过，已经找人来办", by=days.keeper(matter, at), at=at)


def _close(days: Days, matter: int, at: datetime) -> None:
    matters.close(matter=matter, text="处理好了，现场拍了照。还有问题，接着在这里说", by=days.keeper(matter, at), at=at)
