"""What a client of Open311 asks, read and checked. Pure; every fault at once, each naming the argument or the attribute's code."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from siqian.kernel.permits import Refusal
from siqian.spine.matters import rules as matters

from .offered import LISTS, Attribute, Service

Fields = Mapping[str, Sequence[str]]
LONGEST, LONGEST_NAME, LONGEST_WORD, LONGEST_URL = 4000, 20, 200, 500
SPAN, MOST = timedelta(days=90), 1000
STATES = ("open", "closed")
ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,64})\](?:\[\d*\])?")
W3C = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)")
URL = re.compile(r"https?://[^\s<>\"']+")
NO_MEDIA = Refusal("media_url要以http://或https://开头，最多500个字符", field="media_url")


@dataclass(frozen=True)
class Asked:
    """One report as it was sent. answers: attribute's code -> values; odd_phone: what was sent as telephone is none, and not kept."""

    service: Service
    text: str = ""
    lat: float | None = None
    lon: float | None = None
    address: str = ""
    address_id: str = ""
    name: str = ""
    phone: str = ""
    odd_phone: bool = False
    account: str = ""
    media_url: str = ""
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """Which reports are asked for. ids overrides everything else."""

    ids: tuple[int, ...] | None = None
    services: tuple[str, ...] = ()
    states: tuple[str, ...] = STATES
    since: datetime | None = None
    until: datetime | None = None
    page: int = 1
    size: int = MOST


def report(fields: Fields, service: Service) -> tuple[Asked, list[Refusal]]:
    """A report of a service and everything that is wrong with it."""
    faults: list[Refusal] = []
    lat, lon = _degrees(fields, "lat", 90, faults), _degrees(fields, "long", 180, faults)
    text, address, address_id = first(fields, "description"), first(fields, "address_string"), first(fields, "address_id")
    if len(text) > LONGEST:
        faults.append(Refusal("description最多{most}个字，现在{n}个，删短", field="description", most=LONGEST, n=len(text)))
    for name in ("address_string", "address_id", "account_id"):
        if len(first(fields, name)) > LONGEST_WORD:
            faults.append(Refusal("{name}最多{most}个字符", field=name, name=name, most=LONGEST_WORD))
    media_url = first(fields, "media_url")
    if media_url and (len(media_url) > LONGEST_URL or not URL.fullmatch(media_url)):
        faults.append(NO_MEDIA)
    if not faults and lat is None and not address and not address_id:
        faults.append(Refusal("少了地点：lat和long，或address_string，或address_id，给一样", field="lat"))
    answers = {code: tuple(values) for code, values in _answers(fields).items()}
    faults += attribute_faults(service, answers)
    phone = re.sub(r"[\s()-]", "", first(fields, "phone"))
    odd = matters.phone_fault(phone) is not None
    asked = Asked(
        service,
        text,
        lat,
        lon,
        address,
        address_id,
        name=name_of(first(fields, "first_name"), first(fields, "last_name")),
        phone="" if odd else phone,
        odd_phone=odd,
        account=first(fields, "account_id"),
        media_url=media_url,
        answers=answers,
    )
    return asked, faults


def attribute_faults(service: Service, answers: Mapping[str, Sequence[str]]) -> list[Refusal]:
    """What is wrong with the answers to what a service also asks, each naming the attribute's code."""
    known = {one.code: one for one in service.attributes}
    found = [Refusal("{service}没有{code}这一项", field=code, service=service.code, code=code) for code in answers if code not in known]
    for one in service.attributes:
        values = [value for value in answers.get(one.code, ()) if value.strip()]
        if one.required and not values:
            found.append(Refusal("attribute[{code}]必须填：{zh}", field=one.code, code=one.code, zh=one.zh))
        found += _value_faults(one, values)
    return found


def wanted(fields: Fields, services: Mapping[str, Service], at: datetime) -> tuple[Wanted, list[Refusal]]:
    """Which reports a query asks for and everything that is wrong with it."""
    faults: list[Refusal] = []
    page, size = _count(fields, "page", 1, 10**6, faults), _count(fields, "page_size", MOST, MOST, faults)
    if first(fields, "service_request_id"):
        sent = words(fields, "service_request_id")[:MOST]
        ids = tuple(int(one) for one in sent if one.isdigit() and len(one) < 19)
        return Wanted(ids=ids, page=page, size=size), faults
    codes, states = words(fields, "service_code"), tuple(one.lower() for one in words(fields, "status"))
    faults += [no_service(code) for code in codes if code not in services]
    if any(one not in STATES for one in states):
        faults.append(Refusal("status写open或closed，两个都要就用逗号隔开", field="status"))
    since, until = instant(fields, "start_date", faults), instant(fields, "end_date", faults)
    if since and until and until < since:
        faults.append(Refusal("end_date比start_date早，对调", field="end_date"))
    elif since and until and until - since > SPAN:
        faults.append(Refusal("start_date到end_date最多90天，分几次查", field="start_date"))
    since, until = _span(since, until, at)
    return Wanted(None, codes, states or STATES, since, until, page, size), faults


