"""Names of people, estates and communities, made from a seed. No real person or estate is meant."""

from collections.abc import Iterator
from random import Random


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


SURNAMES = _pairs("""
陈 Chen 林 Lin 黄 Huang 李 Li 张 Zhang 吴 Wu 刘 Liu 杨 Yang 王 Wang 郑 Zheng 周 Zhou 许 Xu 何 He 罗 Luo 梁 Liang 谢 Xie 邓 Deng 叶 Ye
蔡 Cai 曾 Zeng 彭 Peng 苏 Su 潘 Pan 钟 Zhong 卢 Lu 余 Yu 赖 Lai 范 Fan 方 Fang 廖 Liao 邱 Qiu 温 Wen 姚 Yao 傅 Fu 沈 Shen 崔 Cui 秦 Qin
江 Jiang 石 Shi 谭 Tan 朱 Zhu 马 Ma 胡 Hu 郭 Guo 高 Gao 徐 Xu 孙 Sun 宋 Song 唐 Tang 冯 Feng 董 Dong 萧 Xiao 程 Cheng 袁 Yuan 吕 Lyu
魏 Wei 蒋 Jiang 田 Tian 杜 Du 丁 Ding 侯 Hou
""")
# Given names are one of the first and one of the second, women's and men's apart.
GIVEN = (
    (
        _pairs("""淑 Shu 秀 Xiu 丽 Li 雅 Ya 慧 Hui 美 Mei 晓 Xiao 嘉 Jia 雪 Xue 春 Chun 玉 Yu 静 Jing 敏 Min 思 Si 佩 Pei 月 Yue 凤 Feng
        桂 Gui 婉 Wan 若 Ruo"""),
        _pairs("""芬 Fen 娟 Juan 华 Hua 婷 Ting 敏 Min 玲 Ling 燕 Yan 欣 Xin 莹 Ying 梅 Mei 珍 Zhen 雯 Wen 仪 Yi 琪 Qi 珊 Shan 娥 E 英 Ying
        兰 Lan 怡 Yi 曦 Xi"""),
    ),
    (
        _pairs("""志 Zhi 建 Jian 海 Hai 伟 Wei 国 Guo 俊 Jun 文 Wen 家 Jia 永 Yong 德 De 子 Zi 振 Zhen 启 Qi 耀 Yao 少 Shao 浩 Hao 立 Li
        世 Shi 天 Tian 卓 Zhuo"""),
        _pairs("""明 Ming 辉 Hui 涛 Tao 强 Qiang 栋 Dong 杰 Jie 斌 Bin 豪 Hao 康 Kang 胜 Sheng 健 Jian 华 Hua 航 Hang 东 Dong 锋 Feng 然 Ran
        新 Xin 昌 Chang 佑 You 峰 Feng"""),
    ),
)
ESTATES = _pairs("""
松涛 Songtao 荔香 Lixiang 桂庙 Guimiao 竹径 Zhujing 石榴 Shiliu 朗月 Langyue 书院 Shuyuan 白榆 Baiyu 杉坪 Shanping 麒麟 Qilin 新墟 Xinxu
上塬 Shangyuan 长塘 Changtang 梅屿 Meiyu 清溪 Qingxi 玉兰 Yulan 金桔 Jinju 望江 Wangjiang 永安 Yongan 和顺 Heshun 锦澜 Jinlan
银湖 Yinhu 翠竹 Cuizhu 凤凰 Fenghuang
""")
KINDS = (
    ("estate", "苑", "Court"),
    ("estate", "花园", "Garden"),
    ("village", "新村", "New Village"),
    ("park", "工业园", "Industrial Park"),
)
# The whole district needs thousands of names: one of the first and one of the second, then what kind of place it is.
FIRST = _pairs("""
青 Qing 云 Yun 白 Bai 金 Jin 玉 Yu 银 Yin 翠 Cui 碧 Bi 晴 Qing 明 Ming 朗 Lang 秀 Xiu 长 Chang 远 Yuan 临 Lin 望 Wang 怀 Huai 映 Ying
听 Ting 梅 Mei 兰 Lan 竹 Zhu 荔 Li 桂 Gui 榕 Rong 枫 Feng 柏 Bai 莲 Lian 荷 He 鹤 He 鹭 Lu 雁 Yan 鹿 Lu 瑞 Rui 祥 Xiang 康 Kang 宁 Ning
嘉 Jia 锦 Jin 星 Xing 月 Yue 栖 Qi
""")
SECOND = _pairs("""
溪 Xi 湾 Wan 屿 Yu 洲 Zhou 浦 Pu 澜 Lan 泉 Quan 塘 Tang 岭 Ling 坪 Ping 坡 Po 峰 Feng 谷 Gu 原 Yuan 坊 Fang 里 Li 桥 Qiao 渡 Du 堤 Di
浔 Xun 埔 Pu 垌 Dong 田 Tian 林 Lin 汀 Ting 岸 An 台 Tai 滨 Bin 沙 Sha 石 Shi 墩 Dun 杨 Yang 川 Chuan 湖 Hu
""")
ENDINGS = {
    "estate": (("苑", "Court"), ("花园", "Garden"), ("家园", "Homes"), ("名庭", "Terrace"), ("雅居", "Residence"), ("公寓", "Apartments")),
    "village": (("新村", "New Village"), ("村", "Village"), ("老围", "Old Village")),
    "park": (("工业园", "Industrial Park"), ("科技园", "Science Park"), ("产业园", "Business Park")),
    "school": (("小学", "Primary School"), ("学校", "School"), ("中学", "Middle School"), ("幼儿园", "Kindergarten")),
    "mall": (("广场", "Plaza"), ("商业城", "Mall")),
    "committee": (("居委会", "Residents' Committee"),),
}
# Names of real places round Shenzhen's Longhua that the two lists could make by chance.
REAL = frozenset(
    _pairs("""
清湖 Qinghu 鹭湖 Luhu 新田 Xintian 桔塘 Jutang 龙塘 Longtang 上塘 Shangtang 梅林 Meilin 梅岭 Meiling 松元 Songyuan 白石 Baishi 横坑 Hengkeng
茜坑 Xikeng 章阁 Zhangge 观澜 Guanlan 民治 Minzhi 大浪 Dalang 福城 Fucheng 观湖 Guanhu 玉翠 Yucui 金湖 Jinhu 明湖 Minghu 康田 Kangtian
""")
)
KNOWN = frozenset(
    (
        "陈志明",
        "林秀娟",
        "黄海",
        "苏敏仪",
        "何静",
        "吴建国",
        "梁敏",
        "郑佩珊",
        "阿强",
        "周女士",
        "罗志强",
        "程晓燕",
        "李建华",
        "郑立",
        "方启明",
        "江安",
        "沈清",
        "何美娟",
    )
)


class Names:
    """Gives every person a name of their own, as far as the lists reach."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.used = chance, set(KNOWN)

    def person(self) -> tuple[str, str]:
        for _ in range(50):
            surname = self.chance.choice(list(SURNAMES))
            firsts, seconds = self.chance.choice(GIVEN)
            first, second = self.chance.choice(list(firsts)), self.chance.choice(list(seconds))
            if first != second and surname + first + second not in self.used:
                break
        self.used.add(surname + first + second)
        return surname + first + second, f"{SURNAMES[surname]} {firsts[first]}{seconds[second].lower()}"


def prefixes(chance: Random) -> Iterator[tuple[str, str]]:
    """(name, English) of places, without end; one comes again only when all have come."""
    all_ = [(one + other, FIRST[one] + SECOND[other].lower()) for one in FIRST for other in SECOND]
    all_ = [pair for pair in all_ if pair[0] not in REAL and pair[0] not in ESTATES]
    while True:
        chance.shuffle(all_)
        yield from all_
