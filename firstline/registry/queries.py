"""What the registry answers: doors by Scope, and the people behind them as far as the reader may see them.

The parts: places (doors), people (masked views), search, listing (pages of doors), counting (figures), history.
"""

from __future__ import annotations

from firstline.registry.answering import answering_posts, doors_answered_by, doors_with_answer
from firstline.registry.counting import by_area, counts
from firstline.registry.mobile import mobile_people
from firstline.registry.models import Dwelling
from firstline.registry.people import (
    ContactView,
    HouseholdMembers,
    HouseholdView,
    MemberView,
    composition,
    households,
    occupancy,
    owners,
    safety,
)
from firstline.registry.places import (
    Door,
    absorbed,
    branches,
    canonical,
    door,
    doors,
    dwellings,
    everywhere,
    hidden_batches,
    inside,
    located,
    posts_of,
    read,
)
from firstline.registry.rules import label_of, mask_name, mask_phone, phone_of
from firstline.registry.search import find

__all__ = [
    "ContactView",
    "Door",
    "Dwelling",
    "HouseholdMembers",
    "HouseholdView",
    "MemberView",
    "absorbed",
    "answering_posts",
    "branches",
    "by_area",
    "canonical",
    "composition",
    "counts",
    "door",
    "doors",
    "doors_answered_by",
    "doors_with_answer",
    "dwellings",
    "everywhere",
    "find",
    "hidden_batches",
    "households",
    "inside",
    "label_of",
    "located",
    "mask_name",
    "mask_phone",
    "mobile_people",
    "occupancy",
    "owners",
    "phone_of",
    "posts_of",
    "read",
    "safety",
]  # fmt: skip
