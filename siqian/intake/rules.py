"""One message shape for every channel, and what is wrong with one. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from siqian.kernel.clock import TOWN
from siqian.kernel.permits import BadInput, Permit, Refusal
from siqian.kernel.said import said
from siqian.spine.learn.rules import Guess, Understanding
from siqian.spine.matters import rules as matters

CHANNELS = {
    "web": said("网页"),
    "phone": said("电话"),
    "desk": said("窗口"),
    "api": said("接口"),
    "file": said("批量导入"),
    "open311": said("Open311接口"),
    "system": said("外部系统"),
}
CHANNELS_EN = {
    "web": "web page",
    "phone": "telephone",
    "desk": "counter",
    "api": "API",
    "file": "file",
    "open311": "Open311",
    "system": "outside system",
}
MOST_PHOTOS = 6
CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
URL = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(/[^\s<>\"']*)?")
# Who reads how outside systems stand, who mends what came wrong, who lets them in.
SYSTEM_PERMITS = (
    *(Permit(role, "read", "any") for role in ("office", "system_admin", "dispatcher", "inspector")),
    *(Permit(role, "mend", "any") for role in ("office", "system_admin", "dispatcher")),
    # A silent system is a task of the district's own desk.
    *(Permit("desk", verb, "area") for verb in ("read", "mend")),
    *(Permit(role, "admit", "any") for role in ("office", "system_admin")),
)


@dataclass(frozen=True)
class Message:
    """What somebody told, whatever it came by.

    building: a code that the teller picked; lon, lat: WGS-84 degrees; address: as written; near: the community code or
    building code of their home, which breaks ties only. external: the sender's own id, for which a message is taken once.
    apart: no neighbour's matter is joined; together: several asks stay one matter. agrees: to text messages about it.
    relation, for_name, for_phone, for_agreed: of whom one speaks for, who agreed to it.
    due: by when a platform above wants it settled.
    item: of the responsibility list, where the door that it came by says which; astray: a point outside the district is no fault
    of the sender's, a person finds out.
    """

    text: str
    channel: str
    external: str = ""
    building: str = ""
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    near: str = ""
    name: str = ""
    phone: str = ""
    account: str = ""
    joins: int | None = None
    apart: bool = False
    together: bool = False
    agrees: bool = False
    relation: str = ""
    for_name: str = ""
    for_phone: str = ""
    for_agreed: bool = False
    due: datetime | None = None
    item: str = ""
    astray: bool = False


def faults(message: Message) -> list[Refusal]:
    """Everything that is wrong with a message, each with its field."""
    found = [matters.text_fault(message.text), matters.phone_fault(message.phone)]
    found += [matters.proxy.fault(message.relation, message.for_name, message.for_agreed), for_phone_fault(message.for_phone)]
    if message.channel not in CHANNELS:
        known = "、".join(CHANNELS)
        found.append(Refusal("渠道“{channel}”没有登记，写{known}之一", field="channel", channel=message.channel, known=known))
    if len(message.name) > 20:
        found.append(Refusal("称呼最多20个字", field="name"))
    if len(message.external) > 64:
        found.append(Refusal("来件编号最多64个字符", field="external"))
    if (message.lon is None) != (message.lat is None):
        found.append(Refusal("经度和纬度要一起给，补上另一个", field="lon"))
    return [fault for fault in found if fault is not None]


def check(message: Message) -> None:
    """Raise BadInput with the first thing that is wrong with a message."""
    for fault in faults(message)[:1]:
        raise BadInput(fault)


def given(understood: Understanding, item: str) -> Understanding:
    """The same message where whoever sent it says what it is about. Nobody asks or thanks by ordering a service."""
    kind = "help" if understood.kind in ("consult", "praise") else understood.kind
    return replace(understood, kind=kind, guesses=(Guess(item, 1.0, ()),), unsure=False, why="")


def url_fault(url: str) -> Refusal | None:
    """What is wrong with an address to which letters go."""
    if len(url) > 300 or not URL.fullmatch(url):
        return Refusal("地址要以https://或http://开头，最多300个字符", field="url")
    return None


def for_phone_fault(phone: str) -> Refusal | None:
    """The same as of the teller's own telephone, in the field of whom one speaks for."""
    fault = matters.phone_fault(phone)
    return Refusal(fault.template, field="for_phone", **fault.values) if fault else None


