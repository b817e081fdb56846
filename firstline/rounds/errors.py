"""What rounds and questionnaires refuse, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, str | Promise] = {
    "round.outside": _(
        "The chosen area is not within the places you may open a round for. Nothing was changed; "
        "choose an area of your own, or ask the level above."
    ),
    "round.window": _("A round has to end after it begins. Nothing was kept; please correct the dates."),
    "round.name_missing": _("A round needs a name. Nothing was kept; please write one."),
    "round.state.conflict": _(
        "This round is %(state)s, so that cannot be done with it now. Nothing was changed; reload the page to see how it stands."
    ),
    "round.form_withdrawn": _("This questionnaire was withdrawn. Nothing was kept; please choose its newest version."),
    "form.unreadable": _(
        "This questionnaire could not be read as an XLSForm: %(detail)s. Nothing was kept; please mend the form and try again."
    ),
    "form.twice": _(
        "Two questions of this form have the same name: %(name)s. Nothing was kept; please rename one of them."
    ),
    "form.version_taken": _(
        "Version %(version)s of this questionnaire exists with other content. Nothing was kept; give the new one a new version."
    ),
}
