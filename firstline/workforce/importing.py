"""A list of staff becomes responders, posts and holdings. The same list twice changes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstline.access import queries as access
from firstline.access.scope import Actor, Scope
from firstline.areas.models import Area, Grid, GridArea
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.workforce.actions import PostIn, create_post, hold
from firstline.workforce.listing import StaffRow, read
from firstline.workforce.models import Holding, Post, Responder
from firstline.workforce.people import ResponderIn, add_responder, link_account
from firstline.workforce.queries import inside, place_of

WHY: dict[str, str | Promise] = {
    "area": _("No such community in your scope. Check the code or the name."),
    "grid": _("No such grid in this community. Import the grids first, or check the code."),
    "kind": _("This kind of post is not known. Use one of: 网格长, 网格员, 楼栋长, 包联干部, 医务人员, 志愿者, 社区."),
    "login": _("No such account. The person was added without it."),
    "held": _("The person was added; the post could not be given: %(reason)s"),
}


@dataclass(frozen=True, slots=True)
class RowProblem:
    number: int
    why: str


@dataclass(slots=True)
class StaffImport:
    """What a list brought. rows = people lines read; each problem names the line of the file."""

    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)  # people, posts, holdings, unchanged
    problems: list[RowProblem] = field(default_factory=list)


@transaction.atomic
def import_staff(actor: Actor, content: bytes, file_name: str, *, check_only: bool = False) -> StaffImport:
    """Read a list and apply what can be applied; with `check_only` nothing is kept, only the report."""
    scope = actor.may("post.edit")
    rows = read(content, file_name)
    result = StaffImport(rows=len(rows))
    ground = _Ground(scope)
    for row in rows:
        _apply(actor, row, ground, result)
    if check_only:
        transaction.set_rollback(True)
        return result
    log.record(actor, "staff.imported", data={"rows": result.rows, **result.counts})
    return result


class _Ground:
    """What the list refers to, read once: areas, grids, and the people already kept."""

    def __init__(self, scope: Scope) -> None:
        areas = [row for row in Area.objects.filter(valid_to__isnull=True) if _inside(scope, row.path)]
        self.areas = {row.code: row for row in areas}
        names = Counter(row.name for row in areas)
        self.areas |= {row.name: row for row in areas if names[row.name] == 1}
        self.only = areas[0] if len(areas) == 1 else None
        self.people = {
            (row.name, row.phone, row.area_id): row
            for row in Responder.objects.filter(inside(scope, grid=""), valid_to__isnull=True)
        }
        links = GridArea.objects.filter(area__in=[row.id for row in areas], grid__valid_to__isnull=True)
        self.grids: dict[tuple[UUID, str], Grid] = {}
        for link in links.select_related("grid"):
            self.grids[link.area_id, link.grid.code] = self.grids[link.area_id, link.grid.name] = link.grid


def _inside(scope: Scope, path: str) -> bool:
    return bool(scope.roles_at(place_of(path)))


def _apply(actor: Actor, row: StaffRow, ground: _Ground, result: StaffImport) -> None:
    area = ground.areas.get(row.area) or (ground.only if not row.area else None)
    if area is None:
        result.problems.append(RowProblem(row.number, str(WHY["area"])))
        return
    person, is_new = _person(actor, row, area, ground)
    result.counts["people" if is_new else "unchanged"] += 1
    if row.login:
        _link(actor, row, person, result)
    if row.kind or row.post:
        _post(actor, row, area, person, ground, result)


def _person(actor: Actor, row: StaffRow, area: Area, ground: _Ground) -> tuple[Responder, bool]:
    key = (row.name, row.phone, area.id)
    known = ground.people.get(key)
    if known:
        return known, False
    made = add_responder(actor, ResponderIn(name=row.name, phone=row.phone, area_id=area.id))
    ground.people[key] = made
    return made, True


def _link(actor: Actor, row: StaffRow, person: Responder, result: StaffImport) -> None:
    account = access.account_by_login(row.login)
    try:
        if account is None:
            raise Refused("not_found", status=404)
        link_account(actor, person.id, account.id)
    except Refused:
        result.problems.append(RowProblem(row.number, str(WHY["login"])))


def _post(actor: Actor, row: StaffRow, area: Area, person: Responder, ground: _Ground, result: StaffImport) -> None:
    grid = ground.grids.get((area.id, row.grid))
    wrong = "kind" if not row.kind else "grid" if row.grid and grid is None else ""
    if wrong:
        result.problems.append(RowProblem(row.number, str(WHY[wrong])))
        return
    post = _find_or_make(actor, row, area, grid, result)
    kind = Holding.Kind.DEPUTY if row.deputy else Holding.Kind.HOLDER
    open_now = Q(valid_to__isnull=True) | Q(valid_to__gt=clock.now())
    if Holding.objects.filter(open_now, post=post, kind=kind, responder=person).exists():
        return
    try:
        hold(actor, post.id, person.id, kind)
        result.counts["holdings"] += 1
    except Refused as refused:
        result.problems.append(RowProblem(row.number, str(WHY["held"]) % {"reason": refused.text}))


def _find_or_make(actor: Actor, row: StaffRow, area: Area, grid: Grid | None, result: StaffImport) -> Post:
    name = row.post or default_name(row.kind, area, grid)
    known = Post.objects.filter(kind=row.kind, area=area, grid=grid, name=name, valid_to__isnull=True).first()
    if known:
        return known
    result.counts["posts"] += 1
    return create_post(actor, PostIn(kind=row.kind, name=name, area_id=area.id, grid_id=grid.id if grid else None))


def default_name(kind: str, area: Area, grid: Grid | None) -> str:
    """What a post is called where nobody named it: the place and the kind."""
    with translation.override(settings.LANGUAGE_CODE):  # the zone's words, whoever sends the list
        return f"{grid.name if grid else area.name}{Post.Kind(kind).label}"[:100]
