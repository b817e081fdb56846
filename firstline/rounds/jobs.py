"""What falls due for rounds."""

from __future__ import annotations

from firstline.core.due import falls_due
from firstline.core.models import Due
from firstline.rounds import series


@falls_due(series.KIND)
def open_the_day(rows: list[Due]) -> None:
    for row in rows:
        series.wake(row.object_id)
