"""The held inbox as one office sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from firstline.access.models import Account
from firstline.access.scope import Actor, Scope
from firstline.areas.models import Area
from firstline.core.errors import Refused
from firstline.core.held import content
from firstline.core.models import Held
from firstline.registry import queries as registry
from firstline.rounds import queries as rounds
from firstline.sync import held_kinds
from firstline.sync.advice import ADVICE, REASONS, alike
from firstline.sync.words import KINDS
from firstline.visits import queries as visits
from firstline.visits.words import CHANNELS, OUTCOMES

STATES = (Held.State.WAITING, Held.State.APPLIED, Held.State.DISMISSED)


def inbox(scope: Scope, *, state: str = Held.State.WAITING, why: str = "") -> QuerySet[Held]:
    """Held items of the office's area. What names no place below is looked at by every office under that place."""
    rows = Held.objects.filter(state=state)
    if why:
        rows = rows.filter(why__in=alike(why))
    return rows if scope.everywhere else rows.filter(concerns(scope))


def concerns(scope: Scope) -> Q:
    """Rows with an `area_id` inside the scope, or of none, or of a place above it: as the inbox looks at them."""
    inside = Q(area_id__isnull=True)
    for path in scope.area_paths:
        codes = [code for code in path.split(".") if code]
        here = Area.objects.filter(Q(path__startswith=path) | Q(code__in=codes)).values("id")
        inside |= Q(area_id__in=here)
    return inside


def item(scope: Scope, held_id: UUID) -> Held:
    """One of them, decided or not. What concerns another office is not found."""
    rows = Held.objects.all() if scope.everywhere else Held.objects.filter(concerns(scope))
    found = rows.filter(pk=held_id).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def waiting(actor: Actor) -> int:
    """For the menu."""
    return inbox(actor.may("held.decide")).count()


@dataclass(frozen=True, slots=True)
class Line:
    id: UUID
    at: datetime
    why: str
    reason: str
    by: str
    area: str
    state: str
    kind: str = ""


def lines(rows: list[Held]) -> list[Line]:
    names = dict(Account.objects.filter(id__in={row.by_id for row in rows if row.by_id}).values_list("id", "name"))
    areas = dict(Area.objects.filter(id__in={row.area_id for row in rows if row.area_id}).values_list("id", "name"))
    return [
        Line(
            row.id,
            row.at,
            row.why,
            str(REASONS.get(row.why, row.why)),
            names.get(row.by_id, "") if row.by_id else "",
            areas.get(row.area_id, "") if row.area_id else "",
            row.state,
            str(KINDS["self" if row.kind == "visit" and row.by_kind == "resident" else row.kind])
            if row.kind in KINDS
            else row.kind,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Detail:
    """One held item with what is known around it. `facts` are its plain parts; answers and note are shown on the page."""

    line: Line
    advice: str
    door: registry.Door | None
    round_name: str
    outcome_label: str
    channel_label: str
    at: datetime | None
    answers: dict[str, Any]
    note: str
    said: dict[str, Any]
    stored: visits.VisitView | None
    may_apply: bool
    needs_door: bool
    decision_note: str = ""
    decided_at: datetime | None = None
    extra: list[tuple[str, str]] = field(default_factory=list)  # further plain facts, with their names
    is_visit: bool = True


def detail(scope: Scope, held_id: UUID) -> Detail:
    """The item, the door it is about if it lies in scope, and what is stored under the same id already."""
    row = item(scope, held_id)
    if row.kind != "visit":
        return _other(scope, row)
    said = content(row)
    door = _door(scope, said.get("door_id"))
    round_facts = rounds.for_judging([UUID(said["round_id"])]) if _is_uuid(said.get("round_id")) else {}
    stored = [view for view in visits.history(scope, door.id) if view.id == row.fact_id] if door else []
    return Detail(
        line=lines([row])[0],
        advice=str(ADVICE.get(row.why, ADVICE[""])),
        door=door,
        round_name=next((facts.name for facts in round_facts.values()), ""),
        outcome_label=str(OUTCOMES.get(str(said.get("outcome")), "")),
        channel_label=str(CHANNELS.get(str(said.get("channel")), "")),
        at=_moment(said.get("at") or said.get("device_at")),
        answers=dict(said["answers"]) if isinstance(said.get("answers"), dict) else {},
        note=str(said.get("note", "")),
        said=said,
        stored=stored[0] if stored else None,
        may_apply=row.state == Held.State.WAITING and row.why != "visit.malformed",
        needs_door=door is None,
        decision_note=row.decision_note,
        decided_at=row.decided_at,
        extra=_extra(said),
    )


def _other(scope: Scope, row: Held) -> Detail:
    """A correction, a new member ... as a phone sent it; or something that could not be read at all."""
    kept = held_kinds.read(row)
    fact = kept.fact
    door = _door(scope, str(fact.door_id)) if fact else None
    return Detail(
        line=lines([row])[0],
        advice=str(ADVICE.get(row.why, ADVICE[""])),
        door=door,
        round_name="",
        outcome_label="",
        channel_label="",
        at=kept.at,
        answers={},
        note="",
        said=content(row),
        stored=None,
        may_apply=row.state == Held.State.WAITING and fact is not None,
        needs_door=door is None and held_kinds.may_be_placed(fact),
        decision_note=row.decision_note,
        decided_at=row.decided_at,
        extra=held_kinds.facts_of(row),
        is_visit=False,
    )


def _door(scope: Scope, door_id: Any) -> registry.Door | None:
    return registry.doors(scope, [UUID(door_id)]).get(UUID(door_id)) if _is_uuid(door_id) else None


def _is_uuid(value: Any) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def _extra(said: dict[str, Any]) -> list[tuple[str, str]]:
    """What a resident wrote so that the door can be found, and how much was answered: not the answers themselves."""
    shown = [(_("Code on the slip"), said.get("slip")), (_("Address, as written"), said.get("address"))]
    seen = len(said.get("seen") or []) + _number(said.get("seen_unnamed"))
    shown += [(_("People seen"), seen or ""), (_("Questions answered"), len(said.get("answers") or {}) or "")]
    return [(str(name), str(value)) for name, value in shown if value]


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _moment(value: Any) -> datetime | None:
    """What arrived may be anything; a time without a zone says nothing for certain, and is not shown as one."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None
