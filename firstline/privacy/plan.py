"""Which tables the end of an emergency empties, and in which order: read from the declarations, so nothing is forgotten."""

from __future__ import annotations

from django.db import models

from firstline.core.tables import kept_models
from firstline.privacy.retention import Model, declared
from firstline.privacy.rules import ENDS_WITH_THE_EMERGENCY

# Facts about what happened at one door. Without people they serve no purpose; their sums stay, sealed.
FACTS_OF_DOORS = frozenset(
    {"visits.Visit", "visits.WorkList", "visits.Knock", "coverage.DoorState", "registry.Merge", "registry.Duplicate"}
)


def tables() -> list[Model]:
    """The tables to empty, a table before those it points to. What points to an emptied table is emptied too."""
    chosen = {model for model, _, declaration in declared() if declaration.delete_after in ENDS_WITH_THE_EMERGENCY}
    chosen |= {model for model in kept_models() if model._meta.label in FACTS_OF_DOORS}
    ordered = kept_models()
    for model in ordered:  # those it points to come first, so one pass is enough
        if any(target in chosen for target in _needs(model)):
            chosen.add(model)
    return [model for model in reversed(ordered) if model in chosen]


def _needs(model: Model) -> set[Model]:
    return {
        f.related_model for f in model._meta.local_fields if f.is_relation and not f.null and f.related_model != model
    }


def pointers(model: Model) -> list[str]:
    """Relations of a table to itself: loosened before its rows go in chunks."""
    return [f.name for f in model._meta.local_fields if f.is_relation and f.related_model is model and f.null]


def loosened(emptied: list[Model]) -> list[tuple[Model, str]]:
    """(table that stays, its optional relation into a table that is emptied)."""
    gone = set(emptied)
    return [
        (model, field.name)
        for model in kept_models()
        if model not in gone
        for field in model._meta.local_fields
        if field.is_relation and field.null and field.related_model in gone
    ]


def rows(model: Model) -> models.QuerySet[models.Model]:
    return model._base_manager.order_by()
