"""Carry the differences of an official list out: dates, names, parents. Called inside the transaction of `apply_list`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from firstline.areas.models import Area, AreaName
from firstline.areas.rules import Change, Diff, Place


@dataclass(slots=True)
class Applied:
    """What changed, for the log and for those that keep paths: {id: (old path, new path)}, {gone id: the one it went into}."""

    touched: list[UUID] = field(default_factory=list)
    moved: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    merged: dict[UUID, UUID] = field(default_factory=dict)
    gone: list[UUID] = field(default_factory=list)


def carry_out(diff: Diff, listed: Sequence[Place], on: date) -> Applied:
    done = Applied()
    areas = {area.code: area for area in Area.objects.all()}
    listed_by_code = {place.code: place for place in listed}
    for change in [*diff.renamed, *diff.rekinded, *diff.returned]:
        _update(areas[change.code], listed_by_code[change.code], on, done)
    _add(listed, areas, on, done)
    _move(listed, areas, done)
    _end(diff.merged, areas, on, done)
    _end(diff.gone, areas, on, done)
    return done


def _update(area: Area, place: Place, on: date, done: Applied) -> None:
    if area.valid_to is not None:  # it is on the list again
        area.valid_to = area.merged_into = None
        _call(area, place.name, on)
    elif area.name != place.name:
        _call(area, place.name, on)
    area.name, area.kind = place.name, place.kind
    area.save()
    done.touched.append(area.id)


def _call(area: Area, name: str, on: date) -> None:
    """A new name begins and the old one ends; two names on one day are a correction of the first."""
    now = AreaName.objects.filter(area=area, valid_to__isnull=True).first()
    if now and now.valid_from >= on:
        AreaName.objects.filter(pk=now.pk).update(name=name)
        return
    AreaName.objects.filter(area=area, valid_to__isnull=True).update(valid_to=on)
    AreaName.objects.create(area=area, name=name, valid_from=on)


def _add(listed: Sequence[Place], areas: dict[str, Area], on: date, done: Applied) -> None:
    """Parents come first on the list, so each finds its own."""
    fresh = []
    for place in listed:
        if place.code in areas:
            continue
        parent = areas.get(place.parent_code)
        path = f"{parent.path if parent else ''}{place.code}."
        area = Area(code=place.code, name=place.name, kind=place.kind, parent=parent, path=path, valid_from=on)
        areas[place.code] = area
        fresh.append(area)
    Area.objects.bulk_create(fresh)
    AreaName.objects.bulk_create(AreaName(area=area, name=area.name, valid_from=on) for area in fresh)
    done.touched.extend(area.id for area in fresh)


def _move(listed: Sequence[Place], areas: Mapping[str, Area], done: Applied) -> None:
    """Give every listed area the parent and the path of the list; below a moved street everything moves along."""
    for place in listed:
        area, parent = areas[place.code], areas.get(place.parent_code)
        path = f"{parent.path if parent else ''}{place.code}."
        if area.path != path or area.parent_id != (parent.id if parent else None):
            done.moved[area.id] = (area.path, path)
            area.path, area.parent = path, parent
            area.save(update_fields=["path", "parent"])


def _end(changes: list[Change], areas: Mapping[str, Area], on: date, done: Applied) -> None:
    for change in changes:
        area, into = areas[change.code], areas.get(change.after)
        area.valid_to, area.merged_into = max(on, area.valid_from), into
        area.save(update_fields=["valid_to", "merged_into"])
        AreaName.objects.filter(area=area, valid_to__isnull=True).update(valid_to=area.valid_to)
        if into:
            done.merged[area.id] = into.id
        else:
            done.gone.append(area.id)
        done.touched.append(area.id)
