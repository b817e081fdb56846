"""Paper work lists: own doors only, at most sixty, watermarked, to be returned or destroyed by a date; and typing them in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from firstline.access.models import Account
from firstline.access.scope import Actor, Scope
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.core.ids import public_code, typed_code
from firstline.registry import queries as registry
from firstline.rounds import queries as rounds
from firstline.rounds.models import Round
from firstline.visits import actions
from firstline.visits.facts import OutcomeView, VisitIn
from firstline.visits.models import Visit, WorkList
from firstline.visits.words import KEYS

LIMIT = 60
KEPT_DAYS = 3
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LEARNED = "answered"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the paper: the letter is what the clerk types for "seen"."""

    letter: str
    id: UUID
    name: str
    relation: str
    phone: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the paper."""

    number: int
    door: registry.Door
    members: list[Member]
    unnamed: int
    phones: list[str]
    safety: list[str]
    done: list[Visit]


Settled = Callable[[Round], QuerySet[Any, Any]]
_settled: list[Settled] = []


def register_settled(source: Settled) -> None:
    """For the ledger above this module: the ids of the doors of a round that nobody has to go to any more."""
    if source not in _settled:
        _settled.append(source)


def candidates(scope: Scope, round_: Round, *, limit: int = LIMIT) -> list[registry.Door]:
    """Own doors of a round that are not reached yet, in the order of a walk; the same that every other page calls so."""
    rows = registry.dwellings(scope).filter(rounds.selector_q(round_))
    for settled in _settled:
        rows = rows.exclude(id__in=settled(round_))
    return registry.read(rows.order_by("area_id", "sort")[:limit])


@transaction.atomic
def print_list(actor: Actor, round_id: UUID, door_ids: Sequence[UUID]) -> WorkList:
    """Fix the rows of a paper list. Printing it again gives the same paper with the same numbers."""
    scope = actor.may("worklist.print")
    round_ = rounds.round_(scope, round_id)
    doors = sorted(registry.doors(scope, door_ids).values(), key=lambda door: (door.area_code, door.sort))
    if len(doors) > LIMIT:
        raise Refused("worklist.too_long", status=422, limit=LIMIT, sent=len(doors))
    if not doors:
        raise Refused("worklist.empty", status=422)
    now = clock.now()
    made = WorkList.objects.create(
        code=public_code(6),
        round=round_,
        post_id=scope.posts[0] if len(scope.posts) == 1 else None,
        doors=[str(door.id) for door in doors],
        printed_by=actor.id,
        printed_at=now,
        return_by=timezone.localdate(now) + timedelta(days=KEPT_DAYS),
    )
    log.record(actor, "worklist.printed", [made.id], data={"n": len(doors), "round": str(round_.id)})
    return made


@transaction.atomic
def back(actor: Actor, list_id: UUID, *, destroyed: bool) -> WorkList:
    """The paper was returned to the office, or destroyed."""
    found = worklist(actor, list_id)
    WorkList.objects.filter(pk=found.pk, returned_at__isnull=True).update(returned_at=clock.now(), destroyed=destroyed)
    log.record(actor, "worklist.returned", [found.id], data={"destroyed": destroyed})
    found.refresh_from_db()
    return found


def worklist(actor: Actor, list_id: UUID) -> WorkList:
    """One's own list, or one whose doors all lie in one's scope: the office types in what its workers bring back."""
    scope = actor.may("worklist.print")
    found = WorkList.objects.select_related("round__questionnaire", "round__area").filter(pk=list_id).first()
    if found is None:
        raise Refused("not_found", status=404)
    reachable = registry.doors(scope, [UUID(door) for door in found.doors])
    if not reachable or (found.printed_by != actor.id and len(reachable) < len(found.doors)):
        raise Refused("not_found", status=404)
    return found


def lists(actor: Actor, *, limit: int = 30) -> list[tuple[WorkList, int]]:
    """Lists printed by this reader, the newest first, with how many doors each has."""
    rows = WorkList.objects.select_related("round").filter(printed_by=actor.id).order_by("-printed_at")[:limit]
    return [(row, len(row.doors)) for row in rows]


def by_code(actor: Actor, code: str) -> WorkList | None:
    """The list whose code stands on the paper; None where no list of this reader has it."""
    found = WorkList.objects.filter(code=typed_code(code)).values_list("id", flat=True).first()
    try:
        return worklist(actor, found) if found else None
    except Refused:
        return None


def rows(actor: Actor, printed: WorkList) -> list[Row]:
    """The lines of a list as this reader may see them now; doors that left the scope keep their number and stay away."""
    scope = actor.may("worklist.print")
    ids = [UUID(door) for door in printed.doors]
    doors = registry.doors(scope, ids)
    homes = registry.households(scope, ids)
    notes = registry.safety(scope, ids)
    done: dict[UUID, list[Visit]] = {}
    since_printed = Visit.objects.filter(round=printed.round, dwelling_id__in=ids, recorded_at__gte=printed.printed_at)
    for visit in since_printed.order_by("at"):  # what was known before the list was printed was not typed from it
        done.setdefault(visit.dwelling_id, []).append(visit)
    return [
        _row(number, doors[door_id], homes.get(door_id, []), notes.get(door_id, []), done.get(door_id, []))
        for number, door_id in enumerate(ids, start=1)
        if door_id in doors
    ]


def _row(
    number: int, door: registry.Door, homes: list[registry.HouseholdView], notes: list[str], done: list[Visit]
) -> Row:
    phones = {contact.person_id: contact.phone for home in homes for contact in home.contacts if contact.phone}
    members = [member for home in homes for member in home.members if member.presence in ("here", "")]
    listed = [
        Member(letter, member.id, member.name, member.relation, phones.get(member.id, ""))
        for letter, member in zip(LETTERS, members, strict=False)
    ]
    loose = [phone for person, phone in phones.items() if person not in {member.id for member in members}]
    return Row(number, door, listed, sum(home.unnamed or 0 for home in homes), loose, notes, done)


def reader_name(actor: Actor) -> str:
    """For the watermark: whoever prints answers for the paper."""
    found = Account.objects.filter(pk__in=[actor.id]).values_list("name", "login").first()
    return (found[0] or found[1]) if found else actor.label


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the clerk typed it. `seen`: letters of the members, a number for those without a name, or `*` for all."""

    row: int
    outcome: str
    seen: str
    time: str
    note: str
    day: date
    attempt: str  # made when the line is shown: the same line sent twice is stored once


