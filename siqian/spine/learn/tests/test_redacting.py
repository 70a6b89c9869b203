"""Personal data in free text: what is found at each strength, and what stays readable."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as some

from siqian.spine.learn.queries import redact, redactor

DIGITS = "0123456789"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(area, day, order):
    body = f"{area:06d}{day}{order:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


identities = some.builds(
    identity, some.integers(110000, 659999), some.dates().map(lambda d: f"{1950 + d.year % 60}{d:%m%d}"), some.integers(0, 999)
)
mobiles = some.builds(lambda a, b: f"1{a}{b:09d}", some.sampled_from("3456789"), some.integers(0, 10**9 - 1))


def spaced(number, gap, every):
    return gap.join(number[at : at + every] for at in range(0, len(number), every))


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(mobiles, some.sampled_from(["", " ", "-", "—"]), some.sampled_from(["", "+86", "86 ", "0086-"]), some.booleans())
def test_a_mobile_number_is_found_however_it_is_written(number, gap, country, full):
    written = country + number[:3] + gap + number[3:7] + gap + number[7:]
    text = f"请打{wide(written) if full else written}找我"
    for strength in ("display", "export"):
        assert redact(text, strength=strength) == "请打〔电话〕找我"


@given(identities, some.sampled_from(["", " "]), some.booleans())
def test_an_identity_number_with_its_checksum_is_found(number, gap, full):
    written = spaced(number, gap, 6)
    assert redact(f"身份证{wide(written) if full else written}。") == "身份证〔证件号〕。"


@given(some.text(alphabet=DIGITS, min_size=7, max_size=20))
def test_at_export_no_long_number_goes_out(number):
    assert not any(c in DIGITS for c in redact(f"编号{number}。", strength="export"))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("座机0755-28881234转8001", "座机〔电话〕"),
        ("打(010) 6655 1234", "打〔电话〕"),
        ("客服400-810-1234", "客服〔电话〕"),
        ("电话：2888 1234", "电话：〔电话〕"),
        ("一三八零零一三八零零零", "〔电话〕"),
        ("卡号6222 0212 3456 7890 128", "卡号〔银行卡号〕"),
        ("车牌粤B·D12345挡道", "车牌〔车牌〕挡道"),
        ("粤 B 1A234 停在消防通道", "〔车牌〕 停在消防通道"),
        ("写到zhang.san@example.com", "写到〔邮箱〕"),
        ("加微信zs_778899", "加微信〔社交账号〕"),
        ("QQ：12345678", "QQ：〔社交账号〕"),
        ("护照E12345678", "护照〔证件号〕"),
        ("住3栋2单元501室", "住〔门牌〕"),
        ("A座1203的租客", "〔门牌〕的租客"),
        ("住在12-3-1501", "住在〔门牌〕"),
    ],
)
def test_numbers_of_all_kinds_are_found(text, clean):
    assert redact(text) == clean


@pytest.mark.parametrize(
    "text", ["我叫沈若兰，", "业主顾长庚说", "联系人：欧阳明月 ", "投诉李某某，", "请曹德旺先生回话", "村民柳如烟、石敢当等人"]
)
def test_a_name_that_is_announced_is_found_at_either_strength(text):
    for strength in ("display", "export"):
        assert "〔姓名〕" in redact(text, strength=strength)


@pytest.mark.parametrize(
    "text",
    [
        "2019年4月25日交了1200元，房子120平方米，3栋楼下有积水。",
        "周边环境于是很差，任何方面都没有文件规定，高度重视一下。",
        "何时能修好马路？施工方案公示了吗，谢谢领导。",
        "三楼的灯坏了，7号线地铁口，营业时间8:00-20:00，房价每平米32000元。",
        "电梯从15楼掉到10楼，业主群里1000多户都知道。",
    ],
)
def test_an_ordinary_text_stays_as_it_is(text):
    assert redact(text) == text


def test_what_no_cue_announces_is_taken_out_at_export_alone():
    text = "后来沈若兰又去找刘洋要钱"
    assert redact(text) == text
    assert redact(text, strength="export") == "后来〔姓名〕又去找〔姓名〕要钱"


@given(some.text(max_size=60))
def test_places_lie_in_the_text_in_order_and_lines_stay(text):
    for strength in ("display", "export"):
        found = redactor().find(text, strength)
        assert all(0 <= spot.start < spot.end <= len(text) for spot in found)
        assert all(one.end <= other.start for one, other in pairwise(found))
        assert redact(text, strength=strength).count("\n") <= text.count("\n")
