"""Splitting a community's buildings among n posts: a proposal to look at, change, and accept as duties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Avg, Count, Max
from django.http import QueryDict

from firstline.access.scope import Actor, Scope
from firstline.areas.models import Area
from firstline.core import log
from firstline.core.errors import Refused
from firstline.duty.actions import DutyIn, assign
from firstline.duty.models import Duty, Level
from firstline.duty.plan import Balance, Part, Weighted, balance, in_order, split
from firstline.registry import queries as registry
from firstline.registry.rules import building_label, natural
from firstline.workforce.actions import PostIn, create_post
from firstline.workforce.queries import place_of

MOST_POSTS = 60
PART = "part-"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Stretches of buildings with their loads; labels by building id for whoever looks at it."""

    area_id: UUID
    parts: list[Part]
    balance: Balance
    labels: dict[UUID, str]


@dataclass(frozen=True, slots=True)
class Share:
    """What one post is to answer for: a post that exists, or the name of one to be made."""

    building_ids: Sequence[UUID]
    post_id: UUID | None = None
    new_name: str = ""


def propose_split(actor: Actor, area_id: UUID, n_posts: int) -> Proposal:
    """Balanced, contiguous shares of a community. Nothing is changed."""
    area = place(actor.may("duty.assign"), area_id)
    buildings, labels = buildings_of(area)
    if not buildings:
        raise Refused("duty.split_small")
    parts = split(buildings, max(1, min(n_posts, MOST_POSTS)))
    return Proposal(area.id, parts, balance(parts), labels)


def changed(actor: Actor, area_id: UUID, chosen: dict[UUID, int], n_posts: int) -> Proposal:
    """The same with buildings moved by hand: {building: number of its part}; one not named stays where it was proposed."""
    proposal = propose_split(actor, area_id, n_posts)
    before = {one.id: number for number, part in enumerate(proposal.parts) for one in part.buildings}
    row = in_order([one for part in proposal.parts for one in part.buildings])
    count = len(proposal.parts)
    numbers = {one.id: _within(chosen.get(one.id, before[one.id]), before[one.id], count) for one in row}  # type: ignore[call-overload]
    parts = [Part(tuple(one for one in row if numbers[one.id] == number)) for number in range(count)]
    return Proposal(proposal.area_id, parts, balance(parts), proposal.labels)


def _within(number: int, otherwise: int, count: int) -> int:
    return number if 0 <= number < count else otherwise


@transaction.atomic
def accept_split(
    actor: Actor,
    area_id: UUID,
    shares: Sequence[Share],
    *,
    kind: str = "grid_worker",
    valid_from: datetime | None = None,
) -> list[Duty]:
    """Make the posts that are missing and the duties at building level: every building of the place exactly once."""
    area = place(actor.may("duty.assign"), area_id)
    buildings, _ = buildings_of(area)
    given = [building for share in shares for building in share.building_ids]
    if sorted(map(str, given)) != sorted(str(one.id) for one in buildings):
        raise Refused("duty.split_incomplete")
    items: list[DutyIn] = []
    for share in shares:
        if share.building_ids:
            post_id = share.post_id or _new_post(actor, area, share, kind)
            items += [
                DutyIn(post_id, Duty.Kind.ANSWERS, Level.BUILDING, building, valid_from)
                for building in share.building_ids
            ]
    duties = assign(actor, items)
    log.record(actor, "duty.split", [area.id], data={"posts": len(shares), "buildings": len(given)})
    return duties


def moved(params: QueryDict) -> dict[UUID, int]:
    """What somebody changed by hand on the page: `part-BUILDING=number`."""
    found = {}
    for name, value in params.items():
        if name.startswith(PART) and str(value).isdigit():
            found[_uuid(name.removeprefix(PART))] = int(str(value))
    return found


def shares(params: QueryDict) -> list[Share]:
    """The accepted page: every building with its part, every part with its post, or the name of one to be made."""
    buildings: dict[int, list[UUID]] = defaultdict(list)
    for building, number in moved(params).items():
        buildings[number].append(building)
    return [
        Share(ids, _uuid(post) if (post := params.get(f"post-{number}", "")) else None, _name(params, number))
        for number, ids in sorted(buildings.items())
    ]


def _name(params: QueryDict, number: int) -> str:
    return params.get(f"name-{number}", "").strip()[:100] or str(number + 1)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("input.invalid", detail="id") from error


def size_of(area: Area) -> int:
    return int(registry.everywhere().filter(area_id=area.id).count())


def usual_number(doors: int) -> int:
    """One post for about 250 doors, as is usual for a grid."""
    return max(1, min(MOST_POSTS, round(doors / 250)))


def _new_post(actor: Actor, area: Area, share: Share, kind: str) -> UUID:
    post = create_post(actor, PostIn(kind=kind, name=share.new_name, area_id=area.id))
    return post.id


def place(scope: Scope, area_id: UUID) -> Area:
    """An area of the scope, or not found."""
    area = Area.objects.filter(id=area_id).first()
    if area is None or not scope.roles_at(place_of(area.path)):
        raise Refused("not_found", status=404)
    return area


def place_by_code(scope: Scope, code: str) -> Area:
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise Refused("not_found", status=404)
    return place(scope, area.id)


def buildings_of(area: Area) -> tuple[list[Weighted], dict[UUID, str]]:
    """The buildings of a place with their doors; one query. Of a building across two places only the doors here count."""
    rows = registry.everywhere().filter(area_id=area.id).order_by().values_list("building_id")
    counted = rows.annotate(
        n=Count("*"),
        estate=Max("estate__name"),
        number=Max("building__number"),
        longitude=Avg("building__longitude"),
        latitude=Avg("building__latitude"),
    )
    found: list[Weighted] = []
    labels: dict[UUID, str] = {}
    for building, n, estate, number, longitude, latitude in counted:
        position = (longitude, latitude) if longitude is not None and latitude is not None else None
        found.append(Weighted(building, n, natural(number), estate, natural(estate), position))
        labels[building] = f"{estate} {building_label(number)}".strip()
    return found, labels
