"""Households and people: the forms behind the buttons of a door's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.access.doors import actor_of, needs
from firstline.access.scope import Actor
from firstline.console.toasts import toast
from firstline.core.errors import Refused
from firstline.registry import actions, choices, queries
from firstline.registry.forms import EndForm, HouseholdForm, MoveForm, NewHouseholdForm, PersonForm

VERB = "household.edit"
Found = tuple[queries.Door, queries.HouseholdView]


def _home(actor: Actor, household_id: UUID) -> Found:
    """The door and the household, masked as everywhere: a form never fills in what its reader does not see."""
    door_id = queries.doors_of_households([household_id]).get(household_id)
    if door_id is None:
        raise Refused("not_found", status=404)
    scope = actor.may(VERB)
    found = queries.door(scope, door_id)
    homes = {home.id: home for home in queries.households(scope, [door_id])[door_id]}
    if household_id not in homes:
        raise Refused("not_found", status=404)
    return found, homes[household_id]


def _person(actor: Actor, person_id: UUID) -> tuple[queries.Door, queries.HouseholdView, queries.MemberView]:
    household_id = queries.household_of_person(person_id)
    if household_id is None:
        raise Refused("not_found", status=404)
    found, home = _home(actor, household_id)
    members = [member for member in home.members if member.id == person_id]
    if not members:
        raise Refused("not_found", status=404)
    return found, home, members[0]


def _show(request: HttpRequest, door: queries.Door, form: Any, title: str, *, note: str = "") -> HttpResponse:
    listed = reverse("registry:doors")
    crumbs = [(_("Doors"), listed), (door.label, reverse("registry:door", args=[door.id])), (title, "")]
    context = {"door": door, "form": form, "title": title, "note": note, "crumbs": crumbs}
    return render(request, "registry/form.html", context)


def _done(request: HttpRequest, door_id: UUID, text: str) -> HttpResponse:
    toast(request, text)
    return redirect("registry:door", door_id)


@needs(VERB)
def add_household(request: HttpRequest, door_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = queries.door(actor.may(VERB), door_id)
    form = NewHouseholdForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _show(request, found, form, _("Add a household"))
    data = form.cleaned_data
    phones = (data["phone"],) if data["phone"] else ()
    actions.add_household(actor, actions.HouseholdIn(data["id"], door_id, data["declared_size"], data["note"], phones))
    return _done(request, door_id, _("The household is on the list. Add its members next."))


@needs(VERB)
def edit_household(request: HttpRequest, household_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found, home = _home(actor, household_id)
    initial = {"id": home.id, "declared_size": home.declared_size, "note": "" if home.revealable else home.note}
    form = HouseholdForm(request.POST or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        note = _("The present note is not shown to you. Leave the field empty to keep it.") if home.revealable else ""
        return _show(request, found, form, _("Change the household"), note=note)
    data = form.cleaned_data
    kept = None if home.revealable and not data["note"] else data["note"]
    actions.edit_household(actor, household_id, declared_size=data["declared_size"], note=kept)
    return _done(request, found.id, _("The household is changed."))


@needs(VERB)
def end_household(request: HttpRequest, household_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found, home = _home(actor, household_id)
    form = EndForm(request.POST or None, all_of_them=True)
    if request.method != "POST" or not form.is_valid():
        named = _("The household of %(who)s is no longer here") % {"who": _who(home)}
        title = named if home.members else _("The household is no longer here")
        return _show(request, found, form, title, note=_what_ends(home))
    actions.end_household(actor, household_id, form.cleaned_data["why"])
    return _done(request, found.id, _("The household has ended here; what was recorded about it stays."))


def _what_ends(home: queries.HouseholdView) -> str:
    size = max(home.declared_size or 0, (home.known or 0) + (home.unnamed or 0))
    text = ngettext(
        "%(n)s person is counted here. The whole household ends with this, and its telephones; the door stays on the list.",
        "%(n)s people are counted here. The whole household ends with this, and its telephones; the door stays on the list.",
        size,
    )
    return text % {"n": size}


@needs(VERB)
def add_person(request: HttpRequest, household_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found, _home_view = _home(actor, household_id)
    form = PersonForm(request.POST or None, areas=choices.every_leaf())
    if request.method != "POST" or not form.is_valid():
        return _show(request, found, form, _("Add a person"))
    data = form.cleaned_data
    actions.add_person(
        actor,
        actions.PersonIn(
            id=data["id"], household_id=household_id, name=data["name"], relation=data["relation"],
            birth_year=data["birth_year"], phone=data["phone"], presence=data["presence"],
            presence_note=data["presence_note"], present_area_id=_area(data), needs=data["needs"],
            mobile=data["mobile"],
        ),
    )  # fmt: skip
    return _done(request, found.id, _("The person is on the list."))


def _area(data: dict[str, Any]) -> UUID | None:
    """Only somebody away is present elsewhere."""
    return UUID(data["present_area"]) if data["present_area"] and data["presence"] != "here" else None


@needs(VERB)
def edit_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found, home, member = _person(actor, person_id)
    form = PersonForm(
        request.POST or None, areas=choices.every_leaf(), masked=member.revealable, initial=_initial(home, member)
    )
    if request.method != "POST" or not form.is_valid():
        note = (
            _("What you do not see is not filled in. What you leave empty stays as it was.")
            if member.revealable
            else ""
        )
        title = _("Correct what is written about %(name)s") % {"name": member.name}
        return _show(request, found, form, title, note=note)
    actions.correct_person(actor, person_id, _change(form.cleaned_data, member, home))
    return _done(request, found.id, _("Corrected."))


def _initial(home: queries.HouseholdView, member: queries.MemberView) -> dict[str, Any]:
    if member.revealable:
        return {"id": member.id}
    return {
        "id": member.id, "name": member.name, "relation": member.relation, "birth_year": member.birth_year,
        "phone": _shown_phone(home, member), "presence": member.presence, "presence_note": member.presence_note,
        "present_area": str(member.present_area_id or ""), "needs": member.needs, "mobile": member.mobile,
    }  # fmt: skip


def _shown_phone(home: queries.HouseholdView, member: queries.MemberView) -> str:
    phones = [contact.phone for contact in home.contacts if contact.person_id == member.id]
    return phones[0] if phones and "*" not in phones[0] else ""


def _change(data: dict[str, Any], member: queries.MemberView, home: queries.HouseholdView) -> actions.PersonChange:
    """A reader who sees the values means what is empty; one who does not, leaves it as it was."""
    if member.revealable:
        said = {
            name: data[name] for name in ("name", "relation", "birth_year", "presence", "presence_note") if data[name]
        }
        return actions.PersonChange(
            **said, phone=data["phone"] or None, needs=data["needs"] or None, present_area_id=_area(data),
            clear=frozenset({"present_area_id"}) if data["presence"] == "here" else frozenset(),
        )  # fmt: skip
    masked_phone = any("*" in contact.phone for contact in home.contacts if contact.person_id == member.id)
    gone = {"birth_year": data["birth_year"] is None, "present_area_id": _area(data) is None}
    return actions.PersonChange(
        name=data["name"], relation=data["relation"], birth_year=data["birth_year"],
        phone=None if masked_phone and not data["phone"] else data["phone"], presence=data["presence"],
        presence_note=data["presence_note"], present_area_id=_area(data), needs=data["needs"], mobile=data["mobile"],
        clear=frozenset(name for name, is_gone in gone.items() if is_gone),
    )  # fmt: skip


@needs(VERB)
def end_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found, _home_view, member = _person(actor, person_id)
    form = EndForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _show(request, found, form, _("%(name)s is no longer here") % {"name": member.name})
    actions.end_person(actor, person_id, form.cleaned_data["why"])
    return _done(request, found.id, _("Noted; what was recorded before stays."))


@needs(VERB)
def move_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """To another household: of the same door, or of a door found by its address."""
    actor = actor_of(request)
    found, home, member = _person(actor, person_id)
    asked = request.GET.get("q", "")[:60]
    homes = _homes_to_choose(actor, found, asked, without=home.id)
    form = MoveForm(request.POST or None, homes=homes)
    if request.method == "POST" and form.is_valid():
        actions.move_person(actor, person_id, UUID(form.cleaned_data["to"]), new_id_=form.cleaned_data["id"])
        return _done(request, found.id, _("Moved; what was learned before stays where it was learned."))
    title = _("%(name)s lives elsewhere now") % {"name": member.name}
    crumbs = [
        (_("Doors"), reverse("registry:doors")),
        (found.label, reverse("registry:door", args=[found.id])),
        (title, ""),
    ]
    context = {"door": found, "form": form, "title": title, "homes": homes, "q": asked, "crumbs": crumbs}
    return render(request, "registry/move_person.html", context)


def _homes_to_choose(actor: Actor, here: queries.Door, text: str, *, without: UUID) -> list[tuple[str, str]]:
    scope = actor.may(VERB)
    places = queries.by_door_text(scope, text, 12) if text else [here]
    homes = queries.households(scope, [place.id for place in places])
    return [
        (str(home.id), f"{place.label} · {_who(home)}")
        for place in places
        for home in homes.get(place.id, [])
        if home.id != without
    ]


def _who(home: queries.HouseholdView) -> str:
    return "、".join(member.name for member in home.members[:4]) or _("nobody listed")
