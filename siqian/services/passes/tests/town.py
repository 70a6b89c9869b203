"""What the stories of passes need: a firm, couriers with phones, a compound with gates."""

from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from siqian.kernel.permits import OFFICE
from siqian.services.passes import actions, cose, queries, rules
from siqian.services.passes.rules import Rules, Window
from siqian.testing import monday_nine, town
from siqian.town.people import actions as people
from siqian.town.people.actions import AccountRow, PersonRow, SeatRow

ACT = {"by": OFFICE, "at": monday_nine}
LATER = monday_nine + timedelta(hours=1)
ALL = tuple(rules.CLASSES)
BODY = Rules(
    windows=(Window(classes=ALL, begin=6 * 60, end=22 * 60), Window(classes=("emergency",), ways=("foot", "push", "ride"))),
    parking="左手50米",
)


def number_of(actor):
    return int(actor.ref.removeprefix("account:"))


def settle():
    """飞燕外卖 with its keeper, 阿强 and 小杨 with accounts; 松涛苑's manager and guard; 木棉苑's manager."""
    seats = [
        SeatRow("ry:estate", "estate_manager", "ry", "松涛苑物业", "Songtao estate", "ma", ALWAYS),
        SeatRow("ry:guard", "gatekeeper", "ry", "松涛苑门岗", "Songtao gate", "qin", ALWAYS),
        SeatRow("mm:estate", "estate_manager", "mm", "木棉苑物业", "Mumian estate", "hua", ALWAYS),
    ]
    persons = [
        PersonRow("ma", "马春燕", "Ma Chunyan", 0),
        PersonRow("qin", "秦大山", "Qin Dashan", 1),
        PersonRow("hua", "花小朵", "Hua Xiaoduo", 2),
    ]
    people.lay_in(persons=persons, seats=seats, since=monday_nine.date(), **ACT)
    accounts = [AccountRow(code, "a long walk by the river", person=code, role=code) for code in ("ma", "qin", "hua")]
    accounts += [
        AccountRow(code, "a long walk by the river", name=name)
        for code, name in (("aqiang", "阿强"), ("xiaoyang", "小杨"), ("feiyan", "飞燕"))
    ]
    people.open_accounts(rows=accounts, **ACT)
    actions.admit_employer(code="feiyan", name="飞燕外卖", **ACT)
    actions.let_act(employer="feiyan", account=number_of(town.resident("feiyan")), **ACT)


ALWAYS = tuple((day, 0, 1440) for day in range(7))


@dataclass
class Place:
    """A compound with its gates' codes."""

    id: int
    code: str
    gates: list


def compound(site="songtao", body=BODY, posts=("ry:estate", "ry:guard"), gates=("东门", "西门")):
    number = actions.open_compound(site=site, body=body, decided="区里的默认规矩", **ACT)
    actions.post_to(compound=number, manager=posts[0], guard=posts[1], **ACT)
    return Place(number, site, [actions.open_gate(compound=number, name=name, **ACT) for name in gates])


class Phone:
    """A courier's browser: makes keys, keeps the pass, shows it."""

    def __init__(self, username):
        self.by, self.key, self.raw = town.resident(username), None, b""

    def register(self, employer="feiyan", klass="delivery", goes=("foot", "push"), at=monday_nine):
        told = actions.Told("王志强", "19900000007", klass, goes, employer)
        return actions.ask(told=told, by=self.by, at=at)

    def bind(self, at=monday_nine, *, old=True, key=None):
        key, before = key or ec.generate_private_key(ec.SECP256R1()), self.key
        point = cose.point_of(key.public_key())
        renewal = _proof(before, point) if before and old else b""
        text = actions.bind(point=point, proof=_proof(key, point), old=renewal, by=self.by, at=at)
        self.key, self.raw = key, cose.from_base45(text.removeprefix(rules.PASS))
        return text

    def show(self, place="", at=LATER):
        return rules.text_of(rules.SHOWN, rules.show(self.raw, rules.slot_of(at.timestamp()), place, self.key))


def _proof(key, point):
    first, second = decode_dss_signature(key.sign(b"XGP" + point, ec.ECDSA(hashes.SHA256())))
    return first.to_bytes(32, "big") + second.to_bytes(32, "big")


def employer():
    return queries.with_own(town.resident("feiyan"))


def courier(username="aqiang", **more):
    """A phone that is registered, vouched for and bound."""
    phone = Phone(username)
    code = phone.register(**more)
    actions.attest(code=code, by=employer() if more.get("employer", "feiyan") else town.desk("ry"), at=monday_nine)
    phone.bind()
    return phone
