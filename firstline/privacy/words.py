"""The declarations in the reader's language: tables, columns, purposes, bases, rules. A test holds them complete."""

from __future__ import annotations

from django.conf import settings
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext, gettext_noop, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from firstline.console.standings import look
from firstline.console.words import moment
from firstline.coverage.ledger import bucket_start
from firstline.duty.models import Level
from firstline.registry import choices

Words = dict[str, str | Promise]


def _export_over() -> str:
    days = settings.EXPORT_DAYS
    return ngettext("%(n)s day after an export was written", "%(n)s days after an export was written", days) % {
        "n": days
    }


TABLES: Words = {
    "access.Account": _("Accounts of staff"),
    "core.Held": _("Facts waiting for a decision"),
    "access.Activation": _("Activation codes"),
    "coverage.DoorState": _("Where each door stands in a round"),
    "exports": _("Files of exports"),
    "intake.StagedRow": _("Rows of uploaded rosters"),
    "privacy.Request": _("Residents' requests about their data"),
    "registry.BatchSize": _("Household sizes taken from lists"),
    "registry.Contact": _("Telephone numbers"),
    "registry.Duplicate": _("Pairs that look alike"),
    "registry.Household": _("Household records"),
    "registry.Merge": _("Merged records"),
    "registry.Person": _("People"),
    "registry.SafetyNote": _("Safety notes"),
    "sessions.Session": _("Sign-ins"),
    "sync.Conflict": _("Values in conflict"),
    "sync.Device": _("Phones of staff"),
    "sync.Need": _("Dependencies of waiting records"),
    "sync.Received": _("Records from phones that wait"),
    "uploads": _("Uploaded files"),
    "visits.CallBack": _("Reports to call back about"),
    "visits.Knock": _("Counted visits to the residents' page"),
    "visits.Slip": _("Printed slips"),
    "visits.Visit": _("Attempts and visits"),
    "visits.VisitContent": _("What was said at the door"),
    "visits.WorkList": _("Printed work lists"),
    "workforce.Responder": _("People who hold posts"),
}
COLUMNS: Words = {
    "answers": _("answers"),
    "base": _("what the sender saw"),
    "birth_year": _("year of birth"),
    "code": _("code of the slip"),
    "content": _("the row as it came"),
    "declared_size": _("declared size of the household"),
    "findings": _("findings derived from answers"),
    "for_whom": _("for whom a helper asks"),
    "identity_hash": _("keyed hash of the identity number"),
    "identity_last4": _("last four of the identity number"),
    "label": _("what the phone is called"),
    "mine": _("what the phone said"),
    "mobile": _("counted among the mobile population"),
    "name": pgettext_lazy("of a person", "name"),
    "needs": _("needs"),
    "note": _("note"),
    "payload": _("the fact as it was sent"),
    "phone": _("telephone number"),
    "phone_index": _("fingerprint of the telephone number"),
    "presence": _("here, away or moved"),
    "presence_note": _("where to reach somebody away"),
    "present_area": _("area where somebody is now"),
    "relation": _("relation in the household"),
    "said": _("what somebody asks for"),
    "size": _("declared size of the household"),
    "sized_by_hand": _("size said at the door or by the office"),
    "text": _("note on safety"),
    "theirs": _("what stood here"),
    "was": _("declared size before that list"),
}
RULES: Words = {
    "emergency_end": _("at the end of the emergency, by an act of two people"),
    "held_decided_30_days": _("30 days after the decision"),
    "round_closed_30_days": _("30 days after the close of the round"),
    "uploads_after_review": _("once the upload has been reviewed"),
    "account_closed_1_year": _("one year after leaving"),
    "sign_in_over_30_days": _("30 days after a sign-in or its code has ended"),
    "request_answered_180_days": _("180 days after the answer"),
    "export_over": lazy(_export_over, str)(),
}
SENSITIVITY: Words = {
    "public": _("public"),
    "internal": _("internal"),
    "personal": _("personal"),
    "sensitive": _("sensitive"),
}
MASKS: Words = {
    "health": _("health answers"),
    "identity": _("identity"),
    "members": _("members and needs"),
    "names": _("names"),
    "phone": _("telephone"),
    "safety": _("safety"),
    "staff": _("staff"),
}
FATES: Words = {
    "deleted": _("deleted here"),
    "elsewhere": _("not here: to be destroyed by whoever holds it"),
    "to_return_or_destroy": _("on paper or elsewhere: to be returned or destroyed"),
}
LEFT: Words = {
    "backup.made": _("Backup"),
    "person.exported": _("Export of people"),
    "worklist.printed": _("Printed work list"),
}
# As they stand beside the columns.
SAID = frozenset({
    gettext_noop("a correction that waits for a decision of the office"),
    gettext_noop("a field fact that waits for what it needs"),
    gettext_noop("a field fact waiting for a decision of the office"),
    gettext_noop("duty of care to responders"),
    gettext_noop("employment or volunteering"),
    gettext_noop("joint prevention and control"),
    gettext_noop("rights of the person concerned"),
    gettext_noop("screening and help in the round they were given for"),
    gettext_noop("so that the office knows which phone to revoke"),
    gettext_noop("so that the place where somebody is, and the place where they belong, both know"),
    gettext_noop("so that an import can be taken back"),
    gettext_noop("so that no list overrules what was said at the door"),
    gettext_noop("so that unnamed members are not forgotten"),
    gettext_noop("the safety of those who knock"),
    gettext_noop("to answer what somebody asks about their data"),
    gettext_noop("to ask for the right person at the door"),
    gettext_noop("to bring help where it is needed"),
    gettext_noop("to call before knocking"),
    gettext_noop("to check a roster row by row before it counts"),
    gettext_noop("to find a door by a full number without storing the number readable"),
    gettext_noop("to find people whom no household register lists"),
    gettext_noop("to know for whom a helper asks"),
    gettext_noop("to make sure that the right person is answered"),
    gettext_noop("to know who acted"),
    gettext_noop("to know who answers for a place"),
    gettext_noop("to look for people where they are"),
    gettext_noop("what stood here when a correction arrived"),
    gettext_noop("what the sender of a correction saw"),
    gettext_noop("to match one person in two lists without keeping the number"),
    gettext_noop("to print the slip again"),
    gettext_noop("to reach every member of the household"),
    gettext_noop("to reach the one who answers"),
    gettext_noop("to reach the owner of a door who lives elsewhere"),
    gettext_noop("to see to the old and the very young first"),
    gettext_noop("to tell two people of one name apart"),
    gettext_noop("what has to be acted on: an exposure, a symptom, a need"),
    gettext_noop("what the next visitor has to know"),
    gettext_noop("where somebody away can be reached"),
})  # fmt: skip


