"""Which column means what. Proposed from known words, corrected by a person, remembered for the source."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from functools import lru_cache

from .text import simplified, squeezed

_WORDS: dict[str, str] = {
    "serial": "序号 编号 顺序号 行号 no no. 序 # index serial",
    "place": "小区 小区名称 所属小区 小区名 住宅小区 院落 村 村名 自然村 行政村 所属村 社区 社区名称 所属社区 村社区 estate community village place",
    "group": "村民小组 小组 组 组别 社 社组 组社 队 生产队 组名 组号 村组 group",
    "building": "楼栋 楼号 楼栋号 栋号 栋 幢 幢号 楼幢号 楼 座 楼房号 楼房 几号楼 楼座 building block bldg",
    "entrance": "单元 单元号 单元门 门洞 单元名称 unit entrance",
    "floor": "楼层 层 所在层 层数 floor",
    "room": "房号 室 室号 房间号 房间 门牌号 门牌 门牌号码 门号 房屋号 房屋编号 户室号 户号 房 房室号 room flat apartment roomno doorno",
    "address": "住址 地址 现住址 现居住地 现居住地址 居住地址 居住地 详细地址 家庭住址 家庭地址 房屋地址 住所 现住地址 详细住址 address addr",
    "use": "房屋使用情况 使用情况 房屋情况 住房情况 房屋状态 房屋使用状态 居住情况 入住情况 用途 房屋用途 住房用途 现用途 使用性质 房屋类别 住房性质 房屋性质 居住性质 use status occupancy",
    "head": "户主 户主姓名 户主名 户主名字 业主 业主姓名 householder head",
    "name": "姓名 名字 居民姓名 住户姓名 人员姓名 成员姓名 住户 居住人 居住人姓名 name fullname",
    "relation": "与户主关系 与户主的关系 关系 家庭关系 称谓 与业主关系 relation relationship",
    "members": "家庭成员 家庭成员及关系 共同居住人员 共同居住人 同住人 同住人员 家庭成员姓名 其他家庭成员 成员 其他成员 members",
    "phone": "联系电话 电话 手机 手机号 手机号码 电话号码 联系方式 移动电话 固定电话 联系号码 phone tel telephone mobile contact phonenumber",
    "size": "人数 家庭人口 家庭人口数 户籍人数 人口 人口数 家庭人数 常住人数 居住人数 人口总数 家庭总人数 户人数 人 householdsize size people persons",
    "age": "年龄 户主年龄 岁数 age",
    "birth": "出生年月 出生日期 出生年 生日 birth birthdate dateofbirth",
    "sex": "性别 sex gender",
    "identity": "身份证 身份证号 身份证号码 证件号 证件号码 公民身份号码 公民身份证号码 idnumber idcard id",
    "resident": "是否常住 常住 是否在家 是否在住 是否居住 resident",
    "whereabouts": "去向 外出地 外出地点 现在何处 whereabouts",
    "origin": "户籍所在地 户籍地 户籍 籍贯 来源地 从何地来 户口所在地 origin",
    "landlord": "房东 房东单位 房主 房主姓名 房东姓名 产权人 产权人姓名 landlord owner",
    "landlord_phone": "房东电话 房主电话 房东联系方式 房主联系电话 房东联系电话 业主电话 landlordphone ownerphone",
    "arrived": "来村日期 返回日期 来返时间 来访日期 返乡日期 返乡时间 返回时间 抵达日期 到达日期 来社区日期 arrived",
    "reason": "事由 来村事由 来由 职业 工作单位 单位 reason employer",
    "answer": "体温 健康状况 身体状况 是否发热 temperature health",
    "remark": "备注 说明 备考 附注 其他 其它 备注说明 remark remarks note notes comment",
    # Never kept: nothing here needs it.
    "dropped": "民族 政治面貌 宗教 宗教信仰 ethnicity religion 户口性质 户籍性质 照片 photo",
    # Columns of a summary sheet, which counts doors instead of listing them.
    "count": "户数 总户数 单元数 常住人口 出租户 空置户 自住户 总人口 流动人口 住户数 房屋套数 出租户数 空置户数 常住户 楼栋数",
}
FIELDS: tuple[str, ...] = tuple(_WORDS) + ("use_remark", "ignored")
ADDRESS_FIELDS = frozenset({"place", "group", "building", "entrance", "floor", "room", "address"})
_EXACT = {word: name for name, words in _WORDS.items() for word in words.split()}
_PATTERNS = [
    (re.compile(pattern), name)
    for pattern, name in (
        (r"(房东|房主|业主).*(电话|手机|联系)", "landlord_phone"),
        (r"身份证|证件号", "identity"),
        (r"(是否|有无|近\d+天|最近).*", "answer"),
        (r"(手机|电话|联系方式)\d*$", "phone"),
        (r"与.*关系$", "relation"),
        (r"家庭成员|同住人|共同居住", "members"),
        (r"(地址|住址)$", "address"),
        (r"^(户主|业主).*年龄", "age"),
        (r"房屋.*(情况|状态|性质)$", "use"),
        (r"^备注", "remark"),
    )
]
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】")
_SIGNS = re.compile(r"[\s:：*_、,.。·\-/\\()\[\]【】]+")
OWNER_WORDS = re.compile(r"自住|自有|自用|本人|业主住|owner", re.I)


@lru_cache(maxsize=4096)
def label(header: str) -> str:
    """One spelling for a header: width, script, spaces and stars do not count."""
    return simplified(squeezed(header)).lower()


@lru_cache(maxsize=4096)
def field_of(header: str) -> str | None:
    """The field that these words usually mean, or None. In a two-row header the lower word decides, then both."""
    parts = [part for part in header.split(" > ") if part]
    for part in (*reversed(parts), "".join(parts)):
        known = _known(label(part))
        if known:
            return known
    return None


def _known(text: str) -> str | None:
    if not text or len(text) > 40:
        return None
    for form in (text, _SIGNS.sub("", text), _SIGNS.sub("", _BRACKETS.sub("", text))):
        if form in _EXACT:
            return _EXACT[form]
    return next((name for pattern, name in _PATTERNS if pattern.search(text)), None)


def signature(headers: Iterable[str]) -> str:
    """The same for the same words in any order, so that a source is known again next week."""
    words = sorted({label(header) for header in headers if header.strip()})
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Mapping:
    """Header -> field. `unknown` are the columns nobody understood: shown, and kept only with the original row."""

    fields: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    signature: str = ""

    def field_of(self, header: str) -> str | None:
        return self.fields.get(label(header)) or field_of(header)

    def merged(self, other: "Mapping") -> "Mapping":
        """Another layout of the same file. What is already decided stays."""
        fields = {**other.fields, **self.fields}
        unknown = tuple(dict.fromkeys(name for name in self.unknown + other.unknown if label(name) not in fields))
        return Mapping(fields, unknown, signature(fields.keys() | set(unknown)))

    def to_json(self) -> str:
        return json.dumps(
            {"fields": self.fields, "unknown": list(self.unknown), "signature": self.signature}, ensure_ascii=False
        )

    @classmethod
    def from_json(cls, text: str | Map[str, object]) -> "Mapping":
        """Also takes what a person wrote by hand: {"住址": "address"}."""
        raw = json.loads(text) if isinstance(text, str) else dict(text)
        fields = raw.get("fields", raw)
        wrong = sorted(set(fields.values()) - set(FIELDS))
        if wrong:
            raise ValueError(f"unknown fields: {', '.join(map(str, wrong))}")
        return cls(
            {label(name): value for name, value in fields.items()},
            tuple(raw.get("unknown", ())),
            raw.get("signature", "") or signature(fields),
        )


def propose(headers: Sequence[str], samples: Sequence[Sequence[str]] = ()) -> Mapping:
    """A proposal for one layout. `samples` are some rows below: a use column that speaks only of exceptions is a remark."""
    fields: dict[str, str] = {}
    unknown: list[str] = []
    for index, header in enumerate(headers):
        if not header.strip():
            continue
        name = field_of(header)
        if name is None:
            unknown.append(header)
            continue
        if name == "use" and _only_exceptions([row[index] for row in samples if index < len(row)]):
            name = "use_remark"
        fields[label(header)] = name
    return Mapping(fields, tuple(unknown), signature(headers))


def _only_exceptions(values: Sequence[str]) -> bool:
    """`住房情况` filled in only where a house is let or empty: a blank there is a house lived in, not an unknown one."""
    said = [value for value in values if value]
    return len(values) >= 5 and len(said) * 2 < len(values) and not any(OWNER_WORDS.search(value) for value in said)
