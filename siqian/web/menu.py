"""What every page shows around its content: the menu, who is signed in, the one sentence after a step."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, gettext as _

from siqian.insight.bounds import queries as bounds
from siqian.insight.topics import queries as topics
from siqian.insight.workbench import queries as workbench
from siqian.intake import queries as doors
from siqian.kernel import clock
from siqian.kernel.permits import ANYONE
from siqian.services.benefits import queries as benefits
from siqian.services.care import queries as care
from siqian.services.passes import queries as passes
from siqian.services.sensing import queries as sensing
from siqian.spine.answers import queries as answers
from siqian.town.people import queries as people
from siqian.town.people.rules import ADMINISTRATORS
from siqian.trades.notices import queries as notices
from siqian.trades.papers import queries as papers
from siqian.trades.tasks import queries as tasks
from siqian.ui.words import in_english


def every_page(request: HttpRequest) -> dict[str, Any]:
    at = getattr(request, "at", None) or clock.now()
    actor = getattr(request, "actor", ANYONE)
    says = request.session.pop("says", "") if hasattr(request, "session") else ""
    context = {"at": at, "actor": actor, "demo": settings.SIQIAN_DEMO, "says": says, "language": get_language() or "zh-hans"}
    if settings.SIQIAN_DEMO:
        context |= {"year": _year(Path(settings.SIQIAN_HOME) / "demo-year.json")}
    if actor.is_staff:
        context |= {"rail": _rail(actor, at), "me": people.in_english(actor.name) if in_english() else actor.name}
        context |= {"unseen": notices.unseen([f"post:{post}" for post in actor.posts])}
    return context


def _year(path: Path) -> dict[str, Any] | None:
    """How far the demo's past year has come, while it is still being made."""
    try:
        year = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return None if year["lived"] else year


def _rail(actor, at: datetime) -> list[tuple[str, str, str, int]]:
    if actor.grants and {grant.role for grant in actor.grants} <= {"estate_manager", "gatekeeper"}:
        return [("/desk/compounds", _("小区进出"), "house", 0), ("/gate", _("门岗"), "circle-check", 0)]
    rows = [("/desk", _("今天的事"), "list-checks", tasks.todo_count(seen_by=actor)), *_administers(actor)]
    if actor.has("keeper"):
        rows.append(("/day", _("今日一程"), "footprints", 0))
    if actor.has("leader"):
        rows.append(("/desk/cases", _("包案"), "user", 0))
    if actor.has("handler"):
        rows.append(("/desk/joint", _("联合办理"), "users", 0))
    rows.append(("/desk/matters", _("全部的事"), "search", 0))
    if any(actor.has(role) for role in ("dispatcher", "desk", "secretary")):
        rows.append(("/board", _("调度台"), "radio", 0))
    if any(actor.has(role) for role in ("dispatcher", "desk")):
        rows.append(("/desk/rulings", _("裁定"), "circle-check", 0))
    if any(actor.has(role) for role in ("dispatcher", "desk", "caller")):
        rows.append(("/desk/callbacks", _("回访"), "phone", 0))
    if any(actor.has(role) for role in ("dispatcher", "desk", "leader", "inspector")):
        rows.append(("/desk/petitions", _("信访"), "history", 0))
    rows += [("/desk/policies", _("免申即享"), "lightbulb", benefits.waiting_count(seen_by=actor))] if benefits.overlooks(actor) else []
    rows += [("/topics", _("热点话题"), "message-circle", 0)] if topics.may_read(actor) else []
    if any(actor.has(role) for role in ("dispatcher", "desk", "secretary", "leader", "inspector")):
        rows.append(("/desk/joint", _("联合办理"), "users", 0))
    if any(actor.has(role) for role in ("dispatcher", "desk", "inspector")):
        rows.append(("/desk/cases", _("包案"), "user", 0))
    rows += [("/desk/roster", _("班表"), "clock", 0), *([("/desk/care", _("入户走访"), "house", 0)] if care.overlooks(actor) else [])]
    if any(actor.has(role) for role in ("keeper", "secretary", "dispatcher", "desk", "leader", "inspector")):
        rows.append(("/desk/patrols", _("巡查"), "map-pin", 0))
        rows.append(("/desk/incidents", _("报警"), "radio", sensing.incidents_open(seen_by=actor)))
    rows += [("/desk/couriers", _("小哥登记"), "user", 0)] if passes.registers(actor) else []
    rows += [("/desk/compounds", _("小区进出"), "house", 0)] if passes.oversees(actor) else []
    rows += (
        [("/desk/pass-troubles", _("小区里出的事"), "history", 0)]
        if any(actor.has(role) for role in ("desk", "dispatcher", "leader"))
        else []
    )
    rows += [("/desk/pass-names", _("打开实名"), "eye", 0)] if passes.opens(actor) else []
    if workbench.reach(actor):
        rows.append(("/desk/duty", _("在岗"), "users", 0))
    return [*rows, *_kept(actor)]


def _kept(actor) -> list[tuple[str, str, str, int]]:
    """What stands written, and the lists of what there is."""
    rows: list[tuple[str, str, str, int]] = []
    if actor.has("inspector") or actor.has("audit_admin"):
        rows.append(("/desk/looks", _("谁看过资料"), "eye", 0))
    keeps = any(actor.has(role) for role in answers.KEEPERS)
    rows.append(("/desk/answers", _("常见问答"), "lightbulb", answers.waiting_count(seen_by=actor) if keeps else 0))
    rows.append(("/papers", _("文书"), "image", papers.count_waiting(seen_by=actor)))
    rows.append(("/desk/visits", _("下基层"), "footprints", 0))
    rows.append(("/desk/remit", _("责任清单"), "search", 0))
    if any(actor.has(role) for role in ("dispatcher", "desk", "leader", "inspector")):
        rows.append(("/desk/learning", _("学到的"), "lightbulb", 0))
    if doors.may_read(actor):
        rows.append(("/desk/systems", _("外部系统"), "radio", doors.troubles(seen_by=actor)))
    rows.append(("/review", _("每周一评"), "history", 0))
    rows.append(("/atlas", _("地图"), "map", 0))
    rows += [] if _is_administrator(actor) else _adjustments(actor)
    rows.append(("/people", _("楼里的人"), "users", 0))
    rows.append(("/notices", _("告诉我的"), "message-circle", notices.unseen([f"post:{post}" for post in actor.posts])))
    rows.append(("/desk/homes", _("房屋和住户"), "house", 0))
    return rows


def _administers(actor) -> list[tuple[str, str, str, int]]:
    """What the three administrators are there for; nothing for anybody else."""
    own = {"system_admin": ("/desk/posts", _("岗位"), "users", 0)}
    own |= {"security_admin": ("/desk/accounts", _("账号"), "users", 0), "audit_admin": ("/desk/journal", _("流水"), "history", 0)}
    rows = [row for role, row in own.items() if actor.has(role)]
    return [*_adjustments(actor), *rows, ("/desk/administrators", _("三员"), "user", 0)] if _is_administrator(actor) else []


def _is_administrator(actor) -> bool:
    return any(actor.has(role) for role in ADMINISTRATORS)


def _adjustments(actor) -> list[tuple[str, str, str, int]]:
    seen = any(actor.has(role) for role in (*ADMINISTRATORS, "dispatcher", "inspector"))
    return [("/desk/map", _("网格调整"), "map", bounds.waiting(seen_by=actor))] if seen else []
