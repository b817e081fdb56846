"""What modules further up hold at a door: each says how much, what of it still waits to be decided, and deletes the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Holder:
    """`numbers` at a door by table; `undecided` = how many wait for the office; `forget` deletes contents and counts rows."""

    numbers: Callable[[UUID], Mapping[str, int]]
    undecided: Callable[[UUID], int]
    forget: Callable[[UUID], Mapping[str, int]]


_holders: list[Holder] = []


def register(holder: Holder) -> None:
    if holder not in _holders:
        _holders.append(holder)


def numbers_at(door_id: UUID) -> dict[str, int]:
    return {table: rows for holder in _holders for table, rows in holder.numbers(door_id).items()}


def undecided_at(door_id: UUID) -> int:
    return sum(holder.undecided(door_id) for holder in _holders)


def forget_at(door_id: UUID) -> dict[str, int]:
    return {table: rows for holder in _holders for table, rows in holder.forget(door_id).items() if rows}
