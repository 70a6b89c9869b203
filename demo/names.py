"""Names of people, estates and grids, made from a seed. No real person or estate is meant."""

from random import Random

SURNAMES = "陈林黄李张吴刘杨王郑周许何罗梁谢邓叶蔡曾彭苏潘钟卢余赖范方廖邱温姚傅沈崔秦江石谭"
GIVEN = [
    "志明",
    "秀娟",
    "建国",
    "敏仪",
    "静雯",
    "海涛",
    "伟强",
    "丽华",
    "国栋",
    "晓燕",
    "俊杰",
    "美玲",
    "文斌",
    "雅婷",
    "家豪",
    "淑芬",
    "永康",
    "慧敏",
    "德胜",
    "春梅",
    "子健",
    "雪莹",
    "振华",
    "桂兰",
    "启航",
    "思琪",
    "耀东",
    "佩珊",
    "少锋",
    "玉珍",
    "浩然",
    "嘉欣",
    "立新",
    "小红",
    "世昌",
    "月娥",
    "天佑",
    "凤英",
    "卓然",
    "若曦",
]
PINYIN = {
    "陈": "Chen",
    "林": "Lin",
    "黄": "Huang",
    "李": "Li",
    "张": "Zhang",
    "吴": "Wu",
    "刘": "Liu",
    "杨": "Yang",
    "王": "Wang",
    "郑": "Zheng",
    "周": "Zhou",
    "许": "Xu",
    "何": "He",
    "罗": "Luo",
    "梁": "Liang",
    "谢": "Xie",
    "邓": "Deng",
    "叶": "Ye",
    "蔡": "Cai",
    "曾": "Zeng",
    "彭": "Peng",
    "苏": "Su",
    "潘": "Pan",
    "钟": "Zhong",
    "卢": "Lu",
    "余": "Yu",
    "赖": "Lai",
    "范": "Fan",
    "方": "Fang",
    "廖": "Liao",
    "邱": "Qiu",
    "温": "Wen",
    "姚": "Yao",
    "傅": "Fu",
    "沈": "Shen",
    "崔": "Cui",
    "秦": "Qin",
    "江": "Jiang",
    "石": "Shi",
    "谭": "Tan",
}
ESTATES = {
    "松涛": "Songtao",
    "荔香": "Lixiang",
    "桂庙": "Guimiao",
    "竹径": "Zhujing",
    "石榴": "Shiliu",
    "朗月": "Langyue",
    "书院": "Shuyuan",
    "白石": "Baishi",
    "杉坪": "Shanping",
    "麒麟": "Qilin",
    "新墟": "Xinxu",
    "上塬": "Shangyuan",
    "长塘": "Changtang",
    "梅陇": "Meilong",
    "清溪": "Qingxi",
    "玉兰": "Yulan",
    "金桔": "Jinju",
    "望江": "Wangjiang",
    "永安": "Yongan",
    "和顺": "Heshun",
    "锦绣": "Jinxiu",
    "银湖": "Yinhu",
    "翠竹": "Cuizhu",
    "凤凰": "Fenghuang",
}
KINDS = (
    ("estate", "苑", "Court"),
    ("estate", "花园", "Garden"),
    ("village", "新村", "New Village"),
    ("park", "工业园", "Industrial Park"),
)


class Names:
    """Gives every person a name of their own, as far as the lists reach."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.used = chance, {"陈志明", "林秀娟", "黄海", "苏敏仪", "何静", "吴建国", "梁敏"}

    def person(self) -> tuple[str, str]:
        for _ in range(50):
            surname, given = self.chance.choice(SURNAMES), self.chance.choice(GIVEN)
            if surname + given not in self.used:
                break
        self.used.add(surname + given)
        return surname + given, f"{PINYIN[surname]} {given_in_latin(given)}"


def given_in_latin(given: str) -> str:
    """An initial pair, which is all that English pages need of an invented given name."""
    return {name: latin for name, latin in zip(GIVEN, LATIN, strict=True)}[given]


LATIN = [
    "Zhiming",
    "Xiujuan",
    "Jianguo",
    "Minyi",
    "Jingwen",
    "Haitao",
    "Weiqiang",
    "Lihua",
    "Guodong",
    "Xiaoyan",
    "Junjie",
    "Meiling",
    "Wenbin",
    "Yating",
    "Jiahao",
    "Shufen",
    "Yongkang",
    "Huimin",
    "Desheng",
    "Chunmei",
    "Zijian",
    "Xueying",
    "Zhenhua",
    "Guilan",
    "Qihang",
    "Siqi",
    "Yaodong",
    "Peishan",
    "Shaofeng",
    "Yuzhen",
    "Haoran",
    "Jiaxin",
    "Lixin",
    "Xiaohong",
    "Shichang",
    "Yuee",
    "Tianyou",
    "Fengying",
    "Zhuoran",
    "Ruoxi",
]
