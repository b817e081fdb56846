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
    "export.unknown_choice": _("One of these choices is not offered. Nothing was asked for; please choose again."),
    "export.round_missing": _(
        "Where doors stand is a matter of one round. Nothing was asked for; please choose the round as well."
    ),
    "export.counts_only": _(
        "Over this place your role sees people as numbers only. Nothing was asked for; choose the list of households."
    ),
    "export.nobody": _(
        "Exports of people are asked for, approved and fetched by people who signed in. Nothing was changed; use --as USER."
    ),
    "export.same_person": _(
        "Whoever asked for an export cannot decide about it. Nothing was written; a second person has to look at it."
    ),
    "export.too_late": _("Nobody decided about this export in time. Nothing was written; it has to be asked for anew."),
    "export.not_waiting": _("This export no longer waits for a decision. Nothing was changed; reload the page."),
    "export.not_open": _("This export is over already. Nothing was changed."),
    "export.not_stopped": _("This work has not stopped. Nothing was changed; reload the page."),
    "export.not_yours": _(
        "Only the one who asked for this export can have it: it is masked and marked for them. Ask for your own."
    ),
    "export.not_ready": _("The file of this export is not there yet. Nothing was fetched; please look again later."),
    "export.gone": _("The file of this export was deleted at its time. Ask again if the list is still needed."),
    "rights.unknown_choice": _("One of these choices is not offered. Nothing was changed; please choose again."),
    "rights.answered_already": _("This request has been answered already. Nothing was changed; reload the page."),
    "rights.not_identified": _(
        "First note how you made sure who asks, and whose data it is about. Nothing was shown or changed."
    ),
    "rights.no_copy_yet": _("The copy has not been printed yet. Nothing was changed; print it and hand it over first."),
    "rights.nothing_chosen": _("Choose at least one thing to delete. Nothing was deleted."),
    "rights.decide_first": _(
        "%(n)s records about this door still wait to be decided, and hold what is to be deleted. Nothing was deleted; decide "
        "them first, under contradictions and held records."
    ),
    "rights.nothing_deleted_yet": _(
        "Nothing has been deleted for this request yet. Nothing was changed; delete first, or say that nothing may be deleted."
    ),
    "rights.answer_names_somebody": _(
        "The answer names somebody or holds a long number. Nothing was sent; anybody with the code could read it, so leave it out."
    ),
}
