"""GET /doors and GET /doors/{id}. Places in full; people by the matrix, the same as on the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from firstline.access.doors import actor_of, needs
from firstline.access.matrix import Level
from firstline.registry import queries

router = Router(tags=["doors"])


class DoorOut(Schema):
    """One door. `key` = place, building, entrance, room; `households` and `people` are numbers, null where not for you."""

    id: UUID
    key: list[str]
    label: str
    use: str
    review: str
    area_code: str
    area_name: str
    grid_name: str
    households: int | None
    people: int | None


class DoorsOut(Schema):
    """`next` is the cursor of the next page, empty at the end."""

    doors: list[DoorOut]
    next: str

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "doors": [
                    {
                        "id": "01900000-0000-7000-8000-000000000002",
                        "key": ["Example Estate", "3", "2", "501"],
                        "label": "Example Estate 3-2-501",
                        "use": "owner",
                        "review": "",
                        "area_code": "990271010001",
                        "area_name": "Example Community",
                        "grid_name": "Grid 1",
                        "households": 1,
                        "people": 3,
                    }
                ],
                "next": "",
            }
        }
    )


class MemberOut(Schema):
    """A member as you may see them: a masked name is `王*`. `revealable`: it can be asked for, with a reason."""

    id: UUID
    name: str
    relation: str
    birth_year: int | None
    presence: str
    needs: list[str]
    revealable: bool


class ContactOut(Schema):
    id: UUID
    role: str
    name: str
    phone: str
    person_id: UUID | None
    revealable: bool


class HouseholdOut(Schema):
    """`known` and `unnamed` are numbers of people; null where not for you."""

    id: UUID
    declared_size: int | None
    known: int | None
    unnamed: int | None
    members: list[MemberOut]
    contacts: list[ContactOut]
    note: str


class DoorDetail(DoorOut):
    behind: list[HouseholdOut]
    owners: list[ContactOut]
    safety: list[str]


class DoorQuery(Schema):
    """Filters of the list of doors; all that are given have to fit."""

    area: str = Field("", description="a 12-digit code: its whole branch")
    grid: str = ""
    estate: UUID | None = None
    building: UUID | None = None
    post: UUID | None = Field(None, description="doors this post answers for or supports now")
    use: str = ""
    review: str = Field("", description="conflict, or any")
    q: str = Field("", description="door text, such as 3-2-501; people are not found this way", max_length=60)
    after: str = Field("", description="`next` of the page before")
    limit: int = Field(50, ge=1, le=500)

    def wanted(self) -> queries.DoorFilter:
        names = ("area", "grid", "estate", "building", "post", "use", "review", "q")
        return queries.DoorFilter(**{name: getattr(self, name) for name in names})


@router.get("/doors", response=DoorsOut, summary="Doors in reading order, by filters")
@needs("door.read")
def list_doors(request: HttpRequest, filters: Query[DoorQuery]) -> dict[str, Any]:
    scope = actor_of(request).may("door.read")
    page = queries.page(scope, filters.wanted(), filters.after, limit=filters.limit)
    counted = queries.occupancy([door.id for door in page.items])
    rows = [
        _door(door, counted[door.id] if scope.level("members", door) != Level.NEVER else None) for door in page.items
    ]
    return {"doors": rows, "next": (page.older or {}).get("after") or ""}


@router.get("/doors/{door_id}", response=DoorDetail, summary="One door, with who lives behind it as you may see it")
@needs("door.read")
def one_door(request: HttpRequest, door_id: UUID) -> dict[str, Any]:
    scope = actor_of(request).may("door.read")
    door = queries.door(scope, door_id)
    counted = queries.occupancy([door_id])[door_id] if scope.level("members", door) != Level.NEVER else None
    return _door(door, counted) | {
        "behind": queries.households(scope, [door_id])[door_id],
        "owners": queries.owners(scope, [door_id])[door_id],
        "safety": queries.safety(scope, [door_id])[door_id],
    }


def _door(door: queries.Door, counted: tuple[int, int] | None) -> dict[str, Any]:
    households, people = counted or (None, None)
    return {
        "id": door.id, "key": list(door.key), "label": door.label, "use": door.use, "review": door.review,
        "area_code": door.area_code, "area_name": door.area_name, "grid_name": door.grid_name,
        "households": households, "people": people,
    }  # fmt: skip
