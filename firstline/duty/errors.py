"""What this module refuses, and the words for it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, str | Promise] = {
    "duty.no_such_level": _(
        "A duty names a household, a door, an entrance, a building, a grid or a community. Nothing was changed."
    ),
    "duty.not_a_place": _(
        "Only a community, a village or a place like one can be answered for as a whole. Nothing was changed; "
        "choose the places below this one."
    ),
    "duty.conflict": _(
        "Somebody else assigned one of these a moment ago. Your change was not made; look at the board again, "
        "then repeat what is still needed."
    ),
    "duty.post_ended": _("This post has ended by then. Nothing was changed; choose another post."),
    "duty.nothing_chosen": _("Nothing was chosen. Nothing was changed; tick at least one line first."),
    "duty.same_post": _("Both posts are the same. Nothing was changed; choose another post to hand over to."),
    "duty.twice": _("The same place was given twice in one request. Nothing was changed; name each place once."),
    "duty.has_ended": _("This duty has already ended. Nothing was changed."),
    "duty.split_incomplete": _(
        "Every building of the community has to be in exactly one part. Nothing was changed; make the proposal again."
    ),
    "duty.split_small": _("There is nothing to split here yet: the community has no doors. Import its roster first."),
}