def no_service(code: str) -> Refusal:
    return Refusal("没有这个service_code：{code}。从services里选", field="service_code", code=code[:64])


def first(fields: Fields, name: str) -> str:
    """One argument; an empty one is none."""
    return next((value.strip() for value in fields.get(name, ())), "")


def words(fields: Fields, name: str) -> tuple[str, ...]:
    """An argument that may be given several times, or several in one with commas."""
    return tuple(word.strip() for value in fields.get(name, ()) for word in value.split(",") if word.strip())


def instant(fields: Fields, name: str, faults: list[Refusal]) -> datetime | None:
    """A time as W3C writes it (NOTE-datetime), with its zone."""
    # A plus sign that was not escaped arrives as a space.
    text = first(fields, name).replace(" ", "+")
    try:
        if not text or W3C.fullmatch(text):
            return datetime.fromisoformat(text) if text else None
    except ValueError:
        pass
    faults.append(Refusal("{name}要写成2026-07-13T09:00:00+08:00这样，带时区", field=name, name=name))
    return None


def name_of(given: str, family: str) -> str:
    """How somebody is called: 周小兰, John Smith."""
    spaced = f"{given} {family}".strip()
    return (spaced if spaced.isascii() else f"{family}{given}")[:LONGEST_NAME]


def _span(since: datetime | None, until: datetime | None, at: datetime) -> tuple[datetime, datetime]:
    """Ninety days that begin or end where it was said, or end now."""
    try:
        if since and not until:
            return since, since + SPAN
        return since or (until or at) - SPAN, until or at
    except OverflowError:
        return at - SPAN, at


def _count(fields: Fields, name: str, standard: int, most: int, faults: list[Refusal]) -> int:
    text = first(fields, name)
    if not text:
        return standard
    if text.isdecimal() and len(text) < 9 and 1 <= int(text) <= most:
        return int(text)
    faults.append(Refusal("{name}是1到{most}的整数", field=name, name=name, most=most))
    return standard


def _degrees(fields: Fields, name: str, most: int, faults: list[Refusal]) -> float | None:
    text, other = first(fields, name), first(fields, "long" if name == "lat" else "lat")
    if not text:
        if other:
            faults.append(Refusal("lat和long要一起给，补上{name}", field=name, name=name))
        return None
    value = _number(text)
    if value is None or abs(value) > most:
        faults.append(Refusal("{name}是−{most}到{most}之间的度数（WGS-84）", field=name, name=name, most=most))
        return None
    return value


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _answers(fields: Fields) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, values in fields.items():
        if match := ATTRIBUTE.fullmatch(name):
            found.setdefault(match[1], []).extend(value[:LONGEST] for value in values)
    return found


def _value_faults(one: Attribute, values: Sequence[str]) -> Iterator[Refusal]:
    keys = {value.key for value in one.values}
    named = {"field": one.code, "code": one.code}
    if one.datatype != "multivaluelist" and len(values) > 1:
        yield Refusal("attribute[{code}]只收一个值", **named)
    for value in values:
        if one.datatype in LISTS and value not in keys:
            yield Refusal("attribute[{code}]只收{keys}，没有“{value}”", keys="、".join(sorted(keys)), value=value[:40], **named)
        if one.datatype == "number" and _number(value) is None:
            yield Refusal("attribute[{code}]是数字，“{value}”不是", value=value[:40], **named)
        if one.datatype == "datetime" and instant({one.code: [value]}, one.code, []) is None:
            yield Refusal("attribute[{code}]是时间，写成2026-07-13T09:00:00+08:00这样", **named)
        if one.datatype == "string" and ("\n" in value or len(value) > LONGEST_WORD):
            yield Refusal("attribute[{code}]是一行字，最多{most}个字符，不能换行", most=LONGEST_WORD, **named)
