"""Official lists come in, quasi-committees are joined, outlines are drawn. Grids: grid_actions.py, offered here too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import IO
from uuid import UUID

from django.db import transaction

from firstline.areas import changes, queries, reading, rules
from firstline.areas.grid_actions import GridIn, create_grid, edit_grid, end_grid, import_grids, reopen_grid
from firstline.areas.listing import Listed, understand
from firstline.areas.models import Area, DivisionList
from firstline.areas.rules import Change, Diff, Place
from firstline.areas.shapes import set_outlines
from firstline.areas.who import Actor
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.core.ids import content_hash

__all__ = [
    "GridIn", "apply_list", "create_grid", "discard_list", "edit_grid", "end_grid", "import_grids", "join_area",
    "map_list", "read_list", "reopen_grid", "set_outlines", "upload_list",
]  # fmt: skip


@transaction.atomic
def read_list(
    actor: Actor, file: IO[bytes], *, filename: str, mapping: Mapping[str, str] | None = None, valid_on: date
) -> DivisionList:
    """Upload and understand in one step, or keep nothing. `mapping` is {column: field}; without one it is proposed from known names."""
    uploaded = upload_list(actor, file, filename=filename, valid_on=valid_on)
    return map_list(actor, uploaded.id, mapping or uploaded.mapping)


@transaction.atomic
def upload_list(actor: Actor, file: IO[bytes], *, filename: str, valid_on: date) -> DivisionList:
    """Keep the table of a list with a proposal of what its columns mean. The same table for the same day is kept once."""
    _check_whole_zone(actor)
    table = reading.read_table(file)
    values = {"content_hash": content_hash(table.as_json()), "valid_on": valid_on, "applied_at": None}
    found = DivisionList.objects.filter(**values).first()
    if found is None:
        found = DivisionList.objects.create(
            **values,
            file_name=filename[:200],
            table=table.as_json(),
            mapping=reading.propose(table.header),
            read_at=clock.now(),
        )
        log.record(actor, "areas.list_read", [found.id], data={"rows": len(table.rows)})
    return found


@transaction.atomic
def map_list(actor: Actor, list_id: UUID, mapping: Mapping[str, str], *, zone: str = "") -> DivisionList:
    """Say what the columns mean; the list then shows how it differs from what is known. Nothing of it is in force yet."""
    _check_whole_zone(actor)
    found = _open(actor, list_id)
    listed = _understood(found, mapping, zone)
    found.mapping = dict(mapping)
    found.rows = [_row(place) for place in listed.places]
    found.outside = listed.outside
    found.diff = asdict(compare(listed.places))
    found.save(update_fields=["mapping", "rows", "outside", "diff"])
    return found


def _understood(found: DivisionList, mapping: Mapping[str, str], zone: str) -> Listed:
    known = queries.zone()
    place = Place(known.code, known.name, "", rules.ZONE) if known else None
    return understand(reading.Table(**found.table), mapping, zone=zone, known=place)


def compare(listed: list[Place]) -> Diff:
    return rules.compare(queries.in_force(), listed, queries.ended_codes())


def places_of(found: DivisionList) -> list[Place]:
    return [Place(row["code"], row["name"], row["parent_code"], row["kind"]) for row in found.rows]


def _row(place: Place) -> dict[str, str]:
    return {"code": place.code, "name": place.name, "parent_code": place.parent_code, "kind": place.kind}


@transaction.atomic
def apply_list(actor: Actor, list_id: UUID, *, merges: Mapping[str, str] | None = None) -> DivisionList:
    """Put a list in force from its day on. `merges` {gone code: code it went into, or ""} corrects what was proposed.

    A list that was applied already, or that brings nothing new, changes nothing.
    """
    _check_whole_zone(actor)
    found = DivisionList.objects.select_for_update().filter(pk=list_id).first()
    if found is None:
        raise Refused("not_found", status=404)
    if found.applied_at is not None:
        return found
    listed = places_of(found)
    if not listed:
        raise Refused("area.list_columns")
    diff = compare(listed)
    if asdict(diff) != found.diff:
        raise Refused("area.list_stale", status=409)
    _put_in_force(actor, found, listed, _decided(diff, merges or {}, listed))
    return found


def _put_in_force(actor: Actor, found: DivisionList, listed: list[Place], diff: Diff) -> None:
    _check_order(found)
    found.applied_at, found.diff = clock.now(), asdict(diff)
    found.save(update_fields=["applied_at", "diff"])
    if diff.is_empty:
        return
    done = changes.carry_out(diff, listed, found.valid_on)
    log.record(
        actor,
        "areas.imported",
        done.touched,
        data={name: len(found.diff[name]) for name in ("added", "renamed", "merged", "gone", "returned", "moved")}
        | {"list": str(found.id), "valid_on": found.valid_on.isoformat()},
        facts={"merged": done.merged, "moved": done.moved, "gone": done.gone},
    )


def _check_order(found: DivisionList) -> None:
    """Lists come into force in the order of their days: history cannot be written backwards."""
    last = DivisionList.objects.filter(applied_at__isnull=False).order_by("-valid_on").first()
    if last and last.valid_on > found.valid_on:
        raise Refused("area.list_before", last=last.valid_on.isoformat())


def _decided(diff: Diff, merges: Mapping[str, str], listed: list[Place]) -> Diff:
    """The proposed successors, corrected by what somebody chose."""
    kinds = {place.code: place.kind for place in listed}
    lost = [replace(change, after=merges.get(change.code, change.after)) for change in [*diff.merged, *diff.gone]]
    if any(change.after and not _fits(change, kinds.get(change.after)) for change in lost):
        raise Refused("area.merge_wrong")
    return replace(
        diff, merged=[change for change in lost if change.after], gone=[change for change in lost if not change.after]
    )


def _fits(gone: Change, kind: str | None) -> bool:
    return (gone.kind in rules.COMMITTEES) == (kind in rules.COMMITTEES) and kind not in (None, rules.ZONE)


@transaction.atomic
def discard_list(actor: Actor, list_id: UUID) -> None:
    """Throw an uploaded list away before it is applied; nothing hung on it yet."""
    _check_whole_zone(actor)
    _open(actor, list_id).delete()
    log.record(actor, "areas.list_discarded", [list_id])


def _open(actor: Actor, list_id: UUID) -> DivisionList:
    found = DivisionList.objects.filter(pk=list_id, applied_at__isnull=True).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def _check_whole_zone(actor: Actor) -> None:
    """An official list is about the whole zone, so a grant on a part of it is not enough."""
    scope, root = actor.may("area.import"), queries.zone()
    if root and not scope.covers(root.path):
        raise Refused("not_allowed", status=403)


@transaction.atomic
def join_area(actor: Actor, quasi_id: UUID, to_id: UUID | None) -> Area:
    """A quasi-committee is looked after by this community or village from now on (None: no longer)."""
    scope = actor.may("area.import")
    rows = Area.objects.select_for_update().filter(queries.inside(scope), valid_to__isnull=True)
    quasi, to = rows.filter(pk=quasi_id).first(), rows.filter(pk=to_id).first() if to_id else None
    if quasi is None or (to_id and to is None):
        raise Refused("not_found", status=404)
    if quasi.kind != rules.QUASI or (to and to.kind not in (rules.COMMUNITY, rules.VILLAGE)):
        raise Refused("area.join_wrong")
    if quasi.joined_to_id == to_id:
        return quasi
    quasi.joined_to = to
    quasi.save(update_fields=["joined_to"])
    log.record(actor, "area.joined", [quasi.id, *([to.id] if to else [])], data={"joined": to is not None})
    return quasi