# Headings of other systems' exports, so that a file is understood as it comes. The first that is there wins.
HEADINGS: dict[str, tuple[str, ...]] = {
    "external": ("external", "id", "编号", "留言编号", "工单编号", "来件编号"),
    "title": ("title", "主题", "留言主题", "标题"),
    "text": ("text", "detail", "内容", "留言详情", "诉求内容", "正文", "描述"),
    "address": ("address", "地址", "地点", "事发地址"),
    "building": ("building", "楼栋编码"),
    "lon": ("lon", "lng", "经度"),
    "lat": ("lat", "纬度"),
    "near": ("near", "社区编码"),
    "name": ("name", "姓名", "称呼", "联系人"),
    "phone": ("phone", "电话", "手机", "联系电话"),
    "due": ("due", "上级时限", "办结期限", "要求办结时间"),
}


def columns(headings: list[str]) -> dict[str, str] | Refusal:
    """Which heading holds which field, or what is missing."""
    found = {field: name for field, names in HEADINGS.items() for name in reversed(names) if name in headings}
    if "text" not in found and "title" not in found:
        return Refusal("表头里找不到“内容”一列（认得：{names}）。把那一列改成其中一个名字", field="text", names="、".join(HEADINGS["text"]))
    return found


def from_row(row: Mapping[str, object], where: Mapping[str, str], *, channel: str, fallback_id: str) -> Message | Refusal:
    """A message from one row of a file; fallback_id when the row has no id of its own."""
    cell = {field: _text(row.get(name)) for field, name in where.items()}
    title, text = cell.get("title", ""), cell.get("text", "")
    joined = text if not title or text.startswith(title) else f"{title}\n{text}".strip()
    lon, lat = _degrees(cell.get("lon", "")), _degrees(cell.get("lat", ""))
    if isinstance(lon, Refusal) or isinstance(lat, Refusal):
        return Refusal("经纬度不是数字，写成114.03这样", field="lon")
    due = instant(cell.get("due", ""))
    if isinstance(due, Refusal):
        return due
    return Message(
        text=joined[:5000],
        channel=channel,
        external=(cell.get("external") or fallback_id)[:64],
        building=cell.get("building", ""),
        lon=lon,
        lat=lat,
        address=cell.get("address", ""),
        near=cell.get("near", ""),
        name=cell.get("name", "")[:20],
        phone=re.sub(r"[\s-]", "", cell.get("phone", "")),
        due=due,
        # A row is one entry of somebody's register, and stays one here.
        together=True,
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    # Excel hands numbers over as floats; an id or a telephone is text.
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def instant(text: str) -> datetime | Refusal | None:
    """A day and hour as other systems write them; without a zone it is the town's."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return Refusal("上级时限“{text}”不是时间，写成2026-07-13 09:00这样", field="due", text=text)
    return found if found.tzinfo else found.replace(tzinfo=TOWN)


def _degrees(text: str) -> float | Refusal | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return Refusal("不是数字")


MOST_FAULTS = 1000


@dataclass
class Tally:
    """How an import stands. total = taken + joined + again + faulty, always."""

    total: int = 0
    taken: int = 0
    joined: int = 0
    again: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)

    @property
    def faulty(self) -> int:
        return self.total - self.taken - self.joined - self.again

    def add(self, row: int, outcome: str | Refusal) -> None:
        """One row's outcome: taken, joined, again, or why not."""
        if isinstance(outcome, Refusal):
            self.faults.append((row, outcome.why))
            return
        setattr(self, outcome, getattr(self, outcome) + 1)

    def join(self, other: "Tally") -> None:
        self.total, self.taken, self.joined, self.again = (
            self.total + other.total,
            self.taken + other.taken,
            self.joined + other.joined,
            self.again + other.again,
        )
        self.faults += other.faults[: max(0, MOST_FAULTS - len(self.faults))]
