"""What the matter says that is made of a topic: how many, since when, where, in whose words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from siqian.kernel.said import said

HEAD = said("{title}：一周里{week}个人说同一件事，之前平均每周{before}个。从{since}起，四周里一共{tellers}个人说。")
PLACES = said("说到的地方：{places}。")
QUOTES = said("他们是这样说的（个人信息已隐去）：")
SOURCE = said("由热点话题{number}提成一件事，先办，不等更多人来说。")
DAY = said("{month}月{day}日")
MOST_QUOTES, MOST_PLACES, MOST_WORDS = 6, 6, 120


@dataclass(frozen=True)
class Quote:
    """A telling without personal data: where and on which day it was told."""

    text: str
    place: str
    day: str


def evidence(
    *,
    number: int,
    title: str,
    week: int,
    before: float,
    tellers: int,
    since: str,
    places: Sequence[tuple[str, int]],
    quotes: Sequence[Quote],
) -> str:
    """The whole text, in the words of the people who told it. places: (name, how many told there), the most first."""
    named = "、".join(f"{name}{count}" for name, count in places[:MOST_PLACES])
    head = {"title": title, "week": week, "before": f"{before:.1f}".removesuffix(".0"), "since": since, "tellers": tellers}
    lines = [HEAD.format(**head), PLACES.format(places=named), QUOTES]
    lines += [f"{at}. “{_short(quote.text)}” {quote.day} {quote.place}".rstrip() for at, quote in enumerate(quotes[:MOST_QUOTES], start=1)]
    return "\n".join([*lines, SOURCE.format(number=number)])


def _short(text: str) -> str:
    clean = " ".join(text.split())
    return clean if len(clean) <= MOST_WORDS else f"{clean[: MOST_WORDS - 1]}…"
