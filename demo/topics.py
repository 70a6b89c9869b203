"""What everybody talks about at a time of the year: droughts of water, smells, schools, wages, and one typhoon. Made up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from siqian.kernel.clock import TOWN, local

SPRING_FESTIVALS = (date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26))
# Messages by hour of the day: quiet at night, peaks in the morning and after work.
RHYTHM = (1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 9, 8, 6, 6, 8, 8, 8, 9, 10, 11, 10, 8, 5, 2)
# Monday brings what the weekend left; January to December, the hot months are the loud ones.
WEEK = (1.18, 1.06, 1.0, 1.0, 1.02, 0.88, 0.8)
MONTHS = (0.92, 0.72, 0.98, 1.02, 1.08, 1.12, 1.12, 1.1, 1.04, 0.94, 0.98, 0.98)


@dataclass(frozen=True)
class Topic:
    """A time at which many say one thing. share: of all tellings; profile: how they fall over its days.

    wide: everywhere, or in so many communities; joins: how many neighbours join one telling, on average;
    strain: how many times slower and more often late everybody is meanwhile.
    """

    name: str
    begins: date
    profile: tuple[float, ...]
    share: float
    says: tuple[tuple[str, str], ...]
    wide: int = 0
    joins: float = 0.3
    strain: float = 1.0

    def strains(self, day: date) -> float:
        return self.strain if 0 <= (day - self.begins).days < len(self.profile) else 1.0


WATER = (
    ("7.1.1", "整栋楼停水了，没有通知，老人连喝的水都没有"),
    ("7.1.1", "早上起来停水，牙都没刷，什么时候来水"),
    ("7.1.1", "停水一天了，店里做不了生意，也没看到通知"),
    ("7.1.3", "来水以后自来水发黄，放了半小时还是浑的"),
    ("7.1.2", "六楼以上水压低，洗澡水时有时无"),
)
DRAIN = (
    ("2.5.2", "小区后面那条河水发黑发臭，开窗都不行"),
    ("16.3.2", "排水渠一股臭味，天一热更受不了"),
    ("2.3.2", "路边下水道堵塞，污水冒出来，一条街都臭"),
    ("16.3.2", "晚上一股恶臭飘进来，不知道哪里来的，孩子说头疼"),
    ("2.3.3", "好像有人把污水接到雨水管里，渠里都是泡沫"),
)
SCHOOL = (
    ("12.1.1", "孩子今年上小学，租房的怎么做学位申请，要哪些材料"),
    ("12.1.1", "初一学位申请截止到哪天，积分怎么算"),
    ("12.1.2", "今年学区划分又变了，隔一条马路就要去三公里外"),
    ("12.1.1", "学位申请系统提示材料不符，居住登记断了两个月怎么办"),
    ("18.1.2", "学位申请的小程序打不开，一直转圈，网上办事系统登录不了"),
    ("12.3.1", "公办幼儿园入园要摇号吗，报名在哪里看"),
)
WAGES = (
    ("11.1.2", "工地的活干完了，包工头说没钱，农民工工资拖到现在，等着回家过年"),
    ("11.1.1", "厂里两个月没发工资，老板电话不接，车票都买了"),
    ("11.1.1", "餐馆关门了，拖欠工资八千多，能不能年前要回来"),
    ("11.1.2", "我们班组十七个人，农民工工资一分没结，天天在项目部等"),
    ("11.1.4", "年底突然把我辞退，经济补偿一分不给"),
)
TYPHOON = (
    ("1.4.2", "台风把树刮倒了，横在路中间，车都过不去"),
    ("1.4.2", "楼下大树倒伏压到两辆车，树枝还挂在半空"),
    ("1.4.2", "行道树倒了挡住单元门，老人出不来"),
    ("2.5.1", "路面积水到膝盖，车熄火了好几台"),
    ("2.5.1", "地下车库进水了，水还在往里灌，积水越来越深"),
    ("7.2.1", "整个片区停电了，家里有病人用氧气机"),
    ("7.2.1", "台风过后停电十几个小时，冰箱里的东西全坏了"),
    ("7.2.2", "电线掉下来搭在路上，还冒火花，怕有人触电"),
    ("8.4.2", "外墙的窗户被吹得摇摇晃晃，随时要掉下来，高空坠物砸到人怎么办"),
    ("8.4.2", "楼上空调外机支架松了，被风吹得响，怕掉下来砸到人"),
    ("15.6.1", "台风来了窗户玻璃整块碎了，雨直接灌进来，有没有人来"),
    ("1.2.3", "门口的户外广告招牌被吹歪了，只剩一根铁丝"),
    ("3.2.1", "窗台一直渗水，雨水顺着墙流，地板都泡了，房屋漏水怎么办"),
    ("15.6.2", "台风天避难场所在哪里，工棚住不了人了"),
    ("8.1.2", "电梯进水停了，电梯故障停运，二十楼的老人下不来"),
    ("2.3.1", "井盖被水顶开了不见了，水浑看不清，很危险，井盖缺失"),
    ("1.1.6", "台风过后马路上全是树枝垃圾，道路没人清扫"),
)
NIGHTS = (
    ("4.3.5", "楼下烧烤夜市吵到凌晨两点，天天这样"),
    ("4.1.1", "广场舞音响开到最大，写作业都写不了"),
    ("4.1.4", "半夜有人在楼下喝酒大声喧哗，叫了几次都不听"),
    ("4.3.3", "对面的空调外机嗡嗡响，窗户都不敢开，设备噪声太大"),
)
EXAMS = (
    ("4.2.3", "高考期间旁边还在施工，请马上停一停"),
    ("4.2.3", "孩子后天中考，隔壁装修电钻一直打"),
    ("4.4.3", "考点门口一直按喇叭，违规鸣笛没人管"),
)
DAMP = (
    ("3.2.1", "回南天墙上全是水，天花板渗水发霉，房屋漏水越来越严重"),
    ("3.2.2", "外墙开裂，回南天往里渗，屋面也漏"),
    ("8.1.3", "天潮了电梯异响，一抖一抖的"),
)
FRUIT = (
    ("1.1.10", "芒果掉了一地，踩得又黏又滑，老人差点摔倒"),
    ("1.4.1", "树枝长到窗户里来了，绿化好久没修剪"),
    ("3.1.10", "下过雨蚊子多得不得了，请来消杀"),
)
COLD = (
    ("13.3.2", "流感疫苗社康还有没有，老人要怎么预约疫苗接种"),
    ("13.1.2", "社康排队两个小时，发烧的孩子没人管"),
    ("14.1.1", "隔壁独居老人两天没见出门，能不能上门看看"),
)


def topics(until: datetime) -> tuple[Topic, ...]:
    """The topics of the year that ends then."""
    spring = next(day for day in reversed(SPRING_FESTIVALS) if day <= local(until).date())
    all_ = (
        Topic("停水", _day(7, 8, until), (5.0, 8, 2), 0.006, WATER, wide=1, joins=2.5, strain=1.2),
        Topic("臭水渠", _day(4, 20, until), tuple(1 + step / 10 for step in range(30)), 0.012, DRAIN, wide=2, joins=0.8),
        Topic("学位", _day(4, 10, until), (2.0, 4, 6, 6, 5, 3, 2, 1), 0.014, SCHOOL, joins=0.1),
        Topic("年前欠薪", spring - timedelta(days=26), tuple(1 + step / 6 for step in range(24)), 0.012, WAGES, joins=0.6),
        Topic("台风", _day(8, 24, until), (1.0, 9, 14, 8, 4, 2.5, 1.5), 0.062, TYPHOON, joins=1.0, strain=5.0),
        Topic("夏夜", _day(6, 20, until), (1.0,) * 50, 0.014, NIGHTS),
        Topic("考试", _day(6, 5, until), (3.0, 5, 5, 3, 1, 1, 1, 1, 1, 1), 0.004, EXAMS),
        Topic("回南天", _day(3, 10, until), (1.0,) * 14, 0.006, DAMP, joins=0.1),
        Topic("落果", _day(6, 25, until), (1.0,) * 20, 0.005, FRUIT),
        Topic("流感", _day(12, 20, until), (1.0,) * 25, 0.006, COLD, joins=0.1),
        Topic("春节", spring - timedelta(days=1), (1.0,) * 7, 0.001, (("8.3.4", "楼下有人放烟花爆竹，火星飘到阳台上"),), strain=1.7),
    )
    since = local(until).date() - timedelta(days=360)
    return tuple(topic for topic in all_ if topic.begins + timedelta(days=len(topic.profile)) > since)


def moments(count: int, until: datetime, chance: Random) -> list[datetime]:
    """So many instants of an ordinary year: by month, by weekday, by hour."""
    last = local(until).date()
    days = [last - timedelta(days=back) for back in range(366)]
    return _instants(days, [MONTHS[day.month - 1] * WEEK[day.weekday()] for day in days], count, until, chance)


def moments_of(topic: Topic, count: int, until: datetime, chance: Random) -> list[datetime]:
    """So many instants of a topic, as its days weigh."""
    days = [topic.begins + timedelta(days=step) for step in range(len(topic.profile))]
    return _instants(days, topic.profile, count, until, chance)


def strain(day: date, all_: Sequence[Topic]) -> float:
    """How much harder than usual a day is for those who answer."""
    return max((topic.strains(day) for topic in all_), default=1.0) * (1.12 if day.weekday() == 0 else 1.0)


def _day(month: int, day: int, until: datetime) -> date:
    """The last such day that a topic could have begun on and run its course."""
    end = local(until).date() - timedelta(days=8)
    this = date(end.year, month, day)
    return this if this <= end else date(end.year - 1, month, day)


def _instants(days: Sequence[date], weights: Sequence[float], count: int, until: datetime, chance: Random) -> list[datetime]:
    since = until - timedelta(days=365)
    found: list[datetime] = []
    while len(found) < count:
        day, hour = chance.choices(days, weights)[0], chance.choices(range(24), RHYTHM)[0]
        at = datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), TOWN)
        if since <= at < until:
            found.append(at)
    return found
