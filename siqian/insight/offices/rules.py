"""What the audit administrator reads back, and how it is called. Pure."""

from siqian.kernel.permits import Permit, Refusal
from siqian.kernel.said import said

# What is done to the house itself, and every look at a person's data; what happens to matters is read in the matters.
AUDITED = {
    "looks": {
        "vault.opened": said("看了个人资料"),
        "vault.erased": said("删了个人资料"),
    },
    "accounts": {
        "accounts.opened": said("开或改了账号"),
        "account.switched": said("停用或启用账号"),
        "password.given": said("发了第一次登录的密码"),
        "password.changed": said("换了密码"),
        "administrator.appointed": said("任命管理员"),
        "administrator.relieved": said("免去管理员"),
    },
    "posts": {
        "roster.changed": said("改了岗位或班表"),
        "post.opened": said("新设岗位"),
        "post.renamed": said("岗位改名"),
        "post.winding_up": said("定了哪天起撤岗位"),
        "post.closed": said("撤了岗位"),
        "post.restored": said("恢复岗位"),
        "leave.taken": said("请假"),
        "leave.ended": said("假期结束"),
        "roster_sheet.taken": said("导入一周班表"),
    },
    "map": {
        "map.changed": said("网格或楼栋改了"),
        "areas.moved": said("格换了上级或并掉"),
        "buildings.moved": said("楼换了格"),
        "drawing.planned": said("排了以后生效的网格"),
        "drawing.withdrawn": said("撤回了以后生效的网格"),
        "drawing.done": said("排好的网格生效了"),
        "drawing.refused": said("排好的网格对不上，没有生效"),
        "adjustment.drafted": said("起草网格调整"),
        "adjustment.proposed": said("提交网格调整"),
        "adjustment.approved": said("批准网格调整"),
        "adjustment.declined": said("没批网格调整"),
        "adjustment.withdrawn": said("撤回网格调整"),
        "adjustment.enacted": said("网格调整生效了"),
        "adjustment.overtaken": said("网格调整没有生效"),
    },
    "list": {
        "edition.drafted": said("起草一版清单"),
        "edition.changed": said("改了清单草稿"),
        "edition.checked": said("查了清单草稿"),
        "edition.enacted": said("批准一版清单"),
        "edition.withdrawn": said("撤回一版清单"),
    },
    "learned": {
        "model.trained": said("夜里学了一遍"),
        "model.posted": said("启用或退回学到的模型"),
        "threshold.raised": said("不经人的门槛升高"),
    },
}
GROUPS = {
    "looks": said("个人资料"),
    "accounts": said("账号和管理员"),
    "posts": said("岗位和班表"),
    "map": said("网格"),
    "list": said("责任清单"),
    "learned": said("学到的"),
}
WORDS = {name: word for group in AUDITED.values() for name, word in group.items()}
PERMITS = (Permit("audit_admin", "read", "area"),)
FOR_AUDIT = Refusal("流水给审计管理员查；自己的资料谁看过，在自己那一页里看")
STILL_OPEN = said(
    "{post}手上还有{count}件没办完，今天撤不了。先请值班台把它们转给{taker}（点开每一件，选“转给”），或者写以后的一天：那天起不再接新的，转完就撤"
)
LEVELS = (said("区"), said("街道"), said("社区"), said("片区"), said("网格"), said("楼栋格"))
FOR_SECURITY = Refusal("账号归安全管理员管")
FOR_SYSTEM = Refusal("岗位归系统管理员管；谁坐哪个岗位在班表里看")
STAFF = Refusal("给工作人员看，先登录")
BAD_DAY = Refusal("哪天起撤，写成2026-07-20这样", field="day")
