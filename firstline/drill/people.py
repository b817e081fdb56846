"""Who lives behind a door: families, tenants, mobile population, with what matters in an emergency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .names import Namer
from .shapes import Contact, Household, Person, Stay, Trait

# who is in a family: (relation, sex or "" for either, youngest, oldest); the householder comes first
FAMILIES: dict[str, tuple[tuple[str, str, int, int], ...]] = {
    "young": (("户主", "", 22, 38),),
    "old": (("户主", "", 63, 91),),
    "old_couple": (("户主", "男", 60, 86), ("妻", "女", 58, 84)),
    "couple": (("户主", "男", 26, 58), ("妻", "女", 25, 56)),
    "child": (("户主", "男", 27, 50), ("妻", "女", 26, 48), ("子", "男", 0, 19)),
    "daughter": (("户主", "男", 27, 50), ("妻", "女", 26, 48), ("女", "女", 0, 19)),
    "two": (("户主", "男", 29, 48), ("妻", "女", 28, 46), ("子", "男", 0, 14), ("女", "女", 0, 17)),
    "three": (
        ("户主", "男", 55, 70),
        ("妻", "女", 53, 69),
        ("子", "男", 28, 42),
        ("儿媳", "女", 26, 40),
        ("孙子", "男", 0, 12),
    ),
    "mother": (("户主", "女", 28, 50), ("子", "男", 3, 20)),
    "with_parent": (("户主", "男", 38, 56), ("妻", "女", 36, 54), ("女", "女", 8, 22), ("母", "女", 66, 89)),
}
CITY_WEIGHTS = (10, 8, 12, 14, 14, 13, 11, 6, 5, 7)
VILLAGE_WEIGHTS = (3, 14, 27, 15, 6, 6, 7, 12, 2, 8)

STAYS = (("湖北武汉", "420100"), ("湖北黄冈", "421100"), ("湖北孝感", "420900"), ("河南信阳", "411500"), ("北京", "110100"),
         ("广东深圳", "440300"), ("浙江温州", "330300"), ("内蒙古呼和浩特", "150100"))  # fmt: skip
STAY_WEIGHTS = (24, 8, 7, 10, 18, 10, 10, 13)
ORIGINS = (
    "河南周口",
    "山西大同",
    "陕西榆林",
    "河北张家口",
    "甘肃定西",
    "乌兰察布",
    "巴彦淖尔",
    "山东菏泽",
    "湖北黄冈",
    "四川达州",
)
AWAY = ("在市区上班", "外出务工", "在外地上学", "在女儿家", "在呼和浩特")
OWNER_LIVES = ("本市昆区", "本市青山区", "呼和浩特", "北京", "外地", "女儿家")


@dataclass(slots=True)
class Folk:
    """Makes the people of one committee; every draw comes from its own `rng`."""

    rng: Random
    namer: Namer
    numbers: Iterator[str | None]
    scale: float  # of the chance to have a telephone: below 1 where the numbers would run out
    day: date
    rural: bool

    def family(self, identity: str) -> Household:
        shape = self.rng.choices(tuple(FAMILIES.values()), VILLAGE_WEIGHTS if self.rural else CITY_WEIGHTS)[0]
        mongol = self.rng.random() < 0.04
        surname, people = self.namer.surname(), []
        for number, (relation, sex, youngest, oldest) in enumerate(shape):
            own = surname if relation in ("户主", "子", "女", "孙子") else None
            age = self.rng.randint(youngest, oldest)
            people.append(
                self._person(
                    f"{identity}{number}",
                    sex or self.rng.choice("男女"),
                    age,
                    relation,
                    own,
                    mongol=mongol,
                    alone=len(shape) == 1,
                )
            )
        return self._household(identity, people, "farm" if self.rural else "worker", mongol=mongol)

    def tenants(self, identity: str) -> Household:
        """People who rent: a family in one case of two, else one or two young workers."""
        if self.rng.random() < 0.5:
            return self.family(identity)
        return self.strangers(identity, self.rng.choice((1, 1, 2)), mobile=self.rng.random() < 0.5)

    def strangers(self, identity: str, size: int, *, mobile: bool, home: str = "tenant") -> Household:
        """Workmates and mobile people sharing a room."""
        origin = self.rng.choice(ORIGINS) if mobile else None
        people = [
            self._person(
                f"{identity}{n}",
                self.rng.choice("男男女"),
                self.rng.randint(18, 56),
                "合住" if n else "户主",
                None,
                origin=origin,
            )
            for n in range(size)
        ]
        return self._household(identity, people, home)

    def owner(self) -> Contact:
        sex = self.rng.choice("男女")
        return Contact(
            self.namer.full(sex, self.rng.randint(1950, 1990)), self._phone(0.85), self.rng.choice(OWNER_LIVES)
        )

    def owner_household(self, identity: str, owner: Contact) -> Household:
        """What the roster believes where the owner has let the dwelling and told nobody."""
        head = Person(f"{identity}0", owner.name, "男", self.day.year - 50, "户主", owner.phone, (), True)
        return Household(identity, (head,), self.rng.choice((1, 2, 3)), "worker", 0.7, False, None, False)

    def _person(self, identity: str, sex: str, age: int, relation: str, surname: str | None, *,
                mongol: bool = False, alone: bool = False, origin: str | None = None) -> Person:  # fmt: skip
        birth_year = self.day.year - age
        traits = [Trait.MOBILE] if origin else []
        if alone and age >= 60:
            traits.append(Trait.LIVES_ALONE)
        if age >= 80:
            traits.append(Trait.OVER_80)
        if age == 0:
            traits.append(Trait.INFANT)
        if age >= 40 and self.rng.random() < 0.005:
            traits.append(Trait.DIALYSIS)
        away = stay = None
        if relation != "户主" and 17 <= age < 56 and self.rng.random() < 0.07:
            traits.append(Trait.AWAY)
            away = self.rng.choice(AWAY)
        elif 17 <= age < 70 and self.rng.random() < (0.05 if origin else 0.008):
            traits.append(Trait.ARRIVED)
            stay = self._stay()
        listed = relation == "户主" or self.rng.random() >= 0.06
        name = self.namer.full(sex, birth_year, surname, mongol=mongol)
        return Person(
            identity,
            name,
            sex,
            birth_year,
            relation,
            self._phone(_phone_chance(age)),
            tuple(traits),
            listed,
            origin,
            away,
            stay,
        )

    def _household(self, identity: str, people: list[Person], home: str, *, mongol: bool = False) -> Household:
        rng, age = self.rng, self.day.year - people[0].birth_year
        said = len(people) + rng.choices((0, -1, 1), (95, 3, 2))[0]  # some hide a guest, some still count who moved out
        reachable = any(person.phone for person in people)
        return Household(
            id=identity,
            people=tuple(people),
            declared_size=max(said, sum(person.listed for person in people)),
            home="retired" if age >= 62 and home != "shift" else home,
            answers_phone=rng.choice((0.4, 0.6, 0.75, 0.85, 0.95)) if reachable else 0.0,
            self_reports=reachable and rng.random() < (0.35 if age < 60 else 0.08),
            language="mn" if mongol and rng.random() < 0.25 else None,
            refuses=rng.random() < 0.012,
        )

    def _phone(self, chance: float) -> str | None:
        return next(self.numbers) if self.rng.random() < chance * self.scale else None

    def _stay(self) -> Stay:
        place, code = self.rng.choices(STAYS, STAY_WEIGHTS)[0]
        arrived = self.day - timedelta(days=self.rng.randint(1, 24))
        until = arrived - timedelta(days=self.rng.choice((0, 0, 0, 1, 3)))  # some came by way of another town
        return Stay(place, code, until - timedelta(days=self.rng.randint(2, 90)), until, arrived)


def _phone_chance(age: int) -> float:
    if age < 14:
        return 0.0
    if age < 18:
        return 0.5
    return 0.93 if age < 62 else 0.72 if age < 76 else 0.35
