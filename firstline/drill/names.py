"""Invented names and telephone numbers. Nobody is meant by any of them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_SURNAME_WEIGHTS = tuple(1 / (10 + rank) for rank in range(len(SURNAMES)))
MEN_OLD = (
    "福生",
    "金贵",
    "满仓",
    "德胜",
    "玉山",
    "根柱",
    "喜柱",
    "树林",
    "保平",
    "文山",
    "连成",
    "铁柱",
    "国庆",
    "二虎",
    "占彪",
    "振华",
)
WOMEN_OLD = (
    "秀英",
    "桂兰",
    "玉兰",
    "月娥",
    "淑珍",
    "润莲",
    "翠莲",
    "桂花",
    "改改",
    "秀梅",
    "凤英",
    "爱莲",
    "玉梅",
    "金花",
    "美荣",
    "俊英",
)
MEN = (
    "建军",
    "志强",
    "永强",
    "海龙",
    "俊峰",
    "建平",
    "利军",
    "瑞军",
    "晓东",
    "慧斌",
    "勇",
    "军",
    "伟",
    "强",
    "磊",
    "峰",
    "涛",
    "斌",
    "刚",
    "亚军",
)
WOMEN = (
    "丽霞",
    "晓燕",
    "俊梅",
    "丽娟",
    "彩霞",
    "海燕",
    "瑞芳",
    "亚楠",
    "敏",
    "静",
    "丽",
    "娟",
    "艳",
    "霞",
    "红",
    "慧敏",
    "玉婷",
    "春梅",
    "思琪",
)
BOYS = ("浩然", "子轩", "宇轩", "博文", "明泽", "天佑", "俊熙", "嘉铭", "一鸣", "昊天", "泽宇", "家乐", "鹏飞", "浩")
GIRLS = ("梓涵", "欣怡", "雨桐", "可馨", "一诺", "梦瑶", "钰涵", "晨曦", "语嫣", "佳怡", "子涵", "诗琪")
MONGOL_MEN = ("阿拉坦", "巴特尔", "那日苏", "格日勒图", "苏和", "朝鲁", "哈斯巴根")
MONGOL_WOMEN = ("其其格", "娜仁花", "苏日娜", "乌云", "萨仁", "高娃", "托娅")

PREFIXES = ("173", "177", "184", "190", "191", "193", "195", "196", "197", "199", "162", "165", "167")
POOL = len(PREFIXES) * 10_000
STAFF_PREFIX = "192"  # responders' numbers never meet residents' numbers
_STRIDE = 7_919  # coprime to the pool: neighbours get numbers far apart


def phone(index: int) -> str | None:
    """The index-th resident's number, each one once. None when all are given out."""
    if index >= POOL:
        return None
    spot = index * _STRIDE % POOL
    return f"{PREFIXES[spot // 10_000]}0000{spot % 10_000:04d}"


def staff_phone(index: int) -> str | None:
    return f"{STAFF_PREFIX}0000{index * 37 % 10_000:04d}" if index < 10_000 else None


def phones(start: int, count: int) -> Iterator[str | None]:
    """A place's own share of the numbers, then None for ever."""
    for index in range(start, start + count):
        yield phone(index)
    while True:
        yield None


class Namer:
    """Draws names that suit sex and year of birth."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._surnames: Iterator[str] = iter(())

    def surname(self) -> str:
        # drawn by the thousand: one call with weights costs as much as a hundred plain ones
        for name in self._surnames:
            return name
        self._surnames = iter(self.rng.choices(tuple(SURNAMES), _SURNAME_WEIGHTS, k=1000))
        return next(self._surnames)

    def full(self, sex: str, birth_year: int, surname: str | None = None, *, mongol: bool = False) -> str:
        if mongol:
            return self.rng.choice(MONGOL_MEN if sex == "男" else MONGOL_WOMEN)
        return (surname or self.surname()) + self.rng.choice(given_names(sex, birth_year))


def given_names(sex: str, birth_year: int) -> tuple[str, ...]:
    male = sex == "男"
    if birth_year < 1966:
        return MEN_OLD if male else WOMEN_OLD
    if birth_year < 1998:
        return MEN if male else WOMEN
    return BOYS if male else GIRLS


def wrong_identity_number(rng: Random) -> str:
    """Looks like an identity number and can be none: no such region, 30 February, wrong check digit."""
    body = f"999999{rng.randrange(1940, 2003)}0230{rng.randrange(1000):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    right = (12 - sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))) % 11
    return body + str((right + 1 + rng.randrange(8)) % 10 if right != 10 else rng.randrange(10))
