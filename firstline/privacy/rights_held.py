"""What is held about one door, as its residents may see it by a slip: kinds, numbers, why, until when. No names (P11)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from firstline.privacy import rights_more, words
from firstline.privacy.models import Request
from firstline.privacy.retention import declared
from firstline.privacy.rights_words import HELD, VISITS_END, VISITS_FOR
from firstline.registry import held as people
from firstline.visits import copies as visits

SAME_AS = {"before": "registry.Person"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data: how much there is, what for, and when it ends."""

    name: str
    rows: int
    purposes: tuple[str, ...]
    ends: tuple[str, ...]


def at(door_id: UUID) -> list[Kind]:
    asked = Request.objects.filter(door_id=door_id).count()
    below = people.numbers_at(door_id) | visits.numbers_at(door_id)
    numbers = below | rights_more.numbers_at(door_id) | {"privacy.Request": asked}
    told = _declarations()
    return [_kind(key, rows, told) for key, rows in numbers.items() if rows]


def _kind(key: str, rows: int, told: dict[str, list[tuple[str, str]]]) -> Kind:
    declarations = told.get(SAME_AS.get(key, key), [])
    purposes = tuple(dict.fromkeys(purpose for purpose, _end in declarations)) or (str(VISITS_FOR),)
    ends = tuple(dict.fromkeys(end for _purpose, end in declarations)) or (str(VISITS_END),)
    return Kind(str(HELD[key]), rows, purposes, ends)


def _declarations() -> dict[str, list[tuple[str, str]]]:
    """{table: (purpose, end) of each column}, in the reader's language."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for model, _field, told in declared():
        found[model._meta.label].append((words.said(told.purpose), words.rule(told.delete_after)))
    return found
