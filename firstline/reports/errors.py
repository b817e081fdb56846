"""What reports refuse, in words."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "brief.reason_missing": _(
        "A correction needs a reason, because readers will compare both. Nothing was frozen; write the reason and freeze again."
    ),
    "brief.day": _("This is not a day: write it as 2026-02-06. Nothing was frozen."),
}
