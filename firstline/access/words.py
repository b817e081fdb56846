"""What each verb lets somebody do, in the reader's language. A test holds it complete."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "area.read": _("See areas and gaps"),
    "area.import": _("Import division lists"),
    "grid.edit": _("Change grids"),
    "account.manage": _("Manage accounts"),
    "grant.give": _("Give roles"),
    "post.edit": _("Change posts and staff"),
    "duty.assign": _("Say who answers for what"),
    "duty.handover": _("Hand duties over"),
    "door.read": _("See doors"),
    "door.add": _("Add doors"),
    "household.edit": _("Change households"),
    "roster.import": _("Import rosters"),
    "import.undo": _("Take imports back"),
    "duplicate.merge": _("Merge doubles"),
    "round.open": _("Open rounds"),
    "round.close": _("Close rounds"),
    "visit.record": _("Record visits"),
    "held.decide": _("Decide held records"),
    "conflict.decide": _("Decide contradictions"),
    "coverage.read": _("See who has been reached"),
    "brief.read": _("Read briefs"),
    "brief.sign": _("Sign briefs"),
    "person.reveal": _("Show details in full, with a reason"),
    "person.export": _("Export people"),
    "device.revoke": _("Revoke phones"),
    "log.read": _("Read the action log"),
    "reveal.review": _("Review who saw what"),
    "retention.configure": _("Configure deletion"),
    "emergency.end": _("End the emergency"),
    "backup.make": _("Make backups"),
    "settings.edit": _("Change settings"),
    "worklist.print": _("Print work lists"),
    "glass.break": _("Take emergency access"),
    "rights.answer": _("Answer what residents ask about their data"),
}
