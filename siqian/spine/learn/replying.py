"""What a reply leaves open, before it is sent: asks that it does not touch, a passing on that settles nothing, another's words. Pure.

Advice to whoever writes, never a score of them. The rubric: a reply is *only received* when nothing is left of it without
courtesy; *only passed on* when nothing is left but that somebody else has it now; it leaves an ask *open* when it names nothing
of what was asked, and a *question* when a day or a sum was asked for and none stands in it; it is *copied* when four in five of
its six-letter runs stand in a reply to something else.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Open = Literal["received", "passed", "open", "when", "how-much", "copied"]
SUBSTANCE = 8  # letters that must be left for a reply to say something
RUN, SAME, LONG = 6, 0.8, 30


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to look at again. of: the ask that stays open, or what names the matter whose reply is the same."""

    what: Open
    of: str = ""


def hints(asks: Sequence[str], reply: str, *, others: Iterable[tuple[str, str]] = ()) -> list[Hint]:
    """What a reply leaves open, the gravest first; nothing for a reply that is not begun. others: (whose, reply) of other matters."""
    said = re.sub(r"\s", "", reply)
    if not said:
        return []
    kept = COURTESY.sub("", said)
    bare = PASSING.sub("", kept)
    if len(_letters(bare)) < SUBSTANCE:
        return [Hint("passed" if bare != kept else "received")]
    found = [Hint("open", ask) for ask in asks if not _touches(ask, bare)] if len(asks) > 1 else []
    if not found and asks and not any(_touches(ask, bare) for ask in asks):
        found = [Hint("open", asks[0])]
    whole = "。".join(asks)
    if ASKS_WHEN.search(whole) and not TELLS_WHEN.search(bare):
        found.append(Hint("when"))
    if ASKS_HOW_MUCH.search(whole) and not TELLS_HOW_MUCH.search(bare):
        found.append(Hint("how-much"))
    same = next((whose for whose, text in others if _same(bare, COURTESY.sub("", re.sub(r"\s", "", text)))), "")
    return [*found, Hint("copied", same)] if same else found


def _touches(ask: str, reply: str) -> bool:
    pairs = _pairs(ask)
    return not pairs or not pairs.isdisjoint(_pairs(reply))


def _pairs(text: str) -> set[str]:
    """Pairs of letters that carry meaning: without what every message holds."""
    pieces = re.split(r"\W+", COMMON.sub(" ", text))
    return {piece[at : at + 2] for piece in pieces for at in range(len(piece) - 1)}


def _same(reply: str, other: str) -> bool:
    if len(reply) < LONG or len(other) < LONG:
        return False
    runs = {reply[at : at + RUN] for at in range(len(reply) - RUN + 1)}
    return sum(run in other for run in runs) >= SAME * len(runs)


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_a-zA-Z]", "", text)


COURTESY = re.compile(
    r"(?:尊敬的|亲爱的)?(?:网友|网民|市民|居民|业主|乘客|家长|朋友|先生|女士|同志)们?[：:,，]?|[“\"]?UU\d+[”\"]?|(?:您|你)好[！!，,。：:]*"
    r"|(?:您|你)?的?(?:来信|留言|来电|反映|诉求|信件|帖子|投诉|建议|问题)?(?:已经|已|均已)?(?:收悉|收到|知悉|阅悉)了?"
    r"|(?:您|你)(?:所)?(?:反映|咨询|提出|投诉)的?(?:上述)?(?:有关)?(?:问题|情况|事项|意见|建议|诉求)|关于(?=[，,。])"
    r"|(?:非常|十分|衷心|再次)?(?:感谢|谢谢)(?:您|你)?(?:的|对[^，。！]{2,20}的)?(?:留言|来信|支持|关注|理解|监督|配合|信任|反映|和|与|、|、|工作)*"
    r"|(?:敬请|请)(?:留意|关注)[^，。！]{0,12}回复|祝(?:您|你)[^，。！]{0,16}|(?:特此|现将?有关情况)?(?:回复|答复)如下|特此(?:回复|答复)|现(?:回复|答复)如下"
    r"|\d{2,4}[年./-]\d{1,2}[月./-]\d{1,2}日?|处理情况会?(?:及时)?向(?:您|你)反馈"
)
# 已转有关部门调查处理: who, what, and nothing of what came of it.
PASSING = re.compile(
    r"(?:现|我们|我办|我局|我镇|我街道|平台|社区)?(?:已经|已|将|会)?(?:把|将)?(?:有关问题|有关情况|此事|该问题|情况|问题|帖文中)?(?:第一时间)?(?:直接)?(?:发函)?"
    r"(?:转交|转达|转办|转至|转给|转到|转|移交|交办|交由|交给|交|反馈给|反馈至|上报|报送)(?:了|至|给|到|由)?"
    r"[^，。！；]{0,20}(?:部门|单位|局|委|办|中心|公司|街道|政府|县|区|市|镇|乡|社区|物业|支队|大队|集团|院)"
    r"(?:进行|予以|负责|来)?(?:调查|核实|核查|核处|处理|处置|办理|办复|跟进|解决|答复|反馈|研究|落实|、|和|与|并|及)*"
    r"|(?:我们)?(?:将|会)?(?:持续|继续|积极|尽快|及时|进一步)?(?:关注|跟进|督促|督办|协调)(?:处理|办理|进展|相关部门|有关部门|落实)*"
    r"|(?:请|望)?(?:您|你)?(?:耐心等待|谅解|理解)|如有(?:相关)?(?:情况|进展|结果)[^，。！]{0,6}(?:反馈|告知|回复)|(?:办理)?结果[^，。！]{0,8}(?:反馈|告知|回复)[^，。！]{0,6}"
)
COMMON = re.compile(
    r"我们|你们|您好|你好|请问|请|麻烦|一下|怎么|什么|哪里|是否|可以|能不能|有没有|没有|不能|问题|情况|反映|投诉|咨询|建议|希望|尽快|处理|解决|有关|部门|单位"
    r"|小区|社区|业主|居民|领导|政府|物业|现在|已经|一直|时候|多少|为什么|还有|另外|顺便|以及|的|了|吗|呢|在|是|和|与|把|被|就|都|也|很|我|您|你|这|那"
)
ASKS_WHEN = re.compile(r"什么时候|何时|几时|哪天|哪一天|多久|几月|几号|多长时间")
TELLS_WHEN = re.compile(
    r"\d{1,2}[月号日天点时:：]|\d{4}年|[一二三四五六七八九十两几]+(?:个)?(?:月|天|日|周|小时|工作日)|今天|明天|后天|今晚|本周|下周|本月|下月|月底|年底|年内"
    r"|上半年|下半年|季度|春节|国庆|当天|当日|次日|以内|之前|已(?:经)?(?:修|换|清|拆|装|恢复|完成|整改|处理)"
)
ASKS_HOW_MUCH = re.compile(r"多少钱|多少费|什么价|怎么收费|收费标准|收多少|几块钱|补多少|补贴多少|标准是多少")
TELLS_HOW_MUCH = re.compile(r"\d|[一二三四五六七八九十百千万]+元|免费|不收|不用交")
