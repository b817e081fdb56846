"""Why a visit waits for the office, and what the pages of this module refuse, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HELD: dict[str, str | Promise] = {
    "visit.from_the_future": _(
        "The time of this visit lies in the future: the device's clock is wrong. "
        "It is kept and waits for your office; please set the clock."
    ),
    "visit.round_unknown": _(
        "This visit belongs to a round that we do not know. It is kept and waits for your office."
    ),
    "visit.round_closed": _(
        "This round is closed and its counts are sealed. The visit is kept and waits for your office, which may count it elsewhere."
    ),
    "visit.round_not_open": _(
        "This round was not open at the time of the visit. It is kept and waits for your office; check the round and the time."
    ),
    "visit.not_in_round": _("This door is not part of the round. The visit is kept and waits for your office."),
    "visit.form_unknown": _(
        "This version of the questionnaire is not known here. The visit is kept and waits for your office; fetch the newest forms."
    ),
    "visit.form_withdrawn": _(
        "The questionnaire had been withdrawn by then. The visit is kept and waits for your office; fetch the newest forms."
    ),
    "visit.door_unknown": _(
        "We do not know this door. The visit is kept and waits for your office; if it is a new door, add it with its address."
    ),
    "visit.door_not_yours": _(
        "This door was not yours at the time of the visit. It is kept and waits for your office, which can apply it."
    ),
    "visit.grant_ended": _(
        "Your duty for this door had ended, or it ended too long ago. The visit is kept and waits for your office."
    ),
    "visit.household_unknown": _("This household is not at this door. The visit is kept and waits for your office."),
    "visit.member_unknown": _(
        "Somebody marked as seen is not listed at this door. The visit is kept and waits for your office."
    ),
    "visit.members_need_office": _(
        "People seen here could not be added to the list by you. The visit is kept whole; your office will add them."
    ),
    "visit.new_door_refused": _(
        "The new door could not be added there by you. The visit is kept with its address; your office will decide."
    ),
    "visit.corrects_unknown": _(
        "The visit that this one corrects is not known at this door. Both are kept; your office will decide."
    ),
    "visit.conflict": _(
        "This visit was sent before with other content. Both versions are kept; your office will decide."
    ),
    "visit.malformed": _(
        "Part of this visit could not be understood. It is kept as it came and waits for your office."
    ),
    "visit.dismissed": _(
        "Your office looked at this visit and did not count it. It is still kept for some weeks; ask them if you think it should count."
    ),
    "visit.triage": _("A report by a resident that waits for somebody to look at it, because many came at once."),
    "visit.slip_unknown": _("A report by a resident with a code that we do not know. Somebody has to find the door."),
    "visit.slip_expired": _("A report by a resident with the code of a round that is over."),
    "visit.by_hand": _("A resident wrote this down; the office has to find the door."),
}

MESSAGES: dict[str, str | Promise] = {
    **HELD,
    "visit.batch.too_large": _(
        "A batch may hold %(limit)s visits and this one holds %(sent)s. Nothing of it was kept; please send it in parts."
    ),
    "visit.nothing_sent": _("No filled-in form came with this. Nothing was kept; please send it again."),
    "worklist.too_long": _(
        "A paper list may hold %(limit)s doors and you chose %(sent)s. Nothing was printed; please choose fewer."
    ),
    "worklist.empty": _("None of these doors is yours to visit in this round. Nothing was printed."),
}
