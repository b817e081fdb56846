"""What becomes of each row: its outcome and reason, the counts of the preview, the declared totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Count

from firstline.core.jobs import Progress
from firstline.intake import declaring
from firstline.intake.matching import Group, decisions
from firstline.intake.models import Import, StagedRow
from firstline.intake.rules import MERGED, OUTCOMES, TO_REVIEW, Outcome, judge_alone
from firstline.intake.staging import in_chunks, move, parsed, rows_of

DOORS_AT_ONCE = 200
ASKED = "asked_already"
ASKING = (Import.State.APPLYING, Import.State.PUBLISHED)


def judge_all(roster: Import, progress: Progress | None) -> None:
    """Begun again after a kill it comes to the same: outcomes depend on the rows and the register alone."""
    in_chunks(rows_of(roster, door="", outcome=""), lambda chunk: _judge_alone(roster, chunk))
    totals: Counter[str] = Counter()
    for groups, _ in door_groups(roster, after=""):
        with transaction.atomic():
            for group, verdict, decision in decisions(roster, groups):
                write_outcomes(group, decision.outcomes)
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
    by_verdict: dict[tuple[str, str], list[int]] = {}
    for staged in rows:
        row = parsed(staged)
        outcome = judge_alone(row)
        reason = "area_unknown" if row.key and outcome.reason == "address_incomplete" else outcome.reason
        by_verdict.setdefault((outcome.outcome, reason), []).append(staged.pk)
    for (name, reason), ids in by_verdict.items():
        StagedRow.objects.filter(pk__in=ids).update(outcome=name, reason=reason)


def write_outcomes(group: Group, outcomes: tuple[Outcome, ...]) -> int:
    """Rows of one door; how many changed. What an earlier import asks already is not asked again."""
    by_place = {(item.sheet, item.row): item for item in outcomes}
    changed = []
    for staged in group:
        item = by_place[staged.sheet, staged.row]
        if staged.reason == ASKED and item.outcome == TO_REVIEW:
            continue
        if (staged.outcome, staged.reason) != (item.outcome, item.reason):
            staged.outcome, staged.reason = item.outcome, item.reason
            changed.append(staged)
    for staged in changed:
        StagedRow.objects.filter(pk=staged.pk).update(outcome=staged.outcome, reason=staged.reason)
    return len(changed)


def door_groups(roster: Import, *, after: str) -> Iterator[tuple[list[Group], str]]:
    """Rows by door, DOORS_AT_ONCE doors at a time, in a steady order; with the cursor after each portion."""
    cursor = after
    while True:
        mine = StagedRow.objects.filter(roster=roster, door__gt=cursor).order_by("door")
        doors = list(mine.values_list("door", flat=True).distinct()[:DOORS_AT_ONCE])
        if not doors:
            return
        groups: dict[str, Group] = {door: [] for door in doors}
        for staged in StagedRow.objects.filter(roster=roster, door__in=doors).order_by("n"):
            groups[staged.door].append(staged)
        cursor = doors[-1]
        yield list(groups.values()), cursor


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
