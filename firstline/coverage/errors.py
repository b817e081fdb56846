"""What coverage refuses, in words."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "coverage.not_refused": _(
        "This door does not stand as refused in this round, so there is nothing to hand over. Nothing was changed; "
        "open the door to see where it stands now."
    ),
    "coverage.no_round": _("No round is open here. Nothing was changed; open a round first, or choose another place."),
}
