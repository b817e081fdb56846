"""The page of one door, its QR code, and what can be done to the door itself."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from firstline.access import queries as access
from firstline.access.doors import actor_of, needs
from firstline.access.scope import Actor
from firstline.console.toasts import toast
from firstline.core.errors import Refused
from firstline.registry import actions, choices, panels, queries
from firstline.registry.forms import DoorForm, OwnerForm, SafetyForm, UseForm
from firstline.registry.rules import building_label


@require_GET
@needs("door.read")
def door(request: HttpRequest, door_id: UUID) -> HttpResponse:
    """Everything about one door that this reader may see. A merged door leads to the one it is now."""
    actor = actor_of(request)
    scope = actor.may("door.read")
    now_at = queries.canonical([door_id])[door_id]
    if now_at != door_id:
        queries.door(scope, now_at)
        return redirect("registry:door", now_at)
    found = queries.door(scope, door_id)
    homes = queries.households(scope, [door_id])[door_id]
    owners = queries.owners(scope, [door_id])[door_id]
    context = {
        "door": found,
        "homes": homes,
        "owners": owners,
        "opened": _opened(actor, homes, owners),
        "safety": queries.safety(scope, [door_id])[door_id],
        "uses": queries.uses(scope, door_id),
        "places": queries.placed(scope, door_id),
        "merges": queries.merges(scope, door_id),
        "building": building_label(found.key[1]),
        "panels": panels.for_door(request, scope, found),
        "words": _words(),
        "may": _may(actor, found),
        "use_form": UseForm(initial={"use": found.use}),
        "crumbs": _crumbs(found),
    }
    return render(request, "registry/door.html", context)


def _words() -> dict[str, Any]:
    return {
        "uses": choices.USES, "sources": choices.SOURCES, "presences": choices.PRESENCES,
        "needs": choices.NEEDS, "roles": choices.ROLES, "reviews": choices.REVIEWS,
    }  # fmt: skip


def _may(actor: Actor, found: queries.Door) -> dict[str, bool]:
    """Which buttons stand on the page: by the scope of each verb at this very door."""
    verbs = ("household.edit", "conflict.decide", "duplicate.merge", "person.reveal", "grid.edit")
    return {verb.replace(".", "_"): actor.can(verb) and bool(actor.may(verb).roles_at(found)) for verb in verbs}


def _crumbs(found: queries.Door) -> list[tuple[str, str]]:
    listed = reverse("registry:doors")
    return [
        (_("Doors"), listed),
        (found.area_name, f"{listed}?area={found.area_code}"),
        (found.key[0], f"{listed}?estate={found.estate_id}"),
        (found.label, ""),
    ]


def _opened(actor: Actor, homes: list[Any], owners: list[Any]) -> dict[UUID, dict[str, Any]]:
    """{record: values} of what this reader has asked to see and sees for a quarter of an hour."""
    ids = {
        "person": [member.id for home in homes for member in home.members],
        "contact": [contact.id for home in homes for contact in home.contacts] + [owner.id for owner in owners],
        "household": [home.id for home in homes],
    }
    found: dict[UUID, dict[str, Any]] = {}
    if not any(member.revealable for home in homes for member in (*home.members, *home.contacts, home)) and not any(
        owner.revealable for owner in owners
    ):
        return found
    for kind, listed in ids.items():
        for subject_id, classes in access.shown_now(actor.id, kind, listed).items():
            for field_class in classes:
                found.setdefault(subject_id, {}).update(_values(actor, kind, subject_id, field_class))
    return found


def _values(actor: Actor, kind: str, subject_id: UUID, field_class: str) -> dict[str, Any]:
    shown = access.open_reveal(actor.id, kind, subject_id, field_class)
    try:
        return queries.revealed(actor, shown).values if shown else {}
    except Refused:
        return {}


@require_GET
@needs("door.read")
def qr(request: HttpRequest, door_id: UUID) -> HttpResponse:
    """The address of the door's page as a code to print; it says nothing to anybody who is not signed in."""
    found = queries.door(actor_of(request).may("door.read"), door_id)
    url = request.build_absolute_uri(reverse("registry:door", args=[found.id]))
    drawn = BytesIO()
    segno.make(url, error="m").save(drawn, kind="svg", scale=4, border=2, xmldecl=False)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@needs("door.add")
