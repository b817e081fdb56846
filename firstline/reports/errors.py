"""What reports refuse, in words."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "brief.reason_missing": _(
        "A correction needs a reason, because readers will compare both. Nothing was frozen; write the reason and freeze again."
    ),
    "brief.no_area": _("There is nothing to report on yet. Import the official division list first."),
    "brief.not_yet": _("There is no brief of %(day)s yet: that day has not begun. Choose today or an earlier day."),
    "brief.day": _("This is not a day: write it as 2026-02-06. Nothing was frozen."),
}
