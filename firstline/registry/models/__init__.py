"""Doors and the people behind them: the personal data of the product, behind one gate.

Places (estate, building, entrance, dwelling) are not personal. People, households and contacts live in tables of
their own whose manager demands a Scope: `Person.objects.within(scope)`. Other modules read them through
`registry.queries` only.
"""

from __future__ import annotations

from firstline.registry.models.doubles import Duplicate, Merge
from firstline.registry.models.people import BatchSize, Contact, Household, Person, SafetyNote, ScopedManager
from firstline.registry.models.places import (
    Batch,
    BatchUse,
    Building,
    DoorPlace,
    DoorPost,
    DoorUse,
    Dwelling,
    Entrance,
    Estate,
    Use,
)

__all__ = [
    "Batch",
    "BatchSize",
    "BatchUse",
    "Building",
    "Contact",
    "DoorPlace",
    "DoorPost",
    "DoorUse",
    "Duplicate",
    "Dwelling",
    "Entrance",
    "Estate",
    "Household",
    "Merge",
    "Person",
    "SafetyNote",
    "ScopedManager",
    "Use",
]
