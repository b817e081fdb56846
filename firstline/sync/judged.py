"""By what right a correction from a phone is applied: judged at the time it was made, like a visit, not at its arrival."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from firstline.access.scope import Actor, Reach, Scope
from firstline.access.scope import Held as Grant
from firstline.core.errors import Refused
from firstline.registry import judging
from firstline.registry.judging import Spell
from firstline.registry.queries import Door
from firstline.visits.rules import Verdict, verdict

EDIT, READ = "household.edit", "door.read"
NOWHERE = UUID(int=0)
Way = tuple[Grant | Spell, ...]


@dataclass(frozen=True, slots=True)
class Judged(Actor):
    """Somebody whose right at one door was judged at the time of a fact: the actions that carry it out do not ask for
    today's. It reaches no further than the estate of that door, in the roles that gave the right."""

    verb: str = ""
    estate_id: UUID = NOWHERE
    as_roles: frozenset[str] = frozenset()

    def may(self, verb: str, *, at: datetime | None = None) -> Scope:
        if verb != self.verb:
            raise Refused("not_allowed", status=403)
        reaches = tuple(Reach(role, "estate", self.estate_id) for role in sorted(self.as_roles))
        return Scope(verb, self.id, reaches)


def judge(
    actor: Actor, verb: str, door: Door, at: datetime, now: datetime, grace: timedelta
) -> tuple[Verdict, Judged | None]:
    """A grant that covered the moment and, where it is a post's, a duty that did."""
    allowed = [grant for grant in actor.grants if grant.allows(verb) and _declared(actor, verb)]
    on_duty = any(grant.reach.branch == "post" for grant in allowed)
    spells = judging.spells([door.id]).get(door.id, []) if on_duty else []
    by_role: dict[str, list[Way]] = {}
    for grant in allowed:
        by_role.setdefault(grant.reach.role, []).extend(_ways(grant, door, spells))
    said = {role: verdict(ways, at, now, grace) for role, ways in by_role.items()}
    roles = frozenset(role for role, found in said.items() if found is Verdict.YES)
    if not roles:
        ended = Verdict.ENDED in said.values()
        return (Verdict.ENDED if ended else Verdict.NOT_YOURS), None
    judged = Judged(
        actor.kind, actor.id, actor.grants, actor.only_verbs, actor.label,
        verb=verb, estate_id=door.estate_id, as_roles=roles,
    )  # fmt: skip
    return Verdict.YES, judged


def _declared(actor: Actor, verb: str) -> bool:
    return actor.only_verbs is None or verb in actor.only_verbs


def _ways(grant: Grant, door: Door, spells: list[Spell]) -> list[Way]:
    if grant.reach.branch == "post":
        return [(grant, spell) for spell in spells if spell.post_id == grant.reach.id]
    return [(grant,)] if Scope("", None, (grant.reach,)).roles_at(door) else []
