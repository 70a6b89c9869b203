"""What people in Rongyin say, and what is understood."""

import pytest

from siqian.spine.learn.queries import understand
from siqian.spine.learn.rules import VERSION, title
from siqian.spine.remit import queries as remit
from siqian.spine.remit.rules import UNSURE


def name(text):
    return remit.item(understand(text).item).zh


def said(text, spans):
    return [text[span.start : span.end] for span in spans]


def duties(text):
    return {risk.duty for risk in understand(text).risks}


@pytest.mark.parametrize("item", remit.items().values(), ids=lambda item: item.code)
def test_every_item_is_known_by_its_own_message(item):
    read = understand(item.sample)
    assert read.item == item.code, (item.zh, read)
    assert item.code == UNSURE or not read.unsure


def test_the_lamp_on_the_stairs_and_the_words_that_show_it():
    text = "3栋东边楼梯2楼的灯坏了，晚上看不清路"
    read = understand(text)
    assert remit.item(read.item).zh == "楼道照明"
    assert any("灯坏了" in words for words in said(text, read.guesses[0].spans))
    assert {span.stage for span in read.guesses[0].spans} == {"class"}
    assert read.kind == "complaint"
    assert read.title == "3栋东边楼梯2楼的灯坏了，晚上看不清路"
    assert read.version == VERSION


def test_mother_and_child_in_the_lift():
    text = "电梯卡住了，我妈和孩子在里面"
    read = understand(text)
    assert remit.item(read.item).zh == "电梯困人"
    assert read.emergency
    assert read.risks[0].call == ("119",)
    assert "电梯卡住" in said(text, read.risks[0].spans)
    assert {span.stage for span in read.risks[0].spans} == {"risk"}


def test_something_burning_downstairs_is_one_of_two():
    guesses = [remit.item(guess.item).zh for guess in understand("楼下又在烧东西，呛得很").guesses[:2]]
    assert guesses == ["露天焚烧", "餐饮油烟"]


def test_what_could_be_two_things_opens_as_unsure_with_two_guesses():
    read = understand("垃圾站旁边的健身器材")
    assert read.unsure and read.item == UNSURE
    assert len(read.guesses) == 2
    assert read.why == "前两个候选不相上下，请人工选择"


def test_a_place_alone_proves_nothing():
    assert understand("公园").why == "依据太少，请人工确认事项"


@pytest.mark.parametrize("text", ["", " ", "\u3000\n", "好", "？？？", "a" * 5000, "👍👍"])
def test_a_message_that_says_nothing_is_unsure(text):
    read = understand(text)
    assert read.unsure and read.item == UNSURE and all(guess.share == 0 and not guess.spans for guess in read.guesses) and read.risks == ()
    assert len(read.title) <= 20


def test_places_are_those_of_the_original_text():
    text = "楼下 Ｋ Ｔ Ｖ　太吵"
    assert said(text, understand(text).guesses[0].spans) == ["Ｋ Ｔ Ｖ"]


@pytest.mark.parametrize(
    ("text", "duty"),
    [
        ("楼上每晚打孩子，哭得厉害", "child-harm"),
        ("我家小孩在学校被同学打了", "school-harm"),
        ("老公打我，我不敢回家", "home-violence"),
        ("我怕他想不开要跳楼", "self-harm"),
        ("售楼部门口几百人围着拉横幅", "gathering"),
        ("老板三个月没发工资了", "unpaid-wages"),
        ("有个小孩掉进水塘里了", "trapped"),
        ("三楼着火了", "fire"),
        ("楼道里好大煤气味", "gas-leak"),
        ("电线掉下来了，搭在路上", "electric"),
        ("有个老人晕倒在路边", "life"),
        ("路口被车撞了，人躺在地上", "crash"),
        ("有人持刀在店里", "assault"),
        ("我爸下午走丢了", "missing"),
        ("怕是有人被困在里面", "trapped"),
    ],
)
def test_a_duty_is_heard(text, duty):
    assert duty in duties(text)


@pytest.mark.parametrize(
    "text",
    [
        "孩子很乖，不用管",
        "跳楼价大甩卖的喇叭太吵",
        "给打孩子疫苗的社康点赞",
        "没有人打架，只是声音大",
        "线乱拉，万一着火怎么办",
        "这样堆放容易着火",
        "消防演练，学习防止触电",
        "救命药能不能报销",
        "加装电梯有困难",
        "老人的狗走丢了",
        "热水器打不着火",
        "工资什么时候涨",
        "商家的漏电保护开关怎么装",
        "电梯轿厢有点脏",
        "道德绑架",
    ],
)
def test_what_only_sounds_like_danger_calls_nobody_out(text):
    assert duties(text) == set()


def test_every_emergency_names_whom_to_call():
    for text in (item.sample for item in remit.items().values()):
        for risk in understand(text).risks:
            assert risk.level == "duty" or (set(risk.call) <= {"110", "119", "120", "122"} and risk.call)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请问社保卡怎么补办", "consult"),
        ("举报有人无证行医", "report"),
        ("建议在门口增设路灯", "suggestion"),
        ("特别感谢网格员小陈，送面锦旗", "praise"),
        ("谢谢小李", "praise"),
        ("路灯坏了三天没人管，谢谢", "complaint"),
        ("和邻居因为晾衣服吵架，想请人调解", "dispute"),
        ("去年的信访件还没答复", "petition"),
        ("我妈被关在电梯里，快来", "help"),
    ],
)
def test_the_kind_is_heard(text, kind):
    assert understand(text).kind == kind


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("尊敬的领导，您好！我想投诉楼下烧烤店，油烟很大，不敢开窗。", "楼下烧烤店，油烟很大，不敢开窗"),
        ("售楼部门口拉横幅", "售楼部门口拉横幅"),
        ("这是一句从头到尾没有任何标点而且非常非常长的话", "这是一句从头到尾没有任何标点而且非常非…"),
    ],
)
def test_the_title_is_cut_from_the_message(text, title):
    assert understand(text).title == title


def test_shares_are_parts_of_one_whole():
    for item in remit.items().values():
        shares = [guess.share for guess in understand(item.sample).guesses]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1.001


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("永安花园11栋，楼上的住户半夜总往下面扔啤酒瓶和烟头砸到人了", "永安花园11栋，楼上的住户半夜总往下面…"),
        ("松涛苑3栋，灯坏了", "松涛苑3栋，灯坏了"),
        ("麻烦看一下，12栋，垃圾桶满了没人收", "12栋，垃圾桶满了没人收"),
        ("灯坏", "灯坏"),
    ],
)
def test_a_title_says_what_and_not_only_where(text, said):
    assert title(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我叫沈若兰，电话13800138000，楼道灯坏了", "楼道灯坏了"),
        ("请打13800138000，楼道灯坏了三天了", "请打〔电话〕，楼道灯坏了三天了"),
        ("楼下李某某天天放音响，很吵", "楼下〔姓名〕天天放音响，很吵"),
        ("我叫沈若兰，电话13800138000", "我叫〔姓名〕，电话〔电话〕"),
    ],
)
def test_a_title_says_nothing_personal(text, said):
    assert understand(text).title == said
