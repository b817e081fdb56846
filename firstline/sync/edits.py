"""Corrections of records that several people may edit: merged field by field, what clashes waits for the office."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from firstline.access.scope import Actor, Reach, Scope
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.registry import actions as registry
from firstline.registry import queries, still
from firstline.registry.contact_actions import correct_contact
from firstline.registry.queries import Door
from firstline.sync.items import Item
from firstline.sync.judged import Judged
from firstline.sync.kinds import CONTACT, DOOR, HOUSEHOLD, PERSON, Edit
from firstline.sync.models import Conflict
from firstline.sync.rules import Clash, Merged, merge, same

GONE = "phone.record_gone"


def current(scope: Scope, record: str, record_id: UUID, door: Door) -> dict[str, Any] | None:
    """The record as this scope sees it; None where it does not stand behind this door."""
    if record == DOOR:
        return {"use": door.use} if record_id == door.id else None
    homes = queries.households(scope, [door.id]).get(door.id, [])
    if record == HOUSEHOLD:
        return next((asdict(home) for home in homes if home.id == record_id), None)
    if record == PERSON:
        return next((asdict(one) for home in homes for one in home.members if one.id == record_id), None)
    contacts = [one for home in homes for one in home.contacts] + queries.owners(scope, [door.id]).get(door.id, [])
    return next((asdict(one) for one in contacts if one.id == record_id), None)


def whole(door: Door) -> Scope:
    """What stands at a door, as the product itself sees it: to compare, and for whoever decides between two values."""
    return Scope("household.edit", None, (Reach("system", "estate", door.estate_id),))


def compare(actor: Judged, fact: Edit, door: Door) -> Merged:
    """What a masked reader saw is compared with what the same reader would see now. Raises Refused where it is gone."""
    theirs = current(whole(door), fact.record, fact.record_id, door)
    if theirs is None:
        raise Refused(GONE)
    base = {name: fact.base.get(name) for name in fact.mine}
    if any(not same(base[name], theirs.get(name)) for name in base):
        seen = current(actor.may(actor.verb), fact.record, fact.record_id, door) or {}
        base |= {name: theirs.get(name) for name in base if same(base[name], seen.get(name))}
    return merge(base, theirs, fact.wishes())


def apply(actor: Judged, item: Item, fact: Edit, door: Door, *, device_id: UUID | None) -> bool:
    """Write what nobody else touched; the rest becomes conflicts. True where there are some."""
    still.hold(door.id)
    door = queries.located([door.id])[door.id]  # as it is now that nobody else writes
    merged = compare(actor, fact, door)
    if merged.apply:
        write(actor, fact.record, fact.record_id, door, merged.apply)
    keep(merged.clashes, item, fact, door, by=actor.id, device_id=device_id)
    return bool(merged.clashes)


def write(actor: Actor, record: str, record_id: UUID, door: Door, values: Mapping[str, Any]) -> None:
    """Through the registry's own actions, under the right of whoever acts."""
    if record == PERSON:
        emptied = frozenset(name for name in ("birth_year",) if name in values and not values[name])
        said = {name: _written(name, value) for name, value in values.items() if name not in emptied}
        registry.correct_person(actor, record_id, registry.PersonChange(**said, clear=emptied))
    elif record == HOUSEHOLD:
        _write_household(actor, record_id, door, values)
    elif record == CONTACT:
        name, phone = (_text_in(values, which) for which in ("name", "phone"))
        correct_contact(actor, record_id, name=name, phone=phone)
    else:
        registry.set_use(actor, record_id, values["use"] or "unknown", source="door")


def _text_in(values: Mapping[str, Any], name: str) -> str | None:
    return (values[name] or "") if name in values else None


def _written(name: str, value: Any) -> Any:
    """Emptied: for the registry None says "as it was"."""
    if value is not None:
        return value
    empty: dict[str, Any] = {"needs": [], "mobile": False, "presence": "here"}
    return empty.get(name, "")


def _write_household(actor: Actor, household_id: UUID, door: Door, values: Mapping[str, Any]) -> None:
    now = current(whole(door), HOUSEHOLD, household_id, door) or {}
    size = values["declared_size"] if "declared_size" in values else now.get("declared_size")
    registry.edit_household(actor, household_id, declared_size=size, note=_text_in(values, "note"))


def keep(clashes: list[Clash], item: Item, fact: Edit, door: Door, *, by: UUID | None, device_id: UUID | None) -> None:
    now = clock.now()
    for clash in clashes:
        Conflict.objects.get_or_create(
            item_id=item.id,
            field=clash.field,
            defaults={
                "record": fact.record, "record_id": fact.record_id, "door_id": door.id, "area_id": door.area_id,
                "base": as_text(fact.base.get(clash.field)), "theirs": as_text(clash.theirs),
                "mine": as_text(clash.mine), "by_id": by, "device_id": device_id, "at": item.at, "found_at": now,
            },
        )  # fmt: skip


def as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
