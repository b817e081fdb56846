"""What becomes of each row: its outcome and reason, the counts of the preview, the declared totals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count

from firstline.core.jobs import Progress
from firstline.intake import declaring
from firstline.intake.matching import Group, Judged, decisions, judged
from firstline.intake.models import Import, StagedRow
from firstline.intake.rules import MERGED, OUTCOMES, TO_REVIEW, Outcome, judge_alone
from firstline.intake.staging import CHUNK, in_chunks, move, parsed, rows_of

DOORS_AT_ONCE = 100  # written in one transaction: for this long everybody else waits
READ_AHEAD = 5  # so many times as many are read and judged together, while others go on writing
ASKED = "asked_already"
ASKING = (Import.State.APPLYING, Import.State.PUBLISHED)


def judge_all(roster: Import, progress: Progress | None) -> None:
    """Begun again after a kill it comes to the same: outcomes depend on the rows and the register alone."""
    in_chunks(rows_of(roster, door="", outcome=""), lambda chunk: _judge_alone(roster, chunk))
    totals: Counter[str] = Counter()
    for groups in door_groups(roster, after=""):
        found = decisions(judged(groups))  # before anything is locked: others go on writing meanwhile
        with transaction.atomic():
            write_outcomes((group, decision.outcomes) for group, _, _, decision in found)
        for _, _, verdict, decision in found:
            totals["doors"] += 1
            totals["new_doors"] += decision.door is None
            totals["households"] += verdict.households
            totals["people"] += verdict.people
            totals["use:" + verdict.use] += 1
        if progress:
            progress(totals["doors"])
    _known_questions(roster)
    compared = declaring.compare(roster)
    wrong = sum(total["agrees"] is False for total in compared)
    counts = {**count_rows(roster), **_count_doors(totals)}
    move(roster, counts=counts, totals=compared, wrong_totals=wrong, state=Import.State.READY)


def _judge_alone(roster: Import, rows: list[StagedRow]) -> None:
    """Rows without a certain door: not data, refused, or asked about."""
    by_verdict: dict[tuple[str, str], list[int]] = defaultdict(list)
    for staged in rows:
        row = parsed(staged)
        outcome = judge_alone(row)
        reason = "area_unknown" if row.key and outcome.reason == "address_incomplete" else outcome.reason
        by_verdict[outcome.outcome, reason].append(staged.pk)
    _write(by_verdict)


def write_outcomes(decided: Iterable[tuple[Group, tuple[Outcome, ...]]]) -> None:
    """Rows of a portion of doors. What an earlier import asks already is not asked again."""
    changed: dict[tuple[str, str], list[int]] = defaultdict(list)
    for group, outcomes in decided:
        by_place = {(item.sheet, item.row): item for item in outcomes}
        for staged in group:
            item = by_place[staged.sheet, staged.row]
            is_asked = staged.reason == ASKED and item.outcome == TO_REVIEW
            if (staged.outcome, staged.reason) != (item.outcome, item.reason) and not is_asked:
                changed[item.outcome, item.reason].append(staged.pk)
    _write(changed)


def _write(changed: Mapping[tuple[str, str], Sequence[int]]) -> None:
    for (outcome, reason), ids in sorted(changed.items()):
        for start in range(0, len(ids), CHUNK):
            StagedRow.objects.filter(pk__in=ids[start : start + CHUNK]).update(outcome=outcome, reason=reason)


def door_groups(roster: Import, *, after: str) -> Iterator[list[Group]]:
    """Rows by door, many doors at a time, in a steady order."""
    cursor = after
    while True:
        mine = StagedRow.objects.filter(roster=roster, door__gt=cursor).order_by("door")
        doors = list(mine.values_list("door", flat=True).distinct()[: READ_AHEAD * DOORS_AT_ONCE])
        if not doors:
            return
        groups: dict[str, Group] = {door: [] for door in doors}
        for staged in StagedRow.objects.filter(roster=roster, door__in=doors).order_by("n"):
            groups[staged.door].append(staged)
        cursor = doors[-1]
        yield list(groups.values())


def portions(doors: Sequence[Judged]) -> Iterator[Sequence[Judged]]:
    """DOORS_AT_ONCE at a time."""
    for start in range(0, len(doors), DOORS_AT_ONCE):
        yield doors[start : start + DOORS_AT_ONCE]


def _known_questions(roster: Import) -> None:
    """A row that already waits for, or got, a decision in an earlier import is not asked about again."""
    asked = (
        StagedRow.objects.filter(outcome=TO_REVIEW, roster__state__in=ASKING).exclude(roster=roster).exclude(mark="")
    )
    mine = StagedRow.objects.filter(roster=roster, outcome=TO_REVIEW)
    mine.filter(mark__in=asked.values("mark")).update(outcome=MERGED, reason=ASKED)


def count_rows(roster: Import) -> dict[str, int]:
    """The five counts, and their sum."""
    found = StagedRow.objects.filter(roster=roster).order_by().values_list("outcome").annotate(n=Count("id"))
    outcomes = Counter(dict(found))
    return {"rows": sum(outcomes.values()), **{name: outcomes[name] for name in OUTCOMES}}


def _count_doors(totals: Counter[str]) -> dict[str, Any]:
    uses = {name.removeprefix("use:"): n for name, n in sorted(totals.items()) if name.startswith("use:")}
    return {name: totals[name] for name in ("doors", "new_doors", "households", "people")} | {"by_use": uses}
