"""What people say: the responsibility list's own samples, put into a place and a mouth. Synthetic, and marked so."""

from random import Random

from siqian.spine.remit import queries as remit

OPENERS = (
    *("", "", "", "", "您好，", "你好，", "麻烦看一下，", "有人管吗，", "我是{n}栋的，", "反映一下：", "又来了，"),
    *("请问，", "想问一下，", "我帮我妈说一下，", "打扰了，", "群里说找你们，", "不知道该找谁，", "急，", "在不在，"),
)
CLOSERS = (
    *("", "", "", "", "，尽快吧", "，已经好几天了", "，老人小孩不方便", "，谢谢", "，昨天也说过", "，麻烦了"),
    *("，什么时候有人来", "，等你们回话", "，楼里好几家都这样", "，晚上下班后才在家", "，上个月就这样", "，拍了照片发不出去", "，急急急"),
)
TYPOS = (
    *(("的", "得"), ("在", "再"), ("栋", "幢"), ("哪里", "那里"), ("已经", "以经"), ("电梯", "电弟"), ("物业", "物页")),
    *(("帮忙", "邦忙"), ("一直", "一只"), ("坏了", "怀了"), ("应该", "因该"), ("还是", "还事"), ("小区", "小曲"), ("漏水", "露水")),
)
# How people of the town's old and new neighbours put it: Cantonese, Hakka, Sichuan and Hunan.
DIALECTS = (
    (
        *(("没人管", "冇人理"), ("没有", "冇"), ("怎么", "点解"), ("晚上", "夜晚"), ("小孩", "细路"), ("孩子", "细路仔"), ("他们", "佢哋")),
        *(("我们", "我哋"), ("很", "好"), ("在", "喺"), ("现在", "而家"), ("什么", "乜嘢"), ("下雨", "落雨"), ("吵", "嘈"), ("东西", "嘢")),
    ),
    (
        *(("我们", "涯兜"), ("什么", "脉介"), ("没有", "冇"), ("晚上", "暗夜"), ("孩子", "细人"), ("小孩", "细人"), ("睡觉", "睡目")),
        *(("下雨", "落水"), ("怎么", "样般"), ("他们", "佢兜"), ("老人", "老人家")),
    ),
    (
        *(
            ("什么", "啥子"),
            ("怎么", "咋个"),
            ("没有", "莫得"),
            ("没人管", "莫得人管"),
            ("孩子", "娃儿"),
            ("小孩", "娃儿"),
            ("晚上", "黑了"),
        ),
        *(("很", "好"), ("麻烦", "恼火"), ("一直", "硬是"), ("聊天", "摆龙门阵"), ("不知道", "晓不得")),
    ),
    (
        *(("什么", "么子"), ("怎么", "何解"), ("没有", "冇得"), ("我们", "我俚"), ("孩子", "伢子"), ("小孩", "细伢子"), ("厉害", "蛮狠")),
        *(("很", "蛮"), ("晚上", "夜里头"), ("知道", "晓得")),
    ),
)
VAGUE = (
    *("楼下又在吵，睡不着", "那边又堵了，没人管", "味道很大，呛人", "那个东西还没修好", "上次说的事怎么样了", "他们又来了，很烦"),
    *(
        "就是门口那个，你们来看了就知道",
        "跟上回一样，又坏了",
        "这样子谁受得了",
        "隔壁那家太过分了",
        "我妈差点摔了，你们看看吧",
        "到底归谁管",
    ),
    *("老地方，老样子", "能不能管管", "听说要改了，是不是真的", "等了一上午，没有人", "旁边那个口子，天天这样", "你们那个表格怎么弄"),
)
AGAIN = (
    *("又是我，", "第二次说了，", "上次说处理好了，", "前几天就报过，", "还是那件事，", "问了两次都说在办，", "我再说一遍，"),
    *("说好的下午来，等到现在，", "没人给个回话，", "昨天才说修好，今天又这样，"),
)
ANGRY = (
    *("。你们到底管不管", "。再没人来我就打12345", "。拍照交差有什么用", "。别再跟我说在走流程", "。这是第几次了", "。谁负责给我回电话"),
    *("。我要看处理结果，不要看回复", "。一个电话就算办完了吗", "。全楼的人都在看着", "。总不能每次都我来催"),
)
NEIGHBOUR = ("我们家也是，", "我也要说这个，", "同一件事，", "楼上也一样，", "加一个，", "我住隔壁，也这样，", "")
# What keepers write when they answer and when they are done, and what tellers say who see nothing done.
FOUND = (
    "到现场看过，情况属实。马上处理",
    "问清楚了，今天安排人来",
    "已经联系物业，下午到",
    "看过现场，要换零件，已领料",
    "电话里说清了，按规定办",
)
DONE = (
    "处理好了，现场试过，没问题",
    "已修好，拍照留底",
    "物业换了新的，当面看过",
    "和两边都谈过，说好了",
    "已清走，洒了水",
    "按规定劝导，当场改了",
)
UNHAPPY = ("还是老样子", "修了半天又坏了", "没人来过", "只打了个电话")
JOINERS = ("另外", "还有", "顺便说一下，", "再一个，", "另外还有")
SURNAMES = "陈林黄李张吴刘杨王郑周许何罗梁"
TITLES = ("女士", "先生", "阿姨", "叔", "伯", "姐", "小姐", "师傅")


def samples() -> list[tuple[str, str]]:
    """(item code, sample) of everything somebody is responsible for."""
    unsure = remit.unsure().code
    return [(item.code, item.sample) for item in remit.items().values() if item.code != unsure]


def say(sample: str, estate: str, number: str, chance: Random) -> str:
    """One mouth's way of saying it: opener, place, the thing, closer; sometimes dialect or a slip of the pen, sometimes too little."""
    if chance.random() < 0.05:
        return chance.choice(VAGUE)
    place = chance.choice((f"{estate}{number}栋", f"{estate}{number}栋", f"{estate} {number}栋", f"{number}栋", ""))
    text = (
        chance.choice(OPENERS).format(n=number)
        + (place + "，" if place and place not in sample else "")
        + sample.rstrip("。")
        + chance.choice(CLOSERS)
    )
    if chance.random() < 0.1:
        text = in_dialect(text, chance)
    if chance.random() < 0.12:
        wrong = chance.choice(TYPOS)
        text = text.replace(*wrong, 1)
    return text


def in_dialect(text: str, chance: Random) -> str:
    """The same in the words of one region, as far as its words are known here."""
    for ours, theirs in chance.choice(DIALECTS):
        text = text.replace(ours, theirs)
    return text


def again(text: str, anger: int, chance: Random) -> str:
    """The same teller, who has told it before and was not heard."""
    text = chance.choice(AGAIN) + text.split("。")[0]
    return text + (chance.choice(ANGRY) if anger > 1 or chance.random() < 0.6 else "")


def too(text: str, chance: Random) -> str:
    """A neighbour's way of saying what somebody has said already."""
    text = chance.choice(NEIGHBOUR) + text
    return text if chance.random() < 0.5 else text + chance.choice(CLOSERS)


def teller(chance: Random) -> tuple[str, str]:
    """A way to be called and a number that is no number: 199 0000 is not given out."""
    if chance.random() < 0.2:
        return "", ""
    return chance.choice(SURNAMES) + chance.choice(TITLES), f"1990000{chance.randrange(10_000):04d}"
