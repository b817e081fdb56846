"""Doors and people that were listed twice, or one that is several: choosing, merging, splitting, undoing."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from firstline.access.doors import actor_of, needs
from firstline.console.toasts import toast
from firstline.core.errors import Refused
from firstline.registry import actions, choices, queries
from firstline.registry.forms import SplitForm

VERB = "duplicate.merge"


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("not_found", status=404) from error


@require_GET
@needs(VERB)
def doubles(request: HttpRequest) -> HttpResponse:
    """Pairs that look alike and wait for somebody who knows the place."""
    kind = request.GET.get("kind", "")
    pairs = queries.duplicates(actor_of(request).may(VERB), kind=kind if kind in ("door", "person") else "")
    return render(request, "registry/doubles.html", {"pairs": pairs, "kind": kind, "whys": choices.WHYS})


@require_POST
@needs(VERB)
def decide_double(request: HttpRequest, duplicate_id: UUID) -> HttpResponse:
    """They are one (keep the left or the right), or they are two."""
    actor = actor_of(request)
    pair = queries.duplicate(actor.may(VERB), duplicate_id)
    if pair is None:
        raise Refused("not_found", status=404)
    choice = request.POST.get("keep", "")
    if choice not in ("left", "right"):
        actions.keep_both(actor, duplicate_id)
        toast(request, _("Both stay. You will not be asked about these two again."))
        return redirect("registry:doubles")
    keep, lose = (pair.left, pair.right) if choice == "left" else (pair.right, pair.left)
    merge = actions.merge_doors if pair.kind == "door" else actions.merge_people
    merge_id = merge(actor, keep.id, lose.id)
    toast(request, _("The two are one now; nothing was lost."), undo=reverse("registry:undo_merge", args=[merge_id]))
    return redirect("registry:doubles")


@needs(VERB)
def merge(request: HttpRequest, door_id: UUID) -> HttpResponse:
    """Choose the door that this one is the same as. The one of this page is kept."""
    actor = actor_of(request)
    scope = actor.may(VERB)
    kept = queries.door(scope, door_id)
    if request.method == "POST":
        merge_id = actions.merge_doors(actor, door_id, _uuid(request.POST.get("lose", "")))
        toast(
            request, _("The two are one now; nothing was lost."), undo=reverse("registry:undo_merge", args=[merge_id])
        )
        return redirect("registry:door", door_id)
    asked = request.GET.get("q", "")[:60]
    found = queries.by_door_text(scope, asked, 200) if asked else queries.similar(scope, kept)
    others = [other for other in found if other.id != door_id and other.area_id == kept.area_id][:30]
    context = {
        "door": kept, "others": others, "q": asked, "uses": choices.USES,
        "occupancy": queries.occupancy([other.id for other in (kept, *others)]),
        "crumbs": [
            (_("Doors"), reverse("registry:doors")),
            (kept.label, reverse("registry:door", args=[door_id])),
            (_("Merge"), ""),
        ],
    }  # fmt: skip
    return render(request, "registry/merge.html", context)


@require_POST
@needs(VERB)
def undo_merge(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    back = actions.undo_merge(actor_of(request), merge_id)
    toast(request, _("Undone: both are as they were before."))
    found = queries.doors(actor_of(request).may(VERB), [back])
    return redirect("registry:door", back) if found else redirect("registry:doubles")


@needs(VERB)
def split(request: HttpRequest, door_id: UUID) -> HttpResponse:
    """One door on the list is really two: the new one takes some of the households with it."""
    actor = actor_of(request)
    scope = actor.may(VERB)
    whole = queries.door(scope, door_id)
    homes = queries.households(scope, [door_id])[door_id]
    listed = [(str(home.id), _home_name(home)) for home in homes]
    form = SplitForm(request.POST or None, homes=listed)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        part = actions.SplitPart(data["id"], data["room"], [UUID(text) for text in data["households"]])
        try:
            new = actions.split_door(actor, door_id, [part])
        except Refused as refused:
            form.add_error("room", refused.text)
        else:
            toast(request, _("The new door is on the list."))
            return redirect("registry:door", new[0])
    title = _("Split into two doors")
    crumbs = [
        (_("Doors"), reverse("registry:doors")),
        (whole.label, reverse("registry:door", args=[door_id])),
        (title, ""),
    ]
    note = _(
        "A new door is made beside this one. The households you tick move there; "
        "everybody else, the visits and the rest stay here. It can be undone."
    )
    context = {
        "door": whole, "form": form, "title": title, "crumbs": crumbs, "note": note, "save": _("Split the door"),
    }  # fmt: skip
    return render(request, "registry/form.html", context)


def _home_name(home: queries.HouseholdView) -> str:
    named = "、".join(member.name for member in home.members[:4])
    return named or _("A household of %(n)s") % {"n": home.declared_size or home.known or 0}
