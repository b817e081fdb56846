"""Three-way merge of records that several people may edit, field by field. Pure; the phone executes the same cases.

base is what the editor saw, mine what the editor wants, theirs what stands here now. Clocks have no say in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Clash:
    """Both sides changed one field, and not to the same."""

    field: str
    base: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """`apply`: fields to write. `clashes`: fields that somebody has to decide about. The others stay as they are."""

    apply: dict[str, Any] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)


def merge(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Merged:
    """Only the fields named in `mine` are looked at. A key that is missing elsewhere says: nothing there."""
    merged = Merged()
    for name in sorted(mine):
        before, here, wanted = (side.get(name) for side in (base, theirs, mine))
        if same(wanted, before) or same(wanted, here):
            continue
        if same(here, before):
            merged.apply[name] = wanted
        else:
            merged.clashes.append(Clash(name, before, here, wanted))
    return merged


def same(one: Any, other: Any) -> bool:
    """Nothing is nothing, however it is written; spaces around a text and the order of a list do not matter. Zero is a
    number, not nothing: nobody lives there, as they say."""
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if value is None or value is False or value == []:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, list | tuple):
        return sorted({str(one) for one in value})
    return value


def stands_alone(missing: Collection[str]) -> bool:
    """Whether a fact may be applied without what it named and what never came: a correction of an attempt that we do
    not have is an attempt of its own. Everything else would have to be guessed."""
    return set(missing) <= {"visit"}
