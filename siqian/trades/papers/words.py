"""Papers in words."""

from siqian.kernel.said import said

STATES = {
    "draft": ("soon", said("等签发")),
    "issued": ("on", said("已签发")),
    "dropped": ("hold", said("不用了")),
    "filed": ("done", said("已归档")),
    "destroyed": ("hold", said("已销毁")),
}
RETENTION = {"permanent": said("永久"), "30": said("30年"), "10": said("10年")}
DISPOSALS = {"asked": ("soon", said("等审批")), "granted": ("done", said("已销毁")), "denied": ("back", said("不同意"))}
