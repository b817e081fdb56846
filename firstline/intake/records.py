"""What one row says, as plain data that can be staged and read back."""

from dataclasses import asdict, dataclass, field
from typing import Any

from .address import DoorKey
from .people import Member
from .problems import Problem


@dataclass(frozen=True, slots=True)
class Household:
    """`starts`: this row names its head. Otherwise its people join the household named before them at this door."""

    starts: bool
    head: str = ""
    members: tuple[Member, ...] = ()
    declared_size: int | None = None
    lodgers: bool = False

    @property
    def living(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.belongs)


@dataclass(frozen=True, slots=True)
class Contact:
    name: str = ""
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedRow:
    sheet: str
    row: int
    kind: str = "data"  # or title, header, total, blank, note: then nothing else is filled in but `declared`
    key: DoorKey | None = None
    floor: int | None = None
    area: str = ""
    place: str = ""
    use: str = ""
    household: Household | None = None
    owners: tuple[Contact, ...] = ()
    phones: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    hard: bool = False
    householder: str = ""
    """The address is `so-and-so's house`: see `rules.settle`."""
    candidates: tuple[DoorKey, ...] = ()
    empty: bool = False
    """Only an address: a line of a form nobody filled in, or a door of which nothing is known."""
    identities: tuple[dict[str, str | None], ...] = ()
    declared: dict[str, Any] = field(default_factory=dict)
    cells: tuple[str, ...] = ()
    classes: str = ""
    """One letter per cell, for masks: a address, n name, p telephone, m what else is said about people."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "ParsedRow":
        data = dict(raw)
        data["key"] = DoorKey(*raw["key"]) if raw["key"] else None
        data["candidates"] = tuple(DoorKey(*key) for key in raw["candidates"])
        data["owners"] = tuple(Contact(item["name"], tuple(item["phones"])) for item in raw["owners"])
        if raw["household"]:
            members = tuple(Member(**{**item, "phones": tuple(item["phones"])}) for item in raw["household"]["members"])
            data["household"] = Household(**{**raw["household"], "members": members})
        for name in ("phones", "remarks", "problems", "identities", "cells"):
            data[name] = tuple(raw[name])
        return cls(**data)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(item["code"] for item in self.problems)
