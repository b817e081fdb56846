"""What residents may ask about their data, and how it is answered, in plain words: for their pages and the office's."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = dict[str, str | Promise]

KINDS: Words = {
    "copy": _("Get a copy"),
    "correct": _("Correct something"),
    "delete": _("Delete something"),
    "contest": _("Disagree with a decision"),
}
HINTS: Words = {
    "copy": _("The office prints it and gives it to you, once it has made sure who you are."),
    "correct": _("Say what is wrong, and what is right. For example: how many you are, or a telephone number."),
    "delete": _(
        "Telephone numbers, notes, needs and answers can be deleted. The office tells you what has to stay, and why."
    ),
    "contest": _("For example that your home counts as empty, or as one that refused. Somebody looks at it again."),
}
SUBJECTS: Words = {
    "vacant": _("that nobody lives here"),
    "refused": _("that we refused"),
    "reached": _("that everybody here has been reached"),
    "observation": _("that somebody needs medical observation"),
    "other": _("something else"),
}
WAYS: Words = {
    "slip": _("by the code of a slip"),
    "counter": _("at the counter"),
    "paper": _("on paper"),
    "phone": _("by telephone"),
}
HOW: Words = {
    "known": _("known in person"),
    "document": _("showed a document; nothing of it was copied"),
    "called": _("called back on a number listed here"),
    "visited": _("met at the door"),
}
STATES: Words = {
    "waiting": _("Waits for an answer"),
    "answered": pgettext_lazy("request", "Answered"),
    "refused": pgettext_lazy("request", "Declined"),
}
TONES = {"waiting": "amber", "answered": "green", "refused": "red"}
OUTCOMES: dict[str, Words] = {
    "copy": {"handed": _("The copy was handed over.")},
    "correct": {
        "corrected": _("It was corrected."),
        "right_already": _("It was looked at, and is right as it stands."),
    },
    "delete": {
        "deleted": _("What may be deleted was deleted."),
        "nothing": _("There was nothing that may be deleted."),
    },
    "contest": {
        "changed": _("The decision was changed."),
        "stands": _("It was looked at again, and the decision stands."),
    },
}
REFUSALS: Words = {
    "not_known": _(
        "The office could not make sure who asks. Please come to the office, or ask somebody you trust to come along."
    ),
    "of_others": _("It is about somebody else, who did not ask for it."),
    "by_duty": _("It has to be kept as long as the emergency lasts, so that nobody is missed."),
    "again": _("The same was asked and answered shortly before."),
}
ALL_OUTCOMES: Words = {**{key: said for words in OUTCOMES.values() for key, said in words.items()}, **REFUSALS}
PARTS: Words = {
    "phones": _("Telephone numbers"),
    "notes": _("Notes about the household"),
    "needs": _("Needs"),
    "answers": _("Answers and notes from visits"),
}
# What a deletion leaves, and why: named with every answer.
STAYS: tuple[tuple[str | Promise, str | Promise], ...] = (
    (_("Who lives here: names and number"), _("until the end of the emergency, so that nobody is missed")),
    (_("That somebody called, and when"), _("without what was said; the counts of the round are proven by it")),
    (_("Notes for the safety of those who knock"), _("as long as they are true")),
    (_("The log of who looked at what, and why"), _("it holds no names; it protects you")),
)
HELD: Words = {
    "registry.Household": _("Households"),
    "registry.Person": _("People"),
    "before": _("People who lived here before"),
    "registry.Contact": _("Telephone numbers"),
    "registry.SafetyNote": _("Notes for the safety of those who knock"),
    "visits.Visit": _("Calls, visits and reports"),
    "visits.VisitContent": _("Answers and notes from visits"),
    "visits.Slip": _("Printed slips"),
    "sync.Conflict": _("Corrections that contradicted the register"),
    "sync.Received": _("Records from phones that wait for others"),
    "privacy.Request": _("Requests like this one"),
}
VISITS_FOR = _("to know who has been reached, and to go again where nobody was")
VISITS_END = _("at the end of the emergency, by an act of two people")
