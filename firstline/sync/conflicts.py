"""Conflicts as one office sees them: one field of one record, with the values of both sides."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from firstline.access.models import Account
from firstline.access.scope import Actor, Scope
from firstline.areas.models import Area
from firstline.core.errors import Refused
from firstline.registry import queries as registry
from firstline.registry.queries import Door
from firstline.sync import edits
from firstline.sync.models import Conflict, Device
from firstline.sync.queries import concerns
from firstline.sync.rules import same
from firstline.sync.words import FIELDS, RECORDS, shown

VERB = "conflict.decide"


def inbox(scope: Scope, *, decided: bool = False) -> QuerySet[Conflict]:
    """Those of the office's area, open or decided."""
    rows = Conflict.objects.filter(decided_at__isnull=not decided)
    return rows if scope.everywhere else rows.filter(concerns(scope))


def one(scope: Scope, conflict_id: UUID) -> Conflict:
    rows = Conflict.objects.all() if scope.everywhere else Conflict.objects.filter(concerns(scope))
    found = rows.filter(pk=conflict_id).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def of_item(item_id: UUID) -> bool:
    """Whether something of this item still waits for a decision."""
    return Conflict.objects.filter(item_id=item_id, decided_at__isnull=True).exists()


def waiting(actor: Actor) -> int:
    """For the menu and the first screen."""
    return inbox(actor.may(VERB)).count()


@dataclass(frozen=True, slots=True)
class Line:
    """Without the values: they stand on the page of the conflict alone."""

    id: UUID
    found_at: datetime
    record: str
    field: str
    by: str
    area: str
    choice: str
    door: str = ""


def lines(rows: list[Conflict]) -> list[Line]:
    doors = registry.located({row.door_id for row in rows})
    names = _names(rows)
    areas = dict(Area.objects.filter(id__in={row.area_id for row in rows if row.area_id}).values_list("id", "name"))
    return [
        Line(
            row.id, row.found_at, str(RECORDS.get(row.record, row.record)), str(FIELDS.get(row.field, row.field)),
            names.get(row.by_id, ""), areas.get(row.area_id, "") if row.area_id else "", row.choice,
            doors[row.door_id].label if row.door_id in doors else "",
        )
        for row in rows
    ]  # fmt: skip


def _names(rows: list[Conflict]) -> dict[UUID | None, str]:
    return dict(Account.objects.filter(id__in={row.by_id for row in rows if row.by_id}).values_list("id", "name"))


@dataclass(frozen=True, slots=True)
class Detail:
    """Both values, what the sender had seen, and what stands here by now where that is something else again."""

    line: Line
    door: Door | None
    who: str
    base: str
    theirs: str
    mine: str
    now: str | None
    gone: bool
    device: str
    at: datetime | None
    is_open: bool
    decided_at: datetime | None
    reason: str


def detail(scope: Scope, conflict_id: UUID) -> Detail:
    row = one(scope, conflict_id)
    door = registry.doors(scope, [row.door_id]).get(row.door_id)
    here = edits.current(scope, row.record, row.record_id, door) if door else None
    theirs, stands = value(row.theirs), standing(row)
    device = Device.objects.filter(pk=row.device_id).first() if row.device_id else None
    return Detail(
        line=lines([row])[0],
        door=door,
        who=str((here or {}).get("name") or ""),
        base=shown(row.field, value(row.base)),
        theirs=shown(row.field, theirs),
        mine=shown(row.field, value(row.mine)),
        now=shown(row.field, stands[row.field]) if stands and not same(stands[row.field], theirs) else None,
        gone=stands is None,
        device=(device.label or device.platform) if device else "",
        at=row.at,
        is_open=row.decided_at is None,
        decided_at=row.decided_at,
        reason=row.decision_reason,
    )


def standing(row: Conflict) -> dict[str, Any] | None:
    """The record as it stands now, unmasked: whoever decides between two values has to see both, and this one."""
    door = registry.located([row.door_id]).get(row.door_id)
    return edits.current(edits.whole(door), row.record, row.record_id, door) if door else None


def value(kept: str) -> Any:
    """Past its time the content is gone, and the row says only that there was a conflict."""
    return json.loads(kept) if kept else None
