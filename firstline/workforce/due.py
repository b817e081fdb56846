"""What time brings by itself: the end of a holding, after which perhaps nobody holds the post."""

from __future__ import annotations

from firstline.access.scope import SYSTEM
from firstline.core import due, log
from firstline.core.models import Due
from firstline.workforce.actions import HOLDING_ENDS
from firstline.workforce.models import Holding
from firstline.workforce.queries import holdings_at


@due.falls_due(HOLDING_ENDS)
def post_fell_vacant(rows: list[Due]) -> None:
    """A post without a holder after an end date is a fact of its own; where somebody follows, nothing is said."""
    ended = Holding.objects.filter(id__in=[row.object_id for row in rows], kind=Holding.Kind.HOLDER)
    for holding in ended.select_related("post").order_by("valid_to"):
        if holding.valid_to is None or (
            holding.post.valid_to is not None and holding.post.valid_to <= holding.valid_to
        ):
            continue
        followed = holdings_at([holding.post_id], holding.valid_to).filter(kind=Holding.Kind.HOLDER)
        if not followed.exists():
            log.record(SYSTEM, "post.fell_vacant", [holding.post_id, holding.id])
