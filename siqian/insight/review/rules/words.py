"""What the measures are called, and how each is counted, in a sentence that a resident understands. Pure."""

from siqian.kernel.said import said

# measure -> (name, how it is counted)
MEASURES = {
    "volume": (said("件数"), said("这一周收下的事。同一件事多人说，只算一件。")),
    "assign": (said("派出及时"), said("分母：派出时限（5分钟）这一周到期的事。分子：到期前派出的。")),
    "accept": (said("签收及时"), said("分母：签收时限（15分钟）这一周到期的事。分子：到期前签收或直接回应的。")),
    "respond": (said("回应及时"), said("分母：回应时限（30分钟）这一周到期的事。分子：到期前有人联系上说事的人，自动回执不算。")),
    "settle": (
        said("按时办结"),
        said("分母：办结时限这一周到期的事。分子：到期前办结的；办结24小时内又说没办好的，不算按时办结。"),
    ),
    "satisfied": (
        said("满意"),
        said("分母：评价期（7天）这一周到期、说事的人自己评过的事。分子：评“办好了”的。没评的、办的人自己评的，都不算。"),
    ),
    "told": (said("回访满意"), said("分母：评价期这一周到期、第三人电话回访到的事。分子：说“办好了”的。")),
    "silent": (said("没评"), said("分母：评价期这一周到期的事。分子：没评、也没回访到的。不算满意，也不算不满意。")),
    "reopened": (said("重办"), said("分母：评价期这一周到期的事。分子：说没办好、换人重办的。")),
    "repeat": (said("重复"), said("分母：这一周收下的事。分子：同一栋楼同一事项，30天内刚办结过的。")),
    "returned": (said("退单"), said("分母：这一周收下的事。分子：申请过退单的。")),
    "extended": (said("延期"), said("分母：办结时限这一周到期的事。分子：准过延期的。")),
    "shelved": (said("挂账"), said("分母：办结时限这一周到期的事。分子：转入挂账台账的。")),
    "refused": (said("不予受理"), said("分母：这一周收下的事。分子：不予受理的，在申诉的和维持的都算。它们的时限只算当时已超的。")),
    "withdrawn": (said("撤回"), said("分母：这一周收下的事。分子：说事的人撤回的。撤回前已超时的仍算超时，其余不进时限的分母。")),
    "left_out": (said("除外"), said("两个人核定、不进比率分母的事，仍算件数。")),
    "bounced": (said("办结又重办"), said("办结后24小时内说事的人说没办好。这样的办结不算按时。")),
    "joined": (said("超时后并入"), said("已经超时还并进新的诉说，新说的没有自己的时限；或并错了又分开。")),
    "reclassed": (said("改了事项或种类"), said("交给人之后又改了事项类别或种类。待认定的第一次认定不算。")),
    "held": (said("挂起过半"), said("办结的时间里，一半以上在挂起。现场核查的等待不算。")),
    "unspoken": (said("没通话就办结"), said("办结前没打过电话也没上过门，只留了话。")),
    "self_rated": (said("自己评自己"), said("评价的账号就是经手的账号。不进满意的分母。")),
}
DIMENSIONS = {"community": said("社区"), "street": said("街道"), "unit": said("单位"), "class": said("类别"), "district": said("全区")}
# What makes a figure look better than the work was, in a table's narrow column.
SHORT = {
    "bounced": said("又重办"),
    "joined": said("迟并入"),
    "reclassed": said("改事项"),
    "held": said("久挂起"),
    "unspoken": said("没通话"),
    "self_rated": said("自评"),
}
