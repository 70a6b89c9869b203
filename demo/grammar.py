"""What people say: the responsibility list's own samples, put into a place and a mouth. Synthetic, and marked so."""

from random import Random

from siqian.spine.remit import queries as remit

OPENERS = ("", "", "", "您好，", "麻烦看一下，", "有人管吗，", "我是{n}栋的，", "反映一下：", "又来了，")
CLOSERS = ("", "", "", "，尽快吧", "，已经好几天了", "，老人小孩不方便", "，谢谢", "，昨天也说过")
TYPOS = (("的", "得"), ("在", "再"), ("栋", "幢"), ("哪里", "那里"), ("已经", "以经"))
VAGUE = ("楼下又在吵，睡不着", "那边又堵了，没人管", "味道很大，呛人", "那个东西还没修好", "上次说的事怎么样了", "他们又来了，很烦")
SURNAMES = "陈林黄李张吴刘杨王郑周许何罗梁"
TITLES = ("女士", "先生", "阿姨", "叔")


def samples() -> list[tuple[str, str]]:
    """(item code, sample) of everything somebody is responsible for."""
    unsure = remit.unsure().code
    return [(item.code, item.sample) for item in remit.items().values() if item.code != unsure]


def say(sample: str, estate: str, number: str, chance: Random) -> str:
    """One mouth's way of saying it: opener, place, the thing, closer, sometimes a slip of the pen."""
    if chance.random() < 0.05:
        return chance.choice(VAGUE)
    place = chance.choice((f"{estate}{number}栋", f"{estate}{number}栋", f"{estate} {number}栋", f"{number}栋", ""))
    text = (
        chance.choice(OPENERS).format(n=number)
        + (place + "，" if place and place not in sample else "")
        + sample.rstrip("。")
        + chance.choice(CLOSERS)
    )
    if chance.random() < 0.12:
        wrong = chance.choice(TYPOS)
        text = text.replace(*wrong, 1)
    return text


def teller(chance: Random) -> tuple[str, str]:
    """A way to be called and a number that is no number: 199 0000 is not given out."""
    if chance.random() < 0.2:
        return "", ""
    return chance.choice(SURNAMES) + chance.choice(TITLES), f"1990000{chance.randrange(10_000):04d}"
