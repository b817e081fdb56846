"""How long uploads are kept: files until they are read, rows until they are reviewed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from firstline.core import rotation
from firstline.intake import actions, uploads
from firstline.intake.models import Import, StagedRow
from firstline.intake.rules import TO_REVIEW
from firstline.privacy.jobs import at_end
from firstline.privacy.retention import deletes, takes

RULE = "uploads_after_review"
TO_BE_SENT_BACK = timedelta(days=7)  # refused rows wait for the office to send the list back
UNTOUCHED = timedelta(days=14)
UNANSWERED = timedelta(days=1)  # a file, which may hold identity numbers, waits for its columns
WAITS = (Import.State.COLUMNS, Import.State.READING)


def reviewed(before: datetime) -> Any:
    """Rows that nobody needs any more: their place, outcome and reason stay, what they said goes."""
    asked = Q(outcome=TO_REVIEW, decided="")
    sent_back = Q(outcome="refused", roster__published_at__gt=before - TO_BE_SENT_BACK)
    rows = StagedRow.objects.filter(roster__state=Import.State.PUBLISHED, roster__published_at__lt=before)
    return rows.exclude(content="").exclude(asked).exclude(sent_back)


def stale(before: datetime) -> int:
    """Imports nobody went on with, and files that belong to none."""
    waiting = Import.objects.filter(state=Import.State.COLUMNS, created_at__lt=before - UNANSWERED)
    ready = Import.objects.filter(state=Import.State.READY, created_at__lt=before - UNTOUCHED)
    dropped = 0
    for roster in [*waiting, *ready]:
        actions.drop(roster)
        dropped += 1
    return dropped + _orphans(before)


def _orphans(before: datetime) -> int:
    """An import that is read waits for its file however long that takes; one to be looked at has it for a day."""
    reading = set(Import.objects.filter(state__in=WAITS).values_list("id", flat=True))
    return uploads.forget_others(reading, before - UNANSWERED)


def register() -> None:
    takes(RULE, "intake.StagedRow", reviewed, columns=("content",))
    deletes(RULE, "uploads")(stale)
    at_end("uploads")(uploads.forget_all)
    rotation.also("uploads")(uploads.renew)
