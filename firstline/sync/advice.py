"""What the office can do about a held item, by the reason it is held for."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Why it is held, as the office reads it; the sender reads visits/errors.py.
REASONS: dict[str, str | Promise] = {
    "visit.conflict": _("Two versions of one visit"),
    "visit.door_not_yours": _("Not the sender's door at that time"),
    "visit.grant_ended": _("The sender's duty had ended"),
    "visit.from_the_future": _("The device's clock is wrong"),
    "visit.round_closed": _("The round is closed"),
    "visit.round_not_open": _("The round had not begun"),
    "visit.round_unknown": _("Unknown round"),
    "visit.not_in_round": _("The door lies outside the round"),
    "visit.door_unknown": _("Unknown door"),
    "visit.new_door_refused": _("A new door that the sender may not add"),
    "visit.household_unknown": _("The household is not at this door"),
    "visit.member_unknown": _("Somebody seen is not listed there"),
    "visit.members_need_office": _("People to be listed by the office"),
    "visit.corrects_unknown": _("Corrects a visit that we do not have"),
    "visit.form_unknown": _("Unknown version of the questionnaire"),
    "visit.form_withdrawn": _("The questionnaire was withdrawn"),
    "visit.slip_unknown": _("A resident's report with an unknown code"),
    "visit.slip_expired": _("A resident's report with an old code"),
    "visit.by_hand": _("A resident's report without a code"),
    "visit.triage": _("Many reports at once"),
    "visit.malformed": _("Could not be understood"),
    "device.revoked": _("Sent by a phone that was revoked"),
    "account.closed": _("Sent from an account that was closed"),
    "phone.malformed": _("Could not be understood"),
    "phone.kind_unknown": _("An entry of an unknown kind"),
    "phone.sealed_key_unknown": _("Sealed to a key that is not here"),
    "phone.sealed_broken": _("A sealed entry that was damaged"),
    "phone.version_conflict": _("Two versions of one entry"),
    "phone.from_the_future": _("The device's clock is wrong"),
    "phone.door_unknown": _("Unknown door"),
    "phone.door_not_yours": _("Not the sender's door at that time"),
    "phone.grant_ended": _("The sender's duty had ended"),
    "phone.record_gone": _("What it is about is gone"),
    "phone.not_allowed": _("The sender records no visits"),
    "phone.never_came": _("What it belongs to never came"),
    "phone.failed": _("A fault of the product"),
}
ADVICE: dict[str, str | Promise] = {
    "": _("Read it, ask the sender if need be, then apply it or dismiss it with a note."),
    "visit.conflict": _(
        "Two versions of one visit arrived. Applying keeps the first one and adds this one as its correction; dismissing keeps the first one only."
    ),
    "visit.door_not_yours": _(
        "Ask whether the sender really was at this door. If so, apply it: it counts with its sender's name."
    ),
    "visit.grant_ended": _("It came after the sender's duty had ended. If it was made in good faith, apply it."),
    "visit.from_the_future": _(
        "The device's clock is wrong. Applying counts it with the time of your decision, or with its own time if that has come by then."
    ),
    "visit.round_closed": _(
        "The counts of that round are sealed and stay as they are. Dismiss it with a note, or record it anew in the round that is open now."
    ),
    "visit.door_unknown": _("Find the door, or add it, then apply the item to it."),
    "visit.new_door_refused": _(
        "Look whether such a door exists. If it does, apply it: the door is added with the visit."
    ),
    "visit.slip_unknown": _("Find the door by what the resident wrote, then apply the report to it; or call back."),
    "visit.slip_expired": _(
        "The round of this slip is over. Choose the door and apply it to the round that is open, or dismiss it."
    ),
    "visit.triage": _("Many reports came at once from one place. Look whether this one is plausible, then apply it."),
    "visit.by_hand": _("Choose the door this paper is about, then apply it."),
    "visit.malformed": _("Read what arrived, record the visit anew by hand, then dismiss this item with a note."),
    "visit.household_unknown": _("The list has changed since. If somebody was met there, apply it."),
    "visit.member_unknown": _("Compare with the list of the door; add who is missing, then apply it."),
    "visit.members_need_office": _("Add the people who were seen to the list; applying does it for you."),
    "visit.corrects_unknown": _(
        "The visit that this one corrects has not arrived yet, or belongs to another door. Wait a day, or dismiss it."
    ),
    "visit.form_withdrawn": _("The questions were the old ones. What was learned about people still counts: apply it."),
    "visit.form_unknown": _(
        "The questionnaire is not known here. What was learned about people still counts: apply it."
    ),
    "visit.not_in_round": _("The door lies outside the round. Apply it if it should count there."),
    "visit.round_not_open": _("The round had not begun. Apply it if the visit was part of it."),
    "visit.round_unknown": _(
        "No such round exists here. Record the visit anew in the right round, then dismiss this item."
    ),
    "device.revoked": _(
        "It was typed on a phone that was revoked since. Ask the sender whether it is theirs; if so, apply it."
    ),
    "account.closed": _("The sender's account was closed before this arrived. If it was made in good faith, apply it."),
    "phone.sealed_key_unknown": _(
        "It was sealed to a key that this server does not hold, after a restore perhaps. Put the old key back and apply it, or ask the sender to type it again and dismiss this."
    ),
    "phone.sealed_broken": _("It cannot be opened. Ask the sender to look for it on the phone, then dismiss this."),
    "phone.malformed": _("Read what arrived, write it down anew by hand, then dismiss this item with a note."),
    "phone.kind_unknown": _(
        "The phone's app is newer than this server. After the next update of the server it can be applied."
    ),
    "phone.version_conflict": _(
        "The same entry came twice with other content; the first one is applied. Compare with what stands at the door, and apply this one too or dismiss it."
    ),
    "phone.from_the_future": _("The device's clock is wrong. If what it says is right, apply it."),
    "phone.door_not_yours": _(
        "Ask whether the sender really learned this at that door. If so, apply it: it stays in its sender's name."
    ),
    "phone.grant_ended": _("It came after the sender's duty had ended. If it was made in good faith, apply it."),
    "phone.record_gone": _(
        "The person or number it is about is no longer listed at this door. Look at the door; apply it if it stands again."
    ),
    "phone.failed": _("Try to apply it. If that fails again, write it down by hand and tell whoever runs this server."),
}


def alike(why: str) -> list[str]:
    """The codes that read the same as this one: a visit and a correction may wait for one and the same reason."""
    return [code for code, said in REASONS.items() if str(said) == str(REASONS.get(why, why))] or [why]


def choices() -> list[tuple[str, str]]:
    """Each reason once, by the first of its codes."""
    first: dict[str, str] = {}
    for code, said in REASONS.items():
        first.setdefault(str(said), code)
    return [(code, said) for said, code in first.items()]
