"""The demo's people that a newcomer can be. Accounts carry their role's words; nothing here exists outside the demo."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from siqian.kernel.permits import BadInput, Refusal
from siqian.town.people import queries as people

# The tokens of the demo go by the English words; people read these.
WORDS = {
    "resident": gettext_noop("居民"),
    "courier": gettext_noop("小哥"),
    "grid worker": gettext_noop("网格员"),
    "community staff": gettext_noop("社区工作人员"),
    "building head": gettext_noop("楼长"),
    "social worker": gettext_noop("社工"),
    "hotline agent": gettext_noop("热线坐席"),
    "dispatcher": gettext_noop("调度员"),
    "neighbour": gettext_noop("邻居"),
    "unit handler": gettext_noop("单位承办人"),
    "call-back caller": gettext_noop("回访员"),
    "street leader": gettext_noop("街道领导"),
    "discipline inspector": gettext_noop("纪检监督员"),
    "policy clerk": gettext_noop("政策专员"),
    "second clerk": gettext_noop("政策专员，第二位"),
    "legal reviewer": gettext_noop("法制审核员"),
    "employer": gettext_noop("小哥的单位"),
    "estate manager": gettext_noop("物业经理"),
    "gatekeeper": gettext_noop("门岗"),
    "system administrator": gettext_noop("系统管理员"),
    "security administrator": gettext_noop("安全管理员"),
    "audit administrator": gettext_noop("审计管理员"),
}
START = {"dispatcher": "/board", "hotline agent": "/report", "call-back caller": "/desk/callbacks", "discipline inspector": "/desk/matters"}
START |= {"policy clerk": "/desk/policies", "second clerk": "/desk/policies", "legal reviewer": "/desk/policies"}
START |= {"system administrator": "/desk/map", "security administrator": "/desk/accounts", "audit administrator": "/desk/journal"}
START |= {"courier": "/pass", "employer": "/employer", "estate manager": "/desk/compounds", "gatekeeper": "/gate"}


@dataclass(frozen=True)
class Role:
    role: str
    words: str
    username: str
    name: str
    name_en: str
    duty: str
    duty_en: str
    look: int
    start: str


def everyone(at: datetime) -> list[Role]:
    """All roles of the demo, residents first."""
    return [_role(row, at) for row in people.roles()]


def find(role: str, at: datetime) -> Role:
    row = next((row for row in people.roles() if row.role == role), None)
    if row is None:
        raise BadInput(Refusal("没有这个角色，从列表里选", field="role"))
    return _role(row, at)


def _role(row: people.RoleLine, at: datetime) -> Role:
    actor = people.actor(row.account, at=at)
    post, post_en, _path = people.post_line(actor.posts[0]) if actor.posts else ("", "", "")
    return Role(
        row.role,
        WORDS.get(row.role, row.role),
        row.username,
        row.name,
        row.name_en,
        post,
        post_en,
        row.look,
        START.get(row.role, "/desk" if actor.is_staff else "/"),
    )
