"""Several asks in one message, and the many messages that only look like it."""

import csv
import gzip

import pytest

from siqian.spine.learn.queries import asks, understand
from siqian.spine.remit import queries as remit

SEVERAL = (
    (2, "楼道灯坏了，另外三楼王阿姨家漏水"),
    (2, "楼道灯坏了，另外一个问题，楼下垃圾桶满了没人收"),
    (3, "楼道灯坏了，还有三楼王阿姨家漏水，另外问一下老年卡怎么办"),
    (2, "楼道灯坏了，另外楼下垃圾桶满了两天没人收"),
    (2, "3栋楼道灯不亮。另外4栋楼下垃圾桶满了"),
    (3, "1.楼道灯坏了 2.楼下垃圾桶满了没人收 3.广场舞太吵"),
    (3, "反映三件事：1、3栋楼道灯不亮；2、小区门口路面有个大坑；3、晚上广场舞音响太吵"),
    (2, "一是楼道灯坏了，二是楼上漏水到我家"),
    (2, "我想反映两个问题，第一，电梯经常坏卡住人；第二，广场舞音响太吵睡不着"),
    (2, "楼道灯坏了，顺便问一下居住证怎么办理"),
    (2, "楼道灯坏了还有就是楼下垃圾桶满了没人收"),
    (2, "路灯不亮，再一个，门口有流动摊贩占道"),
    (2, "楼道堆满杂物。同时楼上漏水漏到我家天花板"),
    (2, "您好，我是松涛苑3栋的。楼道灯坏了，另外小区里有人遛狗不牵绳"),
    (2, "井盖破了个洞，另外问一下居住证怎么办理"),
    (2, "路灯不亮。楼上漏水。"),
    (3, "楼道灯坏了。三楼王阿姨家漏水。居住证怎么办理？"),
    (2, "垃圾桶满了没人收；楼道灯也不亮"),
    (2, "路灯不亮，还想反映广场舞音响太吵"),
    (2, "①楼道灯坏了②垃圾桶满了没人收"),
    (2, "（1）楼道灯坏了（2）垃圾桶满了没人收"),
    (2, "楼道灯坏了，另外还有楼上漏水，漏了三天了，天花板都湿了"),
    (2, "电动车在楼道充电很危险，还有楼下烧烤店油烟呛人"),
    (2, "垃圾桶满了没人收。此外，小区健身器材坏了。"),
    (2, "楼道灯坏了，咨询一下公租房怎么申请"),
)
ONE = (
    "3栋东边楼梯2楼的灯坏了，晚上看不清路",
    "楼上漏水。卫生间天花板全湿了。物业来看过没修。",
    "楼道灯坏了，另外什么时候能修好",
    "楼道灯坏了。报修过三次。什么时候能来修？",
    "另外一栋楼的灯也坏了",
    "3栋的楼道灯坏了，另外两栋的也不亮",
    "楼道灯坏了，还有楼梯扶手那边的灯也坏了",
    "楼上装修太吵，还有周末也不停",
    "楼上漏水，物业不管，还有墙都发霉了怎么办",
    "路灯不亮，还有多久能修",
    "楼上漏水，同时导致楼道灯短路不亮",
    "1栋楼道灯坏了，2楼到3楼看不清",
    "2.5米高的围墙歪了",
    "我家住3栋2单元。楼道灯坏了。晚上老人下楼容易摔。请尽快处理。",
    "楼下烧烤店油烟呛人，还有油烟味一直飘到半夜",
    "居住证怎么办理，另外要带什么材料",
    "电梯坏了，老人上不了楼，还有希望尽快维修",
    "垃圾桶满了，味道很臭，招苍蝇，还有没人来收",
    "第一次来办居住证，请问怎么办理",
    "广场舞音响太吵。孩子要写作业。每天晚上跳到十点。",
    "楼道灯坏了，顺便说一下，开关也坏了",
    "一、二单元的楼道灯都坏了",
    "楼上漏水，找过物业，物业说不归他们管，另外也找过社区，没人管",
    "公园门口的路灯不亮，另外公园里面的路灯也不亮",
    "谢谢你们修好了路灯",
    "楼道堆放杂物，里面还有电动车，堵住了路",
    "有人在楼道抽烟，还有人在楼道乱扔烟头",
    "路面有个坑，同时间还积水",
    "物业费太高。物业不作为。小区保洁也不到位。",
    "工地半夜施工太吵，扰民，还有灰尘很大，请你们管一管",
    "楼道灯坏了，除了灯，开关也不灵",
    "请问居住证怎么办理？需要什么材料？在哪里办？",
    "三楼王阿姨家漏水，我替她说一声，她耳朵不好",
    "3栋楼下垃圾桶满了，4栋楼下的垃圾桶也满了，另外5栋的也是",
    "",
    "好",
    "另外",
    "1.",
    "1. 楼道灯坏了",
    "还有还有还有",
)


@pytest.mark.parametrize(("count", "text"), SEVERAL)
def test_several_asks_are_heard_apart(count, text):
    found = asks(text)
    assert len(found) == count, [ask.text for ask in found]
    assert "".join(sorted(text)) == "".join(sorted("".join(ask.text for ask in found))), "a word was lost or said twice"


@pytest.mark.parametrize("text", ONE)
def test_one_ask_stays_one_however_it_is_told(text):
    assert [ask.text for ask in asks(text)] == [text]


def test_the_lamp_the_leak_and_the_card():
    text = "楼道灯坏了，还有三楼王阿姨家漏水，另外问一下老年卡怎么办"
    found = asks(text)
    assert [ask.text for ask in found] == ["楼道灯坏了，", "还有三楼王阿姨家漏水，", "另外问一下老年卡怎么办"]
    assert [text[start:end] for ask in found for start, end in ask.spans] == [ask.text for ask in found]
    read = [understand(ask.text) for ask in found]
    assert [remit.item(one.item).zh for one in read[:2]] == ["楼道照明", "房屋漏水渗水"]
    # No row of the list speaks of the card: a desk sorts it, and it is a question all the same.
    assert (read[2].unsure, read[2].kind) == (True, "consult")


def test_what_is_taken_up_again_later_goes_to_its_own_ask():
    text = "楼道灯坏了，另外楼下垃圾桶满了没人收，还有2楼楼道灯也坏了"
    lamp, bin_ = asks(text)
    assert lamp.text == "楼道灯坏了，还有2楼楼道灯也坏了" and len(lamp.spans) == 2
    assert bin_.text == "另外楼下垃圾桶满了没人收，"


def test_a_letter_of_two_hundred_letters_is_left_to_a_person():
    assert len(asks("楼道灯坏了，另外楼下垃圾桶满了没人收")) == 2
    assert len(asks("楼道灯坏了，另外楼下垃圾桶满了没人收。" + "我们这里住的都是老人，" * 20)) == 1


@pytest.mark.shared_data
def test_real_messages_are_hardly_ever_cut(shared_data):
    """6,455 messages to mayors: each is one demand, some with a list of reasons. Of a hundred not one may fall apart."""
    with gzip.open(shared_data / "demands" / "classify.csv.gz", "rt") as file:
        texts = [f"{row['title']}\n{row['detail']}"[:5000] for row in csv.DictReader(file)]
    cut = [text for text in texts if len(asks(text)) > 1]
    assert len(cut) < len(texts) / 100, cut[:5]
