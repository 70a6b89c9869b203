"""Messages of a small town for tests of learning: three classes, many ways to say each, made in order and without chance."""

from itertools import product

CLASSES = {
    "灯": ("楼道灯坏了", "路灯不亮", "楼梯间的灯一直闪", "地下车库的灯全灭了", "声控灯没反应"),
    "垃圾": ("垃圾没人清运", "垃圾桶满了", "楼下堆着装修垃圾", "厨余桶发臭", "垃圾站污水横流"),
    "噪音": ("半夜施工很吵", "广场舞音响太大", "楼上装修敲墙", "酒吧凌晨放音乐", "空调外机嗡嗡响"),
}
PLACES = ("三栋", "北门", "五栋一单元", "儿童乐园旁", "菜市场门口", "幼儿园对面", "七栋天台", "小广场")
MANNERS = ("请尽快处理。", "已经好几天了，没人管。", "老人出门很不方便。")


def messages() -> tuple[list[str], list[str], list[str]]:
    """(titles, bodies, labels), 360 of them; every fifth is a title alone."""
    titles, bodies, labels = [], [], []
    for number, (place, manner, (label, ways)) in enumerate(product(PLACES, MANNERS, CLASSES.items())):
        for turn, way in enumerate(ways):
            titles.append(f"{place}{way}")
            bodies.append("" if (number + turn) % 5 == 0 else f"您好，{place}这边{way}，{manner}")
            labels.append(label)
    return titles, bodies, labels
