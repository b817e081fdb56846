"""Reads about imports: which there are, what became of their rows, what waits to be decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from firstline.access.matrix import Level
from firstline.access.scope import Actor, Scope, best
from firstline.areas.models import Area
from firstline.core.errors import Refused
from firstline.coverage.queries import areas_in
from firstline.intake.heads import door_said, heads_of, known_heads
from firstline.intake.mapping import ADDRESS_FIELDS, field_of
from firstline.intake.masking import masked_cells, masked_heading
from firstline.intake.models import Import, StagedRow
from firstline.intake.records import ParsedRow
from firstline.intake.rules import REFUSED, TO_REVIEW
from firstline.intake.staging import LEAVES, area_code, parsed
from firstline.registry import queries as registry

TO_MEND = (REFUSED, TO_REVIEW)
OPEN = (Level.SHOWN, Level.REVEALABLE)


def area_for_import(scope: Scope, code: str) -> Area:
    found = areas_in(scope).filter(code=code).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def areas_to_choose(scope: Scope) -> list[Area]:
    """Where a list may be about: in the order of the tree."""
    return list(areas_in(scope).order_by("path"))


def imports(scope: Scope) -> QuerySet[Import]:
    """Imports for places of the scope, the newest first."""
    return Import.objects.select_related("area").filter(area__in=areas_in(scope)).order_by("-created_at", "-id")


def import_(scope: Scope, import_id: UUID) -> Import:
    found = imports(scope).filter(pk=import_id).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def locked(scope: Scope, import_id: UUID) -> Import:
    """The same, its row locked until the end of the transaction: two clicks are told apart."""
    import_(scope, import_id)
    return Import.objects.select_related("area").select_for_update(of=("self",)).get(pk=import_id)


def same_file(roster: Import) -> Import | None:
    """An earlier import of the very same file, still in force: nothing new is to be expected."""
    found = Import.objects.filter(content_hash=roster.content_hash, area=roster.area, state=Import.State.PUBLISHED)
    return found.exclude(pk=roster.pk).order_by("-created_at").first()


def leaf_of(roster: Import, code: str) -> Area:
    """A community or village of this import."""
    found = Area.objects.filter(code=code, path__startswith=roster.area.path, kind__in=LEAVES, valid_to__isnull=True)
    area = found.first()
    if area is None:
        raise Refused("import.area_is_not_leaf", place=code or "-")
    return area


def leaves(roster: Import) -> list[Area]:
    found = Area.objects.filter(path__startswith=roster.area.path, kind__in=LEAVES, valid_to__isnull=True)
    return list(found.order_by("path"))


def totals(roster: Import) -> list[dict[str, Any]]:
    """What total rows of the list declare, beside what its rows say: {row, said, agrees, counted}."""
    return list(roster.totals)


@dataclass(frozen=True, slots=True)
class RowView:
    """A staged row as the office sees it: where it stood, what became of it and why, its cells masked."""

    n: int
    sheet: str
    row: int
    door: str
    outcome: str
    reason: str
    decided: str
    cells: tuple[tuple[str, str], ...]  # (head of its column, what stands there, masked)
    people: int
    is_deleted: bool = False

    @property
    def said(self) -> str:
        """What the file says of the address, where that made no certain door."""
        return " ".join(text for head, text in self.cells if text and field_of(head) in ADDRESS_FIELDS)


def rows(roster: Import, *, outcome: str = "", reason: str = "") -> QuerySet[StagedRow]:
    """Rows in the order of the file; narrow by outcome and reason."""
    found = StagedRow.objects.filter(roster=roster).select_related("roster").order_by("n")
    found = found.filter(outcome=outcome) if outcome else found
    return found.filter(reason=reason) if reason else found


def views(rows: Sequence[StagedRow]) -> list[RowView]:
    """Rows that come with their import, as they are shown. One query more, for the heads they stood under."""
    above = heads_of(rows)
    return [view(staged, above[staged.roster_id, staged.n]) for staged in rows]


def view(staged: StagedRow, heads: Sequence[str] = ()) -> RowView:
    row = parsed(staged)
    people = row.household.living if row.household else ()
    is_head = staged.reason == "header"
    cells = masked_heading(row.cells, known_heads(staged.roster)) if is_head else masked_cells(row)
    return RowView(
        staged.n, staged.sheet, staged.row, registry.label_of(row.key) if row.key else "", staged.outcome,
        staged.reason, staged.decided, under(() if is_head else heads, cells), len(people), not staged.content,
    )  # fmt: skip


def under(heads: Sequence[str], cells: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Cells beside the heads of their columns."""
    return tuple(zip_longest(heads[: len(cells)], cells, fillvalue=""))


