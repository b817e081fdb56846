"""What one row says, as plain data that can be staged and read back."""

from dataclasses import MISSING, dataclass, field, fields
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
        """Only what is said: most of a row is not, and a long list has many rows."""
        told = _said(self, _ROW)
        if self.household:
            told["household"] = _said(self.household, _HOUSEHOLD)
            told["household"]["members"] = [_said(member, _MEMBER) for member in self.household.members]
        if self.owners:
            told["owners"] = [[owner.name, owner.phones] for owner in self.owners]
        return told

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "ParsedRow":
        data = {name: tuple(value) if name in _TUPLES else value for name, value in raw.items()}
        if "key" in raw:
            data["key"] = DoorKey(*raw["key"])
        if "candidates" in raw:
            data["candidates"] = tuple(DoorKey(*key) for key in raw["candidates"])
        if "owners" in raw:
            data["owners"] = tuple(Contact(name, tuple(phones)) for name, phones in raw["owners"])
        if "household" in raw:
            members = tuple(_member(item) for item in raw["household"]["members"])
            data["household"] = Household(**{**raw["household"], "members": members})
        return cls(**data)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(item["code"] for item in self.problems)


def _member(raw: dict[str, Any]) -> Member:
    return Member(**{**raw, "phones": tuple(raw["phones"])} if "phones" in raw else raw)


def _said(item: Any, defaults: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, default in defaults.items() if (value := getattr(item, name)) != default}


def _defaults(kind: type) -> dict[str, Any]:
    return {
        field.name: field.default_factory() if field.default_factory is not MISSING else field.default
        for field in fields(kind)
    }


_ROW, _HOUSEHOLD, _MEMBER = _defaults(ParsedRow), _defaults(Household), _defaults(Member)
_TUPLES = frozenset({"phones", "remarks", "problems", "identities", "cells"})
