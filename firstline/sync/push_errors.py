"""Why something a phone sent waits, in the words of whoever typed it; and what the push refuses."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, str | Promise] = {
    # held
    "phone.malformed": _("Part of this could not be understood. It is kept as it came and waits for your office."),
    "phone.kind_unknown": _(
        "This server does not know this kind of entry yet. It is kept as it came and waits for your office."
    ),
    "phone.sealed_key_unknown": _(
        "This entry was sealed to a key that this server does not have. It is kept sealed and waits for your office."
    ),
    "phone.sealed_broken": _(
        "This sealed entry was damaged on its way. It is kept as it came; please look whether it is still in your list and send it again."
    ),
    "phone.version_conflict": _(
        "This was sent before with other content. Both versions are kept; your office will decide."
    ),
    "phone.from_the_future": _(
        "The time of this entry lies in the future: the phone's clock is wrong. It is kept and waits for your office; please set the clock."
    ),
    "phone.door_unknown": _("We do not know this door. The entry is kept and waits for your office."),
    "phone.door_not_yours": _(
        "This door was not yours at that time. The entry is kept and waits for your office, which can apply it."
    ),
    "phone.grant_ended": _(
        "Your duty for this door had ended, or it ended too long ago. The entry is kept and waits for your office."
    ),
    "phone.record_gone": _(
        "The person, household or number this is about does not stand at this door any more. The entry is kept and waits for your office."
    ),
    "phone.not_allowed": _(
        "Your role does not record visits here. The entry is kept and waits for your office, which can apply it."
    ),
    "phone.never_came": _(
        "What this entry belongs to has not arrived in time. It is kept and waits for your office."
    ),
    "phone.failed": _(
        "This entry could not be applied because of a fault of ours. It is kept whole and waits for your office; you need not type it again."
    ),
    "phone.dismissed": _(
        "Your office looked at this entry and did not apply it. Ask them if you think it should count."
    ),
    "phone.applied": _("Your office looked at this entry and decided. You need not do anything."),
    # in conflict
    "phone.edit_conflict": _(
        "Somebody else changed the same thing meanwhile. Both values are kept; your office will decide. Everything else you changed is applied."
    ),
    # waiting
    "phone.waits_for_door": _("This waits for its door, which has not arrived yet. You need not do anything."),
    "phone.waits_for_household": _("This waits for its household, which has not arrived yet. You need not do anything."),
    "phone.waits_for_person": _(
        "This waits for somebody it names, who has not arrived yet. You need not do anything."
    ),
    "phone.waits_for_contact": _("This waits for its number, which has not arrived yet. You need not do anything."),
    "phone.waits_for_visit": _(
        "This waits for the visit that it corrects, which has not arrived yet. You need not do anything."
    ),
    # refused
    "phone.batch_too_large": _(
        "A batch may hold %(items)s entries and two megabytes. Nothing of it was kept; the phone sends it in smaller parts."
    ),
    "phone.unreadable": _(
        "What arrived was cut off or damaged on its way. Nothing of it was kept; the phone still has all of it and sends it again."
    ),
    "phone.coding_unknown": _(
        "This server does not unpack %(coding)s. Nothing was kept; the phone sends it again as gzip or plain."
    ),
    "phone.busy": _("The server is busy. Nothing of this part was kept; the phone sends it again in a moment."),
    # conflicts and waiting, in the office
    "conflict.decided.conflict": _(
        "Somebody has decided on this already. Nothing was changed; the list shows what is still open."
    ),
    "conflict.value_missing": _("Please type the value that is right. Nothing was changed yet."),
    "conflict.value_wrong": _("This value does not fit the field. Nothing was changed yet; please mend it."),
    "conflict.record_gone": _(
        "The record this is about does not stand at this door any more, so neither value can be written. Nothing was changed; choose to leave it as it is."
    ),
    "waiting.over.conflict": _("This does not wait any more. Nothing was changed; the inbox shows what became of it."),
}  # fmt: skip
