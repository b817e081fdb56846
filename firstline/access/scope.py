"""Actor and Scope: the check is the filter.

`actor.may("door.read")` gives a Scope or raises Refused("not_allowed"). Every read takes a Scope and returns only
what lies inside; what is outside is not found, exactly like what does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from firstline.access.matrix import GLASS_VERBS, MASKS, ORDER, VERBS, Level
from firstline.access.models import Account, Grant, Token
from firstline.areas.models import Area, Grid
from firstline.core import clock
from firstline.core.errors import Refused
from firstline.core.prepared import Later, Read

NOWHERE = "?"  # the path of a branch that is gone; no path starts with it


@dataclass(frozen=True, slots=True)
class Reach:
    """One branch of a scope: a role at a place. `path` is the prefix for areas and grids, else empty.

    `place` is the path of the area the branch lies in: it lets places be named, and opens no door.
    """

    role: str
    branch: str
    id: UUID
    path: str = ""
    place: str = ""


class Located(Protocol):
    """Anything that lies somewhere: enough to tell which branches of a scope contain it."""

    @property
    def area_path(self) -> str: ...
    @property
    def grid_path(self) -> str: ...
    @property
    def estate_id(self) -> UUID | None: ...
    @property
    def post_ids(self) -> frozenset[UUID]: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an actor may do one verb: a union of branches, with the roles that say which field classes are seen."""

    verb: str
    actor_id: UUID | None
    reaches: tuple[Reach, ...]
    everywhere: bool = False  # the operator and the product itself

    def _of(self, branch: str) -> list[Reach]:
        return [reach for reach in self.reaches if reach.branch == branch]

    @property
    def area_paths(self) -> list[str]:
        """Prefixes of area paths; the whole zone is the empty one."""
        return [reach.path for reach in self.reaches if reach.branch in ("area", "zone")]

    @property
    def grid_paths(self) -> list[str]:
        return [reach.path for reach in self._of("grid")]

    @property
    def estates(self) -> list[UUID]:
        return [reach.id for reach in self._of("estate")]

    @property
    def organisations(self) -> list[UUID]:
        return [reach.id for reach in self._of("organisation")]

    @property
    def posts(self) -> list[UUID]:
        return [reach.id for reach in self._of("post")]

    @property
    def places(self) -> list[str]:
        """Paths of the areas this scope touches through any branch: for naming places and choosing rounds, never for doors."""
        return sorted({reach.place for reach in self.reaches if reach.place or reach.branch == "zone"})

    def covers(self, area_path: str) -> bool:
        """Whether the whole of this area lies inside, so that something about all of it may be done or read."""
        return any(area_path.startswith(path) for path in self.area_paths)

    def roles_over(self, area_path: str) -> set[str]:
        """The roles that reach the whole of this area."""
        return {r.role for r in self.reaches if r.branch in ("area", "zone") and area_path.startswith(r.path)}

    def roles_at(self, place: Located) -> set[str]:
        """The roles through which this scope reaches a place; empty = outside."""
        return {reach.role for reach in self.reaches if _contains(reach, place)}

    def level(self, field_class: str, place: Located) -> Level:
        """The best level any reaching role gives for a field class there."""
        return best(field_class, self.roles_at(place))

    def best_level(self, field_class: str) -> Level:
        """The best level anywhere in this scope: whether a column is worth showing at all."""
        return best(field_class, {reach.role for reach in self.reaches})


def best(field_class: str, roles: Iterable[str]) -> Level:
    levels = [MASKS[role][field_class] for role in roles]
    return min(levels, key=ORDER.index, default=Level.NEVER)


def _contains(reach: Reach, place: Located) -> bool:
    if reach.branch == "zone":
        return True
    if reach.branch == "area":
        return place.area_path.startswith(reach.path)
    if reach.branch == "grid":
        return bool(place.grid_path) and place.grid_path.startswith(reach.path)
    if reach.branch == "estate":
        return place.estate_id == reach.id
    return reach.branch == "post" and reach.id in place.post_ids


