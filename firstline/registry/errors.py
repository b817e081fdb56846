"""What the registry refuses, and what it says then."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, str | Promise] = {
    "door.not_yours": _(
        "This place does not lie where you work. The door was not added. Please tell the community office about it."
    ),
    "door.address_missing": _("A door needs a place and a room. Nothing was added; please fill both in."),
    "door.use_unknown": _("This use of a door is not known. Nothing was changed; please choose one from the list."),
    "door.same": _("A door cannot be merged with itself. Nothing was changed; please choose two doors."),
    "door.two_areas": _(
        "These two doors lie in different communities. Nothing was merged; please put one of them in its right place first."
    ),
    "door.exists": _(
        "There is already a door with this number here. Nothing was changed; please choose another number."
    ),
    "door.in_use": _("Other records refer to this door, so it stays as it is. Nothing was changed."),
    "household.ended": _(
        "This household is no longer behind this door. Nothing was changed; please open the door again."
    ),
    "person.name_missing": _(
        "A person needs a name. Nothing was kept; please fill it in, or raise the size of the household."
    ),
    "person.phone_wrong": _(
        "This does not look like a telephone number. Nothing was kept; please check the number of digits."
    ),
    "person.same": _("A person cannot be merged with themselves. Nothing was changed; please choose two people."),
    "merge.undone": _("This was undone before. Nothing was changed."),
    "merge.later": _("Something was merged into this since. Nothing was undone; please undo the later step first."),
    "merge.taken": _("There is another door with this number by now. Nothing was undone; please merge the two again."),
    "reveal.ended": _("The time to look at this record is over. Nothing is shown; please ask again with your reason."),
    "reveal.waiting": _("A second person has not agreed yet. Nothing is shown; you will see it here once they have."),
    "batch.not_hidden": _("This import was already published or undone. Nothing was changed."),
    "batch.not_published": _("This import is not published, so there is nothing to undo. Nothing was changed."),
}
