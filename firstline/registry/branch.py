"""The estate as a branch of access: where it lies, and which there are to choose from."""

from __future__ import annotations

from uuid import UUID

from firstline.access import branches
from firstline.registry.models import Estate


def find(estate_id: UUID) -> branches.Place | None:
    row = Estate.objects.select_related("area").filter(id=estate_id).first()
    return branches.Place(row.name, row.area.path, row.area_id, row.area.kind) if row else None


def options(paths: list[str]) -> list[tuple[UUID, str]]:
    rows = Estate.objects.filter(branches.within(paths, "area__path")).order_by("area__path", "name")
    return [(id, f"{area} · {name}") for id, area, name in rows.values_list("id", "area__name", "name")]
