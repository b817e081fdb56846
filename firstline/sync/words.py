"""What phones send, in the words of the office: kinds, records, fields and their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from firstline.registry.choices import NEEDS, PRESENCES, USES

Words = Mapping[str, str | Promise]
KINDS: Words = {
    "visit": _("Visit"),
    "self": _("Self-report"),
    "edit": _("Correction"),
    "member": _("Somebody new"),
    "left": _("Somebody left"),
    "owner": _("Owner of the door"),
    "safety": _("Safety note"),
    "called": _("Call"),
    "item": _("Could not be read"),
}
RECORDS: Words = {
    "person": _("Person"),
    "household": _("Household"),
    "contact": _("Telephone"),
    "door": _("Door"),
}
FIELDS: Words = {
    "name": _("Name"),
    "relation": _("Relation"),
    "birth_year": _("Year of birth"),
    "presence": _("Lives here?"),
    "presence_note": _("Where they can be reached"),
    "needs": _("Needs"),
    "mobile": _("Mobile population"),
    "declared_size": _("People, as they say"),
    "note": _("Note"),
    "phone": _("Telephone"),
    "use": _("Use"),
    "text": pgettext_lazy("a safety note", "Text"),
    "how": _("Where they went"),
}
WAITS_FOR: Words = {
    "phone.waits_for_door": _("for its door"),
    "phone.waits_for_household": _("for its household"),
    "phone.waits_for_person": _("for somebody it names"),
    "phone.waits_for_contact": _("for its telephone number"),
    "phone.waits_for_visit": _("for the visit it corrects"),
}
VALUES: dict[str, Words] = {"presence": PRESENCES, "how": PRESENCES, "use": USES}


def shown(field: str, value: Any) -> str:
    """A value as a reader of the office writes it."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if value is None or value == "" or value == []:
        return gettext("nothing")
    if isinstance(value, list):
        return "、".join(str(NEEDS.get(str(one), one)) for one in value)
    return str(VALUES.get(field, {}).get(str(value), value))
