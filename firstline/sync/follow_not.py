"""Actions that mark no door for the phones, each with the reason: a new action has to be thought about once."""

from __future__ import annotations

# Whose doors these are, how they stand in the rounds, and what people, places and rounds are called, is read anew at
# every pull (reach.py, parts.py): a mark would tell nothing more.
READ_AT_PULL = frozenset({
    "account.activated", "account.created", "account.disabled", "account.edited", "account.enabled",
    "accounts.imported", "area.joined", "areas.imported", "duty.assigned", "duty.began", "duty.ended",
    "duty.handed_over", "duty.lapsed", "duty.split", "form.version_taken", "glass.broken", "glass.returned",
    "grant.ended", "grant.given", "grid.changed", "grid.ended", "grid.made", "grid.reopened", "grids.imported",
    "held.decided", "phone.held", "phone.wait_ended", "phone.waiting", "post.absent", "post.back", "post.created", "post.ended",
    "post.fell_vacant", "post.held", "post.left", "questionnaire.installed", "questionnaire.withdrawn",
    "responder.added", "responder.left", "responder.linked", "round.closed", "round.created", "round.extended",
    "round.opened", "round.paused", "round.resumed", "round.series_closed", "round.series_opened", "staff.imported",
    "visit.held",
})  # fmt: skip

# An import brings doors into reach, or takes them out of it; of those that were there before, "household.changed" tells.
TOLD_BY_OTHERS = frozenset({"conflict.decided", "people.merged", "roster.published", "roster.undone", "row.decided"})

# Nothing of these shows on a phone.
ELSEWHERE = frozenset({
    "activation.issued", "areas.list_discarded", "areas.list_read", "areas.outlined", "backup.made", "backup.restored",
    "brief.frozen", "brief.signed", "conflict.found", "contact.called", "coverage.proved", "device.revoked",
    "device.signed_in", "device.signed_out", "device.wiped", "duplicate.kept_both", "emergency.end_agreed",
    "emergency.end_asked", "emergency.end_withdrawn", "emergency.frozen", "export.approved", "export.asked", "export.made",
    "export.refused", "export.resumed", "export.withdrawn", "glass.reviewed", "import.errors_downloaded",
    "keys.added", "keys.rotated", "organisation.created", "organisation.edited", "organisation.removed",
    "person.exported", "person.revealed", "reveal.approved", "reveal.asked", "reveal.declined", "reveal.reviewed", "rights.answered",
    "rights.asked", "rights.copied", "rights.identified", "rights.pin_renewed", "rights.refused", "roster.applying",
    "roster.carried_on", "roster.columns_chosen", "roster.discarded", "roster.received", "roster.totals_explained",
    "row.decision_undone", "row.revealed", "search.made", "slips.printed", "token.made", "token.revoked",
    "worklist.printed", "worklist.returned",
})  # fmt: skip

NOT_FOLLOWED = READ_AT_PULL | TOLD_BY_OTHERS | ELSEWHERE
