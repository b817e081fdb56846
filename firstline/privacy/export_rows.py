"""The rows of an export, page by page of doors, masked by the registry's gate for whoever asked. Nothing is held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from firstline.access.matrix import Level
from firstline.access.scope import Scope, best
from firstline.console.standings import look
from firstline.coverage import queries as coverage
from firstline.privacy.export_words import HOME, MARK, PERSON, PLACE, STANDING, Column
from firstline.privacy.models import Export
from firstline.registry import queries as registry
from firstline.registry.choices import NEEDS, PRESENCES, USES

DOORS_AT_ONCE = 500
SEEN = (Level.SHOWN, Level.MASKED, Level.REVEALABLE, Level.BY_TWO)
MASKED_IN_PART = ("names", "phone")  # the other classes are shown whole or not at all
Cells = dict[str, Any]


def columns(export: Export, scope: Scope) -> list[Column]:
    """Without those of which this reader would get nothing."""
    own = PERSON if export.kind == Export.Kind.PEOPLE else HOME
    asked = [*PLACE, *([STANDING] if export.round_id else []), *own, MARK]
    return [column for column in asked if not column.mask or gets(scope, column.mask)]


def gets(scope: Scope, mask: str) -> bool:
    level = scope.best_level(mask)
    return level in SEEN if mask in MASKED_IN_PART else level == Level.SHOWN


def lists_people(scope: Scope, area_path: str) -> bool:
    """Whether a role over the whole place sees people one by one, and not as numbers."""
    return best("members", scope.roles_over(area_path)) in SEEN


def how_many_doors(export: Export, scope: Scope) -> int:
    return registry.matching(scope, registry.DoorFilter(area=export.area.code)).count()


def rows(export: Export, scope: Scope, seen: Callable[[int], None]) -> Iterator[Cells]:
    """{column: value}. `seen` is told how many doors have been gone through, after each page of them."""
    wanted, after, done = registry.DoorFilter(area=export.area.code), "", 0
    while True:
        page = registry.page(scope, wanted, after, limit=DOORS_AT_ONCE)
        yield from _of_doors(export, scope, page.items)
        done += len(page.items)
        seen(done)
        if not page.older:
            return
        after = page.older["after"] or ""


def _of_doors(export: Export, scope: Scope, doors: list[registry.Door]) -> Iterator[Cells]:
    states = coverage.standing_of(export.round, [door.id for door in doors])
    kept = [door for door in doors if _wanted(export, states.get(door.id))]
    homes = registry.households(scope, [door.id for door in kept])
    of_home = _people if export.kind == Export.Kind.PEOPLE else _home
    for door in kept:
        place = _place(door, states.get(door.id))
        found = homes.get(door.id, [])
        yield from (place | cells for home in found for cells in of_home(home))
        if not found:
            yield place


def _wanted(export: Export, state: Any) -> bool:
    """A door that is not in the round has no standing there."""
    if not export.standing:
        return state is not None or export.round_id is None
    return state is not None and (state.waiting if export.standing == "waiting" else state.standing == export.standing)


def _place(door: registry.Door, state: Any) -> Cells:
    standing = str(look(state.standing).label) if state else ""
    use = str(USES.get(door.use, door.use))
    return {"area": door.area_name, "grid": door.grid_name, "door": door.label, "use": use, "standing": standing}


def _people(home: registry.HouseholdView) -> Iterator[Cells]:
    """Each member listed, and one row for those whom nobody has named: nobody is left out of the list."""
    phones: dict[Any, list[str]] = {}
    members = {member.id for member in home.members}
    for contact in home.contacts:
        whose = contact.person_id if contact.person_id in members else None
        phones.setdefault(whose, []).append(contact.phone)
    for member in home.members:
        yield _person(member) | {"phone": _joined(phones.get(member.id, []))}
    if home.unnamed or None in phones or not home.members:
        yield {"unnamed": home.unnamed or "", "phone": _joined(phones.get(None, []))}


def _person(member: registry.MemberView) -> Cells:
    return {
        "name": member.name,
        "relation": member.relation,
        "birth_year": member.birth_year or "",
        "presence": str(PRESENCES.get(member.presence, member.presence)),
        "needs": "、".join(str(NEEDS.get(need, need)) for need in member.needs),
    }


def _home(home: registry.HouseholdView) -> Iterator[Cells]:
    numbers = {"declared": home.declared_size, "listed": home.known, "unnamed": home.unnamed}
    known = {key: "" if number is None else number for key, number in numbers.items()}
    yield known | {"phone": _joined([contact.phone for contact in home.contacts])}


def _joined(phones: list[str]) -> str:
    return "、".join(phone for phone in phones if phone)