COUNTERS: Words = {
    "door.use": pgettext_lazy("certificate", "Doors by use"),
    "door.review": pgettext_lazy("certificate", "Doors to review"),
    "duty.level": pgettext_lazy("certificate", "Doors by who answers"),
    "households": _("Households"),
    "people": _("People"),
    "standing": pgettext_lazy("certificate", "Doors by standing"),
    "standing.due": _("Doors not tried, by due time"),
}
KEYS: Words = {
    **choices.USES,
    **choices.REVIEWS,
    **choices.PRESENCES,
    **dict(Level.choices),
    "none": _("Nobody"),
    "all": _("All"),
    "unnamed": _("Without a name"),
}


def counter(name: str, key: str) -> tuple[str, str]:
    """(counter, kind) as people say it."""
    if name == "standing":
        kind = str(look(key).label)
    elif name == "standing.due":
        kind = gettext("due %(at)s") % {"at": moment(bucket_start(key))}
    else:
        kind = str(KEYS.get(key, key))
    return str(COUNTERS.get(name, name)), kind


def table(label: str) -> str:
    return str(TABLES.get(label, label))


def column(name: str) -> str:
    return str(COLUMNS.get(name, name))


def rule(name: str) -> str:
    return str(RULES.get(name, name))


def said(text: str) -> str:
    return gettext(text)
