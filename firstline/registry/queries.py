"""What the registry answers: doors by Scope, and the people behind them as far as the reader may see them.

The parts: places (doors), people (masked views), search, listing (pages of doors), counting (figures), history.
"""

from __future__ import annotations

from firstline.registry.answering import answering_post, answering_posts, doors_answered_by, doors_with_answer
from firstline.registry.counting import by_area, counts
from firstline.registry.history import buildings, duplicate, duplicates, estates, merges, placed, uses
from firstline.registry.homes import doors_of_households, household_of_person
from firstline.registry.listing import DoorFilter, matching, page
from firstline.registry.matching import KnownDoor, KnownHome, estate_names, estates_in, known_doors
from firstline.registry.mobile import mobile_people
from firstline.registry.models import Dwelling
from firstline.registry.people import (
    ContactView,
    HouseholdMembers,
    HouseholdView,
    MemberView,
    ask_composition,
    composition,
    households,
    lived_in,
    occupancy,
    owners,
    safety,
)
from firstline.registry.places import (
    Door,
    absorbed,
    ask_absorbed,
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
from firstline.registry.presence import PresentView, absent_from, present_here
from firstline.registry.reveals import Revealed, revealed
from firstline.registry.reveals import subject as reveal_subject
from firstline.registry.rules import label_of, mask_name, mask_phone, phone_of
from firstline.registry.search import by_door_text, find, similar

all_dwellings = everywhere
counts_of = occupancy

__all__ = [
    "ContactView",
    "Door",
    "DoorFilter",
    "Dwelling",
    "HouseholdMembers",
    "HouseholdView",
    "KnownDoor",
    "KnownHome",
    "MemberView",
    "PresentView",
    "Revealed",
    "absent_from",
    "absorbed",
    "all_dwellings",
    "answering_post",
    "answering_posts",
    "ask_absorbed",
    "ask_composition",
    "branches",
    "buildings",
    "by_area",
    "by_door_text",
    "canonical",
    "composition",
    "counts",
    "counts_of",
    "door",
    "doors",
    "doors_answered_by",
    "doors_of_households",
    "doors_with_answer",
    "duplicate",
    "duplicates",
    "dwellings",
    "estate_names",
    "estates",
    "estates_in",
    "everywhere",
    "find",
    "hidden_batches",
    "household_of_person",
    "households",
    "inside",
    "known_doors",
    "label_of",
    "lived_in",
    "located",
    "mask_name",
    "mask_phone",
    "matching",
    "merges",
    "mobile_people",
    "occupancy",
    "owners",
    "page",
    "phone_of",
    "placed",
    "posts_of",
    "present_here",
    "read",
    "reveal_subject",
    "revealed",
    "safety",
    "similar",
    "uses",
]
