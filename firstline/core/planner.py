"""What the database believes about its tables when it plans a statement."""

from __future__ import annotations

from django.db import connection


def look_again() -> None:
    """PostgreSQL looks by itself, but minutes after much was written at once; until then it takes full tables for empty ones."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