def add(request: HttpRequest) -> HttpResponse:
    """A door that is on no list."""
    actor = actor_of(request)
    scope = actor.may("door.add")
    places = {"areas": choices.working_areas(scope), "grids": choices.grids(scope)}
    form = DoorForm(request.POST or None, initial=_prefilled(request), **places)
    if request.method != "POST" or not form.is_valid():
        return render(request, "registry/add_door.html", {"form": form})
    data = form.cleaned_data
    item = actions.DoorIn(
        id=data["id"], area_id=UUID(data["area"]), place=data["place"], building=data["building"],
        entrance=data["entrance"], room=data["room"], use=data["use"],
        grid_id=choices.grid_id(data.get("grid") or ""), origin="office" if scope.area_paths else "field",
    )  # fmt: skip
    try:
        made = actions.add_door(actor, item)
    except Refused as refused:
        form.add_error(None, refused.text)
        return render(request, "registry/add_door.html", {"form": form}, status=refused.status)
    toast(request, _("The door is on the list.") if made.id == item.id else _("This door was on the list already."))
    return redirect(_where(actor, made))


def _where(actor: Actor, made: queries.Door) -> str:
    """A door that is not one's own can be added and still not be read."""
    readable = actor.can("door.read") and actor.may("door.read").roles_at(made)
    return reverse("registry:door", args=[made.id]) if readable else reverse("registry:doors")


def _prefilled(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("area", "place", "building", "entrance") if request.GET.get(name)}


@require_POST
@needs("household.edit")
def use(request: HttpRequest, door_id: UUID) -> HttpResponse:
    form = UseForm(request.POST)
    if form.is_valid():
        actions.set_use(actor_of(request), door_id, form.cleaned_data["use"], form.cleaned_data["source"])
        toast(request, _("The use of the door is noted; what it was before stays in its history."))
    return redirect("registry:door", door_id)


@require_POST
@needs("conflict.decide")
def decide(request: HttpRequest, door_id: UUID) -> HttpResponse:
    actions.decide_conflict(actor_of(request), door_id, request.POST.get("use", ""))
    toast(request, _("Decided. The door no longer waits for review."))
    return redirect("registry:door", door_id)


@needs("household.edit")
def add_owner(request: HttpRequest, door_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = queries.door(actor.may("household.edit"), door_id)
    form = OwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.add_owner(actor, data["id"], door_id, data["name"], data["phone"])
        toast(request, _("The owner is noted."))
        return redirect("registry:door", door_id)
    return render(request, "registry/form.html", _page(found, form, _("Add an owner who lives elsewhere")))


@needs("household.edit")
def safety_note(request: HttpRequest, door_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = queries.door(actor.may("household.edit"), door_id)
    form = SafetyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_safety_note(actor, form.cleaned_data["id"], door_id, form.cleaned_data["text"])
        toast(request, _("The note is seen by those who go there, and by nobody else."))
        return redirect("registry:door", door_id)
    return render(request, "registry/form.html", _page(found, form, _("Add a safety note")))


@require_POST
@needs("household.edit")
def end_safety(request: HttpRequest, door_id: UUID) -> HttpResponse:
    actions.end_safety_notes(actor_of(request), door_id)
    toast(request, _("The safety notes of this door are over."))
    return redirect("registry:door", door_id)


@require_POST
@needs("door.read")
def called(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """One tap beside the number: the call is logged, the number is not."""
    door_id = actions.called(actor_of(request), contact_id)
    toast(request, _("The call is noted."))
    return redirect("registry:door", door_id)


def _page(found: queries.Door, form: Any, title: str) -> dict[str, Any]:
    return {"door": found, "form": form, "title": title, "crumbs": [*_crumbs(found)[:3], _link(found), (title, "")]}


def _link(found: queries.Door) -> tuple[str, str]:
    return found.label, reverse("registry:door", args=[found.id])