class Unreadable(Exception):
    """`where` names the field, `args[0]` is what is wrong with it, as a code of words.LINE_ERRORS."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(why)
        self.where = where


def type_in(actor: Actor, printed: WorkList, line: Line, known: Sequence[Row]) -> OutcomeView:
    """Store one line of a paper list as a visit at the door."""
    row = next((row for row in known if row.number == line.row), None)
    if row is None:
        raise Unreadable("row", "row")
    outcome = KEYS.get(line.outcome.strip(), line.outcome.strip())
    if outcome not in KEYS.values():
        raise Unreadable("outcome", "outcome")
    seen, unnamed = read_seen(line.seen, row) if outcome == LEARNED else ([], 0)
    item = VisitIn(
        id=uuid5(printed.id, f"{line.row}:{line.attempt}"),
        round_id=printed.round_id,
        door_id=row.door.id,
        channel="door",
        source="door",
        outcome=outcome,  # type: ignore[arg-type]
        at=read_time(line.time, line.day),
        seen=seen,
        seen_unnamed=unnamed,
        note=line.note,
    )
    return actions.record_visits(actor, [item])[0]


def read_seen(text: str, row: Row) -> tuple[list[UUID], int]:
    """`ab` = the first two members, `2` = two people without a name, `a1` = both, `*` = everybody on the line."""
    plain = "".join(text.lower().split())
    if plain == "*":
        return [member.id for member in row.members], row.unnamed
    if not re.fullmatch(r"[a-z]*\d{0,3}", plain):
        raise Unreadable("seen", "seen")
    letters, digits = plain.rstrip("0123456789"), plain.lstrip(LETTERS)
    by_letter = {member.letter: member.id for member in row.members}
    if set(letters) - set(by_letter):
        raise Unreadable("seen", "letter")
    return [by_letter[letter] for letter in dict.fromkeys(letters)], int(digits or 0)


def read_time(text: str, day: date) -> datetime:
    """`930`, `0930`, `9:30` and `9.30` are all half past nine."""
    found = re.fullmatch(r"(\d{1,2})[:：.]?(\d{2})", text.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Unreadable("time", "time")
    return timezone.make_aware(datetime.combine(day, time(int(found[1]), int(found[2]))))


def summary(known: Sequence[Row]) -> dict[str, Any]:
    return {"doors": len(known), "typed": sum(bool(row.done) for row in known)}
