"""The demo's answers, asked for as people ask: the right one stands among the first three."""

import re
from datetime import date

import pytest

from demo import answers
from siqian.spine.answers import queries, rules
from siqian.spine.learn import queries as learn
from siqian.spine.remit import queries as remit

ROWS = [row for file in answers.LIVE for row in answers.rows(file)]
# As told -> words of the question that answers it.
ASKED = {
    "周六早上八点隔壁就在钻墙，装修到底几点才能开始": "装修几点",
    "客厅那面墙想打掉，会不会是承重的": "拆墙",
    "楼上天天半夜拖椅子，说了也没用，我该找谁": "楼上邻居太吵",
    "天花板滴水，是楼上卫生间渗下来的，维修费谁出": "漏水",
    "屋顶漏了想动用维修基金，要几户签字": "维修资金",
    "我们这栋没电梯，想装一部，一楼不同意行不行": "加装电梯",
    "新房一直空着没人住，物业费能少交吗": "物业费",
    "小区想选业委会，第一步做什么": "业主委员会",
    "电梯里那么多广告，钱去哪了": "电梯广告",
    "搬走半个月了，押金还没退给我": "押金",
    "租房合同要不要去登记，在哪登记": "合同备案",
    "房东把阳台封起来租给别人住，合法吗": "阳台隔出来",
    "电瓶车能不能拿回家里充": "电动车可以推上楼",
    "邻居门口放个鞋柜占了走廊": "鞋柜",
    "小狗出门不拴绳子行吗": "牵绳",
    "被流浪猫抓了一道口子要打针不": "狂犬疫苗",
    "楼上扔东西下来砸坏了我的车，谁负责赔": "高空抛物",
    "旧床垫旧沙发往哪里扔": "大件垃圾",
    "过期的感冒药算什么垃圾": "垃圾分类",
    "我来深圳打工半年多，想办个居住证": "居住证",
    "身份证不见了，明天要坐高铁": "身份证丢了",
    "宝宝刚出生，户口怎么上": "新生儿",
    "领结婚证要不要带户口本": "结婚登记",
    "离婚要等三十天吗": "协议离婚",
    "银行叫我去居委会开亲属关系证明": "亲属关系",
    "工地老板三个月没发工资": "拖欠工资",
    "公司一直不跟我签合同怎么办": "没签劳动合同",
    "劳动仲裁交不交钱": "劳动仲裁要钱",
    "下班路上被车撞了算工伤吗": "工伤",
    "休产假能休几天": "产假",
    "被公司裁员，失业金能领多久": "失业金",
    "我1968年的，什么时候能退休": "多大年纪退休",
    "外地户口孩子上一年级怎么报名": "上小学",
    "培训班跑路了，学费能退吗": "培训班",
    "打预防针的小本子丢了": "接种本",
    "想给奶奶问一下，社区能不能上门量血压": "家庭医生",
    "回老家住院，医保能报吗": "异地看病",
    "我爸八十了，有没有老人补贴": "高龄津贴",
    "家里没收入，怎么吃低保": "低保",
    "腿残疾了，残疾人证在哪里办": "残疾证",
    "网上买的衣服不合适，能不能退": "七天无理由",
    "超市买的牛奶过期了，怎么赔": "过期食品",
    "想开个小店，执照怎么办": "营业执照",
    "没钱打官司，有没有免费律师": "法律援助",
    "调解签的协议对方不认，有用吗": "人民调解",
    "新买的电动车怎么上牌": "上牌",
    "有人打电话说我涉嫌洗钱，让我把钱转到安全账户": "诈骗",
    "Where do I get a residence permit": "居住证",
    "my landlord will not return the deposit": "押金",
}
# What is told to a person, and no answer is worth reading first.
TOLD = (
    "3栋东边楼梯2楼的灯坏了，晚上看不清路",
    "垃圾桶满了两天没人收，苍蝇很多，味道大，有没有人管",
    "水管爆了，水流到过道，电表箱就在旁边",
    "外墙的瓷砖松了一块，下面是小孩走的路，怕掉下来",
    "路口红绿灯不亮了，车都堵在那里",
    "感谢社区的小陈，帮我妈把药送上来",
    "建议在公园里多装几张椅子",
)


def made() -> rules.Index:
    items = remit.items()
    entries = []
    for number, row in enumerate(ROWS):
        item = items[row.item]
        entries.append(rules.Entry(number, row.question, row.text, " ".join((item.zh, *item.words)), row.item))
        entries.append(rules.Entry(number, row.question_en, row.text_en, item.en, row.item))
    return rules.Index(entries, filler=queries._words("filler"), stop=queries._words("stop"))


@pytest.fixture(scope="module")
def index() -> rules.Index:
    return made()


@pytest.mark.parametrize("text", ASKED)
def test_what_people_ask_is_among_the_first_three(index, text):
    found = index.find(text, item=learn.understand(text).item, most=3)
    assert any(ASKED[text] in ROWS[hit.id].question for hit in found), [ROWS[hit.id].question for hit in found]


@pytest.mark.parametrize("text", TOLD)
def test_what_wants_a_person_is_held_up_by_no_answer(index, text):
    understood = learn.understand(text)
    asked = {name: queries._words(name) for name in ("kinds", "asks", "unless")}
    shown = index.find(text, item=understood.item, least=rules.ENOUGH) if rules.is_question(text, understood.kind, **asked) else []
    assert [ROWS[hit.id].question for hit in shown] == []


def test_every_answer_is_one_that_could_be_written_and_names_no_number_but_the_known_ones():
    for row in (*ROWS, *answers.rows(answers.WAITING)):
        draft = rules.Draft(row.question, row.text, row.item, row.unit, "/", date(2026, 8, 1), row.question_en, row.text_en, row.basis)
        there = {"item": row.item in remit.items(), "unit": row.unit in remit.units()}
        assert rules.draft_faults(draft, **there, path=True, today=date(2026, 7, 13)) == []
        assert set(re.findall(r"(?<!\d)1\d{2,4}(?!\d)", row.text)) <= {"12345", "110", "119", "120", "122"}
    assert len(ROWS) >= 40 and len({row.question for row in ROWS}) == len(ROWS)
