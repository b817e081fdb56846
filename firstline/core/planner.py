"""What the database believes about its tables when it plans a statement."""

from __future__ import annotations

from django.db import connection

from firstline.core.jobs import Progress, job
from firstline.core.models import Job

LOOK_AGAIN = "core.look_again"


def look_again() -> None:
    """PostgreSQL looks by itself, but minutes after much was written at once; until then it takes full tables for empty ones."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@job(LOOK_AGAIN)
def look_again_later(row: Job, progress: Progress) -> None:
    """After a roster or a round brought in very many rows."""
    look_again()
