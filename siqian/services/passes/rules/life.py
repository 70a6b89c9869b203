"""The lives of couriers, gates, lock-downs and measures; who may do what; why not. Pure."""

from datetime import datetime, timedelta

from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Permit, Refusal
from siqian.kernel.said import said

COURIER = Flow(
    Move("asked", "attest", "active", "employer desk keeper secretary"),
    Move("asked", "decline", "ended", "employer desk keeper secretary"),
    Move("active", "suspend", "suspended", "employer desk"),
    Move("suspended", "resume", "active", "employer desk office"),
    Move("active", "end", "ended", "employer courier desk"),
    Move("suspended", "end", "ended", "employer courier desk"),
    Move("ended", "ask", "asked", "courier"),
)
# Who registers a courier in person: the studio's desk, a grid worker.
REGISTRARS = ("desk", "keeper", "secretary")
# Who sees how compounds treat couriers.
OVERSEERS = ("desk", "dispatcher", "leader", "inspector")
LOCKERS = ("secretary", "leader", "dispatcher", "desk")
AUTHORITY_WORDS = {"owners": said("业主大会"), "committee": said("业委会"), "manager": said("物业"), "district": said("区里的默认规矩")}
AUTHORITIES = tuple(AUTHORITY_WORDS)
PERMITS = {
    "courier": (
        *(Permit(role, verb, "any") for role in REGISTRARS for verb in ("attest", "decline", "read")),
        *(Permit("desk", verb, "area") for verb in ("suspend", "resume", "end")),
        *(Permit("teller", verb, "own") for verb in ("read", "end", "bind", "attest", "decline", "suspend", "resume")),
        *(Permit("office", verb, "area") for verb in ("read", "attest", "suspend", "resume", "end")),
    ),
    "compound": (
        *(Permit("estate_manager", verb, "owner") for verb in ("read", "rule", "gate", "bind", "report", "lock")),
        *(Permit("gatekeeper", verb, "owner") for verb in ("read", "bind")),
        *(Permit(role, "read", "area") for role in {*OVERSEERS, *LOCKERS}),
        *(Permit(role, "lock", "area") for role in LOCKERS),
        *(Permit("office", verb, "area") for verb in ("read", "rule", "gate", "bind", "report", "lock", "open")),
    ),
}
# Rebinding without the old key: so often in a day; a courier with a broken phone needs it twice, a thief more often.
MOST_BINDINGS = 3
BIND_FOR, GRACE, LIST_FOR = timedelta(minutes=30), timedelta(hours=12), timedelta(hours=6)
PASS_FOR = timedelta(hours=20)
MARK_FOR = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=72)
VISITS_FOR = timedelta(days=30)
LEAST_CELL = 5
STATUS_SIZE = 1 << 20

NO_COURIER = Refusal("没有这位小哥的登记，或者不归您看")
NOT_REGISTERED = Refusal("您还没有登记。先在通行码页上登记一次")
NOT_ACTIVE = Refusal("登记还没有核实。把登记号给单位、小哥工作室或网格员看，当场就能核")
SUSPENDED = Refusal("您的通行码停用到{until}：{reason}。不同意可以在通行码页上申诉")
TOO_OFTEN = Refusal("今天换手机绑定太多次了，明天再试，或者去小哥工作室当面绑定")
BAD_POINT = Refusal("手机给的钥匙不合格，换个浏览器再打开通行码页", field="point")
BAD_PROOF = Refusal("手机没能证明钥匙是自己的，重新打开通行码页", field="proof")
NO_NAME = Refusal("写姓名，两个字以上", field="name")
BAD_PHONE = Refusal("手机号是11位数字，再看看", field="phone")
NO_CLASS = Refusal("选一个：送餐、快递、维修、家政、急救抢险、访客", field="klass")
NOT_EMERGENCY = Refusal("急救抢险的码由单位核实后发，自己登记不能选", field="klass")
NO_EMPLOYER = Refusal("没有这个单位，从列表里选；众包的选“没有单位”", field="employer")
NO_CODE = Refusal("没有这个登记号，请小哥打开通行码页看看", field="code")
NO_COMPOUND = Refusal("没有这个小区，或者不归您管")
NO_GATE = Refusal("没有这个门，或者这个门停用了")
NOT_BOUND = Refusal("这台手机还没有绑到哪个门。在物业的小区页上点“绑定门岗手机”，用那里的绑定码")
BAD_BINDING = Refusal("绑定码不对或者过了30分钟，请物业再出一个", field="code")
BAD_RULES = Refusal("规矩里有一处写得不对：{part}，改好再存", field="rules")
OLD_VERSION = Refusal("别人刚改过这些规矩，刷新看看再改", field="version")
NO_AUTHORITY = Refusal("选一个：业主大会、业委会、物业、区里的默认规矩，并写上哪天定的", field="authority")
NO_WHY = Refusal("写一句为什么，至少4个字", field="why")
LOCK_TERM = Refusal("封控最长72小时，到时自己解除", field="hours")
SAME_PERSON = Refusal("封控要两个人：另一位有权的人来确认", field="confirm")
NO_LOCK = Refusal("没有等着确认的封控，或者已经过期")


def rebind_fault(bound: list[datetime], at: datetime) -> Refusal | None:
    """Why nobody binds another phone now. bound: when phones were bound without the key before."""
    lately = [when for when in bound if at - when < timedelta(days=1)]
    return TOO_OFTEN if len(lately) >= MOST_BINDINGS else None


def ends_at(at: datetime) -> datetime:
    """Until when a pass that is issued now holds: long enough for a working day, never over 24 hours."""
    return at + PASS_FOR


def bucket(at: datetime) -> datetime:
    """The quarter of an hour in which something was."""
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def month_of(at: datetime) -> str:
    """The month of the town's calendar: 2026-07."""
    from siqian.kernel.clock import local

    return f"{local(at):%Y-%m}"


def visible(count: int) -> int | None:
    """A count as it may be shown: cells of one to four persons are not."""
    return None if 0 < count < LEAST_CELL else count
