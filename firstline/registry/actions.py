"""What people do to the registry. The parts: door_actions, people_actions, merges, projection."""

from __future__ import annotations

from firstline.registry.door_actions import (
    DoorIn,
    add_door,
    add_safety_note,
    decide_conflict,
    end_safety_notes,
    move_doors,
    place_doors,
    search,
    set_use,
)
from firstline.registry.merges import SplitPart, keep_both, merge_doors, merge_people, split_door, undo_merge
from firstline.registry.people_actions import (
    HouseholdIn,
    PersonChange,
    PersonIn,
    add_household,
    add_owner,
    add_person,
    called,
    correct_person,
    edit_household,
    end_household,
    end_person,
    move_person,
)
from firstline.registry.posts import beats_from
from firstline.registry.projection import PostRow, project_posts

__all__ = [
    "DoorIn", "HouseholdIn", "PersonChange", "PersonIn", "PostRow", "SplitPart",
    "add_door", "add_household", "add_owner", "add_person", "add_safety_note", "beats_from", "called", "correct_person",
    "decide_conflict", "edit_household", "end_household", "end_person", "end_safety_notes", "keep_both", "merge_doors",
    "merge_people", "move_doors", "move_person", "place_doors", "project_posts", "search", "set_use", "split_door",
    "undo_merge",
]  # fmt: skip
