"""What privacy refuses, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "ending.reason_missing": _(
        "The end of the emergency needs a reason, for the certificate. Nothing was kept; please write one."
    ),
    "ending.conflict": _(
        "An end of the emergency is already waiting or running. Nothing was changed; open it to see how it stands."
    ),
    "ending.same_person": _(
        "Whoever asked for the end of the emergency cannot agree to it. Nothing was deleted; a second person has to look at it."
    ),
    "ending.nobody": _(
        "The end of the emergency is asked for and agreed to by two people who signed in. Nothing was changed; use --as USER."
    ),
    "ending.not_waiting": _(
        "This end of the emergency no longer waits for a decision. Nothing was changed; reload the page."
    ),
    "ending.too_late": _(
        "Nobody agreed to this end of the emergency in time. Nothing was deleted; it has to be asked for anew."
    ),
    "ending.not_done": _(
        "There is no certificate yet: the deletion is not finished. Nothing was changed; please look again later."
    ),
}