@dataclass(frozen=True, slots=True)
class Held:
    """A grant as an Actor carries it: its reach and the time it is good for."""

    reach: Reach
    valid_from: datetime
    valid_to: datetime | None
    broke_glass: bool = False

    def allows(self, verb: str) -> bool:
        """`o` is for own posts only; `a` reaches through every branch but a post. Broken glass lets see and help, not govern."""
        cell = VERBS[verb][self.reach.role]
        fits = (cell == "o" and self.reach.branch == "post") or (cell == "a" and self.reach.branch != "post")
        return fits and (verb in GLASS_VERBS or not self.broke_glass)

    def covers(self, moment: datetime) -> bool:
        return self.valid_from <= moment and (self.valid_to is None or moment < self.valid_to)


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts. Made by the doors (`for_account`, `for_token`, `operator`, `system`, `resident`), passed first everywhere."""

    kind: str
    id: UUID | None
    grants: tuple[Held, ...] = ()
    only_verbs: frozenset[str] | None = None
    label: str = field(default="", compare=False)

    def may(self, verb: str, *, at: datetime | None = None) -> Scope:
        """The scope of a verb now, or at the time of a fact. Raises Refused('not_allowed') where there is none."""
        if verb not in VERBS:
            raise KeyError(f"{verb} is not a verb of the product")
        if self.kind in ("operator", "system"):
            return Scope(verb, self.id, (Reach(self.kind, "zone", UUID(int=0)),), everywhere=True)
        if self.only_verbs is not None and verb not in self.only_verbs:
            raise Refused("not_allowed", status=403)
        moment = at or clock.now()
        reaches = tuple(held.reach for held in self.grants if held.covers(moment) and held.allows(verb))
        if not reaches:
            raise Refused("not_allowed", status=403)
        return Scope(verb, self.id, reaches)

    def can(self, verb: str) -> bool:
        """For menus and buttons; actions ask `may`."""
        try:
            self.may(verb)
        except Refused:
            return False
        return True

    @property
    def roles(self) -> set[str]:
        now = clock.now()
        return {held.reach.role for held in self.grants if held.covers(now)}

    def limited_to(self, verbs: Iterable[str]) -> Actor:
        return replace(self, only_verbs=frozenset(verbs))


OPERATOR = Actor("operator", None, label="operator")
SYSTEM = Actor("system", None, label="system")


def for_account(account: Account) -> Actor:
    """The actor behind a signed-in account: one query for its grants, past ones included (facts may be older)."""
    return _with_grants(account, _grants.ask([account.id]))


def _with_grants(account: Account, grants: Later[list[tuple[Any, ...]]]) -> Actor:
    if not account.is_active:
        return Actor("account", account.id, label=account.login)
    rows = [_Row(*row) for row in grants()]
    paths = _paths(rows)
    return Actor("account", account.id, tuple(_held(row, paths) for row in rows), label=account.login)


@dataclass(frozen=True, slots=True)
class _Row:
    """A grant as it is stored, with the area it lies in."""

    role: str
    branch: str
    branch_id: UUID
    area_id: UUID | None
    area_path: str | None
    valid_from: datetime
    valid_to: datetime | None
    source: str


GRANT = ("role", "branch", "branch_id", "area_id", "area__path", "valid_from", "valid_to", "source")
_grants = Read(lambda accounts: Grant.objects.filter(account__among=accounts).values_list(*GRANT))
_grants_by_token = Read(
    lambda hashes: Grant.objects.filter(
        account_id__in=Token.objects.filter(token_hash__among=hashes).values("account_id")
    ).values_list(*GRANT)
)


def _held(row: _Row, paths: dict[UUID, str]) -> Held:
    path = paths.get(row.branch_id, NOWHERE) if row.branch in (Grant.Branch.AREA, Grant.Branch.GRID) else ""
    place = row.area_path or (path if row.branch == Grant.Branch.AREA else "")
    reach = Reach(row.role, row.branch, row.branch_id, path, "" if place == NOWHERE else place)
    return Held(reach, row.valid_from, row.valid_to, broke_glass=row.source == "break_glass")


def _paths(rows: list[_Row]) -> dict[UUID, str]:
    """Areas and grids by their paths. A branch that no longer exists is nowhere, which contains nothing."""
    areas = [row.branch_id for row in rows if row.branch == Grant.Branch.AREA and row.branch_id != row.area_id]
    grids = [row.branch_id for row in rows if row.branch == Grant.Branch.GRID]
    found = {row.area_id: row.area_path for row in rows if row.area_id and row.area_path}
    found |= dict(Area.objects.filter(id__in=areas).values_list("id", "path")) if areas else {}
    return found | (dict(Grid.objects.filter(id__in=grids).values_list("id", "path")) if grids else {})


def for_token(token: Token) -> Actor:
    return replace(for_account(token.account).limited_to(token.verbs), kind="program")


def ask_for_token(token_hash: str) -> Callable[[Token], Actor]:
    """The same, for a token that is being looked up: its grants are asked for beside it."""
    grants = _grants_by_token.ask([token_hash])
    return lambda token: replace(_with_grants(token.account, grants).limited_to(token.verbs), kind="program")


def resident(slip_id: UUID) -> Actor:
    """A resident with the code of a slip: no grants; what the slip allows is checked by the self-report itself."""
    return Actor("resident", slip_id, label="resident")