def row(roster: Import, n: int) -> StagedRow:
    found = StagedRow.objects.filter(roster=roster, n=n).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def reasons(roster: Import) -> list[tuple[str, str, int]]:
    """[(outcome, reason, rows)], the most frequent first."""
    found = StagedRow.objects.filter(roster=roster).order_by().values_list("outcome", "reason").annotate(n=Count("id"))
    return sorted(found, key=lambda line: -line[2])


def error_rows(roster: Import, *, is_masked: bool) -> Iterator[tuple[str, int, str, Sequence[str]]]:
    """Rows that were refused or wait, below the headings they stood under: for the file that goes back to the sender."""
    found = rows(roster).filter(Q(outcome__in=TO_MEND, decided="") | Q(reason="header"))
    names = known_heads(roster)
    heading: list[StagedRow] = []
    for staged in found.iterator(chunk_size=500):
        if staged.reason == "header":
            goes_on = heading and (staged.sheet, staged.row) == (heading[-1].sheet, heading[-1].row + 1)
            heading = [*heading, staged] if goes_on else [staged]
            continue
        for row in heading:
            if row.sheet == staged.sheet:
                cells = parsed(row).cells
                yield row.sheet, row.row, row.reason, masked_heading(cells, names) if is_masked else cells
        heading = []
        said = parsed(staged)
        yield staged.sheet, staged.row, staged.reason, masked_cells(said) if is_masked else said.cells


def may_reveal(actor: Actor, roster: Import) -> bool:
    """Whether this reader may see the names and telephones of a row of this place, with a reason."""
    roles = actor.may("roster.import").roles_over(roster.area.path)
    return best("names", roles) in OPEN and best("phone", roles) in OPEN


def _in_review(scope: Scope) -> QuerySet[StagedRow]:
    mine = imports(scope).filter(state=Import.State.PUBLISHED).order_by()
    return StagedRow.objects.filter(roster__in=mine.values("id"), outcome=TO_REVIEW)


def to_decide(scope: Scope) -> QuerySet[StagedRow]:
    """Rows of published imports that wait for a decision in this scope, the oldest import first."""
    return _in_review(scope).filter(decided="").select_related("roster__area").order_by("roster_id", "n")


def waiting(scope: Scope) -> int:
    return to_decide(scope).count()


def waiting_by_import(scope: Scope) -> Counter[UUID]:
    found = to_decide(scope).order_by().values_list("roster_id").annotate(n=Count("id"))
    return Counter(dict(found))


def row_in_review(roster: Import, n: int) -> StagedRow:
    """One row that asks, or asked, for a decision, locked."""
    found = StagedRow.objects.select_for_update().filter(roster=roster, n=n, outcome=TO_REVIEW).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def next_to_decide(scope: Scope, roster: Import, n: int) -> StagedRow | None:
    """The row after this one, for whoever works through the list."""
    here = to_decide(scope).filter(roster=roster)
    return here.filter(n__gt=n).first() or here.exclude(n=n).first() or to_decide(scope).exclude(roster=roster).first()


@dataclass(frozen=True, slots=True)
class Question:
    """A row in review with what is needed to decide: what the file says, and what the register knows of that door."""

    roster: Import
    staged: StagedRow
    row: ParsedRow
    view: RowView
    area: str
    door: registry.Door | None
    candidates: list[str]
    heads: Sequence[str]
    said: dict[str, str]  # the parts of the door, as far as they were read


def question(scope: Scope, import_id: UUID, n: int) -> Question:
    roster = import_(scope, import_id)
    found = StagedRow.objects.select_related("roster__area").filter(roster=roster, n=n, outcome=TO_REVIEW)
    staged = found.first()
    if staged is None:
        raise Refused("not_found", status=404)
    said, heads = parsed(staged), heads_of([staged])[roster.id, n]
    code = area_code(roster, said)
    candidates = [registry.label_of(key) for key in said.candidates]
    return Question(
        roster, staged, said, view(staged, heads), code, _door(said, code), candidates, heads,
        door_said(roster, said, heads),
    )  # fmt: skip


def _door(said: ParsedRow, code: str) -> registry.Door | None:
    from firstline.registry import bulk

    area = Area.objects.filter(code=code).values_list("id", flat=True).first()
    if said.key is None or area is None:
        return None
    known = bulk.lookup(area, [said.key]).get(said.key)
    return registry.located([known]).get(known) if known else None


def mismatches(scope: Scope) -> list[Import]:
    """Published imports whose own totals do not agree with their rows, until somebody has found out why."""
    found = imports(scope).filter(state=Import.State.PUBLISHED, wrong_totals__gt=0, explained_at__isnull=True)
    return list(found[:500])
