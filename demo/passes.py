"""One pass for couriers in the demo: a firm, 阿强 who carries for it, four compounds with rules of their own, two weeks at their gates."""

from datetime import datetime, time, timedelta
from random import Random

from siqian.kernel.clock import TOWN, local
from siqian.kernel.permits import OFFICE, Actor
from siqian.services.passes import actions
from siqian.services.passes.rules import GateLine, Rules, Window
from siqian.town.people import queries as people
from siqian.town.places import queries as places

from . import SEED

FIRM = ("feiyan", "飞燕外卖（示例）", "Feiyan Delivery (sample)")
HOME = "松涛苑"
CARRIERS, ALL = ("delivery", "parcel"), ("delivery", "parcel", "maintenance", "domestic", "visitor", "emergency")
DAYS, BUSY = 14, (7, 8, 11, 11, 12, 12, 12, 13, 17, 18, 18, 18, 19, 19, 20, 21)
DEFAULT = "区里2026年1月的默认规矩：小哥步行、推车都能进"
# What a compound's rules say, by its gates' codes in their order: east (main), west, north.
ON_FOOT, BY_BIKE = ("foot", "push"), ("foot", "push", "ride")


def open_gates(at: datetime) -> None:
    """Everything of it, through the verbs; nothing where there is nobody to keep a gate."""
    if not any(row.role == "estate manager" for row in people.roles()):
        return
    begun = at - timedelta(days=DAYS + 2)
    firm = actions.admit_employer(code=FIRM[0], name=FIRM[1], name_en=FIRM[2], by=OFFICE, at=begun)
    keeper = people.actor_of("feiyan", at=begun)
    actions.let_act(employer=FIRM[0], account=int(keeper.ref.removeprefix("account:")), by=OFFICE, at=begun)
    courier = people.actor_of("aqiang", at=begun)
    told = actions.Told("王志强", "19900000007", "delivery", ON_FOOT, FIRM[0])
    code = actions.ask(told=told, by=courier, at=begun)
    actions.attest(code=code, by=people.with_own(keeper, frozenset([f"employer:{firm}"]), ()), at=begun + timedelta(hours=2))
    for number, name in enumerate(("刘大勇", "陈小满", "何秀梅")):
        actions.ask(
            told=actions.Told(name, f"1990000001{number}", "parcel" if number else "delivery"),
            by=_stranger(number),
            at=at - timedelta(hours=5 - number),
        )
    chance = Random(SEED + 13)
    for site in _sites():
        _compound(site, chance, begun, at)


def _stranger(number: int) -> Actor:
    """Somebody who registered and waits: an account that nobody signs in to."""
    return Actor(f"account:{900_000_001 + number}")


def _sites() -> list[places.SiteLine]:
    """The home of the demo's people first, and three others."""
    top = places.district()
    found = [site for site in places.sites_in(top.path if top else "/") if places.buildings_of(site.code)]
    found.sort(key=lambda site: (site.name != HOME, site.code))
    return found[:4]


def _compound(site: places.SiteLine, chance: Random, begun: datetime, at: datetime) -> None:
    every = Window(classes=ALL, ways=ON_FOOT)
    number = actions.open_compound(site=site.code, body=Rules(windows=(every,)), decided=DEFAULT, by=OFFICE, at=begun)
    names = (("东门", "East gate"), ("西门", "West gate"), ("北门", "North gate"))[: 2 if site.name != HOME else 3]
    gates = [actions.open_gate(compound=number, name=zh, name_en=en, by=OFFICE, at=begun) for zh, en in names]
    actions.rule(
        compound=number, body=_rules(site.name, gates, chance), **_decided(site.name), seen=1, by=OFFICE, at=begun + timedelta(days=1)
    )
    if site.name == HOME:
        posts = {duty: people.actor_of(who, at=at).posts[0] for duty, who in (("manager", "ma"), ("guard", "qin"))}
        actions.post_to(compound=number, **posts, by=OFFICE, at=begun)
    for day in range(DAYS, -1, -1):
        _day(gates, chance, at - timedelta(days=day), at)


def _rules(name: str, gates: list[str], chance: Random) -> Rules:
    east, west = gates[0], gates[1]
    lines = (GateLine(code=east, name="", toward="往右，步行2分钟"), GateLine(code=west, name="", toward="往左，步行3分钟"))
    emergency = Window(classes=("emergency",), ways=BY_BIKE)
    if name == HOME:
        day = Window(classes=ALL, begin=6 * 60, end=22 * 60, ways=ON_FOOT)
        night = Window(classes=("delivery", "parcel", "visitor"), begin=22 * 60, end=30 * 60, ways=ON_FOOT, gates=(east,))
        return Rules(windows=(day, night, emergency), gates=lines, speed=15, leave_by=23 * 60, parking="进门左手50米")
    if chance.random() < 0.4:
        # A compound that shuts parcels out: the district sees it.
        windows = (Window(classes=("delivery", "maintenance", "domestic", "visitor"), begin=7 * 60, end=22 * 60, ways=("foot",)), emergency)
        return Rules(windows=windows, gates=lines, speed=0, parking="车停门外")
    windows = (Window(classes=ALL, begin=6 * 60, end=23 * 60, ways=BY_BIKE if chance.random() < 0.5 else ON_FOOT), emergency)
    return Rules(windows=windows, gates=lines, speed=10, parking="架空层东头")


def _decided(name: str) -> dict[str, str]:
    if name == HOME:
        return {"authority": "committee", "decided": "2026年业委会第3次会议：白天各门都进，22点后走东门"}
    return {"authority": "manager", "decided": "物业和业委会商量定的，贴在大堂"}


def _day(gates: list[str], chance: Random, day: datetime, until: datetime) -> None:
    """What the gates of a compound saw on a day, sent in the evening."""
    midnight = datetime.combine(local(day).date(), time(), tzinfo=TOWN)
    for gate in gates:
        seen = [_seen(chance, midnight) for _ in range(chance.randint(9, 22))]
        seen = [one for one in seen if one.then < until]
        actions.take_visits(gate=gate, visits=seen, by=OFFICE, at=min(until, midnight + timedelta(hours=24)))


def _seen(chance: Random, midnight: datetime) -> actions.Seen:
    then = midnight + timedelta(hours=chance.choice(BUSY), minutes=chance.randrange(60))
    colour, reason = ("green", "come_in") if chance.random() < 0.9 else ("red", chance.choice(("stale", "other_gate", "expired", "later")))
    klass = chance.choice(("delivery", "delivery", "parcel", "parcel", "maintenance", "domestic"))
    return actions.Seen("", 0, klass, colour, reason, "gate", then, waited=chance.randint(2, 70))
